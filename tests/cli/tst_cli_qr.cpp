#include "app/cli/qr/symboltext.h"
#include "backend/proposals/qr/urdecoder.h"
#include "backend/qrcode/netpbm.h"
#include "backend/qrcode/qrreader.h"
#include "backend/types/keccak.h"
#include "backend/types/devicetext.h"
#include "backend/types/strings.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <csignal>
#include <vector>

using namespace countersign;

namespace {

struct Outcome {
    int code = -1;
    QByteArray output, errors;
    QJsonObject json() const { return QJsonDocument::fromJson(output).object(); }
};

/// The inputs are written one by one, with a pause.
Outcome run(const QStringList &arguments, const QList<QByteArray> &inputs = {})
{
    QProcess process;
    process.start(QStringLiteral(COUNTERSIGN_CLI), QStringList{u"qr"_s} + arguments);
    for (const QByteArray &input : inputs) {
        process.write(input);
        process.waitForBytesWritten();
        QTest::qSleep(150);
    }
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        qFatal("the command does not end");
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
        process.readAllStandardError()};
}

Bytes message(qsizetype size)
{
    Bytes bytes;
    for (Hash32 hash; bytes.size() < size; bytes += hash.view())
        hash = keccak256(hash.bytes() + "?");
    return bytes.first(size);
}

/// The symbols of a printed text, as a camera sees them: half blocks become pixels.
QList<Bytes> symbolsIn(const QByteArray &printed)
{
    QList<Bytes> texts;
    GreyImage image;
    const auto finish = [&image, &texts] {
        if (image.height > 0)
            texts += readQrSymbols(image.view()).value();
        image = {};
    };
    constexpr int scale = 4;
    for (const QByteArray &line : printed.split('\n')) {
        const qsizetype begin = line.indexOf("\x1b[38;5;16;48;5;231m");
        if (begin < 0) {
            finish();
            continue;
        }
        const QString blocks = QString::fromUtf8(line.sliced(begin + 19, line.indexOf("\x1b[0m", begin) - begin - 19));
        for (const bool lower : {false, true}) {
            Bytes row;
            for (const QChar block : blocks)
                row += Bytes(scale, block == u'█' || block == (lower ? u'▄' : u'▀') ? '\0' : '\xff');
            image.width = static_cast<int>(row.size());
            image.height += scale;
            image.pixels += row.repeated(scale);
        }
    }
    finish();
    return texts;
}

struct Screen {
    int code = -1;
    QByteArray output;
    bool isRestored = false; ///< echo and lines are as before
};

