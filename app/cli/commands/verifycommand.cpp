#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "app/cli/commands/node.h"
#include "app/cli/review/describe.h"
#include "backend/evm/abijson.h"
#include "backend/evm/codeverificationjson.h"
#include "backend/safe/safesignaturereader.h"
#include "backend/safe/safetrust.h"
#include "backend/types/jsonobject.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

using Severity = Report::Severity;

QList<QCommandLineOption> options()
{
    QList<QCommandLineOption> all{{u"signatures"_s, u"The signatures, one after the other, when the file does not hold them."_s, u"HEX"_s},
        {u"owner"_s, u"An owner of the Safe; once for each. Or --rpc."_s, u"ADDRESS"_s}, {u"threshold"_s, u"Threshold of the Safe. Or --rpc."_s, u"N"_s},
        {u"rpc"_s, u"Node to ask for the Safe's owners and threshold, or for the code."_s, u"URL"_s},
        {u"artifact"_s, u"code: what the compiler made (solc, Hardhat, Foundry)."_s, u"FILE"_s},
        {u"contract"_s, u"code: which contract of a compiler's whole output."_s, u"NAME"_s},
        {u"deployed"_s, u"code: the code on the chain. Or --address and --rpc."_s, u"INPUT"_s}, {u"address"_s, u"code: where it stands."_s, u"ADDRESS"_s},
        {u"init-code"_s, u"code: the creation code with its arguments."_s, u"INPUT"_s},
        {u"constructor-args"_s, u"code: expected arguments, a JSON array of values or their encoding."_s, u"INPUT"_s},
        {u"library"_s, u"code: a linked library, source:Name=address; once for each."_s, u"LINK"_s}};
    return all + safePlaceOptions();
}

struct SafeFacts {
    std::vector<Address> owners;
    qsizetype threshold = 0;
};

Result<SafeFacts> factsFromOptions(const Invocation &invocation)
{
    constexpr quint64 mostOwners = 10'000;
    SafeFacts facts;
    for (const QString &text : invocation.values(u"owner"_s)) {
        const auto owner = Address::parse(text);
        if (!owner)
            return fail(ErrorKind::Invalid, u"--owner: "_s + owner.error().message, u"usage"_s);
        facts.owners.push_back(*owner);
    }
    const auto text = invocation.need(u"threshold"_s);
    if (!text)
        return std::unexpected(text.error());
    const auto number = Uint256::parse(*text);
    const auto small = number ? number->toU64() : std::nullopt;
    if (!small || *small == 0 || *small > mostOwners)
        return fail(ErrorKind::Invalid, u"--threshold: a number from 1 on is needed"_s, u"usage"_s);
    if (facts.owners.empty())
        return fail(ErrorKind::Invalid, u"Name the owners with --owner, or a node with --rpc"_s, u"usage"_s);
    facts.threshold = static_cast<qsizetype>(*small);
    return facts;
}

Result<SafeFacts> factsFromChain(const Invocation &invocation, SafeInput &input, Report &report)
{
    Node node(invocation.value(u"rpc"_s));
    const auto state = node.safeState(input.place.chain, input.place.safe);
    if (!state)
        return std::unexpected(state.error());
    const SafeJudgement judgement = judgeSafe(*state);
    auto &group = report.root().group(u"onChain"_s, u"on chain"_s);
    group.add(u"block"_s, u"%1 %2"_s.arg(state->blockNumber.value()).arg(state->blockHash.toString()));
    group.add(u"threshold"_s, u"%1 of %2"_s.arg(state->threshold.toDecimal()).arg(state->owners.size()));
    group.add(u"nonce"_s, state->nonce.toDecimal());
    if (judgement.trust != SafeTrust::Trusted)
        report.find(Severity::Block, u"safe.code"_s, judgement.message);
    else if (const auto version = SafeVersion::parse(judgement.version))
        input.place.version = *version;
    if (input.transaction.nonce < state->nonce)
        report.find(Severity::Block, u"nonce.past"_s, u"The nonce %1 is used up; the Safe is at %2"_s.arg(input.transaction.nonce.toDecimal(), state->nonce.toDecimal()));
    else if (input.transaction.nonce != state->nonce)
        report.find(Severity::Warn, u"nonce.gap"_s, u"The Safe is at nonce %1: others come first"_s.arg(state->nonce.toDecimal()));
    return SafeFacts{state->owners, static_cast<qsizetype>(state->threshold.toU64().value_or(0))};
}

