#include "models/approvals/acknowledgements.h"

#include "backend/proposals/exchangelog.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

QString AcknowledgementState::summary() const
{
    const auto members = acknowledged.size() + open.size();
    return Acknowledgements::tr("%1 of %n members have acknowledged head %2", nullptr, static_cast<int>(members))
        .arg(acknowledged.size())
        .arg(head);
}

QString AcknowledgementState::detail() const
{
    return isComplete() ? Acknowledgements::tr("All have seen what is here.")
                        : Acknowledgements::tr("Not yet: %1").arg(open.join(u", "_s));
}

Acknowledgements::Acknowledgements(
    const Environment &environment, const ProposalBoard &board, const ProposalExchange &exchange, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_board(board)
    , m_exchange(exchange)
{
    connect(&m_board, &ProposalBoard::changed, this, &Acknowledgements::rebuild);
    rebuild();
}

const AcknowledgementState *Acknowledgements::find(ChainId chain, const Address &safe) const
{
    const auto found = std::ranges::find_if(
        m_states, [&](const AcknowledgementState &state) { return state.chainId == chain && state.safe == safe; });
    return found == m_states.end() ? nullptr : &*found;
}

QStringList Acknowledgements::namesOf(const QList<Address> &members) const
{
    QStringList names;
    for (const Address &member : members) {
        const HolderSettings *holder = m_environment.holder(member);
        names.append(holder ? holder->name : member.toString());
    }
    return names;
}

void Acknowledgements::rebuild()
{
    QList<AcknowledgementState> states;
    const ExchangeSet &set = *m_exchange.snapshot().set;
    const ExchangeLog log(set);
    for (const ChainSettings &chain : m_environment.chains) {
        const SafeFacts *facts = m_board.facts(chain.chainId);
        if (!chain.safe || !facts)
            continue;
        const QList<LaneHead> heads = headsToAcknowledge(log, chain.chainId, *chain.safe);
        if (heads.isEmpty())
            continue;
        const QList<Address> members(facts->state.owners.begin(), facts->state.owners.end());
        const AcknowledgementCount count = countAcknowledgements(set, chain.chainId, *chain.safe, members);
        const QString name = count.head.toString().sliced(2, 8);
        states.append(AcknowledgementState{chain.chainId, *chain.safe, chain.name,
            u"%1 %2"_s.arg(name.first(4), name.last(4)), namesOf(count.acknowledged), namesOf(count.open), heads});
    }
    if (states == m_states)
        return;
    m_states = states;
    emit changed();
}

} // namespace countersign
