#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QTest>

using namespace countersign;

class TestJson final : public QObject {
    Q_OBJECT

private slots:
    void readsEveryKindOfValue();
    void numbersKeepTheirDigits();
    void escapesAreResolved();
    void writesWhatItReads_data();
    void writesWhatItReads();
    void refuses_data();
    void refuses();
    void aTwinAmongManyMembersIsFound();
    void limitsHold();
    void deepNestingEndsEarly();
};

void TestJson::readsEveryKindOfValue()
{
    const auto text = JsonText::parse(" {\"a\": null, \"b\": [true, false, -1.5e3, \"x\"], \"c\": {}} ");
    QVERIFY(text);
    const JsonView root = text->root();
    QVERIFY(root.isObject());
    QCOMPARE(root.size(), 3);
    QVERIFY(root.find("a")->isNull());
    const auto list = root.find("b");
    QVERIFY(list && list->isArray());
    QCOMPARE(list->size(), 4);
    QList<JsonView> elements(list->begin(), list->end());
    QVERIFY(elements[0].toBool());
    QVERIFY(!elements[1].toBool());
    QCOMPARE(elements[2].toString(), u"-1.5e3"_s);
    QVERIFY(elements[2].isNumber());
    QCOMPARE(elements[3].toString(), u"x"_s);
    QCOMPARE(root.find("c")->size(), 0);
    QVERIFY(!root.find("d"));
    QStringList keys;
    for (const JsonView member : root)
        keys.append(member.key().toString());
    QCOMPARE(keys, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
}

void TestJson::numbersKeepTheirDigits()
{
    const QByteArray number = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    const auto text = JsonText::parse(number);
    QVERIFY(text);
    QCOMPARE(text->root().toString().toLatin1(), number);
}

void TestJson::escapesAreResolved()
{
    const auto text = JsonText::parse(R"(["\u00e4\n\"\\\/\ud83d\ude00", "a\u0000b", "plain"])");
    QVERIFY(text);
    QList<JsonView> elements(text->root().begin(), text->root().end());
    QCOMPARE(elements[0].toString(), u"ä\n\"\\/😀"_s);
    QCOMPARE(elements[1].toString(), QString(u"a\0b"_s));
    QCOMPARE(elements[1].toString().size(), 3);
    QCOMPARE(elements[2].toString(), u"plain"_s);
}

void TestJson::writesWhatItReads_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nested") << QByteArray(R"({"a":[1,[],{},{"b":[{"c":null}]}],"d":"e"})");
    QTest::newRow("escapes") << QByteArray(R"(["\u0001\n\"\\"])");
    QTest::newRow("word") << QByteArray("true");
    QTest::newRow("empty object") << QByteArray("{}");
}

void TestJson::writesWhatItReads()
{
    QFETCH(QByteArray, json);
    const auto text = JsonText::parse(json);
    QVERIFY(text);
    QCOMPARE(text->root().toJson(), json);
}

void TestJson::refuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const QByteArray &json, const QString &detail) { QTest::newRow(name) << json << detail; };
    row("nothing", "  ", u"json.empty at byte 2"_s);
    row("two values", "1 2", u"json.trailing at byte 2"_s);
    row("open array", "[1", u"json.separator at byte 2"_s);
    row("comma before the end", "[1,]", u"json.value at byte 3"_s);
    row("member without a name", "{1:2}", u"json.string at byte 1"_s);
    row("member without a colon", R"({"a" 1})", u"json.colon at byte 5"_s);
    row("twin", R"({"a":1,"b":2,"\u0061":3})", u"json.duplicate at byte 24"_s);
    row("leading zero", "[01]", u"json.number at byte 2"_s);
    row("plus sign", "+1", u"json.value at byte 0"_s);
    row("point without digits", "1.", u"json.number at byte 2"_s);
    row("exponent without digits", "1e+", u"json.number at byte 3"_s);
    row("NaN", "NaN", u"json.value at byte 0"_s);
    row("half a word", "tru", u"json.value at byte 0"_s);
    row("text without an end", "\"abc", u"json.string at byte 4"_s);
    row("control character", "\"a\nb\"", u"json.control at byte 2"_s);
    row("unknown escape", R"("\x41")", u"json.escape at byte 2"_s);
    row("half a surrogate", R"("\ud800x")", u"json.surrogate at byte 7"_s);
    row("low surrogate first", R"("\udc00\ud800")", u"json.surrogate at byte 7"_s);
    row("not UTF-8", "\"\xff\"", u"json.utf8 at byte 1"_s);
    row("overlong UTF-8", "\"a\xc0\x80\"", u"json.utf8 at byte 2"_s);
    row("surrogate in UTF-8", "\"\xed\xa0\x80\"", u"json.utf8 at byte 1"_s);
    row("comment", "1 // one", u"json.trailing at byte 2"_s);
}

void TestJson::refuses()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, detail);
    const auto text = JsonText::parse(json);
    QVERIFY(!text);
    QCOMPARE(text.error().kind, ErrorKind::Invalid);
    QCOMPARE(text.error().detail, detail);
}

void TestJson::aTwinAmongManyMembersIsFound()
{
    QByteArray json = "{";
    for (int i = 0; i < 5000; ++i)
        json += "\"" + QByteArray::number(i) + "\":0,";
    QVERIFY(JsonText::parse(json + "\"x\":0}"));
    const auto text = JsonText::parse(json + "\"4711\":0}");
    QVERIFY(!text);
    QVERIFY(text.error().detail.startsWith(u"json.duplicate"));
}

void TestJson::limitsHold()
{
    const JsonLimits limits{.maxBytes = 100, .maxDepth = 3, .maxValues = 5};
    QVERIFY(JsonText::parse("[[[1]]]", limits));
    QCOMPARE(JsonText::parse("[[[[1]]]]", limits).error().kind, ErrorKind::Exhausted);
    QVERIFY(JsonText::parse("[1,2,3,4]", limits));
    QCOMPARE(JsonText::parse("[1,2,3,4,5]", limits).error().kind, ErrorKind::Exhausted);
    QCOMPARE(JsonText::parse(QByteArray(101, ' ') + "1", limits).error().kind, ErrorKind::Exhausted);
}

void TestJson::deepNestingEndsEarly()
{
    for (const QByteArray &opening : {QByteArray("["), QByteArray("{\"a\":")}) {
        const auto text = JsonText::parse(opening.repeated(2'000'000));
        QVERIFY(!text);
        QCOMPARE(text.error().kind, ErrorKind::Exhausted);
    }
}

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
