#include "backend/rpc/backoff.h"

#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

class TestBackoff final : public QObject {
    Q_OBJECT

private slots:
    void growsToTheMaximumAndStaysThere()
    {
        Backoff backoff({.initial = 100ms, .maximum = 1000ms, .factor = 2.0, .jitter = 0.0}, [] { return 0.5; });
        QCOMPARE(backoff.next(), 100ms);
        QCOMPARE(backoff.next(), 200ms);
        QCOMPARE(backoff.next(), 400ms);
        QCOMPARE(backoff.next(), 800ms);
        QCOMPARE(backoff.next(), 1000ms);
        for (int i = 0; i < 5000; ++i)
            QCOMPARE(backoff.next(), 1000ms);
    }

    void randomnessMovesOnlyTheJitteredShare()
    {
        Backoff low({.initial = 1000ms, .maximum = 5000ms, .factor = 2.0, .jitter = 0.5}, [] { return 0.0; });
        Backoff high({.initial = 1000ms, .maximum = 5000ms, .factor = 2.0, .jitter = 0.5}, [] { return 0.999; });
        QCOMPARE(low.next(), 500ms);
        QVERIFY(high.next() >= 999ms);
        QVERIFY(high.next() < 2000ms);
    }

    void startsAfreshAfterReset()
    {
        Backoff backoff({.initial = 100ms, .maximum = 1000ms, .factor = 3.0, .jitter = 0.0}, [] { return 0.0; });
        backoff.next();
        backoff.next();
        QCOMPARE(backoff.attempts(), 2);
        backoff.reset();
        QCOMPARE(backoff.attempts(), 0);
        QCOMPARE(backoff.next(), 100ms);
    }
};

QTEST_GUILESS_MAIN(TestBackoff)
#include "tst_backoff.moc"
