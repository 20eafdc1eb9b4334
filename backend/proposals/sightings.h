#pragma once

#include "backend/proposals/proposalexchange.h"
#include "backend/proposals/sightingmemory.h"
#include "backend/types/clock.h"

#include <QObject>
#include <QThreadPool>

#include <optional>

namespace countersign {

/// Since when this console knows the proposals of an exchange: what a waiting time is reckoned from, since a proposal's
/// own date is whatever its author wrote into it. Kept from one start to the next; what is not kept counts as never
/// seen. Main thread only.
class Sightings final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Sightings)

public:
    /// Both references outlive this object. Reads the memory; without one nothing is known beyond this run.
    Sightings(const ProposalExchange &exchange, std::optional<SightingMemory> memory, const Clock &clock,
        QObject *parent = nullptr);
    ~Sightings() override;

    /// By the console's clock; absent: not seen before now.
    std::optional<Timestamp> firstSeen(const Hash32 &safeTxHash) const;
    Timestamp now() const { return m_clock.now(); }
    /// Why proposals may have been seen before that count as new; for people. Empty: none.
    const QString &problem() const { return m_problem; }

    /// Waits until what was seen is written; for tests.
    void finishWriting() { m_writer.waitForDone(); }

private:
    void look();
    void write();
    void written(const Result<RememberedSights> &outcome);

    const ProposalExchange &m_exchange;
    std::optional<SightingMemory> m_memory;
    const Clock &m_clock;
    FirstSights m_sights;
    QString m_problem;
    QThreadPool m_writer; // of one thread: it waits for the disk
};

} // namespace countersign
