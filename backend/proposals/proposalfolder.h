#pragma once

#include "backend/proposals/exchangememory.h"
#include "backend/proposals/proposalexchange.h"

#include <QFileSystemWatcher>
#include <QString>
#include <QThread>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace countersign {

class EntryCipher;
class ExchangeScan;

/// The exchange through a shared folder (a network share, a synchronised folder, a git work tree). Every field of a
/// file is a hint that is recomputed; a file that lies, is too large, is a link, or cannot be read whole goes to
/// quarantine with its reason, and an entry under another's name gets its own back. Files are written beside and
/// renamed, never replaced. All file work is on a thread of its own, because a network folder may hang.
class ProposalFolder final : public ProposalExchange {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProposalFolder)

public:
    /// Without \a memory what was seen is remembered only as long as this object lives.
    explicit ProposalFolder(
        QString path, std::optional<ExchangeMemory> memory = std::nullopt, QObject *parent = nullptr);
    ~ProposalFolder() override;

    /// Reads the folder now, and from then on when it changes (and every `interval`, because network folders do not
    /// tell).
    void start(std::chrono::milliseconds interval = std::chrono::seconds(3));
    void refresh() override;

    QString name() const override;
    const ExchangeSnapshot &snapshot() const override { return m_snapshot; }
    ExchangeStatus status() const override { return m_status; }
    const std::optional<Error> &error() const { return m_status.error; } ///< of the last reading
    const QString &path() const { return m_path; }

    QFuture<Result<ChainLink>> nextLink(ExchangeLane lane) override;
    QFuture<Result<QString>> publish(Proposal proposal, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publish(CollectedSignature signature, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publish(Statement statement, Publishing how = Publishing::Own) override;
    QFuture<Result<QString>> publish(ImportedTransaction import, Publishing how = Publishing::Copy) override;
    QFuture<Result<QString>> publishAttachment(Bytes content) override;
    QFuture<Result<Bytes>> attachment(Hash32 contentHash) override;
    /// How files are encrypted and opened from now on; null: not at all.
    void setCipher(std::shared_ptr<const EntryCipher> cipher);
    bool carriesAttachments() const override { return !m_isConfidential; }
    /// A person has looked into the alarm. What is here now is what the console goes on from.
    QFuture<Result<void>> accept(ExchangeAlarm alarm);

private:
    void scanned(const Result<ExchangeSnapshot> &outcome, const QStringList &warnings);
    void take(const ExchangeSnapshot &read);
    template <class T> QFuture<Result<T>> work(std::function<Result<T>(ExchangeScan &)> step, bool changes);

    QString m_path;
    ExchangeSnapshot m_snapshot;
    ExchangeStatus m_status;
    QFileSystemWatcher m_watcher;
    QTimer m_timer;
    bool m_scanning = false;
    bool m_again = false;
    bool m_isConfidential = false;
    std::shared_ptr<ExchangeScan> m_scan; // used on the thread only
    QThread m_thread;
    std::unique_ptr<QObject> m_worker;
};

} // namespace countersign
