#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/sightings.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <memory>
#include <thread>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = Timestamp::fromSeconds(1'700'000'000);

Hash32 idOf(int number)
{
    return keccak256(QByteArray::number(number));
}

FirstSights sightsOf(int from, int count)
{
    FirstSights sights;
    for (int i = from; i < from + count; ++i)
        sights.emplace(idOf(i), noon + std::chrono::seconds(i));
    return sights;
}

} // namespace

class TestSightings final : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void fileIsReadAsItWasWritten()
    {
        const FirstSights sights = sightsOf(0, 5);
        const Bytes file = sightingsToJson(sights);
        QVERIFY(sightingsFromJson(file) == sights);
        QVERIFY(!sightingsFromJson(file.chopped(1)));
        QVERIFY2(!sightingsFromJson(Bytes(file).replace("1700000001000000", "253402300800000000")), "beyond 9999");
        QVERIFY2(!sightingsFromJson(Bytes(file).replace("\"seen\"", "\"sean\"")), "a member that is not known");
    }
    void theEarlierTimeStands()
    {
        const SightingMemory memory(m_folder->path());
        QVERIFY(memory.load() && memory.load()->empty());
        QVERIFY(memory.remember({{idOf(1), noon}}, {}));
        QVERIFY(memory.remember({{idOf(1), noon + 1h}}, {}));
        QCOMPARE(memory.load()->at(idOf(1)), noon);
        const auto kept = memory.remember({{idOf(1), noon - 1h}, {idOf(2), noon}}, {});
        QVERIFY(kept && kept->lost.isEmpty());
        QCOMPARE(kept->sights.at(idOf(1)), noon - 1h);
        QVERIFY(memory.load() == kept->sights);
    }
    void whatCannotBeReadCountsAsNeverSeenAndIsSaid()
    {
        const SightingMemory memory(m_folder->path());
        QVERIFY(memory.remember({{idOf(1), noon}}, {}));
        damage();
        QCOMPARE(memory.load().error().kind, ErrorKind::Corrupt);
        const auto kept = memory.remember({{idOf(1), noon + 5h}}, {});
        QVERIFY(kept);
        QVERIFY2(kept->lost.contains(u"counts as not seen"_s), qPrintable(kept->lost));
        QCOMPARE(kept->sights.at(idOf(1)), noon + 5h);
        QVERIFY(memory.load() == kept->sights);
        QCOMPARE(QDir(m_folder->filePath(u"quarantine"_s)).entryList({u"*firstseen.json"_s}, QDir::Files).size(), 1);
    }
    void itDoesNotGrowWithoutEnd()
    {
        const SightingMemory memory(m_folder->path());
        const auto most = static_cast<int>(maxSightings);
        QVERIFY(memory.remember(sightsOf(0, most), {}));
        // What has left the exchange goes first, the oldest first.
        const auto more = memory.remember(sightsOf(most, 3), {idOf(0), idOf(most), idOf(most + 1), idOf(most + 2)});
        QVERIFY(more && more->lost.isEmpty());
        QCOMPARE(more->sights.size(), maxSightings);
        QVERIFY(more->sights.contains(idOf(0)) && more->sights.contains(idOf(most + 2)));
        for (const int gone : {1, 2, 3})
            QVERIFY(!more->sights.contains(idOf(gone)));
        QVERIFY(memory.load() == more->sights);
        // Where all are there, the last ones find no room: they count as new, and somebody says so.
        std::set<Hash32> all;
        for (const auto &[id, at] : more->sights)
            all.insert(id);
        all.insert(idOf(-1));
        const auto full = memory.remember({{idOf(-1), noon + 9999h}}, all);
        QVERIFY(full && !full->lost.isEmpty());
        QVERIFY(!full->sights.contains(idOf(-1)));
    }
    void windowsThatShareItLoseNothing()
    {
        constexpr int steps = 60;
        const auto climb = [path = m_folder->path()](int from) {
            for (int step = 0; step < steps; ++step)
                static_cast<void>(SightingMemory(path).remember(sightsOf(from + step, 1), {}));
        };
        std::thread one(climb, 0);
        std::thread two(climb, 1000);
        one.join();
        two.join();
        QCOMPARE(SightingMemory(m_folder->path()).load()->size(), size_t(2 * steps));
    }
    void killedConsoleKeepsWhatItReported()
    {
        QRandomGenerator random(20'261'123);
        const SightingMemory memory(m_folder->path());
        qint64 next = 1;
        for (int kills = 0; kills < 60; ++kills) {
            QProcess writer;
            writer.start(QStringLiteral(SIGHTING_WRITER), {m_folder->path(), QString::number(next)});
            QVERIFY(writer.waitForStarted());
            QVERIFY(writer.waitForReadyRead());
            QThread::usleep(static_cast<unsigned long>(random.bounded(30'000)));
            writer.kill();
            QVERIFY(writer.waitForFinished());
            const QByteArray output = writer.readAllStandardOutput();
            QVERIFY2(!output.contains("failed"), output.constData());
            const auto kept = memory.load();
            QVERIFY2(kept, qPrintable(kept ? QString() : kept.error().message));
            for (const QByteArray &line : output.first(output.lastIndexOf('\n')).split('\n')) {
                next = std::max(next, line.toLongLong() + 1);
                QVERIFY2(kept->contains(keccak256(line)), line.constData());
                QCOMPARE(kept->at(keccak256(line)), Timestamp::fromSeconds(line.toLongLong()));
            }
        }
        QVERIFY(next > 60);
    }

    void aProposalIsKnownSinceItWasSeenOverRestarts()
    {
        const Member alice(1);
        const Proposal proposal = alice.key().propose(testDraft(7));
        ManualClock clock(noon);
        ProposalFolder exchange(m_folder->filePath(u"exchange"_s));
        exchange.start(10ms);
        {
            Sightings sightings(exchange, memory(), clock);
            QVERIFY(sightings.problem().isEmpty());
            QVERIFY(!sightings.firstSeen(proposal.safeTxHash()));
            publish(exchange, proposal);
            QTRY_VERIFY(sightings.firstSeen(proposal.safeTxHash()));
            QCOMPARE(*sightings.firstSeen(proposal.safeTxHash()), noon);
        }
        clock.advance(3h);
        Sightings later(exchange, memory(), clock);
        QCOMPARE(*later.firstSeen(proposal.safeTxHash()), noon);
        Sightings forgetful(exchange, std::nullopt, clock);
        QVERIFY(!forgetful.problem().isEmpty());
        QCOMPARE(*forgetful.firstSeen(proposal.safeTxHash()), noon + 3h);
    }
    void aBrokenMemoryBeginsAnewAndSaysSo()
    {
        const Member alice(1);
        const Proposal proposal = alice.key().propose(testDraft(7));
        ManualClock clock(noon);
        ProposalFolder exchange(m_folder->filePath(u"exchange"_s));
        exchange.start(10ms);
        publish(exchange, proposal);
        QTRY_VERIFY(exchange.find(proposal.safeTxHash()));
        Sightings(exchange, memory(), clock).finishWriting();
        damage(u"state/firstseen.json"_s);
        clock.advance(3h);
        Sightings broken(exchange, memory(), clock);
        QVERIFY(broken.problem().contains(u"counts as not seen"_s));
        QCOMPARE(*broken.firstSeen(proposal.safeTxHash()), noon + 3h);
        broken.finishWriting();
        QVERIFY(memory().load());
        QCOMPARE(memory().load()->at(proposal.safeTxHash()), noon + 3h);
    }
    void aMemoryThatCannotBeWrittenIsSaid()
    {
        const Member alice(1);
        ManualClock clock(noon);
        ProposalFolder exchange(m_folder->filePath(u"exchange"_s));
        exchange.start(10ms);
        const Proposal proposal = alice.key().propose(testDraft(7));
        publish(exchange, proposal);
        QTRY_VERIFY(exchange.find(proposal.safeTxHash()));
        Sightings sightings(exchange, SightingMemory(u"/proc/none/state"_s), clock);
        QVERIFY(!sightings.problem().isEmpty());
        QTRY_VERIFY(sightings.problem().contains(u"not kept beyond this run"_s));
        QCOMPARE(*sightings.firstSeen(proposal.safeTxHash()), noon);
    }
    void aSightByAClockThatRanAheadIsPutRight()
    {
        const Member alice(1);
        ManualClock clock(noon);
        ProposalFolder exchange(m_folder->filePath(u"exchange"_s));
        exchange.start(10ms);
        const Proposal proposal = alice.key().propose(testDraft(7));
        publish(exchange, proposal);
        QTRY_VERIFY(exchange.find(proposal.safeTxHash()));
        QVERIFY(memory().remember({{proposal.safeTxHash(), noon + 9000h}}, {}));
        Sightings sightings(exchange, memory(), clock);
        QCOMPARE(*sightings.firstSeen(proposal.safeTxHash()), noon);
        sightings.finishWriting();
        QCOMPARE(memory().load()->at(proposal.safeTxHash()), noon);
    }

private:
    SightingMemory memory() const { return SightingMemory(m_folder->filePath(u"state"_s)); }
    void damage(const QString &name = u"firstseen.json"_s) const
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(20);
        file.write("?");
    }
    static void publish(ProposalFolder &exchange, const Proposal &proposal)
    {
        const auto written = exchange.publish(proposal);
        QTRY_VERIFY(written.isFinished());
        QVERIFY2(written.result(), qPrintable(written.result() ? QString() : written.result().error().message));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestSightings)
#include "tst_sightings.moc"
