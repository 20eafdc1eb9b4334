#include "app/practice/network/faultservice.h"

#include "app/practice/network/supervisor.h"
#include "app/practice/support/chaining.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QCoroTimer>

#include <QPointer>
#include <QTimer>

namespace countersign {

namespace {

constexpr int longestSeconds = 3600;
constexpr int mostFlood = 20'000;
constexpr int deepestReorg = 64;

Result<int> numberIn(const QStringList &arguments, qsizetype index, int most)
{
    bool isNumber = false;
    const int number = arguments.value(index).toInt(&isNumber);
    if (!isNumber || number < 1 || number > most)
        return fail(ErrorKind::Invalid, u"A number from 1 to %1 is needed, not \"%2\""_s.arg(most).arg(arguments.value(index)));
    return number;
}

/// One call to a node by a client that lives exactly as long as the call.
QCoro::Task<JsonRpcResult> askOnce(QUrl url, QString method, QJsonArray params)
{
    JsonRpcClient client(url);
    co_return co_await client.call(method, params);
}

} // namespace

FaultService::FaultService(Supervisor &supervisor, QObject *parent)
    : QObject(parent)
    , m_supervisor(supervisor)
    , m_etcd({QUrl(supervisor.layout().etcdUrl())})
{
}

QString FaultService::usage()
{
    return u"  kill-leader                    kills the leading relayer as a crash would\n"
           "  cut-stream                     breaks the participant's open update streams\n"
           "  pause-participant SECONDS      the participant stands still and goes on\n"
           "  stop-blocks SECONDS [CHAIN]    the chain makes no blocks, then goes on\n"
           "  flood N                        N intents at once\n"
           "  reorg N [CHAIN]                the last N blocks are replaced by empty ones\n"
           "  stop PART                      ends a part\n"
           "  start PART                     starts a part that does not run\n"_s;
}

QCoro::Task<Result<QString>> FaultService::apply(QString fault, QStringList arguments)
{
    if (fault == "kill-leader"_L1)
        co_return co_await killLeader();
    if (fault == "cut-stream"_L1)
        co_return co_await cutStream();
    if (fault == "stop"_L1)
        co_return co_await stopPart(arguments.value(0));
    if (fault == "start"_L1)
        co_return co_await startPart(arguments.value(0));
    const bool counts = fault == "flood"_L1;
    const bool blocks = fault == "reorg"_L1;
    if (!counts && !blocks && fault != "pause-participant"_L1 && fault != "stop-blocks"_L1)
        co_return fail(ErrorKind::Invalid, u"There is no fault \"%1\""_s.arg(fault), usage());
    const Result<int> number = numberIn(arguments, 0, counts ? mostFlood : blocks ? deepestReorg : longestSeconds);
    if (!number)
        co_return std::unexpected(number.error());
    if (counts)
        co_return flood(*number);
    if (blocks)
        co_return co_await reorganise(*number, arguments.value(1));
    if (fault == "stop-blocks"_L1)
        co_return co_await stopBlocks(*number, arguments.value(1));
    co_return pauseParticipant(*number);
}

QCoro::Task<Result<QString>> FaultService::killLeader()
{
    const std::stop_token stop = m_scope.token();
    const Result<QList<EtcdKey>> candidates = co_await m_etcd.list(electionName.toUtf8() + '/');
    if (!candidates)
        co_return std::unexpected(candidates.error());
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The network is ending"_s);
    if (candidates->isEmpty())
        co_return fail(ErrorKind::NotFound, u"No relayer stands for election"_s);
    const QString leader = QString::fromUtf8(candidates->first().value);
    NetworkPart *const part = m_supervisor.part(leader);
    if (!part || part->process().state() != ManagedProcess::State::Running)
        co_return fail(ErrorKind::Conflict, u"The leader %1 is gone already; its lease has not run out yet"_s.arg(leader));
    const qint64 processId = part->process().processId();
    part->kill(u"killed by fault kill-leader"_s);
    const QString next = candidates->size() > 1 ? QString::fromUtf8(candidates->at(1).value) : u"nobody"_s;
    co_return u"Killed %1 (pid %2), the leader; %3 is next, once the lease has run out (at most %4 s). Mend: start %1"_s
        .arg(leader)
        .arg(processId)
        .arg(next)
        .arg(NetworkLayout::leaseSeconds);
}

QCoro::Task<Result<QString>> FaultService::cutStream()
{
    const QUrl control(u"http://"_s + loopback(m_supervisor.layout().participantControl) + u"/cut"_s);
    const QFuture<Result<HttpReply>> call = m_http.post(control, {}, "application/json"_ba);
    const Result<HttpReply> reply = co_await call;
    const Result<HttpReply> done = andThen(reply, requireSuccess);
    if (!done)
        co_return std::unexpected(done.error());
    co_return u"Broke the participant's open update streams; clients resume from their last offset"_s;
}

Result<QString> FaultService::pauseParticipant(int seconds)
{
    NetworkPart *const participant = m_supervisor.part(u"participant");
    if (!participant)
        return fail(ErrorKind::NotFound, u"There is no participant"_s);
    if (const Result<void> paused = participant->pause(u"paused for %1 s"_s.arg(seconds)); !paused)
        return std::unexpected(paused.error());
    QTimer::singleShot(std::chrono::seconds(seconds), participant, [participant] {
        if (const Result<void> resumed = participant->resume(); !resumed)
            qWarning("%s", qPrintable(resumed.error().message));
    });
    return u"The participant (pid %1) stands still for %2 s"_s.arg(participant->process().processId()).arg(seconds);
}

Result<ChainLayout> FaultService::chainNamed(const QString &name) const
{
    for (const ChainLayout &chain : m_supervisor.layout().chains) {
        if (name.isEmpty() || chain.name == name || chain.part == name)
            return chain;
    }
    return fail(ErrorKind::NotFound, u"There is no chain \"%1\""_s.arg(name));
}

QCoro::Task<Result<QString>> FaultService::stopBlocks(int seconds, QString chainName)
{
    const std::stop_token stop = m_scope.token();
    const Result<ChainLayout> chain = chainNamed(chainName);
    if (!chain)
        co_return std::unexpected(chain.error());
    const JsonRpcResult stopped = co_await askOnce(chain->rpc(), u"evm_setIntervalMining"_s, {0});
    if (!stopped)
        co_return std::unexpected(stopped.error());
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The network is ending"_s);
    spawn(mineAgain(chain->name, std::chrono::seconds(seconds)));
    co_return u"%1 makes no blocks for %2 s"_s.arg(chain->name).arg(seconds);
}

QCoro::Task<> FaultService::mineAgain(QString chainName, std::chrono::seconds after)
{
    const std::stop_token stop = m_scope.token();
    co_await QCoro::sleepFor(after);
    if (stop.stop_requested())
        co_return;
    const Result<ChainLayout> chain = chainNamed(chainName);
    if (!chain)
        co_return;
    const JsonRpcResult mining = co_await askOnce(chain->rpc(), u"evm_setIntervalMining"_s, {1});
    if (!mining)
        qWarning("%s makes no blocks yet: %s", qPrintable(chainName), qPrintable(mining.error().message));
}

QCoro::Task<Result<QString>> FaultService::reorganise(int depth, QString chainName)
{
    const Result<ChainLayout> chain = chainNamed(chainName);
    if (!chain)
        co_return std::unexpected(chain.error());
    const JsonRpcResult done = co_await askOnce(chain->rpc(), u"anvil_reorg"_s, {depth, QJsonArray()});
    if (!done)
        co_return std::unexpected(done.error());
    co_return u"The last %1 blocks of %2 were replaced by empty ones; their transactions are gone"_s.arg(depth).arg(chain->name);
}

Result<QString> FaultService::flood(int count)
{
    NetworkPart *const generator = m_supervisor.part(u"generator");
    if (!generator || generator->process().state() != ManagedProcess::State::Running)
        return fail(ErrorKind::Conflict, u"The generator does not run"_s);
    generator->process().writeLine("{\"flood\":" + QByteArray::number(count) + '}');
    return u"The generator orders %1 intents at once"_s.arg(count);
}

QCoro::Task<Result<QString>> FaultService::stopPart(QString name)
{
    NetworkPart *const part = m_supervisor.part(name);
    if (!part)
        co_return fail(ErrorKind::NotFound, u"There is no part \"%1\""_s.arg(name));
    if (part->process().processId() == 0)
        co_return fail(ErrorKind::Conflict, u"%1 does not run"_s.arg(name));
    co_await part->stop();
    co_return u"Stopped %1. Mend: start %1"_s.arg(name);
}

QCoro::Task<Result<QString>> FaultService::startPart(QString name)
{
    const Result<void> started = co_await m_supervisor.restart(name);
    if (!started)
        co_return std::unexpected(started.error());
    co_return u"%1 runs again"_s.arg(name);
}

} // namespace countersign
