#include "backend/proposals/proposalfolder.h"

#include "backend/proposals/exchangescan.h"
#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"

#include <QMetaObject>
#include <QPromise>

#include <utility>

namespace countersign {

namespace {

bool sameItems(const QList<ExchangeItem> &a, const QList<ExchangeItem> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ExchangeItem &x, const ExchangeItem &y) {
        return x.id() == y.id() && x.proposal.envelopeDigest() == y.proposal.envelopeDigest()
            && x.proposal.proposer == y.proposal.proposer
            && std::equal(x.signatures.begin(), x.signatures.end(), y.signatures.begin(), y.signatures.end(),
                [](const CollectedSignature &s, const CollectedSignature &t) {
                    return s.owner == t.owner && s.signature == t.signature;
                });
    });
}

} // namespace

ProposalFolder::ProposalFolder(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_scan(std::make_shared<ExchangeScan>(m_path))
    , m_worker(std::make_unique<QObject>())
{
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
        QMetaObject::invokeMethod(this, [this, outcome] { scanned(*outcome); });
    });
}

void ProposalFolder::scanned(const Result<ExchangeSnapshot> &outcome)
{
    m_scanning = false;
    if (!outcome) {
        const bool isNews = m_error != outcome.error();
        m_error = outcome.error();
        if (isNews)
            emit failed(*m_error);
    } else {
        if (m_watcher.directories().isEmpty())
            m_watcher.addPath(m_path);
        const bool recovered = std::exchange(m_error, std::nullopt).has_value();
        const bool differs = !sameItems(m_snapshot.items, outcome->items);
        m_snapshot.items = outcome->items;
        bool newlyRejected = false;
        for (const RejectedFile &file : outcome->rejected) {
            if (m_snapshot.rejected.contains(file))
                continue;
            newlyRejected = true;
            m_snapshot.rejected.append(file);
            emit fileRejected(file);
        }
        if (!m_hasRead || recovered || differs || newlyRejected) {
            m_hasRead = true;
            emit changed();
        }
    }
    if (std::exchange(m_again, false))
        refresh();
}

const ExchangeItem *ProposalFolder::find(const Hash32 &safeTxHash) const
{
    for (const ExchangeItem &item : m_snapshot.items) {
        if (item.id() == safeTxHash)
            return &item;
    }
    return nullptr;
}

QFuture<Result<QString>> ProposalFolder::publish(Proposal proposal)
{
    QString name = ExchangeScan::proposalFileName(proposal.safeTxHash());
    return write(std::move(name), proposalToJson(proposal), false);
}

QFuture<Result<QString>> ProposalFolder::publish(CollectedSignature signature)
{
    QString name = ExchangeScan::signatureFileName(signature.safeTxHash, signature.owner);
    return write(std::move(name), signatureToJson(signature), true);
}

QFuture<Result<QString>> ProposalFolder::write(QString name, Bytes content, bool existingIsGood)
{
    auto promise = std::make_shared<QPromise<Result<QString>>>();
    promise->start();
    QMetaObject::invokeMethod(m_worker.get(), [this, promise, scan = m_scan, name, content, existingIsGood] {
        promise->addResult(scan->write(name, content, existingIsGood));
        promise->finish();
        QMetaObject::invokeMethod(this, &ProposalFolder::refresh);
    });
    return promise->future();
}

} // namespace countersign
