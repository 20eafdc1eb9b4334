#include "app/cli/review/safeinput.h"

#include "backend/types/strings.h"

namespace countersign {

QList<QCommandLineOption> safePlaceOptions()
{
    return {{u"chain-id"_s, u"Chain that the Safe is on, when the file does not say."_s, u"N"_s},
        {u"safe"_s, u"Address of the Safe, when the file does not say."_s, u"ADDRESS"_s},
        {u"safe-version"_s, u"Version of the Safe's contract (1.0.0 to 1.5.0); 1.3.0 and later hash alike, which is what is assumed."_s,
            u"VERSION"_s}};
}

Result<SafePlaceHints> safePlaceHints(const Invocation &invocation)
{
    SafePlaceHints hints;
    const auto refuse = [](const QString &option, const QString &message) {
        return fail(ErrorKind::Invalid, u"--%1: %2"_s.arg(option, message), u"usage"_s);
    };
    if (invocation.has(u"chain-id"_s)) {
        const QString text = invocation.value(u"chain-id"_s);
        const auto number = Uint256::parse(text);
        const auto small = number ? number->toU64() : std::nullopt;
        if (!small)
            return refuse(u"chain-id"_s, u"\"%1\" is no chain id"_s.arg(text));
        hints.chain = ChainId(*small);
    }
    if (invocation.has(u"safe"_s)) {
        const auto safe = Address::parse(invocation.value(u"safe"_s));
        if (!safe)
            return refuse(u"safe"_s, safe.error().message);
        hints.safe = *safe;
    }
    if (invocation.has(u"safe-version"_s)) {
        const auto version = SafeVersion::parse(invocation.value(u"safe-version"_s));
        if (!version)
            return refuse(u"safe-version"_s, version.error().message);
        hints.version = *version;
    }
    return hints;
}

Error withSafePlaceOption(Error error)
{
    if (!error.detail.startsWith("place."_L1))
        return error;
    const QString option = u"--"_s + error.detail.sliced(6);
    if (error.kind == ErrorKind::Invalid) {
        error.message += u"; say it with "_s + option;
        error.detail = u"usage"_s;
    } else {
        error.message += u" (%1)"_s.arg(option);
        error.detail.clear();
    }
    return error;
}

Result<SafePlace> readSafePlace(JsonView json, const Invocation &invocation)
{
    const auto hints = safePlaceHints(invocation);
    if (!hints)
        return std::unexpected(hints.error());
    auto place = readSafePlace(json, *hints);
    if (!place)
        return std::unexpected(withSafePlaceOption(place.error()));
    return place;
}

Result<SafeInput> readSafeInput(JsonView json, const Invocation &invocation)
{
    const auto hints = safePlaceHints(invocation);
    if (!hints)
        return std::unexpected(hints.error());
    auto input = readSafeInput(json, *hints);
    if (!input)
        return std::unexpected(withSafePlaceOption(input.error()));
    return input;
}

} // namespace countersign
