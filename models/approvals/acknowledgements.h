#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/proposalboard.h"

#include <QList>
#include <QObject>
#include <QStringList>

namespace countersign {

/// Who has seen what the exchange of one Safe holds.
struct AcknowledgementState {
    ChainId chainId;
    Address safe;
    QString chain; ///< its name
    QString head; ///< names all that there is, short enough to be read out: "1a2b 3c4d"
    QStringList acknowledged; ///< owners, by name
    QStringList open; ///< owners who have not (yet)
    QList<LaneHead> heads; ///< what an acknowledgement made now says
    bool isComplete() const { return open.isEmpty(); }
    QString summary() const; ///< "2 of 3 members have acknowledged head 1a2b 3c4d"
    QString detail() const; ///< who has not
    friend bool operator==(const AcknowledgementState &, const AcknowledgementState &) = default;
};

/// "N of M members have acknowledged head X", for each Safe of the environment whose owners are known and that anybody
/// has written about.
class Acknowledgements final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Acknowledgements)

public:
    /// All outlive this object.
    Acknowledgements(const Environment &environment, const ProposalBoard &board, const ProposalExchange &exchange,
        QObject *parent = nullptr);

    const QList<AcknowledgementState> &states() const { return m_states; }
    /// Null when nothing is known of it.
    const AcknowledgementState *find(ChainId chain, const Address &safe) const;

signals:
    void changed();

private:
    void rebuild();
    QStringList namesOf(const QList<Address> &members) const;

    const Environment &m_environment;
    const ProposalBoard &m_board;
    const ProposalExchange &m_exchange;
    QList<AcknowledgementState> m_states;
};

} // namespace countersign
