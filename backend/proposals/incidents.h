#pragma once

#include "backend/journal/journal.h"
#include "backend/types/hash32.h"

#include <QCoroTask>
#include <QJsonObject>

namespace countersign {

// Incidents with a proposal that must be looked into before this console touches the proposal again: a signature that
// is not by the key over the hash that was shown, a device that shows another hash. They live in the journal, so that a
// restart does not make them go away.

struct OpenIncident {
    qint64 row = 0; ///< of the journal
    Timestamp at;
    QString text;
    friend bool operator==(const OpenIncident &, const OpenIncident &) = default;
};

/// An entry that keeps the proposal closed at this console until acknowledgeIncidents().
JournalEntry closingIncident(const QString &actor, const Hash32 &id, const QString &text, QJsonObject evidence = {});

/// Oldest first. \a journal outlives the task. Errors of reading the journal.
QCoro::Task<Result<QList<OpenIncident>>> openIncidents(Journal &journal, Hash32 id);

/// Error Rejected, with the incidents as detail, when there are any; errors of reading the journal.
QCoro::Task<Result<void>> refuseWithOpenIncidents(Journal &journal, Hash32 id);

/// A person has looked into all of them and says what came of it. Invalid without a reason, NotFound when none is open,
/// and the journal's.
QCoro::Task<Result<void>> acknowledgeIncidents(Journal &journal, QString actor, Hash32 id, QString reason);

} // namespace countersign
