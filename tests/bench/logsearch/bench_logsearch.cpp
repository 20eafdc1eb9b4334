// Looking through a log of a relayer (a gigabyte, or COUNTERSIGN_LOG_MEGABYTES) against `grep -F` on the same file, both
// from the page cache; and what the index spares.
#include "backend/logs/logscan.h"
#include "backend/types/strings.h"
#include "tests/bench/support/figures.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <cstdlib>
#include <functional>
#include <random>

using namespace countersign;
using namespace countersign::bench;

namespace {

constexpr int rounds = 5;
constexpr qint64 defaultMegabytes = 1024;
constexpr double mega = 1e6;

QByteArray hexOf(std::mt19937_64 &random, int digits)
{
    QByteArray out;
    while (out.size() < digits)
        out += QByteArray::number(static_cast<qulonglong>(random()), 16).rightJustified(16, '0');
    return out.first(digits);
}

// Lines as the practice relayers write them. One word stands in a thousandth of the first tenth only.
bool writeLog(const QString &path, qint64 bytes, QByteArray &lastHash)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    std::mt19937_64 random(1);
    static const char *const messages[] = {"intent_received", "intent_queued", "transaction_submitted", "transaction_confirmed", "intent_acknowledged"};
    static const char *const chains[] = {"ethereum", "polygon", "arbitrum"};
    qint64 written = 0;
    QByteArray batch;
    for (qint64 i = 0; written < bytes; ++i) {
        const Timestamp time = Timestamp::fromMillis(1'760'000'000'000 + i * 25);
        lastHash = hexOf(random, 64);
        const bool isRare = written < bytes / 10 && i % 1000 == 0;
        batch += R"({"timestamp":")" + time.toIsoString().toLatin1() + R"(","level":"info","message":")"
            + (isRare ? "nonce_gap_detected" : messages[i % 5]) + R"(","intentId":"intent-)" + QByteArray::number(i / 5).rightJustified(9, '0')
            + R"(","vaultId":"treasury-)" + QByteArray::number(static_cast<qulonglong>(random() % 40)) + R"(","chain":")" + chains[random() % 3]
            + R"(","nonce":)" + QByteArray::number(static_cast<qulonglong>(random() % 100'000)) + R"(,"txHash":"0x)" + lastHash + "\"}\n";
        if (batch.size() < (1 << 20))
            continue;
        written += file.write(batch);
        batch.clear();
    }
    return written >= bytes;
}

double timeOf(const std::function<void()> &work)
{
    std::vector<double> seconds;
    for (int i = 0; i < rounds; ++i) {
        const double begin = wallSeconds();
        work();
        seconds.push_back(wallSeconds() - begin);
    }
    return median(seconds);
}

double grep(const QString &path, const QByteArray &word)
{
    return timeOf([&] {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"LC_ALL"_s, u"C"_s);
        process.setProcessEnvironment(environment);
        process.start(u"grep"_s, {u"-F"_s, u"-c"_s, u"-e"_s, QString::fromLatin1(word), path});
        process.waitForFinished(-1);
    });
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"relayer.log"_s);
    const qint64 megabytes = qEnvironmentVariableIsSet("COUNTERSIGN_LOG_MEGABYTES") ? qEnvironmentVariable("COUNTERSIGN_LOG_MEGABYTES").toLongLong() : defaultMegabytes;
    QByteArray hash;
    if (megabytes <= 0 || !writeLog(path, megabytes * 1'000'000, hash))
        return EXIT_FAILURE;
    const auto file = LogFile::open(path, u"relayer-1"_s);
    if (!file)
        return EXIT_FAILURE;
    const double size = static_cast<double>(file->size());
    qint64 hits = 0;
    const auto search = [&](const QByteArray &word) {
        return timeOf([&] {
            const LogQuery query{.conditions = {{.field = LogCondition::Field::Text, .words = {QString::fromLatin1(word)}}}};
            hits = scanLogs({file}, query, {}, {}).hits.size();
        });
    };
    const QByteArray unknownHash(64, '7');
    Figures figures(u"logsearch"_s);
    figures.note(u"megabytes"_s, size / mega);
    const double grepHash = grep(path, unknownHash);
    const double scanHash = search(unknownHash);
    const double grepRare = grep(path, "nonce_gap_detected");
    const double begin = wallSeconds();
    file->index({});
    const double indexing = wallSeconds() - begin;
    const double indexedHash = search(unknownHash);
    const double indexedRare = search("nonce_gap_detected");
    figures.note(u"hits of the rare word"_s, hits);
    const double field = timeOf([&] {
        const LogQuery query{.conditions = {{.field = LogCondition::Field::Named, .name = u"txHash"_s, .words = {QString::fromLatin1(hash)}}}};
        hits = scanLogs({file}, query, {}, {}).hits.size();
    });
    figures.note(u"hits of the last hash"_s, hits);
    figures.add(u"grep -F, a hash that is not there"_s, size / grepHash / mega, u"MB/s"_s);
    figures.add(u"ours without index, the same"_s, size / scanHash / mega, u"MB/s"_s);
    figures.add(u"ours with index, the same"_s, size / indexedHash / mega, u"MB/s"_s);
    figures.add(u"grep -F, a rare word"_s, size / grepRare / mega, u"MB/s"_s);
    figures.add(u"ours with index, the same word"_s, size / indexedRare / mega, u"MB/s"_s);
    figures.add(u"indexing"_s, size / indexing / mega, u"MB/s"_s);
    figures.add(u"a field's value in all of it"_s, field, u"s"_s, Bound::AtMost, 3.0, 1.0);
    figures.add(u"any case / grep -F in one case"_s, grepHash / scanHash, u"times as fast"_s, Bound::AtLeast, 0.5, 1.0);
    figures.add(u"with index / grep -F, a rare word"_s, grepRare / indexedRare, u"times as fast"_s, Bound::AtLeast, 3.0, 8.0);
    return figures.print();
}
