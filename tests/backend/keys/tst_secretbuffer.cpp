#include "backend/keys/secretbuffer.h"

#include <QFile>
#include <QTest>

#include <sys/mman.h>

#include <array>

using namespace countersign;

namespace {

// How often the bytes stand in this process's writable memory. The needle is kept turned, so that it does not find itself.
int copiesInMemory(QByteArray turnedNeedle)
{
    QFile maps(QStringLiteral("/proc/self/maps"));
    QFile memory(QStringLiteral("/proc/self/mem"));
    if (!maps.open(QIODevice::ReadOnly) || !memory.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return -1;
    const char *const needle = turnedNeedle.constData();
    int copies = 0;
    const QList<QByteArray> lines = maps.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> fields = line.split(' ');
        if (fields.size() < 2 || !fields[1].startsWith("rw") || line.contains("[vvar"))
            continue;
        const qint64 start = fields[0].split('-')[0].toLongLong(nullptr, 16);
        const qint64 end = fields[0].split('-')[1].toLongLong(nullptr, 16);
        // No program has a mapping of this size but for the shadow of a sanitizer, which holds no bytes of ours.
        if (end - start > 64LL * 1024 * 1024 * 1024)
            continue;
        // Read through one small window, so that the search leaves no copies of its own behind.
        constexpr qint64 windowSize = 4096;
        static char window[windowSize];
        for (qint64 at = start; at < end; at += windowSize - turnedNeedle.size()) {
            if (!memory.seek(at))
                break;
            const qint64 got = memory.read(window, qMin(windowSize, end - at));
            for (qint64 i = 0; i + turnedNeedle.size() <= got; ++i) {
                qint64 k = 0;
                while (k < turnedNeedle.size() && static_cast<char>(window[i + k] ^ 0x5a) == needle[k])
                    ++k;
                if (k == turnedNeedle.size())
                    ++copies;
            }
            explicit_bzero(window, sizeof window);
            if (got < windowSize)
                break;
        }
    }
    return copies;
}

// A PIN as it never stands in this program: turned by the compiler, and turned back digit by digit, as a person types.
constexpr char turned(char c)
{
    return static_cast<char>(c ^ 0x5a);
}
constexpr std::array pinDigits = {turned('7'), turned('3'), turned('5'), turned('1'), turned('9'), turned('2'),
                                  turned('8'), turned('4'), turned('6'), turned('0'), turned('5')};
const QByteArray pin(pinDigits.data(), pinDigits.size());

} // namespace

class TestSecretBuffer final : public QObject {
    Q_OBJECT

private slots:
    void keepsWhatIsTypedAndForgetsWhatIsTakenBack()
    {
        SecretBuffer buffer;
        QVERIFY(buffer.append('1'));
        QVERIFY(buffer.append('2'));
        buffer.removeLast();
        QVERIFY(buffer.append('3'));
        QCOMPARE(buffer.view(), QByteArrayView("13"));
        buffer.wipe();
        QVERIFY(buffer.isEmpty());
        buffer.removeLast();
        QVERIFY(buffer.isEmpty());
    }

    void takesNoMoreThanItHolds()
    {
        SecretBuffer buffer;
        for (qsizetype i = 0; i < SecretBuffer::maxSize; ++i)
            QVERIFY(buffer.append('x'));
        QVERIFY(!buffer.append('x'));
        QByteArray tooLong(SecretBuffer::maxSize + 1, 'y');
        QVERIFY(SecretBuffer::takeFrom(tooLong.data(), tooLong.size()).isEmpty());
        QCOMPARE(tooLong.count('y'), 0);
    }

    void overwritesTheSourceAndMovesWithoutACopy()
    {
        QByteArray source("4711");
        SecretBuffer first = SecretBuffer::takeFrom(source.data(), source.size());
        QCOMPARE(source, QByteArray(4, '\0'));
        const char *page = first.view().data();
        SecretBuffer second = std::move(first);
        QCOMPARE(second.view().data(), page);
        SecretBuffer third;
        third = std::move(second);
        QCOMPARE(third.view(), QByteArrayView("4711"));
    }

    void liesOnALockedPage()
    {
        SecretBuffer buffer;
        QVERIFY(buffer.isLocked());
        QVERIFY(buffer.append('1'));
        unsigned char resident = 0;
        auto *page = reinterpret_cast<void *>(reinterpret_cast<quintptr>(buffer.view().data()) & ~quintptr(4095));
        QCOMPARE(mincore(page, 4096, &resident), 0);
        QCOMPARE(resident & 1, 1);
    }

    void leavesNoCopyInMemory()
    {
        {
            QByteArray control; // the search must be able to find something
            for (const char c : pin)
                control += turned(c);
            QVERIFY(copiesInMemory(pin) >= 1);
            explicit_bzero(control.data(), static_cast<size_t>(control.size()));
        }
        QCOMPARE(copiesInMemory(pin), 0);
        {
            SecretBuffer buffer;
            for (const char c : pin)
                QVERIFY(buffer.append(turned(c)));
            const SecretBuffer moved = std::move(buffer);
            QCOMPARE(copiesInMemory(pin), 1);
        }
        QCOMPARE(copiesInMemory(pin), 0);
    }
};

QTEST_GUILESS_MAIN(TestSecretBuffer)
#include "tst_secretbuffer.moc"