Result<void> verifySignatures(const QString &word, const Invocation &invocation, Report &report)
{
    const auto text = readInput(word);
    const auto json = text ? JsonText::parse(*text) : Result<JsonText>(std::unexpected(text.error()));
    if (!json)
        return std::unexpected(json.error());
    auto input = readSafeInput(json->root(), invocation);
    if (!input)
        return std::unexpected(input.error());
    if (invocation.has(u"signatures"_s)) {
        const auto bytes = readHexInput(invocation.value(u"signatures"_s));
        if (!bytes)
            return fail(ErrorKind::Invalid, u"--signatures: "_s + bytes.error().message);
        input->signatures = *bytes;
    }
    const auto facts = invocation.has(u"rpc"_s) ? factsFromChain(invocation, *input, report) : factsFromOptions(invocation);
    if (!facts)
        return std::unexpected(facts.error());
    const SafeHashes hashes = input->hashes();
    report.add(u"safeTxHash"_s, hashes.safeTxHash.toString());
    if (input->claimedHash && *input->claimedHash != hashes.safeTxHash)
        report.find(Severity::Block, u"hash.claim"_s, u"The file says that its hash is %1"_s.arg(input->claimedHash->toString()));
    const auto reading = readSafeSignatures(input->signatures,
        {.safeTxHash = hashes.safeTxHash, .threshold = facts->threshold, .version = input->place.version, .preimage = safePreimage(hashes), .owners = facts->owners});
    if (!reading)
        return std::unexpected(reading.error());
    auto &list = report.root().list(u"signatures"_s);
    for (const SafeSignatureEntry &entry : reading->entries) {
        const bool isOwner = entry.owner && std::ranges::find(facts->owners, *entry.owner) != facts->owners.end();
        auto &element = list.element(entry.owner ? entry.owner->toString() : u"nobody"_s,
            u"%1, %2"_s.arg(safeSignatureTypeName(entry.type), isOwner ? u"an owner"_s : u"no owner"_s));
        element.add(u"owner"_s, entry.owner ? entry.owner->toString() : QString());
        element.add(u"type"_s, safeSignatureTypeName(entry.type));
        element.add(u"isOwner"_s, isOwner ? u"yes"_s : u"no"_s);
    }
    for (const SafeSignatureFinding &finding : reading->errors)
        report.find(Severity::Block, finding.code.isEmpty() ? QString(finding.reason) : QString(finding.code), finding.message);
    for (const SafeSignatureFinding &finding : reading->notes)
        report.find(Severity::Warn, u"signatures."_s + finding.reason, finding.message);
    if (reading->needsChain)
        report.find(Severity::Warn, u"signatures.chain"_s, u"Approvals on chain and contracts' signatures can only be judged by the chain"_s);
    if (!report.isBlocked())
        report.find(Severity::Info, u"signatures.enough"_s, u"%1 signatures of owners: the contract would execute"_s.arg(facts->threshold));
    return {};
}

Result<void> addInput(JsonObject &request, const Invocation &invocation, const QString &option, QUtf8StringView member)
{
    if (!invocation.has(option))
        return {};
    const auto bytes = readHexInput(invocation.value(option));
    if (!bytes)
        return fail(bytes.error().kind, u"--%1: %2"_s.arg(option, bytes.error().message));
    request.hex(member, *bytes);
    return {};
}

// The command's options as the request that `batch` answers, so that there is one way to verify code.
Result<QByteArray> codeRequest(const Invocation &invocation)
{
    const auto name = invocation.need(u"artifact"_s);
    const auto artifact = name ? readInput(*name) : Result<QByteArray>(std::unexpected(name.error()));
    if (!artifact)
        return std::unexpected(artifact.error());
    QByteArray json;
    {
        JsonObject request(json);
        request.value("artifact").append(*artifact);
        if (auto done = addInput(request, invocation, u"init-code"_s, "initCode"); !done)
            return std::unexpected(done.error());
        if (auto done = addInput(request, invocation, u"deployed"_s, "deployed"); !done)
            return std::unexpected(done.error());
        if (invocation.has(u"address"_s))
            request.text("address", invocation.value(u"address"_s));
        if (invocation.has(u"contract"_s))
            request.text("contract", invocation.value(u"contract"_s));
        if (invocation.has(u"constructor-args"_s)) {
            const auto arguments = readInput(invocation.value(u"constructor-args"_s));
            if (!arguments)
                return std::unexpected(arguments.error());
            if (arguments->startsWith('['))
                request.value("constructorArgs").append(*arguments);
            else
                request.text("constructorArgs", QUtf8StringView(*arguments));
        }
        JsonObject libraries(request.value("libraries"));
        for (const QString &link : invocation.values(u"library"_s)) {
            const qsizetype equals = link.lastIndexOf(u'=');
            if (equals <= 0)
                return fail(ErrorKind::Invalid, u"--library: source:Name=address is needed, not \"%1\""_s.arg(link), u"usage"_s);
            libraries.text(QUtf8StringView(link.first(equals).toUtf8()), link.sliced(equals + 1));
        }
    }
    if (!invocation.has(u"deployed"_s) && invocation.has(u"rpc"_s)) {
        const auto address = invocation.need(u"address"_s);
        const auto parsed = address ? Address::parse(*address) : Result<Address>(std::unexpected(address.error()));
        if (!parsed)
            return std::unexpected(parsed.error());
        const auto code = Node(invocation.value(u"rpc"_s)).code(*parsed);
        if (!code)
            return std::unexpected(code.error());
        json.chop(1);
        json.append(",\"deployed\":\"");
        appendHex(json, QByteArrayView(*code));
        json.append("\"}");
    }
    return json;
}

