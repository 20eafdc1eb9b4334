#include "backend/journal/journal.h"

#include "backend/types/strings.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QMetaObject>
#include <QPromise>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace countersign {

struct Journal::Batch {
    std::vector<JournalFile::Stamped> entries;
    std::vector<QPromise<Result<qint64>>> promises; // one an entry
    Result<QList<JournalRow>> outcome;

    /// On the thread that knows the outcome; every promise gets a value.
    void complete()
    {
        for (size_t i = 0; i < promises.size(); ++i) {
            if (outcome)
                promises[i].addResult(Result<qint64>((*outcome)[static_cast<qsizetype>(i)].id));
            else
                promises[i].addResult(Result<qint64>(std::unexpected(outcome.error())));
            promises[i].finish();
        }
    }
};

struct Journal::OpenOutcome {
    std::optional<Error> error;
    JournalVerification verification;
    JournalHead head;
};

namespace {

using Outcome = Result<void>;

QString pendingPath(const QString &path)
{
    return path + u".new"_s;
}

bool exists(const QString &path)
{
    const QFileInfo info(path);
    return info.exists() || info.isSymLink();
}

Outcome rename(const QString &from, const QString &to)
{
    std::error_code code;
    std::filesystem::rename(QFile::encodeName(from).toStdString(), QFile::encodeName(to).toStdString(), code);
    if (code)
        return fail(ErrorKind::Unavailable,
            u"%1 cannot be renamed to %2: %3"_s.arg(from, to, QString::fromStdString(code.message())));
    return {};
}

QString keptPath(const QString &path, Timestamp at)
{
    const QFileInfo info(path);
    const QString stamp = at.toDateTime().toString(u"yyyyMMdd'T'HHmmsszzz'Z'"_s);
    return info.path() + u'/' + info.completeBaseName() + u".broken-"_s + stamp
        + (info.suffix().isEmpty() ? QString() : u'.' + info.suffix());
}

/// Creates the journal where there is none. A successor whose making was interrupted between its two renames is
/// completed instead.
Outcome ensureFile(const QString &path, Timestamp at, const JournalFile::Options &options, bool &created)
{
    created = false;
    if (exists(path))
        return {};
    if (exists(pendingPath(path)))
        return rename(pendingPath(path), path);
    created = true;
    return JournalFile::create(path, at, {}, options);
}

} // namespace

Journal::Journal(QString path, const Clock &clock, QObject *parent)
    : Journal(std::move(path), clock, JournalFile::Options{}, parent)
{
}

