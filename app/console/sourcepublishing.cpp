#include "app/console/sourcepublishing.h"

#include "backend/proposals/execution/explorerpublication.h"
#include "backend/proposals/execution/sourcepublication.h"
#include "backend/proposals/flowjournal.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

namespace countersign {

SourcePublishing::SourcePublishing(const Environment &environment, Journal &journal, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_journal(journal)
{
}

QString SourcePublishing::server(ChainId chain) const
{
    const ChainSettings *settings = m_environment.chain(chain);
    return settings && settings->publishSources ? settings->publishSources->toString() : QString();
}

Result<QStringList> SourcePublishing::contents(const ExecutionReport &report)
{
    QStringList lines;
    for (const DeploymentVerification &deployment : report.deployments) {
        const auto contents = publicationContents(deployment);
        if (!contents)
            return std::unexpected(contents.error());
        lines.append(tr("%1 at %2").arg(deployment.contract, deployment.address.toString()));
        lines.append(*contents);
    }
    return lines;
}

void SourcePublishing::publish(ChainId chain, const QString &holder, const ExecutionReport &report)
{
    const ChainSettings *settings = m_environment.chain(chain);
    if (!settings || !settings->publishSources)
        emit finished({fail(ErrorKind::Denied, tr("The environment names no server for the sources of this chain."))});
    else
        spawn(run(*settings, holder, report));
}

// Recorded before it is sent: what has left the machine is never without an entry.
QCoro::Task<> SourcePublishing::run(ChainSettings chain, QString holder, ExecutionReport report)
{
    const std::stop_token stop = m_scope.token();
    Result<QStringList> entries = QStringList();
    for (const DeploymentVerification &deployment : std::as_const(report.deployments)) {
        const QString server = chain.publishSources->toString();
        auto entry = JournalEntry::make(JournalKind::Operation, holder, report.safeTxHash.toString(),
            u"Sends the sources of %1 at %2 to %3"_s.arg(deployment.contract, deployment.address.toString(), server),
            {{u"contract"_s, deployment.contract}, {u"address"_s, deployment.address.toString()}, {u"server"_s, server}});
        const Result<void> recorded = co_await record(m_journal, std::move(entry));
        if (stop.stop_requested())
            co_return;
        if (!recorded) {
            entries = std::unexpected(recorded.error());
            break;
        }
        emit stepChanged({FlowStep::Kind::Publishing, deployment.contract});
        const auto published = co_await publishSources(chain, deployment, report.transactionHash, stop);
        if (stop.stop_requested())
            co_return;
        if (!published) {
            entries = std::unexpected(published.error());
            break;
        }
        entries->append(u"%1/v2/contract/%2/%3"_s.arg(server, QString::number(chain.chainId.value()), deployment.address.toString()));
    }
    emit finished({entries});
}

} // namespace countersign