/// Runs "qr show" on a terminal of that size; the keys are pressed once the text was seen.
Screen onTerminal(const QStringList &arguments, winsize size, const QByteArray &awaited = {},
    const QByteArray &keys = {}, int signal = 0)
{
    std::vector<QByteArray> words{QByteArrayLiteral(COUNTERSIGN_CLI), "qr", "show"};
    for (const QString &argument : arguments)
        words.push_back(argument.toUtf8());
    std::vector<char *> argv;
    for (QByteArray &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    int terminal = -1;
    int other = -1;
    if (::openpty(&terminal, &other, nullptr, nullptr, &size) != 0)
        qFatal("no terminal");
    termios before{};
    ::tcgetattr(other, &before);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(terminal);
        ::login_tty(::dup(other));
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::fcntl(terminal, F_SETFL, O_NONBLOCK);
    Screen screen;
    bool isPressed = awaited.isEmpty();
    int status = 0;
    bool ended = false;
    for (const QDeadlineTimer deadline(60'000); !deadline.hasExpired();) {
        char buffer[4096];
        const auto count = ::read(terminal, buffer, sizeof buffer);
        if (count > 0)
            screen.output.append(buffer, count);
        if (!isPressed && screen.output.contains(awaited)) {
            isPressed = true;
            if (signal != 0)
                ::kill(child, signal);
            else if (::write(terminal, keys.constData(), static_cast<size_t>(keys.size())) < 0)
                qFatal("the terminal cannot be written");
        }
        if (count <= 0) {
            if (ended)
                break;
            ended = ::waitpid(child, &status, WNOHANG) == child;
            QTest::qSleep(5);
        }
    }
    if (!ended) {
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
    }
    screen.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    termios now{};
    ::tcgetattr(other, &now);
    screen.isRestored = now.c_lflag == before.c_lflag;
    ::close(other);
    ::close(terminal);
    return screen;
}

constexpr winsize large{.ws_row = 70, .ws_col = 140, .ws_xpixel = 0, .ws_ypixel = 0};

} // namespace

class TestCliQr final : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("the test's folder cannot be written");
        return file.fileName();
    }
    QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void wrongUsageIsToldAndHasItsCode_data();
    void wrongUsageIsToldAndHasItsCode();
    void aMessageGoesThroughImages();
    void aMessageGoesThroughLinesThatComeSlowly();
    void whatIsInABundleIsSaid();
    void printedSymbolsAreReadByACamera();
    void theSameFrameIsTheSameEverywhere();
    void severalFramesMayStandInOneFile();
    void whatIsNotCompleteIsNotWritten();
    void filesAreNotWrittenOver();
    void foreignAndStrangeFramesAreTold();
    void contradictingFramesAreRefused();
    void theTerminalShowsAllFramesAndEnds();
    void furtherFramesComeUntilSomebodyEndsThem_data();
    void furtherFramesComeUntilSomebodyEndsThem();
    void asSmallAsTheTerminalIs();
};

void TestCliQr::wrongUsageIsToldAndHasItsCode_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    const QString file = write(u"short"_s, "a message");
    QTest::newRow("nothing") << QStringList{} << 2;
    QTest::newRow("unknown") << QStringList{u"send"_s, file} << 2;
    QTest::newRow("no file") << QStringList{u"show"_s} << 2;
    QTest::newRow("two files") << QStringList{u"show"_s, file, file} << 2;
    QTest::newRow("missing file") << QStringList{u"show"_s, u"no such file"_s} << 3;
    QTest::newRow("a folder") << QStringList{u"show"_s, u"/"_s} << 3;
    QTest::newRow("an empty file") << QStringList{u"show"_s, u"/dev/null"_s} << 3;
    QTest::newRow("a file without an end") << QStringList{u"show"_s, u"/dev/zero"_s} << 3;
    QTest::newRow("too small a fragment") << QStringList{u"show"_s, u"--fragment"_s, u"9"_s, file} << 2;
    QTest::newRow("no number") << QStringList{u"show"_s, u"--count"_s, u"all"_s, file} << 2;
    QTest::newRow("frame 0") << QStringList{u"show"_s, u"--frame"_s, u"0"_s, file} << 2;
    QTest::newRow("one frame and several")
        << QStringList{u"show"_s, u"--frame"_s, u"1"_s, u"--count"_s, u"2"_s, file} << 2;
    QTest::newRow("too fast") << QStringList{u"show"_s, u"--interval"_s, u"1"_s, file} << 2;
    QTest::newRow("lines and images") << QStringList{u"show"_s, u"--text"_s, u"--out"_s, path(u"x"_s), file} << 2;
    QTest::newRow("an endless pipe") << QStringList{u"show"_s, u"--loop"_s, file} << 2;
    QTest::newRow("no images") << QStringList{u"read"_s} << 2;
    QTest::newRow("lines and an image") << QStringList{u"read"_s, u"--text"_s, file} << 2;
    QTest::newRow("no image") << QStringList{u"read"_s, file} << 3;
    QTest::newRow("no lines") << QStringList{u"read"_s, u"--text"_s} << 3;
    QTest::newRow("a missing image") << QStringList{u"read"_s, u"missing.pgm"_s} << 3;
}

