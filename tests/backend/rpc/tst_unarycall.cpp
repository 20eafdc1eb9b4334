#include "backend/rpc/unarycall.h"

#include "backend/rpc/rpcerror.h"
#include "backend/types/lifetimescope.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"
#include "tests/support/fakenode/fakegrpcserver.h"

#include <QCoroFuture>
#include <QTest>
#include <QThread>

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

Result<QString> asText(QByteArrayView bytes)
{
    return QString::fromUtf8(bytes);
}

FakeGrpcReply echo(const QByteArray &method, const QByteArray &request, const QByteArray &)
{
    return {.messages = {method + '|' + request},
        .generator = {},
        .status = 0,
        .text = {},
        .details = {},
        .stayOpen = false};
}

FakeGrpcReply silence(const QByteArray &, const QByteArray &, const QByteArray &)
{
    return {.messages = {}, .generator = {}, .status = 0, .text = {}, .details = {}, .stayOpen = true};
}

// An owner as conventions ask for it: its coroutine must not touch it after it is gone.
class Owner final {
public:
    Owner(Channel channel, int *resumed, bool *touched)
        : m_channel(std::move(channel))
        , m_resumed(resumed)
        , m_touched(touched)
    {
    }

    QCoro::Task<> ask()
    {
        const std::stop_token stop = m_scope.token();
        int *resumed = m_resumed;
        const CallOptions options{10s, stop};
        const QFuture<Result<QString>> pending = unaryCall<QString>(m_channel, "/t.S/Slow", "x", asText, options);
        const Result<QString> result = co_await pending;
        ++*resumed;
        if (stop.stop_requested())
            co_return;
        *m_touched = true;
    }

private:
    Channel m_channel;
    int *m_resumed;
    bool *m_touched;
    LifetimeScope m_scope;
};

} // namespace

class TestUnaryCall final : public QObject {
    Q_OBJECT

private slots:
    void anAnswerIsDecodedOffTheMainThread()
    {
        FakeGrpcServer server(echo);
        QThread *decodedOn = nullptr;
        const auto future = unaryCall<QString>(open(server.target()), "/pkg.Service/Do", "hello",
            [&decodedOn](QByteArrayView bytes) -> Result<QString> {
                decodedOn = QThread::currentThread();
                return QString::fromUtf8(bytes);
            },
            {});
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(*future.result(), u"/pkg.Service/Do|hello"_s);
        QVERIFY(decodedOn != thread());
    }

    void anErrorStatusIsAnErrorWithCantonsCode()
    {
        FakeGrpcServer server([](const QByteArray &, const QByteArray &, const QByteArray &) {
            return FakeGrpcReply{.messages = {},
                .generator = {},
                .status = 5,
                .text = u"CONTRACT_NOT_FOUND(11,1a2b3c4d): Contract 00ab is gone"_s,
                .details = {},
                .stayOpen = false};
        });
        const auto future = unaryCall<QString>(open(server.target()), "/t.S/M", {}, asText, {});
        QTRY_VERIFY(future.isFinished());
        const Error error = future.result().error();
        QCOMPARE(error.kind, ErrorKind::NotFound);
        QCOMPARE(error.message, u"Contract 00ab is gone"_s);
        QCOMPARE(rpcErrorCode(error), u"CONTRACT_NOT_FOUND"_s);
        QCOMPARE(grpcCode(error), std::optional(5));
    }

