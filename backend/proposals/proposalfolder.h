#pragma once

#include "backend/proposals/proposal.h"
#include "backend/types/error.h"

#include <QFileSystemWatcher>
#include <QFuture>
#include <QList>
#include <QObject>
#include <QString>
#include <QThread>
#include <QTimer>

#include <memory>

namespace countersign {

class ExchangeScan;

/// A file of the exchange that was not believed.
struct RejectedFile {
    QString name;
    QString reason;
    bool quarantined = false; ///< moved into quarantine/ with its reason beside it; false: it could not be moved
    friend bool operator==(const RejectedFile &, const RejectedFile &) = default;
};

/// What the folder held when it was last read.
struct ExchangeSnapshot {
    QList<ExchangeItem> items; ///< by creation, oldest first
    QList<RejectedFile> rejected; ///< since this object exists
};

/// The exchange of proposals and signatures through a shared folder. Every field of a file is a hint that is
/// recomputed; a file that lies, is too large, is a link, or cannot be read whole goes to quarantine with its reason.
/// Files are written beside and renamed, never replaced. All file work is on a thread of its own, because a network
/// folder may hang.
class ProposalFolder final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProposalFolder)

public:
    explicit ProposalFolder(QString path, QObject *parent = nullptr);
    ~ProposalFolder() override;

    /// Reads the folder now, and from then on when it changes (and every `interval`, because network folders do not
    /// tell).
    void start(std::chrono::milliseconds interval = std::chrono::seconds(3));
    void refresh();

    const ExchangeSnapshot &snapshot() const { return m_snapshot; }
    const ExchangeItem *find(const Hash32 &safeTxHash) const;
    const std::optional<Error> &error() const { return m_error; } ///< of the last reading
    const QString &path() const { return m_path; }

    /// Conflict when the same transaction was proposed already. The value is the file's name.
    QFuture<Result<QString>> publish(Proposal proposal);
    /// Publishing a signature of an owner who signed already succeeds and changes nothing.
    QFuture<Result<QString>> publish(CollectedSignature signature);

signals:
    void changed();
    void fileRejected(const countersign::RejectedFile &file);
    /// The folder cannot be read; the last good snapshot stays.
    void failed(const countersign::Error &error);

private:
    void scanned(const Result<ExchangeSnapshot> &outcome);
    QFuture<Result<QString>> write(QString name, Bytes content, bool existingIsGood);

    QString m_path;
    ExchangeSnapshot m_snapshot;
    std::optional<Error> m_error;
    QFileSystemWatcher m_watcher;
    QTimer m_timer;
    bool m_scanning = false;
    bool m_again = false;
    bool m_hasRead = false;
    std::shared_ptr<ExchangeScan> m_scan; // used on the thread only
    QThread m_thread;
    std::unique_ptr<QObject> m_worker;
};

} // namespace countersign
