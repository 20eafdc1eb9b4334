#include "backend/proposals/flowjournal.h"

#include "backend/records/reviewjson.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QJsonArray>

namespace countersign {

QJsonObject reviewEvidence(const Review &review)
{
    QJsonArray findings;
    for (const Finding &finding : review.findings) {
        findings.append(QJsonObject{{u"code"_s, finding.code}, {u"severity"_s, QString(severityWord(finding.severity))},
            {u"message"_s, finding.message}, {u"evidence"_s, finding.evidence}});
    }
    QJsonArray effects;
    for (const Effect &effect : review.effects) {
        effects.append(QJsonObject{{u"variable"_s, effect.variable}, {u"before"_s, effect.before},
            {u"after"_s, effect.after}, {u"promised"_s, effect.promised}});
    }
    return {{u"sentence"_s, review.sentence}, {u"chainId"_s, QString::number(review.chainId.value())},
        {u"safe"_s, review.safe.toString()}, {u"domainHash"_s, review.hashes.domain.toString()},
        {u"messageHash"_s, review.hashes.message.toString()}, {u"safeTxHash"_s, review.hashes.safeTx.toString()},
        {u"nonce"_s, review.nonce.toDecimal()}, {u"block"_s, QString::number(review.blockNumber.value())},
        {u"blockHash"_s, review.blockHash.toString()}, {u"threshold"_s, QString::number(review.threshold)},
        {u"findings"_s, findings}, {u"effects"_s, effects}};
}

QJsonObject errorEvidence(const Error &error)
{
    return {{u"kind"_s, errorKindName(error.kind)}, {u"message"_s, error.message}, {u"detail"_s, error.detail}};
}

namespace {

Error notRecorded(const Error &error)
{
    return {error.kind, u"It could not be recorded in the journal: %1"_s.arg(error.message), error.detail};
}

} // namespace

QCoro::Task<Result<void>> record(Journal &journal, JournalEntry entry)
{
    const auto future = journal.append(std::move(entry));
    const auto row = co_await future;
    if (!row)
        co_return std::unexpected(notRecorded(row.error()));
    co_return Result<void>{};
}

QCoro::Task<Result<JournalHead>> recordAndName(Journal &journal, JournalEntry entry)
{
    const auto appending = journal.append(std::move(entry));
    const auto id = co_await appending;
    if (!id)
        co_return std::unexpected(notRecorded(id.error()));
    const auto loading = journal.load(*id, *id);
    const auto rows = co_await loading;
    if (!rows || rows->isEmpty())
        co_return std::unexpected(
            notRecorded(rows ? Error{ErrorKind::Corrupt, u"the entry is gone"_s, {}} : rows.error()));
    co_return JournalHead{*id, rows->first().hash};
}

} // namespace countersign
