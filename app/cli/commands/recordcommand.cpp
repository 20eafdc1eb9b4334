#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "backend/policy/policy.h"
#include "backend/records/recordonchain.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/strings.h"

#include <QUrl>

#include <QCoroTask>

namespace countersign {

namespace {

using Outcome = RecordPoint::Outcome;

QList<QCommandLineOption> options()
{
    return {{u"policy"_s, u"The signing policy that is said to have been asked."_s, u"FILE"_s},
        {u"environment"_s, u"The environment whose names the record uses."_s, u"FILE"_s},
        {u"rpc"_s, u"Node to ask for the block, the Safe's owners at it, and the execution."_s, u"URL"_s},
        {u"content-hash"_s, u"The content's hash as the journal names it."_s, u"HASH"_s}};
}

QString wordOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Ok:
        return u"ok"_s;
    case Outcome::Failed:
        return u"failed"_s;
    case Outcome::NotChecked:
        break;
    }
    return u"not checked"_s;
}

Result<RecordPoint> pointOfHash(const Invocation &invocation, const ApprovalRecord &record)
{
    RecordPoint point{u"journal"_s, u"The record is the one that the journal names"_s, Outcome::NotChecked,
        u"--content-hash gives the hash that stands in the journal"_s};
    if (!invocation.has(u"content-hash"_s))
        return point;
    const auto named = Hash32::parse(invocation.value(u"content-hash"_s));
    if (!named)
        return fail(ErrorKind::Invalid, u"--content-hash: %1"_s.arg(named.error().message), u"usage"_s);
    const bool isSame = *named == record.contentHash();
    point.outcome = isSame ? Outcome::Ok : Outcome::Failed;
    point.detail = isSame ? QString() : u"its content has %1"_s.arg(record.contentHash().toString());
    return point;
}

Result<QList<RecordPoint>> pointsOnChain(const Invocation &invocation, const ApprovalRecord &record)
{
    if (!invocation.has(u"rpc"_s))
        return QList<RecordPoint>{{u"chain"_s, u"What the chain says of block, owners and execution"_s,
            Outcome::NotChecked, u"--rpc names a node"_s}};
    const QUrl url(invocation.value(u"rpc"_s), QUrl::StrictMode);
    if (!url.isValid() || (url.scheme() != u"http" && url.scheme() != u"https") || url.host().isEmpty())
        return fail(ErrorKind::Invalid, u"--rpc: \"%1\" is no http or https address"_s.arg(invocation.value(u"rpc"_s)),
            u"usage"_s);
    JsonRpcClient node(url);
    ChainClient chain(node);
    // Who names a node wants to hear that it did not answer, not that nothing failed.
    if (const auto reached = QCoro::waitFor(chain.chainId()); !reached)
        return std::unexpected(reached.error());
    return QCoro::waitFor(verifyRecordOnChain(chain, record));
}

void describe(const ApprovalRecord &record, Report &report)
{
    report.add(u"sentence"_s, record.review.sentence, u"what it does"_s);
    report.add(u"act"_s, QString(recordedActName(record.act)));
    report.add(u"holder"_s, u"%1 (%2)"_s.arg(record.holder, record.address.toString()));
    report.add(u"madeAt"_s, record.madeAt.toIsoString(), u"recorded"_s);
    report.add(u"safe"_s, record.review.safe.toString());
    report.add(u"safeTxHash"_s, record.review.hashes.safeTx.toString());
    report.add(u"contentHash"_s, record.contentHash().toString(), u"content hash"_s);
}

void describe(const QList<RecordPoint> &points, Report &report)
{
    Report::Node &list = report.root().list(u"points"_s);
    for (const RecordPoint &point : points) {
        const QString text = point.detail.isEmpty() ? point.title : u"%1 (%2)"_s.arg(point.title, point.detail);
        Report::Node &element = list.element(wordOf(point.outcome), text);
        element.add(u"id"_s, point.id);
        element.add(u"outcome"_s, wordOf(point.outcome));
        element.add(u"title"_s, point.title);
        element.add(u"detail"_s, point.detail);
        if (point.outcome == Outcome::Failed)
            report.find(Report::Severity::Block, point.id, u"Does not hold: %1"_s.arg(text));
    }
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto word = invocation.word(0, u"The record"_s);
    const auto bytes
        = word ? readFile(*word, maxApprovalRecordBytes) : Result<QByteArray>(std::unexpected(word.error()));
    const auto file = bytes ? approvalRecordFromJson(*bytes) : Result<RecordFile>(std::unexpected(bytes.error()));
    if (!file)
        return std::unexpected(file.error());
    std::optional<Environment> environment;
    if (invocation.has(u"environment"_s)) {
        auto loaded = Environment::load(invocation.value(u"environment"_s));
        if (!loaded)
            return fail(loaded.error().kind, u"%1\n%2"_s.arg(loaded.error().message, loaded.error().detail).trimmed());
        environment = *std::move(loaded);
    }
    std::optional<Policy> policy;
    if (invocation.has(u"policy"_s)) {
        auto loaded = Policy::load(invocation.value(u"policy"_s));
        if (!loaded)
            return fail(loaded.error().kind, u"%1\n%2"_s.arg(loaded.error().message, loaded.error().detail).trimmed());
        policy = *std::move(loaded);
    }
    QList<RecordPoint> points
        = verifyRecord(*file, {policy ? &*policy : nullptr, environment ? &*environment : nullptr});
    const auto named = pointOfHash(invocation, file->record);
    if (!named)
        return std::unexpected(named.error());
    points.append(*named);
    const auto onChain = pointsOnChain(invocation, file->record);
    if (!onChain)
        return std::unexpected(onChain.error());
    describe(file->record, report);
    describe(points + *onChain, report);
    return {};
}

} // namespace

const Command recordCommand{"verify record", "FILE", "check the record of an approval, computing everything again",
    "Checks what a holder's console kept of an approval: form and hash of the file, the holder's signature over it, "
    "the\n"
    "proposal and its proposer's signature, the three hashes from the transaction's fields, the signer, what was typed "
    "from\n"
    "the device, the calls and their arguments. With --policy, --environment and --rpc also what rests on them. Each "
    "point\n"
    "is ok, failed or not checked; the last one names what nothing but the record says.\n\n"
    "Exit codes: 0 nothing failed, 3 something does not hold, 2 no record, 5 node not reached.\n",
    options, run, ExitCode::Input, ExitCode::Usage};

} // namespace countersign
