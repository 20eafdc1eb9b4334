#include "backend/proposals/proposalboard.h"

#include "backend/evm/chainclient.h"
#include "backend/proposals/claimconfirmation.h"
#include "backend/proposals/safeoutcomes.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

// A block this far down is not expected to be replaced; what is younger is asked about again.
constexpr quint64 settledBlocks = 64;

} // namespace

struct ProposalBoard::Source {
    explicit Source(const ChainSettings &chainSettings)
        : settings(chainSettings)
        , rpc(settings.rpc.first())
        , chain(rpc)
    {
    }

    ChainSettings settings;
    JsonRpcClient rpc;
    ChainClient chain;
    std::optional<SafeFacts> facts;
    std::optional<Error> error;
};

ProposalBoard::ProposalBoard(
    const Environment &environment, ProposalExchange &exchange, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_exchange(exchange)
    , m_clock(clock)
{
    for (const ChainSettings &chain : environment.chains) {
        if (chain.safe && !chain.rpc.isEmpty())
            m_sources.push_back(std::make_shared<Source>(chain));
    }
    connect(&m_exchange, &ProposalExchange::changed, this, [this] {
        rebuild();
        refresh();
    });
}

ProposalBoard::~ProposalBoard() = default;

const BoardEntry *ProposalBoard::find(const Hash32 &safeTxHash) const
{
    for (const BoardEntry &entry : m_entries) {
        if (entry.item.id() == safeTxHash)
            return &entry;
    }
    return nullptr;
}

const SafeFacts *ProposalBoard::facts(ChainId chain) const
{
    for (const auto &source : m_sources) {
        if (source->settings.chainId == chain && source->facts)
            return &*source->facts;
    }
    return nullptr;
}

std::optional<Error> ProposalBoard::problem(ChainId chain) const
{
    for (const auto &source : m_sources) {
        if (source->settings.chainId == chain)
            return source->error;
    }
    return std::nullopt;
}

void ProposalBoard::setHolder(const std::optional<Address> &holder)
{
    m_holder = holder;
    rebuild();
}

void ProposalBoard::setOpened(const QHash<Hash32, QList<CollectedSignature>> &opened)
{
    m_opened = opened;
    rebuild();
}

void ProposalBoard::noteSent(ChainId chain, const Hash32 &safeTxHash, const std::optional<Hash32> &transactionHash)
{
    if (transactionHash)
        m_sent[chain].insert(safeTxHash, *transactionHash);
    else
        m_sent[chain].remove(safeTxHash);
    for (const auto &source : m_sources) {
        if (source->settings.chainId == chain && source->facts)
            source->facts->sent = sentOf(chain);
    }
    rebuild();
}

QHash<Hash32, Hash32> ProposalBoard::sentOf(ChainId chain) const
{
    return m_sent.value(chain);
}

void ProposalBoard::refresh()
{
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    spawn(read());
}

QCoro::Task<> ProposalBoard::read()
{
    const auto stop = m_scope.token();
    const auto sources = m_sources;
    for (const auto &shared : sources) {
        Source &source = *shared;
        const Address safe = *source.settings.safe;
        const BlockRef latest = BlockRef::latest();
        auto state = co_await readSafeState(source.chain, safe, latest, stop);
        if (stop.stop_requested())
            co_return;
        Result<SafeOutcomes> outcomes;
        QHash<Hash32, QSet<Address>> confirmed;
        if (state && state->chainId != source.settings.chainId) {
            state = fail(ErrorKind::Conflict,
                u"%1 answers as chain %2, but the environment says %3"_s.arg(source.settings.name)
                    .arg(state->chainId.value())
                    .arg(source.settings.chainId.value()));
        }
        if (state) {
            const QHash<Hash32, SafeOutcome> known
                = source.facts ? source.facts->outcomes : QHash<Hash32, SafeOutcome>();
            outcomes = SafeOutcomes();
            QList<Hash32> open;
            for (const ExchangeItem &item : m_exchange.snapshot().items) {
                if (item.proposal.chainId != state->chainId || item.proposal.safe != safe
                    || item.proposal.transaction.nonce >= state->nonce)
                    continue;
                const auto outcome = known.constFind(item.id());
                if (outcome != known.cend()
                    && outcome->blockNumber.value() + settledBlocks < state->blockNumber.value())
                    outcomes->found.insert(item.id(), *outcome);
                else
                    open.append(item.id());
            }
            QList<ClaimSubject> subjects;
            for (const ExchangeItem &item : m_exchange.snapshot().items) {
                if (item.proposal.chainId == state->chainId && item.proposal.safe == safe)
                    subjects.append(ClaimSubject::of(item));
            }
            const auto counting = co_await confirmClaims(source.chain, *state, subjects, stop);
            if (stop.stop_requested())
                co_return;
            for (auto it = counting.cbegin(); it != counting.cend(); ++it) {
                for (const CollectedSignature &signature : *it)
                    confirmed[it.key()].insert(signature.owner);
            }
            if (!open.isEmpty()) {
                auto found = co_await readSafeOutcomes(source.chain, *state, open, stop);
                if (stop.stop_requested())
                    co_return;
                if (found) {
                    outcomes->found.insert(found->found);
                    outcomes->from = found->from;
                } else
                    outcomes = std::unexpected(found.error());
            }
        }
        if (state && outcomes) {
            source.facts = SafeFacts{*state, outcomes->found, outcomes->from, confirmed, sentOf(state->chainId)};
            source.error.reset();
        } else {
            // The last good state stays, and the error says that it is old.
            source.error = state ? outcomes.error() : state.error();
            emit chainFailed(source.settings.chainId, *source.error);
        }
    }
    m_reading = false;
    rebuild();
    if (std::exchange(m_again, false))
        refresh();
}

void ProposalBoard::rebuild()
{
    m_entries.clear();
    const Timestamp now = m_clock.now();
    for (const ExchangeItem &item : m_exchange.snapshot().items) {
        BoardEntry entry;
        entry.item = item;
        const ChainSettings *chain = m_environment.chain(item.proposal.chainId);
        if (chain)
            entry.chainName = chain->name;
        if (const HolderSettings *holder = m_environment.holder(item.proposal.proposer))
            entry.proposerName = holder->name;
        m_entries.append(entry);
    }
    // One that waits may wait for one that waits: until nothing changes, or as often as a chain of them can be long.
    QHash<Hash32, DependencyStanding> standings;
    for (qsizetype round = 0; round <= m_entries.size(); ++round) {
        const auto before = standings;
        for (BoardEntry &entry : m_entries) {
            entry.standing = judge(entry.item, standings, now);
            standings.insert(entry.item.id(), {entry.item.proposal.title, entry.standing.stage});
        }
        if (standings == before)
            break;
    }
    emit changed();
}

ProposalStanding ProposalBoard::judge(
    const ExchangeItem &item, const QHash<Hash32, DependencyStanding> &dependencies, Timestamp now) const
{
    const ChainSettings *chain = m_environment.chain(item.proposal.chainId);
    if (chain && chain->safe)
        return judgeStanding(item, facts(item.proposal.chainId), m_holder, now, dependencies, m_opened.value(item.id()));
    ProposalStanding standing;
    standing.stage = ProposalStage::Invalid;
    standing.reason = u"The environment knows no Safe on chain %1"_s.arg(item.proposal.chainId.value());
    return standing;
}

} // namespace countersign
