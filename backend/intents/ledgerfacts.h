#pragma once

#include "backend/canton/ledgerevent.h"
#include "backend/environment/environment.h"
#include "backend/intents/fact.h"

#include <QHash>
#include <QVector>

#include <span>

namespace countersign {

/// Reads a participant's events as facts, by the field map of the profile. Events of other templates are passed over; an event of ours
/// that lacks its intent id is counted as unreadable.
class LedgerFacts final
{
public:
    /// `environment` outlives this object.
    LedgerFacts(const Environment &environment, QString participant);

    QVector<Fact> read(std::span<const LedgerEvent> events);
    quint64 unreadable() const { return m_unreadable; }

private:
    enum class Stage { None, Request, Authorised, Receipt };
    Stage stageOf(const LedgerEvent &event) const;
    void readTerms(const LedgerEvent &event, IntentTerms &terms) const;

    const Environment &m_environment;
    QString m_participant;
    quint64 m_unreadable = 0;
};

} // namespace countersign
