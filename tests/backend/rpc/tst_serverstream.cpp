#include "backend/rpc/serverstream.h"

#include "backend/types/strings.h"
#include "tests/support/fakenode/fakegrpcserver.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>

using namespace countersign;
using namespace countersign::test;
using namespace std::chrono_literals;

namespace {

Channel open(const QString &target)
{
    ChannelSettings settings;
    settings.target = target;
    settings.plainText = true;
    return *Channel::open(settings);
}

// Messages are decimal numbers.
Result<void> decode(QByteArrayView message, QList<int> &rows)
{
    bool ok = false;
    const int number = message.toByteArray().toInt(&ok);
    if (!ok)
        return fail(ErrorKind::Corrupt, u"no number"_s);
    rows.append(number);
    return {};
}

FakeGrpcServer::Handler counting(qint64 count, bool stayOpen = false, int status = 0, int width = 0)
{
    return [=](const QByteArray &, const QByteArray &, const QByteArray &) {
        return FakeGrpcReply{.messages = {},
            .generator =
                [count, width](qint64 i) {
                    return i < count ? std::optional(QByteArray::number(i).rightJustified(width, '0')) : std::nullopt;
                },
            .status = status,
            .text = u"over"_s,
            .details = {},
            .stayOpen = stayOpen};
    };
}

struct Sink {
    QList<int> rows;
    int batches = 0;
    std::optional<Result<void>> end;

    ServerStream<int>::OnRows onRows()
    {
        return [this](const QList<int> &batch) {
            rows += batch;
            ++batches;
        };
    }
    ServerStream<int>::OnEnd onEnd()
    {
        return [this](const Result<void> &outcome) { end = outcome; };
    }
};

} // namespace

class TestServerStream final : public QObject {
    Q_OBJECT

private slots:
    void rowsArriveInOrderOnTheMainThreadAndThenTheEnd()
    {
        FakeGrpcServer server(counting(3));
        Sink sink;
        QThread *decodedOn = nullptr;
        QThread *deliveredOn = nullptr;
        ServerStream<int> stream(
            open(server.target()), "/t.S/Stream", "request",
            [&](QByteArrayView message, QList<int> &rows) {
                decodedOn = QThread::currentThread();
                return decode(message, rows);
            },
            [&](const QList<int> &rows) {
                deliveredOn = QThread::currentThread();
                sink.rows += rows;
            },
            sink.onEnd());
        QTRY_VERIFY(sink.end.has_value());
        QVERIFY(sink.end->has_value());
        QCOMPARE(sink.rows, (QList<int>{0, 1, 2}));
        QCOMPARE(deliveredOn, thread());
        QVERIFY(decodedOn != thread());
    }

    void anErrorStatusEndsTheStreamAfterItsRows()
    {
        FakeGrpcServer server(counting(2, false, 9));
        Sink sink;
        ServerStream<int> stream(open(server.target()), "/t.S/Stream", {}, decode, sink.onRows(), sink.onEnd());
        QTRY_VERIFY(sink.end.has_value());
        QCOMPARE(sink.rows.size(), 2);
        QCOMPARE(sink.end->error().kind, ErrorKind::Rejected);
    }

    void aMessageThatCannotBeDecodedEndsTheStream()
    {
        FakeGrpcServer server([](const QByteArray &, const QByteArray &, const QByteArray &) {
            return FakeGrpcReply{
                .messages = {"1", "x", "3"}, .generator = {}, .status = 0, .text = {}, .details = {}, .stayOpen = true};
        });
        Sink sink;
        ServerStream<int> stream(open(server.target()), "/t.S/Stream", {}, decode, sink.onRows(), sink.onEnd());
        QTRY_VERIFY(sink.end.has_value());
        QCOMPARE(sink.rows, QList<int>{1});
        QCOMPARE(sink.end->error().kind, ErrorKind::Corrupt);
        QTRY_COMPARE(server.openCalls(), 0);
    }

