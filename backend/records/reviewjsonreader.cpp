#include "backend/records/keyevidencejson.h"
#include "backend/records/reviewjson.h"
#include "backend/types/strings.h"

#include <limits>
#include <utility>

namespace countersign {

namespace {

constexpr qsizetype mostCalls = 4'000;
constexpr qsizetype mostArguments = 1'000;
constexpr qsizetype mostFindings = 50'000;
constexpr qsizetype mostOwners = 1'000;
constexpr qsizetype mostEffects = 10'000;
constexpr qsizetype mostNodes = 16;
constexpr int mostDepth = 64;
constexpr int mostChecks = 1'000;

int readSmall(MemberReader &reader, QLatin1StringView name, int most)
{
    const quint64 number = reader.number64(name);
    if (number > static_cast<quint64>(most))
        reader.note(u"%1 is more than %2"_s.arg(name).arg(most));
    return reader.problem() ? 0 : static_cast<int>(number);
}

QStringList readTexts(MemberReader &reader, QLatin1StringView name, qsizetype most)
{
    QStringList texts;
    for (const JsonView value : reader.list(name, most)) {
        if (!value.isString())
            reader.note(u"%1 holds something that is not a text"_s.arg(name));
        texts.append(value.toString());
    }
    return texts;
}

Severity readSeverity(MemberReader &reader)
{
    const QString word = reader.text("severity"_L1);
    for (const Severity severity : {Severity::Block, Severity::Warn, Severity::Info}) {
        if (word == severityWord(severity))
            return severity;
    }
    reader.note(u"a severity is none"_s);
    return Severity::Block;
}

struct FlatCall {
    DecodedCall call;
    int depth = 0;
};

FlatCall readFlatCall(MemberReader &part)
{
    FlatCall flat;
    flat.depth = readSmall(part, "depth"_L1, mostDepth);
    DecodedCall &call = flat.call;
    call.to = part.address("to"_L1);
    call.toName = part.text("toName"_L1);
    call.function = part.text("function"_L1);
    call.signature = part.text("signature"_L1);
    call.data = part.bytes("data"_L1);
    call.value = part.number("value"_L1);
    call.isDelegate = readFlag(part, "delegate"_L1);
    call.isDecoded = readFlag(part, "decoded"_L1);
    for (const JsonView value : part.list("arguments"_L1, mostArguments)) {
        MemberReader argument(value, u"calls.arguments."_s);
        call.arguments.append(
            {argument.text("name"_L1), argument.text("type"_L1), argument.text("value"_L1), argument.text("known"_L1)});
        part.finish(argument);
    }
    return flat;
}

// The last call becomes the last inner call of the one above it, until the depth is \a depth.
void closeTo(std::vector<DecodedCall> &open, int depth)
{
    while (static_cast<int>(open.size()) > depth + 1) {
        DecodedCall done = std::move(open.back());
        open.pop_back();
        open.back().inner.append(std::move(done));
    }
}

DecodedCall readCalls(MemberReader &reader)
{
    std::vector<DecodedCall> open; // one a depth
    for (const JsonView value : reader.list("calls"_L1, mostCalls)) {
        MemberReader part(value, u"calls."_s);
        FlatCall flat = readFlatCall(part);
        reader.finish(part);
        if (reader.problem())
            return {};
        if (flat.depth > static_cast<int>(open.size()) || (flat.depth == 0) != open.empty()) {
            reader.note(u"the depths of the calls make no tree"_s);
            return {};
        }
        closeTo(open, flat.depth - 1);
        open.push_back(std::move(flat.call));
    }
    if (open.empty()) {
        reader.note(u"there is no call"_s);
        return {};
    }
    closeTo(open, 0);
    return std::move(open.front());
}

ReviewBasis readBasis(MemberReader &reader)
{
    ReviewBasis basis;
    for (const JsonView value : reader.list("nodes"_L1, mostNodes)) {
        MemberReader node(value, u"nodes."_s);
        basis.nodes.append({node.text("endpoint"_L1), BlockNumber(node.number64("block"_L1)), node.hash("blockHash"_L1),
            node.text("dissent"_L1)});
        reader.finish(node);
    }
    for (const JsonView value : reader.list("rules"_L1, mostCalls)) {
        MemberReader rule(value, u"rules."_s);
        basis.rules.append({rule.text("where"_L1), rule.text("rule"_L1)});
        reader.finish(rule);
    }
    if (const auto policy = reader.member("policy"_L1)) {
        MemberReader part(*policy, u"policy."_s);
        basis.policyName = part.text("name"_L1);
        basis.policyVersion = static_cast<quint32>(readSmall(part, "version"_L1, std::numeric_limits<int>::max()));
        basis.policyId = part.hash("id"_L1);
        if (basis.policyName.isEmpty())
            part.note(u"a policy has no name"_s);
        reader.finish(part);
    }
    if (const auto simulation = reader.member("simulation"_L1)) {
        MemberReader part(*simulation, u"simulation."_s);
        ReviewedSimulation facts;
        facts.succeeded = readFlag(part, "succeeded"_L1);
        facts.method = part.text("method"_L1);
        facts.reason = part.text("reason"_L1);
        facts.gasUsed = part.number64("gasUsed"_L1);
        facts.assumesPredecessors = readFlag(part, "assumesPredecessors"_L1);
        facts.innerCallOnly = readFlag(part, "innerCallOnly"_L1);
        facts.limits = readTexts(part, "limits"_L1, mostArguments);
        reader.finish(part);
        basis.simulation = facts;
    }
    return basis;
}

ReviewHashes readHashes(MemberReader &reader)
{
    const auto member = reader.member("hashes"_L1);
    if (!member) {
        reader.note(u"hashes are missing"_s);
        return {};
    }
    MemberReader part(*member, u"hashes."_s);
    const ReviewHashes hashes{part.hash("domain"_L1), part.hash("message"_L1), part.hash("safeTx"_L1)};
    reader.finish(part);
    return hashes;
}

} // namespace

QList<Effect> readEffects(MemberReader &reader, QLatin1StringView name)
{
    QList<Effect> effects;
    for (const JsonView value : reader.list(name, mostEffects)) {
        MemberReader part(value, u"effects."_s);
        Effect effect{part.text("name"_L1), part.text("variable"_L1), part.text("before"_L1), part.text("after"_L1),
            part.text("promised"_L1)};
        if (const auto member = part.member("place"_L1)) {
            MemberReader place(*member, u"effects.place."_s);
            effect.place = EffectSlot{place.address("contract"_L1), place.hash("slot"_L1), place.hash("after"_L1)};
            part.finish(place);
        }
        reader.finish(part);
        effects.append(effect);
    }
    return effects;
}

Review readReview(MemberReader &reader)
{
    Review review;
    review.sentence = reader.text("sentence"_L1);
    review.chainName = reader.text("chainName"_L1);
    review.chainId = ChainId(reader.number64("chainId"_L1));
    review.safe = reader.address("safe"_L1);
    review.proposer = reader.text("proposer"_L1);
    review.call = readCalls(reader);
    review.hashes = readHashes(reader);
    for (const JsonView value : reader.list("findings"_L1, mostFindings)) {
        MemberReader part(value, u"findings."_s);
        review.findings.append({part.text("code"_L1), readSeverity(part), part.text("message"_L1),
            part.text("evidence"_L1), part.text("where"_L1), readSmall(part, "check"_L1, mostChecks)});
        reader.finish(part);
    }
    for (const JsonView value : reader.list("notRun"_L1, mostFindings)) {
        MemberReader part(value, u"notRun."_s);
        review.notRun.append({readSmall(part, "check"_L1, mostChecks), part.text("title"_L1), part.text("reason"_L1)});
        reader.finish(part);
    }
    review.effects = readEffects(reader, "effects"_L1);
    for (const JsonView value : reader.list("owners"_L1, mostOwners)) {
        MemberReader part(value, u"owners."_s);
        review.signers.append(
            {part.address("owner"_L1), part.text("name"_L1), readFlag(part, "hasSigned"_L1), part.text("how"_L1)});
        reader.finish(part);
    }
    for (const JsonView value : reader.list("strangers"_L1, mostOwners)) {
        const auto stranger = Address::parse(value.toString());
        if (!value.isString() || !stranger)
            reader.note(u"strangers holds something that is not an address"_s);
        else
            review.strangers.append(*stranger);
    }
    review.threshold = reader.number64("threshold"_L1);
    review.nonce = reader.number("nonce"_L1);
    review.safeNonce = reader.number("safeNonce"_L1);
    review.blockNumber = BlockNumber(reader.number64("block"_L1));
    review.blockHash = reader.hash("blockHash"_L1);
    review.reviewedAt = reader.time("reviewedAt"_L1);
    if (const auto basis = reader.member("basis"_L1)) {
        MemberReader part(*basis, u"basis."_s);
        review.basis = readBasis(part);
        reader.finish(part);
    } else {
        reader.note(u"basis is missing"_s);
    }
    return review;
}

} // namespace countersign