void TestCliQr::wrongUsageIsToldAndHasItsCode()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const int, code);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, code);
    QVERIFY(!outcome.errors.isEmpty());
    QVERIFY(outcome.output.isEmpty());
}

void TestCliQr::aMessageGoesThroughImages()
{
    const Bytes sent = message(2500);
    const QString folder = path(u"images/inside"_s);
    const Outcome shown = run({u"show"_s, u"--json"_s, u"--out"_s, folder, u"--count"_s, u"12"_s, u"--fragment"_s,
        u"300"_s, write(u"sent"_s, sent)});
    QCOMPARE(shown.code, 0);
    QCOMPARE(shown.json()[u"parts"].toString(), u"9"_s);
    QStringList images = QDir(folder).entryList(QDir::Files);
    QCOMPARE(images.size(), 12);
    // Without some, and the last ones first.
    images.removeAt(4);
    images.removeAt(1);
    std::ranges::reverse(images);
    QStringList words{u"read"_s, u"--json"_s, u"--out"_s, path(u"received"_s)};
    for (const QString &image : std::as_const(images))
        words.append(folder + u'/' + image);
    const Outcome received = run(words);
    QCOMPARE(received.code, 0);
    QCOMPARE(read(u"received"_s), sent);
    QCOMPARE(received.json()[u"keccak256"].toString(), keccak256(sent).toString());
    QCOMPARE(received.json()[u"keccak256"], shown.json()[u"keccak256"]);
    const QStringList groups = deviceGroups(keccak256(sent));
    QCOMPARE(received.json()[u"compare"].toString(), groups.first() + u" … "_s + groups.last());
    QCOMPARE(received.json()[u"compare"], shown.json()[u"compare"]);
}

void TestCliQr::aMessageGoesThroughLinesThatComeSlowly()
{
    const Bytes sent = message(2500);
    const Outcome shown = run({u"show"_s, u"--text"_s, u"-"_s}, {sent.first(1000), sent.sliced(1000)});
    QCOMPARE(shown.code, 0);
    const QList<QByteArray> lines = shown.output.trimmed().split('\n');
    QCOMPARE(lines.size(), 7);
    const Outcome received = run(
        {u"read"_s, u"--text"_s, u"--out"_s, path(u"slow"_s)}, {shown.output.first(900), shown.output.sliced(900)});
    QVERIFY2(received.code == 0, received.errors.constData());
    QCOMPARE(read(u"slow"_s), sent);
}

void TestCliQr::whatIsInABundleIsSaid()
{
    const QString bundle = QFINDTESTDATA("../fuzz/proposals/corpus/exchangebundle/story");
    QVERIFY(!bundle.isEmpty());
    const Outcome shown = run({u"show"_s, bundle, u"--text"_s});
    QCOMPARE(shown.code, 0);
    const Outcome read = run({u"read"_s, u"--text"_s, u"--json"_s}, {shown.output});
    QCOMPARE(read.code, 0);
    const QString said = read.json()[u"bundle"_s].toString();
    QVERIFY2(said.contains(u"5 entries: 2 proposals, 1 signatures, 1 transactions that nobody described; 1 documents"_s), qPrintable(said));
}

void TestCliQr::printedSymbolsAreReadByACamera()
{
    const Bytes sent = message(700);
    const Outcome shown = run({u"show"_s, u"--fragment"_s, u"100"_s, write(u"printed"_s, sent)});
    QCOMPARE(shown.code, 0);
    QVERIFY(shown.output.contains("keccak256  " + keccak256(sent).toString().toLatin1()));
    UrDecoder decoder;
    const QList<Bytes> frames = symbolsIn(shown.output);
    QCOMPARE(frames.size(), 8);
    for (const Bytes &frame : frames) {
        QCOMPARE(frame, frame.toUpper());
        QVERIFY(decoder.feed(frame));
    }
    QCOMPARE(decoder.message().value(), sent);
}