Journal::Journal(QString path, const Clock &clock, JournalFile::Options options, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_clock(clock)
    , m_options(options)
    , m_waiting(std::make_unique<Batch>())
    , m_writer(std::make_unique<QObject>())
    , m_reader(std::make_unique<QObject>())
    , m_file(std::make_shared<std::unique_ptr<JournalFile>>())
{
    qRegisterMetaType<JournalStatus>();
    m_writerThread.setObjectName(u"journal"_s);
    m_readerThread.setObjectName(u"journal-read"_s);
    m_writer->moveToThread(&m_writerThread);
    m_reader->moveToThread(&m_readerThread);
    m_writerThread.start();
    m_readerThread.start();
}

Journal::~Journal()
{
    QMetaObject::invokeMethod(
        m_writer.get(),
        [file = m_file, batch = m_waiting.get()] {
            if (*file)
                batch->outcome = (*file)->append(batch->entries);
            else
                batch->outcome = fail(ErrorKind::Unavailable, u"The journal is closed"_s);
            batch->complete();
            file->reset();
        },
        Qt::BlockingQueuedConnection);
    // What is queued for reading is done too: a promise that died unfinished would take down whoever awaits it.
    QMetaObject::invokeMethod(m_reader.get(), [] { }, Qt::BlockingQueuedConnection);
    for (QThread *thread : {&m_writerThread, &m_readerThread}) {
        thread->quit();
        thread->wait();
    }
}

void Journal::open()
{
    setStatus(JournalStatus::State::Opening, {});
    m_busy = true;
    QMetaObject::invokeMethod(
        m_writer.get(), [this, file = m_file, path = m_path, options = m_options, at = m_clock.now()] {
            OpenOutcome outcome;
            file->reset();
            bool created = false;
            auto ready = ensureFile(path, at, options, created);
            if (ready) {
                auto opened = JournalFile::open(path, options);
                if (opened) {
                    outcome.verification = opened->verify();
                    if (outcome.verification.ok) {
                        *file = std::make_unique<JournalFile>(std::move(*opened));
                        if (created) {
                            const JournalFile::Stamped first{
                                JournalEntry::make(JournalKind::Journal, u"console"_s, path, u"Journal begun"_s), at};
                            if (const auto rows = (*file)->append({&first, 1}); !rows)
                                outcome.error = rows.error();
                        }
                        outcome.head = (*file)->head();
                    } else {
                        outcome.error = Error{ErrorKind::Corrupt,
                            u"The journal's chain is broken: %1"_s.arg(outcome.verification.reason),
                            u"file %1, last good row %2, hash %3"_s.arg(path)
                                .arg(outcome.verification.count)
                                .arg(outcome.verification.lastGoodHash.toString())};
                        outcome.head = {outcome.verification.count, outcome.verification.lastGoodHash};
                    }
                } else {
                    outcome.error = opened.error();
                    outcome.verification.reason = opened.error().message;
                }
            } else {
                outcome.error = ready.error();
            }
            QMetaObject::invokeMethod(this, [this, outcome] { opened(outcome); });
        });
}

void Journal::opened(const OpenOutcome &outcome)
{
    m_busy = false;
    m_status.head = outcome.head;
    m_status.verification = outcome.verification;
    if (!outcome.error)
        setStatus(JournalStatus::State::Ready, {});
    else
        setStatus(outcome.error->kind == ErrorKind::Corrupt ? JournalStatus::State::Broken
                                                            : JournalStatus::State::Unavailable,
            *outcome.error);
    flush();
}

QFuture<Result<qint64>> Journal::append(JournalEntry entry)
{
    m_waiting->entries.push_back({std::move(entry), m_clock.now()});
    auto &promise = m_waiting->promises.emplace_back();
    promise.start();
    auto future = promise.future();
    flush();
    return future;
}

void Journal::flush()
{
    if (m_busy || m_waiting->entries.empty())
        return;
    if (m_status.state == JournalStatus::State::Broken || m_status.state == JournalStatus::State::Unavailable) {
        m_waiting->outcome = std::unexpected(m_status.error);
        m_waiting->complete();
        m_waiting = std::make_unique<Batch>();
        return;
    }
    m_busy = true;
    const std::shared_ptr<Batch> batch = std::exchange(m_waiting, std::make_unique<Batch>());
    QMetaObject::invokeMethod(m_writer.get(), [this, file = m_file, batch] {
        batch->outcome = *file
            ? (*file)->append(batch->entries)
            : Result<QList<JournalRow>>(fail(ErrorKind::Unavailable, u"The journal has not been opened"_s));
        batch->complete();
        QMetaObject::invokeMethod(this, [this, batch] { flushed(*batch); });
    });
}

void Journal::flushed(const Batch &batch)
{
    m_busy = false;
    if (batch.outcome) {
        m_status.head = {batch.outcome->last().id, batch.outcome->last().hash};
        if (m_status.state == JournalStatus::State::Blocked)
            setStatus(JournalStatus::State::Ready, {});
        emit rowsAppended(*batch.outcome);
    } else {
        const bool broken = batch.outcome.error().kind == ErrorKind::Corrupt;
        setStatus(broken ? JournalStatus::State::Broken : JournalStatus::State::Blocked, batch.outcome.error());
        if (broken)
            verify(); // finds the first bad row for the page; the result arrives in the status
    }
    flush();
}

QFuture<JournalVerification> Journal::verify()
{
    auto promise = std::make_shared<QPromise<JournalVerification>>();
    promise->start();
    QMetaObject::invokeMethod(m_reader.get(), [this, promise, path = m_path, options = m_options] {
        JournalVerification verification;
        if (auto file = JournalFile::openForReading(path, options))
            verification = file->verify();
        else
            verification.reason = file.error().message;
        promise->addResult(verification);
        promise->finish();
        QMetaObject::invokeMethod(this, [this, verification] {
            m_status.verification = verification;
            if (verification.ok)
                emit statusChanged(m_status);
            else
                setStatus(JournalStatus::State::Broken,
                    {ErrorKind::Corrupt, u"The journal's chain is broken: %1"_s.arg(verification.reason), m_path});
        });
    });
    return promise->future();
}

template <class T, class Ask> QFuture<Result<T>> Journal::read(Ask ask)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QMetaObject::invokeMethod(m_reader.get(), [promise, path = m_path, options = m_options, ask] {
        auto file = JournalFile::openForReading(path, options);
        promise->addResult(file ? ask(*file) : Result<T>(std::unexpected(file.error())));
        promise->finish();
    });
    return promise->future();
}

