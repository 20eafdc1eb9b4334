#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "app/cli/review/safeinput.h"
#include "backend/evm/signature.h"
#include "backend/evm/typeddata.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QList<QCommandLineOption> options()
{
    return safePlaceOptions();
}

void addHashes(Report &report, const SafeHashes &hashes)
{
    report.add(u"domainHash"_s, hashes.domainHash.toString(), u"Domain hash"_s);
    report.add(u"messageHash"_s, hashes.messageHash.toString(), u"Message hash"_s);
    report.add(u"safeTxHash"_s, hashes.safeTxHash.toString());
}

Result<SafePlace> placeOf(const Invocation &invocation)
{
    // As readSafeInput takes it from a file without any of it.
    const auto empty = JsonText::parse("{}");
    return readSafePlace(empty->root(), invocation);
}

Result<void> hashSafeMessage(const QByteArray &text, const Invocation &invocation, Report &report)
{
    const auto place = placeOf(invocation);
    if (!place)
        return std::unexpected(place.error());
    if (text.startsWith('{')) {
        const auto data = TypedData::parse(text);
        if (!data)
            return std::unexpected(data.error());
        addHashes(report, safeTypedDataHashes(place->version, place->chain, place->safe, data->digest()));
    } else if (const auto bytes = bytesFromHex(QUtf8StringView(text))) {
        addHashes(report, safeMessageHashes(place->version, place->chain, place->safe, *bytes));
    } else {
        addHashes(report, safePersonalMessageHashes(place->version, place->chain, place->safe, text));
    }
    return {};
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto kind = invocation.word(0, u"What to hash (keccak256, message, typed-data, safe-tx, safe-message)"_s);
    const auto word = kind ? invocation.word(1, u"The input"_s) : kind;
    if (!word)
        return std::unexpected(word.error());
    if (*kind == u"keccak256") {
        const auto bytes = readHexInput(*word);
        if (!bytes)
            return std::unexpected(bytes.error());
        report.add(u"hash"_s, keccak256(*bytes).toString());
        return {};
    }
    const auto text = readInput(*word);
    if (!text)
        return std::unexpected(text.error());
    if (*kind == u"message") {
        const auto bytes = bytesFromHex(QUtf8StringView(*text));
        report.add(u"hash"_s, personalMessageDigest(bytes ? *bytes : *text).toString());
        return {};
    }
    if (*kind == u"safe-message")
        return hashSafeMessage(*text, invocation, report);
    const auto json = JsonText::parse(*text);
    if (!json)
        return std::unexpected(json.error());
    if (*kind == u"typed-data") {
        const auto data = TypedData::fromJson(json->root());
        if (!data)
            return std::unexpected(data.error());
        report.add(u"domainHash"_s, data->domainHash().toString(), u"Domain hash"_s);
        if (data->structHash())
            report.add(u"structHash"_s, data->structHash()->toString(), u"Message hash"_s);
        report.add(u"digest"_s, data->digest().toString(), u"Digest"_s);
        return {};
    }
    if (*kind != u"safe-tx")
        return fail(ErrorKind::Invalid, u"There is no hash of \"%1\"; there are keccak256, message, typed-data, safe-tx, safe-message"_s.arg(*kind), u"usage"_s);
    const auto input = readSafeInput(json->root(), invocation);
    if (!input)
        return std::unexpected(input.error());
    const SafeHashes hashes = input->hashes();
    addHashes(report, hashes);
    if (input->claimedHash && *input->claimedHash != hashes.safeTxHash)
        report.find(Report::Severity::Block, u"hash.claim"_s, u"The file says that its hash is %1"_s.arg(input->claimedHash->toString()));
    return {};
}

} // namespace

const Command hashCommand{"hash", "KIND INPUT", "compute the hashes that a device shows",
    "KIND is keccak256 (of hexadecimal data), message (EIP-191), typed-data (EIP-712), safe-tx or safe-message. INPUT is a file,\n"
    "- for standard input, or the data itself. For a Safe the three hashes are printed that tools and devices name: domain hash,\n"
    "message hash and safeTxHash. A safe-message that is hexadecimal data is hashed as it is, a text by EIP-191 first.\n",
    options, run};

} // namespace countersign