void TestCliQr::theSameFrameIsTheSameEverywhere()
{
    const QString file = write(u"same"_s, message(700));
    const QStringList common{u"--fragment"_s, u"100"_s, u"--frame"_s, u"4000000000"_s, file};
    const QByteArray line = run(QStringList{u"show"_s, u"--text"_s} + common).output.trimmed();
    QVERIFY(line.startsWith("ur:bytes/4000000000-8/"));
    QCOMPARE(run(QStringList{u"show"_s, u"--json"_s} + common).json()[u"frames"].toArray(),
        QJsonArray{QString::fromLatin1(line)});
    QCOMPARE(symbolsIn(run(QStringList{u"show"_s} + common).output), QList<Bytes>{line.toUpper()});
    QCOMPARE(run(QStringList{u"show"_s, u"--scale"_s, u"2"_s, u"--out"_s, path(u"one"_s)} + common).code, 0);
    const QByteArray image = read(u"one/frame-4000000000.pbm"_s);
    NetpbmReader reader(image);
    QCOMPARE(readQrSymbols(reader.next().value().view()).value(), QList<Bytes>{line.toUpper()});
}

void TestCliQr::severalFramesMayStandInOneFile()
{
    const Bytes sent = message(700);
    QCOMPARE(
        run({u"show"_s, u"--fragment"_s, u"300"_s, u"--out"_s, path(u"film"_s), write(u"filmed"_s, sent)}).code, 0);
    QByteArray film;
    for (const QString &image : QDir(path(u"film"_s)).entryList(QDir::Files))
        film += read(u"film/"_s + image);
    QCOMPARE(run({u"read"_s, u"--out"_s, path(u"from-film"_s), write(u"all.pbm"_s, film)}).code, 0);
    QCOMPARE(read(u"from-film"_s), sent);
}

void TestCliQr::whatIsNotCompleteIsNotWritten()
{
    const QList<QByteArray> lines
        = run({u"show"_s, u"--text"_s, write(u"long"_s, message(2500))}).output.trimmed().split('\n');
    const Outcome outcome = run({u"read"_s, u"--text"_s, u"--out"_s, path(u"partial"_s)}, {lines.first(6).join('\n')});
    QCOMPARE(outcome.code, 3);
    QVERIFY(outcome.errors.contains("6 of 7 parts"));
    QVERIFY(outcome.output.isEmpty());
    QVERIFY(!QFile::exists(path(u"partial"_s)));
}

void TestCliQr::filesAreNotWrittenOver()
{
    const QString file = write(u"precious"_s, "precious");
    const QByteArray line = run({u"show"_s, u"--text"_s, file}).output;
    QCOMPARE(run({u"read"_s, u"--text"_s, u"--out"_s, write(u"there"_s, "there")}, {line}).code, 2);
    QCOMPARE(read(u"there"_s), QByteArray("there"));
    QCOMPARE(run({u"show"_s, u"--out"_s, path(u"twice"_s), file}).code, 0);
    const Outcome again = run({u"show"_s, u"--out"_s, path(u"twice"_s), file});
    QCOMPARE(again.code, 2);
    QVERIFY(again.errors.contains("frame-00001.pbm"));
}

void TestCliQr::foreignAndStrangeFramesAreTold()
{
    const QByteArray mine = run({u"show"_s, u"--text"_s, write(u"mine"_s, message(700))}).output;
    const QByteArray other = run({u"show"_s, u"--text"_s, write(u"other"_s, message(701))}).output;
    const qsizetype cut = mine.indexOf('\n') + 1;
    const Outcome outcome = run({u"read"_s, u"--text"_s, u"--json"_s},
        {mine.first(cut) + "https://example.org\r\n\n" + other + mine.sliced(cut)});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.json()[u"keccak256"].toString(), keccak256(message(700)).toString());
    const QJsonArray findings = outcome.json()[u"findings"].toArray();
    QCOMPARE(findings.size(), 2);
    QCOMPARE(findings[0][u"code"].toString(), u"frame.unreadable"_s);
    QCOMPARE(findings[1][u"code"].toString(), u"frame.foreign"_s);
    QVERIFY(findings[1][u"message"].toString().endsWith(u": 2"_s));
}

