#include "backend/proposals/proposalfolder.h"

#include "backend/proposals/entrycipher.h"
#include "backend/proposals/exchangescan.h"
#include "backend/types/strings.h"

#include <QMetaObject>
#include <QPromise>

#include <algorithm>
#include <utility>

namespace countersign {

ProposalFolder::ProposalFolder(QString path, std::optional<ExchangeMemory> memory, QObject *parent)
    : ProposalExchange(parent)
    , m_path(std::move(path))
    , m_scan(std::make_shared<ExchangeScan>(m_path, memory))
    , m_worker(std::make_unique<QObject>())
{
    m_status.remembers = memory.has_value();
    m_thread.setObjectName(u"proposals"_s);
    m_worker->moveToThread(&m_thread);
    m_thread.start();
    connect(&m_timer, &QTimer::timeout, this, &ProposalFolder::refresh);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &ProposalFolder::refresh);
}

ProposalFolder::~ProposalFolder()
{
    // What is queued is done first: a promise that died unfinished would take down whoever awaits it.
    QMetaObject::invokeMethod(m_worker.get(), [] { }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

QString ProposalFolder::name() const
{
    return u"folder %1"_s.arg(m_path);
}

void ProposalFolder::start(std::chrono::milliseconds interval)
{
    m_timer.start(interval);
    refresh();
}

void ProposalFolder::refresh()
{
    if (m_scanning) {
        m_again = true;
        return;
    }
    m_scanning = true;
    QMetaObject::invokeMethod(m_worker.get(), [this, scan = m_scan] {
        const auto outcome = std::make_shared<Result<ExchangeSnapshot>>(scan->run());
        const QStringList warnings = scan->warnings();
        QMetaObject::invokeMethod(this, [this, outcome, warnings] { scanned(*outcome, warnings); });
    });
}

void ProposalFolder::scanned(const Result<ExchangeSnapshot> &outcome, const QStringList &warnings)
{
    m_scanning = false;
    m_status.warnings = warnings;
    if (!outcome) {
        const bool isNews = m_status.error != outcome.error();
        m_status.error = outcome.error();
        if (isNews)
            emit failed(*m_status.error);
    } else {
        if (m_watcher.directories().isEmpty())
            m_watcher.addPath(m_path);
        take(*outcome);
    }
    if (std::exchange(m_again, false))
        refresh();
}

void ProposalFolder::take(const ExchangeSnapshot &read)
{
    const bool recovered = std::exchange(m_status.error, std::nullopt).has_value();
    const bool differs = m_snapshot.set != read.set && *m_snapshot.set != *read.set;
    const QList<RejectedFile> before = std::exchange(m_snapshot.rejected, {});
    const QList<ExchangeAlarm> alarmsBefore = m_snapshot.alarms;
    m_snapshot = read;
    m_snapshot.rejected = before;
    QList<RejectedFile> refused;
    for (const RejectedFile &file : read.rejected) {
        if (!before.contains(file) && !refused.contains(file))
            refused.append(file);
    }
    m_snapshot.rejected += refused;
    m_status.readAt = SystemClock().now();
    const bool isFirst = !std::exchange(m_status.hasRead, true);
    for (const RejectedFile &file : std::as_const(refused))
        emit fileRejected(file);
    const QList<ExchangeAlarm> alarms = m_snapshot.alarms;
    for (const ExchangeAlarm &alarm : alarms) {
        const auto isOld = [&alarm](const ExchangeAlarm &old) { return old.id() == alarm.id(); };
        if (!alarm.isAccepted && std::ranges::none_of(alarmsBefore, isOld))
            emit alarmed(alarm);
    }
    if (isFirst || recovered || differs || !refused.isEmpty() || alarms != alarmsBefore)
        emit changed();
}

template <class T> QFuture<Result<T>> ProposalFolder::work(std::function<Result<T>(ExchangeScan &)> step, bool changes)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QMetaObject::invokeMethod(m_worker.get(), [this, promise, scan = m_scan, step = std::move(step), changes] {
        promise->addResult(step(*scan));
        promise->finish();
        if (changes)
            QMetaObject::invokeMethod(this, &ProposalFolder::refresh);
    });
    return promise->future();
}

QFuture<Result<ChainLink>> ProposalFolder::nextLink(ExchangeLane lane)
{
    return work<ChainLink>([lane](ExchangeScan &scan) { return scan.nextLink(lane); }, false);
}

QFuture<Result<QString>> ProposalFolder::publish(Proposal proposal, Publishing how)
{
    return work<QString>([proposal, how](ExchangeScan &scan) { return scan.publish(proposal, how); }, true);
}

QFuture<Result<QString>> ProposalFolder::publish(CollectedSignature signature, Publishing how)
{
    return work<QString>([signature, how](ExchangeScan &scan) { return scan.publish(signature, how); }, true);
}

QFuture<Result<QString>> ProposalFolder::publish(Statement statement, Publishing how)
{
    return work<QString>([statement, how](ExchangeScan &scan) { return scan.publish(statement, how); }, true);
}

QFuture<Result<QString>> ProposalFolder::publish(ImportedTransaction import, Publishing how)
{
    return work<QString>([import, how](ExchangeScan &scan) { return scan.publish(import, how); }, true);
}

QFuture<Result<QString>> ProposalFolder::publishAttachment(Bytes content)
{
    return work<QString>([content](ExchangeScan &scan) { return scan.publishAttachment(content); }, true);
}

QFuture<Result<Bytes>> ProposalFolder::attachment(Hash32 contentHash)
{
    return work<Bytes>([contentHash](ExchangeScan &scan) { return scan.attachment(contentHash); }, false);
}

void ProposalFolder::setCipher(std::shared_ptr<const EntryCipher> cipher)
{
    m_isConfidential = cipher && cipher->encrypts();
    QMetaObject::invokeMethod(m_worker.get(), [this, scan = m_scan, cipher = std::move(cipher)] {
        scan->setCipher(cipher);
        QMetaObject::invokeMethod(this, &ProposalFolder::refresh);
    });
}

QFuture<Result<void>> ProposalFolder::accept(ExchangeAlarm alarm)
{
    return work<void>([alarm](ExchangeScan &scan) { return scan.accept(alarm); }, true);
}

} // namespace countersign
