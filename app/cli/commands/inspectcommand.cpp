#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "app/cli/review/describe.h"
#include "backend/evm/artifact.h"
#include "backend/evm/decodedtransaction.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

const QStringList kinds{u"auto"_s, u"calldata"_s, u"tx"_s, u"safe-tx"_s, u"typed-data"_s, u"bytecode"_s, u"builder"_s};

QList<QCommandLineOption> options()
{
    QList<QCommandLineOption> all{{u"kind"_s, u"What the input is: %1."_s.arg(kinds.join(u", "_s)), u"KIND"_s, u"auto"_s},
        {u"abi"_s, u"Interface of the contract that is called: an ABI in JSON, or an artifact."_s, u"FILE"_s}};
    return all + safePlaceOptions();
}

Result<Interfaces> readInterfaces(const Invocation &invocation)
{
    Interfaces interfaces;
    if (!invocation.has(u"abi"_s))
        return interfaces;
    const auto text = readInput(invocation.value(u"abi"_s));
    if (!text)
        return std::unexpected(text.error());
    if (text->startsWith('[')) {
        auto abi = JsonAbi::load(*text);
        if (!abi)
            return fail(ErrorKind::Invalid, u"--abi: "_s + abi.error().message);
        interfaces.given = *std::move(abi);
        return interfaces;
    }
    auto artifact = ContractArtifact::load(*text);
    if (!artifact)
        return fail(ErrorKind::Invalid, u"--abi: "_s + artifact.error().message);
    interfaces.given = artifact->abi();
    return interfaces;
}

QString kindOfJson(JsonView json)
{
    if (json.find("transactions") && json.find("meta"))
        return u"builder"_s;
    if (looksLikeSafeInput(json))
        return u"safe-tx"_s;
    return json.find("types") && json.find("primaryType") ? u"typed-data"_s : QString();
}

// Calldata begins with a selector, which anything may look like: so a transaction first, then code by how compilers begin it.
QString kindOfBytes(QByteArrayView bytes)
{
    if (decodeTransaction(bytes, {.strict = false}))
        return u"tx"_s;
    const bool isSolidity = bytes.startsWith(QByteArray::fromHex("6080604052")) || bytes.startsWith(QByteArray::fromHex("6060604052"))
        || bytes.startsWith(QByteArray::fromHex("60a06040")) || bytes.startsWith(QByteArray::fromHex("363d3d373d3d3d363d73"))
        || bytes.startsWith(QByteArray::fromHex("ef0100"));
    return isSolidity ? u"bytecode"_s : u"calldata"_s;
}

Result<void> inspectJson(const QString &kind, const QByteArray &text, const Invocation &invocation, Report &report, const Interfaces &interfaces)
{
    const auto json = JsonText::parse(text);
    if (!json)
        return std::unexpected(json.error());
    const QString which = kind == u"auto" ? kindOfJson(json->root()) : kind;
    if (which == u"builder")
        return describeBuilderFile(report, json->root(), interfaces);
    if (which == u"typed-data")
        return describeTypedData(report, json->root());
    if (which != u"safe-tx")
        return fail(ErrorKind::Invalid, u"The JSON is no Safe transaction, typed data or transaction-builder file; say what it is with --kind"_s);
    const auto input = readSafeInput(json->root(), invocation);
    if (!input)
        return std::unexpected(input.error());
    describeSafeTransaction(report, *input, interfaces);
    return {};
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto word = invocation.word(0, u"What to inspect"_s);
    if (!word)
        return std::unexpected(word.error());
    const QString kind = invocation.value(u"kind"_s);
    if (!kinds.contains(kind))
        return fail(ErrorKind::Invalid, u"There is no kind \"%1\"; there are %2"_s.arg(kind, kinds.join(u", "_s)), u"usage"_s);
    const auto interfaces = readInterfaces(invocation);
    if (!interfaces)
        return std::unexpected(interfaces.error());
    auto text = readInput(*word);
    if (!text)
        return std::unexpected(text.error());
    if (text->startsWith('{') || text->startsWith('['))
        return inspectJson(kind, *text, invocation, report, *interfaces);
    if (!text->startsWith("0x"))
        text->prepend("0x");
    const auto bytes = bytesFromHex(QUtf8StringView(*text));
    if (!bytes)
        return fail(ErrorKind::Invalid, u"The input is neither JSON nor hexadecimal data: "_s + bytes.error().message);
    const QString which = kind == u"auto" ? kindOfBytes(*bytes) : kind;
    if (which == u"tx")
        return describeRawTransaction(report, *bytes, *interfaces);
    if (which == u"bytecode") {
        describeCode(report, *bytes);
        return {};
    }
    if (which != u"calldata")
        return fail(ErrorKind::Invalid, u"--kind %1 needs JSON, the input is hexadecimal data"_s.arg(which), u"usage"_s);
    report.add(u"kind"_s, u"calldata"_s);
    report.add(u"bytes"_s, QString::number(bytes->size()));
    describeCalldata(report, report.root().group(u"call"_s), *bytes, std::nullopt, *interfaces);
    return {};
}

} // namespace

const Command inspectCommand{"inspect", "[--kind KIND] INPUT", "show what is inside calldata, a transaction, typed data, code",
    "Takes INPUT apart and says what it would do and what is wrong with it. INPUT is a file, - for standard input, or the data\n"
    "itself (0x…, {…}): calldata, a raw transaction, a Safe transaction, typed data, bytecode, or a transaction-builder file.\n"
    "Exit code 1 when a finding blocks.\n",
    options, run};

} // namespace countersign
