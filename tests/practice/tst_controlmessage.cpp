#include "app/practice/network/controlmessage.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestControlMessage : public QObject {
    Q_OBJECT

private slots:
    void aRequestSurvivesItsOwnEncoding()
    {
        const Result<ControlRequest> request
            = parseControlRequest(encodeControlRequest({u"fault"_s, u"stop-blocks"_s, {u"5"_s, u"ethereum"_s}}));
        QVERIFY(request);
        QCOMPARE(request->command, u"fault"_s);
        QCOMPARE(request->fault, u"stop-blocks"_s);
        QCOMPARE(request->arguments, QStringList({u"5"_s, u"ethereum"_s}));
    }

    void refusesWhatIsNoRequest_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << "status"_ba;
        QTest::newRow("an array") << "[1]"_ba;
        QTest::newRow("unknown command") << R"({"command":"explode"})"_ba;
        QTest::newRow("fault without a name") << R"({"command":"fault"})"_ba;
        QTest::newRow("too many arguments") << R"({"command":"fault","name":"x","arguments":[1,2,3,4,5,6,7,8,9]})"_ba;
        QTest::newRow("too long") << QByteArray(longestControlLine + 1, ' ');
    }
    void refusesWhatIsNoRequest()
    {
        QFETCH(const QByteArray, line);
        const Result<ControlRequest> request = parseControlRequest(line);
        QVERIFY(!request);
        QCOMPARE(request.error().kind, ErrorKind::Invalid);
    }

    void anErrorArrivesAsAnErrorWithItsText()
    {
        const Result<QJsonObject> answer = parseControlAnswer(encodeControlError({ErrorKind::NotFound, u"no such part"_s, u"d"_s}));
        QVERIFY(!answer);
        QCOMPARE(answer.error().message, u"no such part"_s);
    }

    void anAnswerArrivesWithItsFields()
    {
        const Result<QJsonObject> answer = parseControlAnswer(encodeControlAnswer({{u"message"_s, u"done"_s}}));
        QVERIFY(answer);
        QCOMPARE(answer->value("message"_L1).toString(), u"done"_s);
    }
};

QTEST_GUILESS_MAIN(TestControlMessage)
#include "tst_controlmessage.moc"
