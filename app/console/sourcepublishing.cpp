#include "app/console/sourcepublishing.h"

#include "backend/proposals/execution/explorerpublication.h"
#include "backend/proposals/execution/reverification.h"
#include "backend/proposals/execution/sourcepublication.h"
#include "backend/proposals/flowjournal.h"
#include "backend/proposals/service/servicetokens.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

bool wantsKey(const PublisherSettings &server)
{
    return server.kind == PublisherSettings::Kind::Etherscan;
}

DeskPublisher described(const PublisherSettings &server)
{
    const QString url = server.url.toString();
    switch (server.kind) {
    case PublisherSettings::Kind::Sourcify:
        return {u"sourcify %1"_s.arg(url), SourcePublishing::tr("the Sourcify server %1").arg(url), {}};
    case PublisherSettings::Kind::Etherscan:
        return {u"etherscan %1"_s.arg(url), SourcePublishing::tr("the block explorer %1").arg(url), ServiceTokens::originOf(server.url)};
    }
    return {};
}

} // namespace

SourcePublishing::SourcePublishing(const Environment &environment, Journal &journal, const ProposalBoard &board,
    const Executing &executing, SecretStore *secrets, QObject *parent)
    : PublicationDesk(parent)
    , m_environment(environment)
    , m_journal(journal)
    , m_board(board)
    , m_executing(executing)
    , m_secrets(secrets)
{
}

QString SourcePublishing::entryOf(const QString &origin)
{
    return u"block explorer "_s + origin;
}

const ChainSettings *SourcePublishing::chainOf(const Hash32 &id) const
{
    const BoardEntry *entry = m_board.find(id);
    return entry ? m_environment.chain(entry->item.proposal.chainId) : nullptr;
}

const PublisherSettings *SourcePublishing::settingsOf(const ChainSettings &chain, const DeskPublisher &publisher)
{
    const auto found = std::ranges::find(chain.publishSources, publisher, described);
    return found == chain.publishSources.end() ? nullptr : &*found;
}

QList<DeskPublisher> SourcePublishing::publishers(const Hash32 &id) const
{
    QList<DeskPublisher> all;
    if (const ChainSettings *chain = chainOf(id)) {
        for (const PublisherSettings &server : chain->publishSources)
            all.append(described(server));
    }
    return all;
}

QString SourcePublishing::hindrance(const Hash32 &id) const
{
    const BoardEntry *entry = m_board.find(id);
    if (!entry || entry->standing.stage != ProposalStage::Executed)
        return tr("Nothing has been executed that could be published");
    return publishers(id).isEmpty() ? tr("The environment names no server for the sources of this chain (publishSources)") : QString();
}

Result<QStringList> SourcePublishing::contents(const ExecutionReport &report, const DeskPublisher &publisher) const
{
    const ChainSettings *chain = chainOf(report.safeTxHash);
    const PublisherSettings *server = chain ? settingsOf(*chain, publisher) : nullptr;
    if (!server)
        return fail(ErrorKind::Denied, tr("The environment names no such server for the sources of this chain."));
    if (report.deployments.isEmpty())
        return fail(ErrorKind::NotFound, tr("The execution created no contract: there is nothing to publish."));
    QStringList lines;
    for (const DeploymentVerification &deployment : report.deployments) {
        const auto contents = publicationContents(deployment, server->kind, report.transactionHash);
        if (!contents)
            return std::unexpected(contents.error());
        lines.append(tr("%1 at %2").arg(deployment.contract, deployment.address.toString()));
        lines.append(*contents);
    }
    return lines;
}

bool SourcePublishing::isExplorer(const QString &origin) const
{
    return std::ranges::any_of(m_environment.chains, [&origin](const ChainSettings &chain) {
        return std::ranges::any_of(chain.publishSources, [&origin](const PublisherSettings &server) {
            return wantsKey(server) && ServiceTokens::originOf(server.url) == origin;
        });
    });
}

std::optional<DeskToken> SourcePublishing::token(const QString &origin) const
{
    if (!isExplorer(origin))
        return std::nullopt;
    return m_tokens.value(origin, {origin, tr("The keychain is being asked for its API key."), false});
}

void SourcePublishing::setToken(const QString &origin, const Result<void> &kept, bool isThere)
{
    DeskToken token{origin, tr("Its API key is in the keychain of this desktop."), isThere};
    if (!kept)
        token.state = tr("The keychain cannot be used: %1. An API key is kept nowhere else.").arg(kept.error().message);
    else if (!isThere)
        token.state = tr("There is no API key for it. Whoever runs the explorer gives one out.");
    m_tokens.insert(origin, token);
    emit tokenLookedUp(origin);
}