    void aBurstArrivesInFewBatches()
    {
        constexpr int count = 50'000;
        FakeGrpcServer server(counting(count));
        Sink sink;
        ServerStream<int> stream(open(server.target()), "/t.S/Stream", {}, decode, sink.onRows(), sink.onEnd());
        QTRY_VERIFY_WITH_TIMEOUT(sink.end.has_value(), 30'000);
        QCOMPARE(sink.rows.size(), count);
        for (int i = 0; i < count; ++i)
            QCOMPARE(sink.rows[i], i);
        QVERIFY2(sink.batches < count / 20, qPrintable(QString::number(sink.batches)));
    }

    void aSingleMessageDoesNotWaitForAFrame()
    {
        FakeGrpcServer server(counting(0, true));
        Sink sink;
        StreamLimits limits;
        limits.frame = 10min; // were it waited for, the test would time out
        ServerStream<int> stream(open(server.target()), "/t.S/Stream", {}, decode, sink.onRows(), sink.onEnd(), limits);
        QTRY_COMPARE(server.openCalls(), 1);
        QTRY_COMPARE_WITH_TIMEOUT((server.push("7"), sink.rows.value(0)), 7, 5'000);
    }

    void aFullInboxStopsTheReadingAndTheServer()
    {
        constexpr qint64 endless = 1'000'000'000;
        FakeGrpcServer server(counting(endless, false, 0, 8000)); // large, so that the transport's own buffers hold few
        Sink sink;
        StreamLimits limits;
        limits.rows = 100;
        ServerStream<int> stream(open(server.target()), "/t.S/Stream", {}, decode, sink.onRows(), sink.onEnd(), limits);
        // Without the event loop nothing is taken out, so the reader stops at the limit and flow control holds the
        // server.
        qint64 before = -1;
        QElapsedTimer patience;
        patience.start();
        while (patience.elapsed() < 20'000 && (server.written() == 0 || server.written() != before)) {
            before = server.written();
            QThread::msleep(300);
        }
        QCOMPARE(server.written(), before);
        QVERIFY(before < endless);
        QCOMPARE(stream.pauses(), 1);
        QVERIFY(sink.rows.isEmpty());
        // And goes on when there is room again.
        QTRY_VERIFY(sink.rows.size() > before);
        for (int i = 0; i < sink.rows.size(); ++i)
            QCOMPARE(sink.rows[i], i);
        QVERIFY(stream.pauses() > 1);
    }

    void deletingTheStreamMidFloodEndsTheCall()
    {
        FakeGrpcServer server(counting(1'000'000'000));
        Sink sink;
        auto stream = std::make_unique<ServerStream<int>>(
            open(server.target()), "/t.S/Stream", Bytes(), decode, sink.onRows(), sink.onEnd());
        QTRY_VERIFY(sink.rows.size() > 1000);
        stream.reset();
        const qsizetype received = sink.rows.size();
        QTRY_COMPARE(server.openCalls(), 0);
        QTest::qWait(50);
        QCOMPARE(sink.rows.size(), received);
        QVERIFY(!sink.end.has_value());
    }

    void deletingTheStreamInItsOwnHandlersIsSafe()
    {
        FakeGrpcServer server(counting(1'000'000'000));
        std::unique_ptr<ServerStream<int>> stream;
        int calls = 0;
        stream = std::make_unique<ServerStream<int>>(
            open(server.target()), "/t.S/Stream", Bytes(), decode,
            [&](const QList<int> &) {
                if (++calls == 3)
                    stream.reset();
            },
            [](const Result<void> &) {});
        QTRY_VERIFY(!stream);
        QCOMPARE(calls, 3);
        QTRY_COMPARE(server.openCalls(), 0);

        FakeGrpcServer brief(counting(1));
        stream = std::make_unique<ServerStream<int>>(
            open(brief.target()), "/t.S/Stream", Bytes(), decode, [](const QList<int> &) {},
            [&](const Result<void> &) { stream.reset(); });
        QTRY_VERIFY(!stream);
    }

    void deletingAStreamThatIsStillConnectingIsQuick()
    {
        FakeGrpcServer server(counting(0, true));
        const QString target = server.target();
        for (int i = 0; i < 50; ++i) {
            ServerStream<int> stream(
                open(target), "/t.S/Stream", {}, decode, [](const QList<int> &) { }, [](const Result<void> &) { });
        }
        QTRY_COMPARE(server.openCalls(), 0);
    }

    void aServerThatGoesEndsTheStreamAndANewOneReachesItAgain()
    {
        FakeGrpcServer server(counting(2, true));
        const Channel channel = open(server.target());
        Sink sink;
        auto stream
            = std::make_unique<ServerStream<int>>(channel, "/t.S/Stream", Bytes(), decode, sink.onRows(), sink.onEnd());
        QTRY_COMPARE(sink.rows.size(), 2);
        server.stop();
        QTRY_VERIFY(sink.end.has_value());
        QVERIFY(!sink.end->has_value());
        server.start();
        sink = {};
        for (int attempt = 0; attempt < 100 && sink.rows.isEmpty(); ++attempt) {
            sink.end.reset();
            stream = std::make_unique<ServerStream<int>>(
                channel, "/t.S/Stream", Bytes(), decode, sink.onRows(), sink.onEnd());
            QTRY_VERIFY(!sink.rows.isEmpty() || sink.end.has_value());
            QTest::qWait(sink.rows.isEmpty() ? 50 : 0);
        }
        QTRY_COMPARE(sink.rows, (QList<int>{0, 1}));
    }
};

QTEST_GUILESS_MAIN(TestServerStream)
#include "tst_serverstream.moc"