QFuture<Result<QList<JournalRow>>> Journal::load(qint64 first, qint64 last)
{
    return read<QList<JournalRow>>([first, last](JournalFile &file) { return file.load(first, last); });
}

QFuture<Result<JournalLines>> Journal::loadLines(qint64 first, qint64 last)
{
    return read<JournalLines>([first, last](JournalFile &file) { return file.loadLines(first, last); });
}

QFuture<Result<QString>> Journal::beginSuccessor()
{
    auto promise = std::make_shared<QPromise<Result<QString>>>();
    promise->start();
    if (m_status.state != JournalStatus::State::Broken) {
        promise->addResult(
            Result<QString>(fail(ErrorKind::Conflict, u"Only a broken journal is followed by a new one"_s)));
        promise->finish();
        return promise->future();
    }
    m_busy = true;
    const Timestamp at = m_clock.now();
    const QString kept = keptPath(m_path, at);
    const JournalFile::Predecessor link{
        QFileInfo(kept).fileName(), m_status.verification.count, m_status.verification.lastGoodHash};
    QMetaObject::invokeMethod(
        m_writer.get(), [this, promise, file = m_file, path = m_path, options = m_options, at, kept, link] {
            file->reset();
            // The successor is whole before the old file moves, so that an end at any moment leaves a path that open()
            // continues rightly.
            QFile::remove(pendingPath(path));
            auto done = JournalFile::create(pendingPath(path), at, link, options);
            for (const QString &suffix : {u"-wal"_s, u"-shm"_s, QString()}) {
                if (done && exists(path + suffix))
                    done = rename(path + suffix, kept + suffix);
            }
            if (done)
                done = rename(pendingPath(path), path);
            promise->addResult(done ? Result<QString>(kept) : Result<QString>(std::unexpected(done.error())));
            promise->finish();
            QMetaObject::invokeMethod(this, [this, done, link] {
                m_busy = false;
                if (!done) {
                    setStatus(JournalStatus::State::Broken, done.error());
                    return;
                }
                open();
                append(JournalEntry::make(JournalKind::Journal, u"console"_s, link.file,
                    u"Continues %1 after its last good row %2"_s.arg(link.file).arg(link.lastGoodRow),
                    {{u"predecessor"_s, link.file}, {u"lastGoodRow"_s, QString::number(link.lastGoodRow)},
                        {u"lastGoodHash"_s, link.lastGoodHash.toString()}}));
            });
        });
    return promise->future();
}

void Journal::setStatus(JournalStatus::State state, const Error &error)
{
    m_status.state = state;
    m_status.error = error;
    emit statusChanged(m_status);
}

} // namespace countersign