void SourcePublishing::lookUpToken(const QString &origin)
{
    if (m_secrets && isExplorer(origin))
        spawn(runLookUp(origin));
    else
        setToken(origin, fail(ErrorKind::Unavailable, tr("this console was started without one")), false);
}

QCoro::Task<> SourcePublishing::runLookUp(QString origin)
{
    const std::stop_token stop = m_scope.token();
    const auto key = co_await m_secrets->read(entryOf(origin));
    if (stop.stop_requested())
        co_return;
    const bool isBroken = !key && key.error().kind != ErrorKind::NotFound;
    setToken(origin, isBroken ? Result<void>(std::unexpected(key.error())) : Result<void>(), key && !key->isEmpty());
}

void SourcePublishing::keepToken(const QString &origin, SecretBuffer token)
{
    if (!m_secrets)
        emit tokenKept({fail(ErrorKind::Unavailable, tr("This console has no keychain, and an API key is kept nowhere else."))});
    else if (!isExplorer(origin))
        emit tokenKept({fail(ErrorKind::NotFound, tr("The environment names no explorer at %1.").arg(origin))});
    else if (const auto fits = checkExplorerKey(token.view()); !fits)
        emit tokenKept({std::unexpected(fits.error())});
    else
        spawn(runKeep(origin, std::move(token)));
}

QCoro::Task<> SourcePublishing::runKeep(QString origin, SecretBuffer token)
{
    const std::stop_token stop = m_scope.token();
    const auto written = co_await m_secrets->write(entryOf(origin), std::move(token));
    if (stop.stop_requested())
        co_return;
    setToken(origin, written, written.has_value());
    if (written)
        emit tokenKept({tr("Kept in the keychain of this desktop.")});
    else
        emit tokenKept({fail(written.error().kind, tr("Not kept: %1").arg(written.error().message), written.error().detail)});
}

void SourcePublishing::removeToken(const QString &origin)
{
    if (m_secrets)
        spawn(runRemove(origin));
    else
        emit tokenKept({fail(ErrorKind::Unavailable, tr("This console has no keychain: there is nothing to remove."))});
}

QCoro::Task<> SourcePublishing::runRemove(QString origin)
{
    const std::stop_token stop = m_scope.token();
    const auto removed = co_await m_secrets->remove(entryOf(origin));
    if (stop.stop_requested())
        co_return;
    setToken(origin, removed, !removed);
    if (removed)
        emit tokenKept({tr("Removed. It holds until whoever gave it out ends it.")});
    else
        emit tokenKept({fail(removed.error().kind, tr("Still in the keychain: %1").arg(removed.error().message), removed.error().detail)});
}

std::optional<Hash32> SourcePublishing::executedIn(const Hash32 &id) const
{
    const BoardEntry *entry = m_board.find(id);
    if (entry && entry->standing.outcome && entry->standing.outcome->succeeded)
        return entry->standing.outcome->transactionHash;
    for (const ApprovalRecord &record : m_executing.records(id)) {
        if (record.execution)
            return record.execution->transactionHash;
    }
    return std::nullopt;
}

void SourcePublishing::find(const Hash32 &id)
{
    const BoardEntry *entry = m_board.find(id);
    const ChainSettings *chain = chainOf(id);
    const auto transaction = executedIn(id);
    if (!entry || !chain)
        emit found({fail(ErrorKind::NotFound, tr("The proposal is gone."))});
    else if (!transaction)
        emit found({fail(ErrorKind::NotFound,
            tr("In which transaction it was executed is not known: the node of %1 shows no event of it, and this console has no record.")
                .arg(chain->name))});
    else
        spawn(runFind(*chain, entry->item, *transaction));
}

QCoro::Task<> SourcePublishing::runFind(ChainSettings chain, ExchangeItem item, Hash32 transaction)
{
    const std::stop_token stop = m_scope.token();
    const auto report = co_await verifyExecutionAgain(chain, item, transaction, stop);
    if (!stop.stop_requested())
        emit found({report});
}

