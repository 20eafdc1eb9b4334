#include "backend/proposals/incidents.h"

#include "backend/proposals/flowjournal.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStringList>

#include <limits>
#include <utility>

namespace countersign {

namespace {

constexpr auto closes = "closesProposal"_L1;
constexpr auto acknowledges = "acknowledges"_L1;
constexpr qsizetype longestReason = 2000;

bool concerns(const JournalLine &line, const QByteArray &subject)
{
    return (line.kind == JournalKind::Incident || line.kind == JournalKind::Operation)
        && QByteArrayView(line.subject.data(), line.subject.size()) == subject;
}

void follow(QList<OpenIncident> &open, const JournalRow &row)
{
    const QJsonObject evidence = QJsonDocument::fromJson(row.evidence).object();
    if (row.kind == JournalKind::Incident && evidence.value(closes).toBool())
        open.append({row.id, row.at, row.text});
    const QJsonArray rows = evidence.value(acknowledges).toArray();
    if (row.kind != JournalKind::Operation || rows.isEmpty())
        return;
    open.removeIf([&rows](const OpenIncident &incident) { return rows.contains(QString::number(incident.row)); });
}

} // namespace

JournalEntry closingIncident(const QString &actor, const Hash32 &id, const QString &text, QJsonObject evidence)
{
    evidence.insert(closes, true);
    return JournalEntry::make(JournalKind::Incident, actor, id.toString(), text, evidence);
}

QCoro::Task<Result<QList<OpenIncident>>> openIncidents(Journal &journal, Hash32 id)
{
    const QByteArray subject = id.toString().toLatin1();
    // Not up to the known head: the last entry may be on the disk before this thread knows of it.
    const auto listing = journal.loadLines(1, std::numeric_limits<qint64>::max());
    const auto lines = co_await listing;
    if (!lines)
        co_return std::unexpected(lines.error());
    QList<qint64> rows;
    for (const JournalLine &line : *lines) {
        if (concerns(line, subject))
            rows.append(line.id);
    }
    QList<OpenIncident> open;
    for (const qint64 row : std::as_const(rows)) {
        const auto loading = journal.load(row, row);
        const auto loaded = co_await loading;
        if (!loaded)
            co_return std::unexpected(loaded.error());
        for (const JournalRow &one : *loaded)
            follow(open, one);
    }
    co_return open;
}

QCoro::Task<Result<void>> refuseWithOpenIncidents(Journal &journal, Hash32 id)
{
    const auto open = co_await openIncidents(journal, id);
    if (!open)
        co_return fail(open.error().kind,
            u"Whether there are open incidents could not be read from the journal: %1"_s.arg(open.error().message),
            open.error().detail);
    if (open->isEmpty())
        co_return Result<void>{};
    QStringList lines;
    for (const OpenIncident &incident : *open)
        lines.append(u"%1 (entry %2): %3"_s.arg(incident.at.toIsoString()).arg(incident.row).arg(incident.text));
    co_return fail(ErrorKind::Rejected,
        u"An incident with this proposal has not been looked into yet. Find out what happened, then acknowledge it with the reason"_s,
        lines.join(u'\n'));
}

QCoro::Task<Result<void>> acknowledgeIncidents(Journal &journal, QString actor, Hash32 id, QString reason)
{
    if (reason.trimmed().isEmpty() || reason.size() > longestReason)
        co_return fail(ErrorKind::Invalid,
            u"Say in at most %1 characters what was found out about the incident"_s.arg(longestReason));
    const auto open = co_await openIncidents(journal, id);
    if (!open)
        co_return std::unexpected(open.error());
    if (open->isEmpty())
        co_return fail(ErrorKind::NotFound, u"No incident with this proposal is open"_s);
    QJsonArray rows;
    for (const OpenIncident &incident : *open)
        rows.append(QString::number(incident.row));
    auto entry = JournalEntry::make(JournalKind::Operation, actor, id.toString(),
        u"Looked into the incident: %1"_s.arg(reason.trimmed()),
        {{QString(acknowledges), rows}, {u"reason"_s, reason.trimmed()}});
    co_return co_await record(journal, std::move(entry));
}

} // namespace countersign
