#include "backend/environment/yamltree.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestYamlTree final : public QObject
{
    Q_OBJECT

private slots:
    void nodesRememberWhereTheyStand()
    {
        const auto tree = parseYaml("a: 1\nb:\n  - x\n  - {c: y}\n");
        QVERIFY(tree.has_value());
        const YamlNode &root = **tree;
        QCOMPARE(root.entries.size(), std::size_t(2));
        QCOMPARE(root.entries[1].key, u"b"_s);
        QCOMPARE(root.entries[1].line, 2);
        const YamlNode &list = *root.entries[1].value;
        QCOMPARE(list.items[0]->line, 3);
        QCOMPARE(list.items[0]->column, 5);
        QCOMPARE(list.items[1]->entries[0].value->text, u"y"_s);
        QCOMPARE(list.items[1]->entries[0].value->line, 4);
    }

    void aSyntaxErrorSaysWhere()
    {
        const auto tree = parseYaml("a: 1\nb: [1, 2\nc: 3\n");
        QVERIFY(!tree.has_value());
        QCOMPARE(tree.error().size(), 1);
        QVERIFY2(tree.error().first().line >= 2, qPrintable(tree.error().first().toString(u"f"_s)));
    }

    void aKeyThatStandsTwiceIsReportedOnceForEachRepetition()
    {
        const auto tree = parseYaml("a: 1\nb: 2\na: 3\nb: 4\n");
        QVERIFY(!tree.has_value());
        QCOMPARE(tree.error().size(), 2);
        QCOMPARE(tree.error()[0].line, 3);
        QCOMPARE(tree.error()[1].line, 4);
    }

    void aliasesAreFollowedAndCounted()
    {
        const auto tree = parseYaml("a: &x {k: v}\nb: *x\n");
        QVERIFY(tree.has_value());
        QCOMPARE((*tree)->entries[1].value->entries[0].value->text, u"v"_s);

        // Ten lists of ten references each: 10^8 values when written out.
        QByteArray bomb("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 8; ++i) {
            const QByteArray n = QByteArray::number(i);
            const QByteArray p = "*a" + QByteArray::number(i - 1);
            bomb += "a" + n + ": &a" + n + " [" + p;
            for (int k = 1; k < 10; ++k)
                bomb += "," + p;
            bomb += "]\n";
        }
        const auto refused = parseYaml(bomb);
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().first().message.contains(u"50000"_s));
    }

    void anAliasToItsOwnContainerIsRefused()
    {
        const auto tree = parseYaml("a: &x [1, *x]\n");
        QVERIFY(!tree.has_value());
    }

    void limitsHold_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::newRow("deep blocks") << QByteArray([] {
            QByteArray deep;
            for (int i = 0; i < 60; ++i)
                deep += QByteArray(i, ' ') + "a:\n";
            return deep;
        }());
        QTest::newRow("deep flow") << QByteArray(5000, '[');
        QTest::newRow("very deep flow") << QByteArray(900'000, '[');
        QTest::newRow("large") << QByteArray(2 * 1024 * 1024, 'a');
        QTest::newRow("long scalar") << QByteArray("a: " + QByteArray(100'000, 'b'));
        QTest::newRow("not UTF-8") << QByteArray("a: \xff\xfe\n");
        QTest::newRow("a zero byte") << QByteArray("a: b\0c", 6);
        QTest::newRow("two documents") << QByteArray("a: 1\n---\nb: 2\n");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("only a comment") << QByteArray("# nothing\n");
        QTest::newRow("a map as key") << QByteArray("? {a: 1}\n: b\n");
    }
    void limitsHold()
    {
        QFETCH(QByteArray, yaml);
        const auto tree = parseYaml(yaml);
        QVERIFY(!tree.has_value());
        QVERIFY(!tree.error().isEmpty());
        QVERIFY(!tree.error().first().message.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestYamlTree)
#include "tst_yamltree.moc"