Result<void> verifyDeployed(const Invocation &invocation, Report &report)
{
    const auto request = codeRequest(invocation);
    const auto json = request ? JsonText::parse(*request, ContractArtifact::jsonLimits()) : Result<JsonText>(std::unexpected(request.error()));
    if (!json)
        return std::unexpected(json.error());
    const auto verdict = verifyCodeFromJson(json->root(),
        [](const std::vector<AbiParameter> &parameters, JsonView values) { return abiValuesFromJson(parameters, values); });
    if (!verdict)
        return std::unexpected(verdict.error());
    report.add(u"match"_s, codeMatchName(verdict->match));
    auto &list = report.root().list(u"immutables"_s);
    for (const ImmutableValue &immutable : verdict->immutables) {
        auto &element = list.element(immutable.name.isEmpty() ? immutable.id : immutable.name, immutable.text.isEmpty() ? toHex(immutable.value) : immutable.text);
        element.add(u"id"_s, immutable.id);
        element.add(u"name"_s, immutable.name);
        element.add(u"value"_s, immutable.text.isEmpty() ? toHex(immutable.value) : immutable.text);
    }
    const Severity severity = verdict->match == CodeMatch::Mismatch ? Severity::Block
        : verdict->match == CodeMatch::MetadataDiffers             ? Severity::Warn
                                                                    : Severity::Info;
    for (const CodeReason &reason : verdict->reasons)
        report.find(severity, reason.code, reason.position ? u"%1 (byte %2)"_s.arg(reason.text).arg(*reason.position) : reason.text);
    if (verdict->match == CodeMatch::Mismatch && verdict->reasons.empty())
        report.find(Severity::Block, u"code.mismatch"_s, u"The code is not what the compiler made"_s);
    if (!verdict->immutables.empty())
        report.find(Severity::Info, u"code.immutables"_s, u"The values above were chosen at deployment: compare each with what you expect"_s);
    return {};
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto kind = invocation.word(0, u"What to verify (signatures, code, builder)"_s);
    if (!kind)
        return std::unexpected(kind.error());
    if (*kind == u"code")
        return verifyDeployed(invocation, report);
    const auto word = invocation.word(1, u"The input"_s);
    if (!word)
        return std::unexpected(word.error());
    if (*kind == u"signatures")
        return verifySignatures(*word, invocation, report);
    if (*kind != u"builder")
        return fail(ErrorKind::Invalid, u"There is nothing to verify called \"%1\"; there are signatures, code and builder"_s.arg(*kind), u"usage"_s);
    const auto text = readInput(*word);
    const auto json = text ? JsonText::parse(*text) : Result<JsonText>(std::unexpected(text.error()));
    if (!json)
        return std::unexpected(json.error());
    return describeBuilderFile(report, json->root(), {});
}

} // namespace

const Command verifyCommand{"verify", "signatures INPUT | code | builder INPUT", "check signatures, deployed code, a transaction-builder file",
    "signatures: whether the signatures of a Safe transaction are by its owners and would be accepted, by --owner and --threshold or\n"
    "by the Safe itself (--rpc).\n"
    "code: whether deployed code, or creation code before it is signed, is what the compiler made (--artifact).\n"
    "builder: a file of Safe's transaction builder: its checksum, and whether data and description agree.\n"
    "Exit code 1 when it does not hold. The record of an approval: verify record --help.\n",
    options, run};

} // namespace countersign
