// Appending to and replaying the journal, against what the disk alone takes and against QtSql (the class that everybody
// would use).
#include "backend/journal/journalfile.h"
#include "backend/types/strings.h"
#include "tests/bench/support/figures.h"

#include <fcntl.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QVariant>

#include <algorithm>
#include <cstdlib>

using namespace countersign;
using namespace countersign::bench;

namespace {

constexpr int rounds = 45;
constexpr int warmUp = 5;
constexpr int batchRows = 1000;
constexpr qint64 replayRows = 1'000'000;
constexpr int replayRounds = 7;

// Rows as the console writes them: eight to a proposal with its hash, a sentence, and half a kilobyte of evidence.
std::vector<JournalFile::Stamped> entries(int count)
{
    std::vector<JournalFile::Stamped> made;
    made.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
        made.push_back(
            {JournalEntry::make(JournalKind::Review, i % 2 == 0 ? u"alice"_s : u"bob"_s,
                 u"0x%1"_s.arg(i / 8, 64, 16, QChar(u'0')),
                 u"Reviewed: revoke the Canton signing key of desk %1"_s.arg(i), {{u"padding"_s, QString(380, u'x')}}),
                Timestamp::fromSeconds(1'700'000'000 + i)});
    }
    return made;
}

template <class T> T check(Result<T> result)
{
    if (!result) {
        qCritical("%s: %s", qPrintable(result.error().message), qPrintable(result.error().detail));
        std::exit(2);
    }
    return *std::move(result);
}

class FloorFile final {
public:
    explicit FloorFile(const QString &path)
        : m_descriptor(::open(QFile::encodeName(path).constData(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600))
    {
    }
    ~FloorFile() { ::close(m_descriptor); }
    FloorFile(const FloorFile &) = delete;
    FloorFile &operator=(const FloorFile &) = delete;

    double append(const QByteArray &bytes) const
    {
        const double start = wallSeconds();
        if (::write(m_descriptor, bytes.constData(), static_cast<size_t>(bytes.size())) != bytes.size()
            || ::fdatasync(m_descriptor) != 0)
            std::exit(2);
        return wallSeconds() - start;
    }

private:
    int m_descriptor;
};

void measureAppends(Figures &figures, const QString &folder)
{
    const QString path = folder + u"/append.sqlite"_s;
    (void)JournalFile::create(path, Timestamp::fromSeconds(1), {}, {});
    JournalFile journal = check(JournalFile::open(path, {}));
    if (!journal.verify().ok)
        std::exit(2);
    const FloorFile floor(folder + u"/floor"_s);
    const auto batch = entries(batchRows);
    const std::vector<JournalFile::Stamped> one(batch.begin(), batch.begin() + 1);
    const QByteArray large(512 * 1024, 'f');
    const QByteArray small(4096, 'f');
    std::vector<double> batches, batchCpu, largeWrites, singles, smallWrites;
    for (int round = 0; round < rounds; ++round) {
        const double largeWrite = floor.append(large);
        const double cpu = threadCpuSeconds();
        double start = wallSeconds();
        (void)check(journal.append(batch));
        const double batchTime = wallSeconds() - start;
        const double cpuTime = threadCpuSeconds() - cpu;
        const double smallWrite = floor.append(small);
        start = wallSeconds();
        (void)check(journal.append(one));
        const double single = wallSeconds() - start;
        if (round < warmUp)
            continue;
        largeWrites.push_back(largeWrite);
        batches.push_back(batchTime);
        batchCpu.push_back(cpuTime);
        smallWrites.push_back(smallWrite);
        singles.push_back(single);
    }
    const auto verification = check(JournalFile::openForReading(path, {})).verify();
    if (!verification.ok || verification.count != rounds * (batchRows + 1))
        std::exit(2);
    figures.add(u"batch of 1000, FULL"_s, median(batches) * 1e3, u"ms"_s);
    figures.add(u"CPU time of a batch of 1000"_s, median(batchCpu) * 1e3, u"ms"_s);
    figures.add(u"batch of 1000 / 512 KiB write + fdatasync"_s, median(batches) / median(largeWrites), u"ratio"_s,
        Bound::AtMost, 6, 3);
    figures.add(u"single durable row"_s, median(singles) * 1e3, u"ms"_s);
    figures.add(u"single durable row / 4 KiB write + fdatasync"_s, median(singles) / median(smallWrites), u"ratio"_s,
        Bound::AtMost, 2, 1.2);
}

template <class Rows> qsizetype checksum(const Rows &rows)
{
    qsizetype sum = 0;
    for (const auto &row : rows)
        sum += row.id + row.at.micros() % 1000 + row.actor.size() + row.subject.size() + row.text.size()
            + static_cast<int>(row.kind);
    return sum;
}

QList<JournalRow> replayByQtSql(const QString &path)
{
    QSqlDatabase database = QSqlDatabase::database();
    if (database.databaseName() != path) {
        database.setDatabaseName(path);
        database.open();
    }
    QSqlQuery query(database);
    query.setForwardOnly(true);
    query.exec(u"SELECT id, at, kind, actor, subject, text FROM entries ORDER BY id"_s);
    QList<JournalRow> rows;
    while (query.next()) {
        JournalRow &row = rows.emplaceBack();
        row.id = query.value(0).toLongLong();
        row.at = Timestamp::fromMicros(query.value(1).toLongLong());
        row.kind = journalKindFromUtf8(query.value(2).toString().toUtf8());
        row.actor = query.value(3).toString();
        row.subject = query.value(4).toString();
        row.text = query.value(5).toString();
    }
    return rows;
}

double readWhole(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        std::exit(2);
    static QByteArray buffer(1024 * 1024, '\0');
    const double start = threadCpuSeconds();
    while (file.read(buffer.data(), buffer.size()) > 0) { }
    return threadCpuSeconds() - start;
}

void measureReplay(Figures &figures, const QString &folder)
{
    const QString path = folder + u"/replay.sqlite"_s;
    (void)JournalFile::create(path, Timestamp::fromSeconds(1), {}, {});
    {
        JournalFile writer = check(JournalFile::open(path, {}));
        writer.verify();
        const auto batch = entries(20'000);
        for (qint64 at = 0; at < replayRows; at += static_cast<qint64>(batch.size()))
            (void)check(writer.append(batch));
    }
    JournalFile journal = check(JournalFile::openForReading(path, {}));
    std::vector<double> ours, peer, bytes;
    qsizetype expected = 0;
    for (int round = 0; round < replayRounds; ++round) {
        double start = threadCpuSeconds();
        {
            const auto rows = check(journal.loadLines(1, replayRows));
            ours.push_back(threadCpuSeconds() - start);
            expected = checksum(rows);
            if (rows.size() != replayRows)
                std::exit(2);
        }
        start = threadCpuSeconds();
        {
            const auto rows = replayByQtSql(path);
            peer.push_back(threadCpuSeconds() - start);
            if (rows.size() != replayRows || checksum(rows) != expected)
                std::exit(2);
        }
        bytes.push_back(readWhole(path));
    }
    const double start = threadCpuSeconds();
    if (!journal.verify().ok)
        std::exit(2);
    figures.add(u"verification of 1M rows"_s, threadCpuSeconds() - start, u"s"_s);
    figures.add(u"replay of 1M rows"_s, static_cast<double>(replayRows) / median(ours) / 1e6, u"M rows/s"_s);
    figures.add(
        u"replay rows/s / QtSql forward-only loop"_s, median(peer) / median(ours), u"ratio"_s, Bound::AtLeast, 1.5, 2);
    figures.add(
        u"replay / read() of the same bytes"_s, median(ours) / median(bytes), u"ratio"_s, Bound::AtMost, 8, 4.5);
    figures.note(u"fileBytes"_s, QFileInfo(path).size());
    figures.note(u"pageCache"_s, u"warm"_s);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    Figures figures(u"journal"_s);
    measureAppends(figures, folder.path());
    {
        QSqlDatabase::addDatabase(u"QSQLITE"_s);
        measureReplay(figures, folder.path());
    }
    QSqlDatabase::database().close();
    return figures.print();
}
