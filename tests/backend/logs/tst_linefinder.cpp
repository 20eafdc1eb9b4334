#include "backend/logs/linefinder.h"

#include <QRandomGenerator>
#include <QTest>

using namespace countersign;

class TestLineFinder final : public QObject {
    Q_OBJECT

private slots:
    void findsTheWordWhereverItStands()
    {
        const LineFinder finder("Nonce_Gap");
        QCOMPARE(finder.word(), QByteArray("nonce_gap"));
        for (qsizetype before = 0; before < 150; ++before) {
            for (const qsizetype after : {0, 1, 7, 31, 32, 33, 90}) {
                const QByteArray text = QByteArray(before, 'n') + "nONCE_gaP" + QByteArray(after, 'p');
                QCOMPARE(finder.find(text), before);
                QCOMPARE(finder.find(text, before + 1), -1);
                QCOMPARE(finder.find(QByteArray(before, 'n') + "nonce_ga" + QByteArray(after, '_')), -1);
            }
        }
    }

    void onlyLettersHaveTwoCases()
    {
        // These differ in the bit that makes the case of a letter.
        QCOMPARE(LineFinder("[x]").find("{x}"), -1);
        QCOMPARE(LineFinder("@@@@").find("````"), -1);
        QCOMPARE(LineFinder("a0b").find("A\x10"
                                        "B"),
            -1);
        QCOMPARE(LineFinder("\xc3\xa9").find("caf\xc3\x89"), -1);
        QCOMPARE(LineFinder("\xc3\xa9").find("caf\xc3\xa9"), 3);
    }

    void agreesWithASearchByteForByte()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 4000; ++round) {
            QByteArray text;
            const qsizetype size = random.bounded(200);
            for (qsizetype i = 0; i < size; ++i)
                text.append(static_cast<char>("abAB:0"[random.bounded(6)]));
            QByteArray word;
            const int length = 1 + random.bounded(5);
            for (int i = 0; i < length; ++i)
                word.append(static_cast<char>("abAB:0"[random.bounded(6)]));
            const qsizetype from = size == 0 ? 0 : random.bounded(static_cast<int>(size));
            QCOMPARE(LineFinder(word).find(text, from), text.toLower().indexOf(word.toLower(), from));
        }
    }
};

QTEST_GUILESS_MAIN(TestLineFinder)
#include "tst_linefinder.moc"
