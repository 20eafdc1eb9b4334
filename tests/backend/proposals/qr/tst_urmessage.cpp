#include "backend/proposals/qr/crc32.h"
#include "backend/proposals/qr/urdecoder.h"
#include "backend/proposals/qr/urencoder.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace countersign;
using Outcome = UrDecoder::Outcome;

namespace {

Bytes randomBytes(std::mt19937 &random, qsizetype size)
{
    Bytes bytes(size, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = static_cast<char>(random());
    return bytes;
}

FountainPart partOf(const UrEncoder &encoder, quint32 number)
{
    return std::get<FountainPart>(urFrameFromText(encoder.frame(number)).value());
}

} // namespace

class TestUrMessage final : public QObject {
    Q_OBJECT

private slots:
    void aShortMessageIsOneFrame();
    void messagesOutsideTheLimitsAreNotShown();
    void anyFramesInAnyOrderGiveTheMessage();
    void onlyMixedFramesGiveTheMessage();
    void fewFramesAreWasted();
    void theLargestMessageArrives();
    void nothingIsGivenAwayBeforeTheEnd();
    void duplicatesChangeNothing();
    void framesOfOtherMessagesAreNotTaken();
    void readingErrorsChangeNothing();
    void contradictionsForgetEverything();
    void aWrongChecksumIsNoMessage();
    void hiddenBytesBehindTheEndAreRefused();
    void anotherTypeInsideIsNoMessage();
};

void TestUrMessage::aShortMessageIsOneFrame()
{
    const UrEncoder encoder = UrEncoder::create("a signature").value();
    QCOMPARE(encoder.partCount(), 1U);
    QCOMPARE(encoder.frame(1), encoder.frame(77));
    QCOMPARE(encoder.hash(), keccak256("a signature"));
    QCOMPARE(encoder.messageSize(), 11);
    UrDecoder decoder;
    QCOMPARE(decoder.progress(), 0.0);
    QCOMPARE(decoder.feed(encoder.frame(1).toUpper()).value(), Outcome::Completed);
    QCOMPARE(decoder.message().value(), Bytes("a signature"));
    QCOMPARE(decoder.hash(), encoder.hash());
    QCOMPARE(decoder.progress(), 1.0);
    QCOMPARE(decoder.feed(encoder.frame(2)).value(), Outcome::Known);
    QCOMPARE(decoder.feed(UrEncoder::create("another").value().frame(1)).value(), Outcome::Foreign);
    QCOMPARE(decoder.message().value(), Bytes("a signature"));
    decoder.reset();
    QVERIFY(!decoder.isComplete());
    QVERIFY(decoder.hash().isZero());
}

void TestUrMessage::messagesOutsideTheLimitsAreNotShown()
{
    QCOMPARE(UrEncoder::create({}).error().kind, ErrorKind::Invalid);
    QCOMPARE(UrEncoder::create("text", 9).error().kind, ErrorKind::Invalid);
    QCOMPARE(UrEncoder::create("text", 1601).error().kind, ErrorKind::Invalid);
    QCOMPARE(UrEncoder::create(Bytes(512 * 1024 + 1, 'x')).error().kind, ErrorKind::Exhausted);
    QCOMPARE(UrEncoder::create(Bytes(512 * 1024, 'x'), 63).error().kind, ErrorKind::Exhausted);
}

void TestUrMessage::anyFramesInAnyOrderGiveTheMessage()
{
    std::mt19937 random(20260301);
    for (int run = 0; run < 200; ++run) {
        const Bytes message = randomBytes(random, 1 + static_cast<qsizetype>(random() % 5000));
        const UrEncoder encoder = UrEncoder::create(message, 10 + static_cast<int>(random() % 400)).value();
        // Six times as many frames as needed, of which half are lost, in any order.
        std::vector<quint32> numbers;
        for (quint32 number = 1; number <= 6 * encoder.partCount() + 40; ++number) {
            if (random() % 2 == 0)
                numbers.push_back(number);
        }
        std::ranges::shuffle(numbers, random);
        UrDecoder decoder;
        quint32 received = 0;
        for (const quint32 number : numbers) {
            const Outcome outcome = decoder.feed(encoder.frame(number)).value();
            QVERIFY(outcome != Outcome::Foreign);
            if (outcome == Outcome::New || outcome == Outcome::Completed)
                ++received;
            QCOMPARE(decoder.received(), received);
            QCOMPARE(decoder.needed(), encoder.partCount());
            QCOMPARE(decoder.isComplete(), decoder.progress() == 1.0);
        }
        QVERIFY(decoder.isComplete());
        QCOMPARE(*decoder.message(), message);
        QCOMPARE(decoder.hash(), encoder.hash());
    }
}

void TestUrMessage::onlyMixedFramesGiveTheMessage()
{
    std::mt19937 random(7);
    const Bytes message = randomBytes(random, 20'000);
    const UrEncoder encoder = UrEncoder::create(message, 200).value();
    UrDecoder decoder;
    quint32 number = 5000;
    while (!decoder.isComplete() && number < 5000 + 4 * encoder.partCount())
        QVERIFY(decoder.feed(encoder.frame(number++)));
    QCOMPARE(decoder.message().value(), message);
}

void TestUrMessage::fewFramesAreWasted()
{
    std::mt19937 random(8);
    quint32 fed = 0;
    quint32 needed = 0;
    for (int run = 0; run < 20; ++run) {
        const UrEncoder encoder = UrEncoder::create(randomBytes(random, 20'000), 200).value();
        UrDecoder decoder;
        // Every second frame is lost: a reader that holds the camera badly.
        for (quint32 number = 1; !decoder.isComplete(); number += 2, ++fed)
            QVERIFY(decoder.feed(encoder.frame(number)));
        needed += encoder.partCount();
    }
    qInfo("%u frames for %u parts", fed, needed);
    QVERIFY(fed < needed * 3 / 2);
}

void TestUrMessage::theLargestMessageArrives()
{
    std::mt19937 random(9);
    const Bytes message = randomBytes(random, 512 * 1024);
    const UrEncoder encoder = UrEncoder::create(message).value();
    QCOMPARE(encoder.partCount(), 1311U);
    UrDecoder decoder;
    for (quint32 number = 2; !decoder.isComplete() && number < 8 * encoder.partCount(); number += 3)
        QVERIFY(decoder.feed(encoder.frame(number)));
    QVERIFY(decoder.message() == message);
}

void TestUrMessage::nothingIsGivenAwayBeforeTheEnd()
{
    const UrEncoder encoder = UrEncoder::create(Bytes(1000, 'x'), 100).value();
    UrDecoder decoder;
    for (quint32 number = 1; number < encoder.partCount(); ++number) {
        QCOMPARE(decoder.feed(encoder.frame(number)).value(), Outcome::New);
        QVERIFY(!decoder.message());
        QVERIFY(decoder.hash().isZero());
        QVERIFY(decoder.progress() < 1.0);
    }
    QCOMPARE(decoder.feed(encoder.frame(encoder.partCount())).value(), Outcome::Completed);
}

void TestUrMessage::duplicatesChangeNothing()
{
    const UrEncoder encoder = UrEncoder::create(Bytes(1000, 'x'), 100).value();
    UrDecoder decoder;
    QCOMPARE(decoder.feed(encoder.frame(1)).value(), Outcome::New);
    quint32 mixed = 1000;
    while (decoder.feed(encoder.frame(mixed)).value() != Outcome::New)
        ++mixed;
    for (const quint32 number : {1U, mixed}) {
        QCOMPARE(decoder.feed(encoder.frame(number)).value(), Outcome::Known);
        QCOMPARE(decoder.received(), 2U);
    }
}

void TestUrMessage::framesOfOtherMessagesAreNotTaken()
{
    const UrEncoder mine = UrEncoder::create(Bytes(1000, 'x'), 100).value();
    const UrEncoder others[]
        = {UrEncoder::create(Bytes(1000, 'y'), 100).value(), UrEncoder::create(Bytes(999, 'x'), 100).value(),
            UrEncoder::create(Bytes(1000, 'x'), 90).value(), UrEncoder::create("whole").value()};
    UrDecoder decoder;
    for (quint32 number = 1; number <= mine.partCount(); ++number) {
        QVERIFY(decoder.feed(mine.frame(number)));
        for (const UrEncoder &other : others)
            QCOMPARE(decoder.feed(other.frame(number)).value(), Outcome::Foreign);
    }
    QCOMPARE(decoder.message().value(), Bytes(1000, 'x'));
}

void TestUrMessage::readingErrorsChangeNothing()
{
    const UrEncoder encoder = UrEncoder::create(Bytes(1000, 'x'), 100).value();
    UrDecoder decoder;
    QVERIFY(decoder.feed(encoder.frame(1)));
    QCOMPARE(decoder.feed("https://example.org").error().kind, ErrorKind::Invalid);
    QCOMPARE(decoder.feed(encoder.frame(2).chopped(2)).error().kind, ErrorKind::Corrupt);
    QCOMPARE(decoder.received(), 1U);
}

void TestUrMessage::contradictionsForgetEverything()
{
    const UrEncoder encoder = UrEncoder::create(Bytes(1000, 'x'), 100).value();
    UrDecoder decoder;
    QVERIFY(decoder.feed(encoder.frame(1)));
    QVERIFY(decoder.feed(encoder.frame(2)));
    FountainPart forged = partOf(encoder, 1);
    forged.data[7] = '!';
    QCOMPARE(decoder.feed(toUr(forged)).error().kind, ErrorKind::Corrupt);
    QCOMPARE(decoder.received(), 0U);
    QCOMPARE(decoder.needed(), 0U);
    for (quint32 number = 1; number <= encoder.partCount(); ++number)
        QVERIFY(decoder.feed(encoder.frame(number)));
    QVERIFY(decoder.isComplete());
}

void TestUrMessage::aWrongChecksumIsNoMessage()
{
    const UrEncoder encoder = UrEncoder::create(Bytes(1000, 'x'), 100).value();
    UrDecoder decoder;
    FountainPart forged = partOf(encoder, 1);
    forged.data[7] = '!';
    QVERIFY(decoder.feed(toUr(forged)));
    for (quint32 number = 2; number < encoder.partCount(); ++number)
        QVERIFY(decoder.feed(encoder.frame(number)));
    QCOMPARE(decoder.feed(encoder.frame(encoder.partCount())).error().kind, ErrorKind::Corrupt);
    QVERIFY(!decoder.isComplete());
    QCOMPARE(decoder.needed(), 0U);
}

void TestUrMessage::hiddenBytesBehindTheEndAreRefused()
{
    const UrEncoder encoder = UrEncoder::create(Bytes(1000, 'x'), 300).value();
    FountainPart last = partOf(encoder, encoder.partCount());
    QVERIFY(last.count * static_cast<quint32>(last.data.size()) > last.messageSize);
    last.data.back() = '!';
    UrDecoder decoder;
    for (quint32 number = 1; number < encoder.partCount(); ++number)
        QVERIFY(decoder.feed(encoder.frame(number)));
    QCOMPARE(decoder.feed(toUr(last)).error().kind, ErrorKind::Corrupt);
}

void TestUrMessage::anotherTypeInsideIsNoMessage()
{
    // A CBOR text of 9 bytes in two parts.
    const Bytes cbor = "\x69"
                       "countersi";
    UrDecoder decoder;
    QCOMPARE(decoder.feed(toUr(FountainPart{1, 2, 10, crc32(cbor), cbor.first(5)})).value(), Outcome::New);
    QCOMPARE(decoder.feed(toUr(FountainPart{2, 2, 10, crc32(cbor), cbor.last(5)})).error().kind, ErrorKind::Corrupt);
    QVERIFY(!decoder.isComplete());
}

QTEST_APPLESS_MAIN(TestUrMessage)
#include "tst_urmessage.moc"