void TestCliQr::contradictingFramesAreRefused()
{
    const QByteArray lines = run({u"show"_s, u"--text"_s, write(u"forged"_s, message(700))}).output;
    FountainPart part = std::get<FountainPart>(urFrameFromText(lines.first(lines.indexOf('\n'))).value());
    part.data[3] = static_cast<char>(part.data[3] ^ 1);
    const Outcome outcome = run({u"read"_s, u"--text"_s, u"--out"_s, path(u"forged-out"_s)},
        {lines.first(lines.indexOf('\n') + 1) + toUr(part) + '\n' + lines});
    QCOMPARE(outcome.code, 3);
    QVERIFY(outcome.errors.contains("contradict"));
    QVERIFY(!QFile::exists(path(u"forged-out"_s)));
}

void TestCliQr::theTerminalShowsAllFramesAndEnds()
{
    const Bytes sent = message(700);
    const Screen screen
        = onTerminal({u"--interval"_s, u"50"_s, u"--fragment"_s, u"100"_s, write(u"shown"_s, sent)}, large);
    QCOMPARE(screen.code, 0);
    QVERIFY(screen.isRestored);
    UrDecoder decoder;
    for (const Bytes &frame : symbolsIn(screen.output))
        QVERIFY(decoder.feed(frame));
    QCOMPARE(decoder.message().value(), sent);
    const QByteArray end = screen.output.sliced(screen.output.indexOf("\x1b[?1049l"));
    QVERIFY(end.contains(keccak256(sent).toString().toLatin1()));
}

void TestCliQr::furtherFramesComeUntilSomebodyEndsThem_data()
{
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<int>("signal");
    QTest::newRow("q") << QByteArray("q") << 0;
    QTest::newRow("Ctrl+C") << QByteArray("\x03") << 0;
    QTest::newRow("the system") << QByteArray() << SIGTERM;
}

void TestCliQr::furtherFramesComeUntilSomebodyEndsThem()
{
    QFETCH(const QByteArray, keys);
    QFETCH(const int, signal);
    const Screen screen = onTerminal(
        {u"--loop"_s, u"--interval"_s, u"50"_s, u"--fragment"_s, u"100"_s, write(u"looped"_s, message(700))}, large,
        "20 of 8", keys, signal);
    QCOMPARE(screen.code, 0);
    QVERIFY(screen.isRestored);
    QVERIFY(screen.output.contains("\x1b[?1049l"));
    QVERIFY(screen.output.endsWith("\r\n"));
}

void TestCliQr::asSmallAsTheTerminalIs()
{
    const QString file = write(u"small"_s, message(200));
    const Screen screen
        = onTerminal({u"--interval"_s, u"50"_s, file}, {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0});
    QCOMPARE(screen.code, 0);
    UrDecoder decoder;
    for (const Bytes &frame : symbolsIn(screen.output))
        QVERIFY(decoder.feed(frame));
    QCOMPARE(decoder.message().value(), message(200));
    const QList<QByteArray> pictures = screen.output.first(screen.output.indexOf("\x1b[?1049l")).split('H');
    QVERIFY(pictures.size() > 2);
    for (const QByteArray &picture : pictures)
        QVERIFY(picture.count('\n') < 24);
    const Screen tiny = onTerminal({file}, {.ws_row = 10, .ws_col = 40, .ws_xpixel = 0, .ws_ypixel = 0});
    QCOMPARE(tiny.code, 3);
    QVERIFY(tiny.output.contains("too small"));
}

QTEST_GUILESS_MAIN(TestCliQr)
#include "tst_cli_qr.moc"
