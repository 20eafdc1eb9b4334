#include "backend/proposals/service/exchangesetup.h"

#include "backend/types/strings.h"

#include <QFileInfo>

#include <algorithm>

namespace countersign {

namespace {

QString besideJournal(const Environment &environment, const QString &name)
{
    return QFileInfo(environment.journal).absolutePath() + u'/' + name;
}

} // namespace

ExchangeSetup::ExchangeSetup(const Environment &environment, const Token &token, QObject *parent)
    : QObject(parent)
{
    // What this console has seen is no business of the shared folder.
    std::optional<ExchangeMemory> memory;
    if (!environment.journal.isEmpty())
        memory.emplace(besideJournal(environment, u"exchange"_s), u"folder"_s);
    m_folder = std::make_unique<ProposalFolder>(environment.proposals, memory);
    std::vector<ProposalExchange *> carriers{m_folder.get()};
    const QString kept = besideJournal(environment, u"seen"_s);
    if (!environment.journal.isEmpty() && QFileInfo(environment.proposals).absoluteFilePath() != kept) {
        m_mirror = std::make_unique<ProposalFolder>(kept);
        carriers.push_back(m_mirror.get());
    }
    for (const ChainSettings &chain : environment.chains) {
        if (!chain.safe || !chain.safeService)
            continue;
        const QByteArray secret = token ? token(chain) : QByteArray();
        const bool isOurs = !secret.isEmpty() || environment.kind == EnvironmentKind::Practice;
        m_intervals.push_back(isOurs ? ServiceExchange::ownInterval : ServiceExchange::sparingInterval);
        m_services.push_back(std::make_unique<ServiceExchange>(
            ServiceSettings{chain.name, chain.chainId, *chain.safe, *chain.safeService}, secret));
        carriers.push_back(m_services.back().get());
    }
    m_union = std::make_unique<ExchangeUnion>(carriers);
    for (const auto &service : m_services)
        service->setLookup([all = m_union.get()](const Hash32 &safeTxHash) { return all->find(safeTxHash); });
    if (m_mirror)
        m_keeper = std::make_unique<MirrorKeeper>(*m_union, *m_mirror);
}

ExchangeSetup::~ExchangeSetup()
{
    // The services look into the union, which goes before them.
    for (const auto &service : m_services)
        service->setLookup({});
}

void ExchangeSetup::start()
{
    m_folder->start();
    if (m_mirror)
        m_mirror->start(std::chrono::minutes(1)); // nobody else writes there
    for (size_t i = 0; i < m_services.size(); ++i)
        m_services[i]->start(m_intervals[i]);
}

void ExchangeSetup::follow(const ProposalBoard &board)
{
    const auto tell = [this, &board] {
        for (const auto &service : m_services) {
            if (const SafeFacts *facts = board.facts(service->settings().chainId))
                service->setState(facts->state);
        }
    };
    connect(&board, &ProposalBoard::changed, this, tell);
    tell();
}

ServiceExchange *ExchangeSetup::service(ChainId chain) const
{
    const auto found
        = std::ranges::find(m_services, chain, [](const auto &service) { return service->settings().chainId; });
    return found == m_services.end() ? nullptr : found->get();
}

} // namespace countersign
