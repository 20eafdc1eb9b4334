#pragma once

#include "backend/journal/journalentry.h"
#include "backend/journal/journalfile.h"
#include "backend/types/clock.h"
#include "backend/types/error.h"

#include <QFuture>
#include <QObject>
#include <QString>
#include <QThread>

#include <memory>
#include <vector>

namespace countersign {

/// How the journal is. Anything but Ready means that an act of a person must not go on, because it could not be
/// recorded.
struct JournalStatus {
    enum class State {
        Opening, ///< being opened and verified; entries wait
        Ready,
        Blocked, ///< the last entries were refused (locked, disk full) and their futures say so; the next ones are
                 ///< tried anew
        Broken, ///< damaged or tampered with: what is good can be read, nothing is appended; beginSuccessor() goes on
                ///< in a new file
        Unavailable, ///< could not be opened at all; open() may be tried again
    };
    State state = State::Opening;
    Error error; ///< of Blocked, Broken and Unavailable
    JournalHead head;
    JournalVerification verification; ///< of the start, or the last verify()
};

/// The record of what people did: append-only, hash-chained, durable before a future completes. SQLite works on a
/// thread of its own, all entries that arrive while it is busy are written as one transaction, and reading has a second
/// thread so that it never delays an entry.
class Journal final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Journal)

public:
    Journal(QString path, const Clock &clock, QObject *parent = nullptr);
    Journal(QString path, const Clock &clock, JournalFile::Options options, QObject *parent = nullptr);
    /// Writes what waits, then ends the threads.
    ~Journal() override;

    /// Creates the file when there is none, opens it and verifies the whole chain; ends in statusChanged. May be called
    /// again when Unavailable.
    void open();

    /// The row's id once it is on the disk. The time is taken now. While Opening the entry waits for the verification.
    /// Errors: Unavailable (locked), Exhausted (disk full), Corrupt (broken chain); the entry is not in the journal
    /// then.
    QFuture<Result<qint64>> append(JournalEntry entry);

    /// Walks the whole chain again, on the reading thread.
    QFuture<JournalVerification> verify();
    /// Rows with first <= id <= last, read on the reading thread.
    QFuture<Result<QList<JournalRow>>> load(qint64 first, qint64 last);
    QFuture<Result<JournalLines>> loadLines(qint64 first, qint64 last);

    /// When Broken: keeps the damaged file beside under a name that says so and begins a new one at the old path,
    /// linked to the last good hash. Nothing is deleted. The result is the path of the kept file.
    QFuture<Result<QString>> beginSuccessor();

    const JournalStatus &status() const { return m_status; }
    const QString &path() const { return m_path; }

signals:
    void statusChanged(const countersign::JournalStatus &status);
    /// After the rows are durable, in order and without gaps from this console's view.
    void rowsAppended(const QList<countersign::JournalRow> &rows);

private:
    struct Batch;
    struct OpenOutcome;

    /// The result of \a ask, called on the reading thread with the file open for reading.
    template <class T, class Ask> QFuture<Result<T>> read(Ask ask);

    void opened(const OpenOutcome &outcome);
    void flush();
    void flushed(const Batch &batch);
    void setStatus(JournalStatus::State state, const Error &error);

    QString m_path;
    const Clock &m_clock;
    JournalFile::Options m_options;
    JournalStatus m_status;
    std::unique_ptr<Batch> m_waiting; // entries since the last flush
    bool m_busy = false; // the writer has a batch
    QThread m_writerThread;
    QThread m_readerThread;
    std::unique_ptr<QObject> m_writer; // context of what runs on the writer's thread
    std::unique_ptr<QObject> m_reader;
    std::shared_ptr<std::unique_ptr<JournalFile>> m_file; // touched on the writer's thread only
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::JournalStatus)