    void aDeadlineEndsASilentCall()
    {
        FakeGrpcServer server(silence);
        const auto future = unaryCall<QString>(open(server.target()), "/t.S/M", {}, asText, {100ms, {}});
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::Timeout);
    }

    void aStopCancelsOnTheWire()
    {
        FakeGrpcServer server(silence);
        std::stop_source stop;
        const auto future = unaryCall<QString>(open(server.target()), "/t.S/M", {}, asText, {10s, stop.get_token()});
        QTRY_COMPARE(server.openCalls(), 1);
        stop.request_stop();
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::Cancelled);
        QTRY_COMPARE(server.openCalls(), 0);
        const auto late = unaryCall<QString>(open(server.target()), "/t.S/M", {}, asText, {10s, stop.get_token()});
        QVERIFY(late.isFinished());
        QCOMPARE(late.result().error().kind, ErrorKind::Cancelled);
    }

    void anOwnerDeletedMidCallIsNotTouched()
    {
        FakeGrpcServer server(silence);
        int resumed = 0;
        bool touched = false;
        auto owner = std::make_unique<Owner>(open(server.target()), &resumed, &touched);
        spawn(owner->ask());
        spawn(owner->ask());
        QTRY_COMPARE(server.openCalls(), 2);
        owner.reset();
        QTRY_COMPARE(resumed, 2);
        QVERIFY(!touched);
        QTRY_COMPARE(server.openCalls(), 0);
    }

    void aServerThatIsGoneIsUnavailableAndComesBack()
    {
        FakeGrpcServer server(echo);
        const Channel channel = open(server.target());
        const auto first = unaryCall<QString>(channel, "/t.S/M", "1", asText, {});
        QTRY_VERIFY(first.isFinished());
        QVERIFY(first.result().has_value());
        server.stop();
        const auto second = unaryCall<QString>(channel, "/t.S/M", "2", asText, {});
        QTRY_VERIFY(second.isFinished());
        QCOMPARE(second.result().error().kind, ErrorKind::Unavailable);
        server.start();
        bool back = false;
        for (int attempt = 0; attempt < 100 && !back; ++attempt) {
            const auto again = unaryCall<QString>(channel, "/t.S/M", "3", asText, {});
            QTRY_VERIFY(again.isFinished());
            back = again.result().has_value();
            QTest::qWait(back ? 0 : 50);
        }
        QVERIFY(back);
    }

    void manyCallsAtOnceAllFinish()
    {
        FakeGrpcServer server(echo);
        const Channel channel = open(server.target());
        QList<QFuture<Result<QString>>> futures;
        for (int i = 0; i < 500; ++i)
            futures.append(unaryCall<QString>(channel, "/t.S/M", QByteArray::number(i), asText, {}));
        for (int i = 0; i < 500; ++i) {
            QTRY_VERIFY(futures[i].isFinished());
            QCOMPARE(*futures[i].result(), u"/t.S/M|%1"_s.arg(i));
        }
    }

    void theTokenTravelsWithEveryCall()
    {
        FakeGrpcServer server([](const QByteArray &, const QByteArray &, const QByteArray &authorization) {
            return FakeGrpcReply{.messages = {authorization},
                .generator = {},
                .status = 0,
                .text = {},
                .details = {},
                .stayOpen = false};
        });
        ChannelSettings settings;
        settings.target = server.target();
        settings.plainText = true;
        int asked = 0;
        settings.bearerToken = [&asked]() -> QByteArray { return "t" + QByteArray::number(++asked); };
        const Channel channel = *Channel::open(settings);
        for (const QString &expected : {u"Bearer t1"_s, u"Bearer t2"_s}) {
            const auto future = unaryCall<QString>(channel, "/t.S/M", {}, asText, {});
            QTRY_VERIFY(future.isFinished());
            QCOMPARE(*future.result(), expected);
        }
    }

    void anAnswerOverTheReceiveLimitIsRefused()
    {
        FakeGrpcServer server([](const QByteArray &, const QByteArray &, const QByteArray &) {
            return FakeGrpcReply{.messages = {QByteArray(2000, 'x')},
                .generator = {},
                .status = 0,
                .text = {},
                .details = {},
                .stayOpen = false};
        });
        ChannelSettings settings;
        settings.target = server.target();
        settings.plainText = true;
        settings.receiveLimit = 1000;
        const auto future = unaryCall<QString>(*Channel::open(settings), "/t.S/M", {}, asText, {});
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::Exhausted);
    }
};

QTEST_GUILESS_MAIN(TestUnaryCall)
#include "tst_unarycall.moc"