void SourcePublishing::publish(const ExecutionReport &report, const DeskPublisher &publisher)
{
    const ChainSettings *chain = chainOf(report.safeTxHash);
    const PublisherSettings *server = chain ? settingsOf(*chain, publisher) : nullptr;
    if (!server) {
        emit published({fail(ErrorKind::Denied, tr("The environment names no such server for the sources of this chain."))});
        return;
    }
    if (m_isRunning) {
        emit published({fail(ErrorKind::Conflict, tr("Another publication is under way."))});
        return;
    }
    m_isRunning = true;
    m_subject = report.safeTxHash;
    spawn(run(*chain, *server, report));
}

void SourcePublishing::stop()
{
    if (!m_isRunning)
        return;
    m_runScope.restart();
    m_isRunning = false;
    emit published({fail(ErrorKind::Cancelled, tr("No longer waited for. What was sent stays sent, and may still be published."))});
}

QCoro::Task<> SourcePublishing::run(ChainSettings chain, PublisherSettings server, ExecutionReport report)
{
    const std::stop_token stop = m_runScope.token();
    const auto sources = std::make_shared<PublishedSources>();
    std::optional<Error> problem;
    for (const DeploymentVerification &deployment : std::as_const(report.deployments)) {
        const Hash32 transaction = report.transactionHash;
        const auto done = co_await runOne(chain, server, deployment, transaction, sources, stop);
        if (stop.stop_requested())
            co_return;
        if (!done) {
            problem = done.error();
            break;
        }
    }
    m_isRunning = false;
    if (problem)
        emit published({std::unexpected(*problem)});
    else
        emit published({*sources});
}

QCoro::Task<Result<SecretBuffer>> SourcePublishing::keyFor(PublisherSettings server)
{
    const QString origin = ServiceTokens::originOf(server.url);
    if (!m_secrets)
        co_return fail(ErrorKind::Unavailable, tr("This console has no keychain, and an API key is kept nowhere else."));
    auto key = co_await m_secrets->read(entryOf(origin));
    if (!key && key.error().kind == ErrorKind::NotFound)
        co_return fail(ErrorKind::Unauthenticated, tr("%1 wants an API key, and the keychain has none for it. Enter it with “API key…”.").arg(origin));
    co_return key;
}

// Recorded before it is sent: what has left the machine is never without an entry.
QCoro::Task<Result<void>> SourcePublishing::runOne(ChainSettings chain, PublisherSettings server,
    DeploymentVerification deployment, Hash32 transaction, std::shared_ptr<PublishedSources> sources, std::stop_token stop)
{
    const auto given = [] { return fail(ErrorKind::Cancelled, tr("Publishing was given up")); };
    SecretBuffer key;
    if (wantsKey(server)) {
        auto found = co_await keyFor(server);
        if (stop.stop_requested())
            co_return given();
        if (!found)
            co_return std::unexpected(found.error());
        key = *std::move(found);
    }
    const QString address = deployment.address.toString();
    const QString url = server.url.toString();
    auto entry = JournalEntry::make(JournalKind::Operation, m_holder, m_subject.toString(),
        u"Sends the sources of %1 at %2 to %3"_s.arg(deployment.contract, address, url),
        {{u"contract"_s, deployment.contract}, {u"address"_s, address}, {u"server"_s, url}});
    const Result<void> recorded = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return given();
    if (!recorded)
        co_return std::unexpected(recorded.error());
    emit stepChanged({FlowStep::Kind::Publishing, deployment.contract});
    bool isKnown = false;
    if (wantsKey(server)) {
        const ExplorerProgress progress
            = [this, stop](const QString &text) {
                  if (!stop.stop_requested())
                      emit stepChanged({FlowStep::Kind::Publishing, text});
              };
        const ExplorerSettings settings{server.url, chain.chainId};
        const auto verdict = co_await publishToExplorer(settings, std::move(key), deployment, progress, stop);
        if (stop.stop_requested())
            co_return given();
        if (!verdict)
            co_return std::unexpected(verdict.error());
        isKnown = *verdict == ExplorerVerdict::AlreadyVerified;
        sources->entries.append(u"%1 on chain %2"_s.arg(address, QString::number(chain.chainId.value())));
    } else {
        const QUrl target = server.url;
        const auto published = co_await publishSources(chain, target, deployment, transaction, stop);
        if (stop.stop_requested())
            co_return given();
        if (!published)
            co_return std::unexpected(published.error());
        isKnown = published->verificationId.isEmpty();
        sources->entries.append(u"%1/v2/contract/%2/%3"_s.arg(url, QString::number(chain.chainId.value()), address));
    }
    ++(isKnown ? sources->known : sources->verified);
    co_return Result<void>();
}

} // namespace countersign
