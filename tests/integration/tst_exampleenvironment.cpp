#include "backend/environment/environment.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

/// The example that the README points to is read by the same code as every other.
class TestExampleEnvironment final : public QObject {
    Q_OBJECT

private slots:
    void theExampleIsValid()
    {
        const auto environment = Environment::load(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/environment/example.yaml"));
        QVERIFY2(environment, environment ? "" : qPrintable(environment.error().message + u"\n"_s + environment.error().detail));
        QCOMPARE(environment->participants.size(), 1);
        QVERIFY(environment->participants.first().tls);
        QCOMPARE(environment->chains.first().rpc.size(), 2);
        QCOMPARE(environment->holders.size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestExampleEnvironment)
#include "tst_exampleenvironment.moc"
