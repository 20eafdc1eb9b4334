#include "app/cli/qr/qrshow.h"

#include "app/cli/commands/input.h"
#include "app/cli/qr/framescreen.h"
#include "app/cli/qr/symboltext.h"
#include "backend/proposals/qr/urencoder.h"
#include "backend/qrcode/netpbm.h"
#include "backend/types/devicetext.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFile>

#include <unistd.h>

#include <limits>
#include <optional>

namespace countersign {

namespace {

/// What the options say.
struct Wish {
    std::optional<int> fragment;
    std::optional<quint32> frame;
    std::optional<quint32> count;
    int interval = 200;
    int scale = 6;
    bool loop = false;
};

/// A whole number within bounds; nothing when the option is not given.
Result<std::optional<quint32>> numberOption(
    const Invocation &invocation, const QString &name, quint32 least, quint32 most)
{
    if (!invocation.has(name))
        return std::nullopt;
    bool isNumber = false;
    const uint value = invocation.value(name).toUInt(&isNumber);
    if (!isNumber || value < least || value > most)
        return fail(ErrorKind::Invalid, u"--%1 is a number from %2 to %3"_s.arg(name).arg(least).arg(most), u"usage"_s);
    return value;
}

Result<Wish> wishOf(const Invocation &invocation)
{
    constexpr quint32 mostFrames = 100'000;
    constexpr auto mostNumber = std::numeric_limits<quint32>::max();
    const auto fragment
        = numberOption(invocation, u"fragment"_s, UrEncoder::smallestFragment, UrEncoder::largestFragment);
    const auto frame = numberOption(invocation, u"frame"_s, 1, mostNumber);
    const auto count = numberOption(invocation, u"count"_s, 1, mostFrames);
    const auto interval = numberOption(invocation, u"interval"_s, 50, 10'000);
    const auto scale = numberOption(invocation, u"scale"_s, 1, 20);
    for (const auto *option : {&fragment, &frame, &count, &interval, &scale}) {
        if (!*option)
            return std::unexpected(option->error());
    }
    if (*frame && (*count || invocation.has(u"loop"_s)))
        return fail(ErrorKind::Invalid, u"--frame is one frame: --count and --loop do not go with it"_s, u"usage"_s);
    Wish wish;
    wish.frame = *frame;
    wish.count = *count;
    wish.loop = invocation.has(u"loop"_s);
    if (*fragment)
        wish.fragment = static_cast<int>(**fragment);
    wish.interval = static_cast<int>(interval->value_or(static_cast<quint32>(wish.interval)));
    wish.scale = static_cast<int>(scale->value_or(static_cast<quint32>(wish.scale)));
    return wish;
}

std::pair<quint32, quint32> rangeOf(const Wish &wish, const UrEncoder &encoder)
{
    if (wish.frame)
        return {*wish.frame, 1};
    return {1, wish.count.value_or(encoder.partCount())};
}

Result<QrSymbol> symbolOf(const UrEncoder &encoder, quint32 number)
{
    return QrSymbol::create(encoder.frame(number).toUpper());
}

/// With as much in a frame as the terminal has room for.
Result<UrEncoder> fittingEncoder(const QByteArray &message, QSize room)
{
    for (const int fragment : {400, 300, 200, 150, 100, 75, 50, 35, 25, 15, 10}) {
        auto encoder = UrEncoder::create(message, fragment);
        if (!encoder)
            return encoder;
        // A frame far on in the sequence, which has longer numbers.
        const auto symbol = symbolOf(*encoder, 100 * encoder->partCount());
        if (symbol && symbolColumns(*symbol) <= room.width() && symbolLines(*symbol) < room.height())
            return encoder;
    }
    return fail(
        ErrorKind::Invalid, u"The terminal is too small for a symbol: make it larger, or its letters smaller"_s);
}

Result<void> animate(const UrEncoder &encoder, const Wish &wish)
{
    const auto screen = FrameScreen::open();
    if (!screen)
        return std::unexpected(screen.error());
    const auto [first, count] = rangeOf(wish, encoder);
    for (quint32 number = first; wish.loop || number - first < count; ++number) {
        const auto symbol = symbolOf(encoder, number);
        if (!symbol)
            return std::unexpected(symbol.error());
        screen->show(symbolText(*symbol) + QByteArray::number(number) + " of " + QByteArray::number(encoder.partCount())
            + "   q ends");
        if (!screen->wait(wish.interval))
            break;
    }
    return {};
}

Result<void> printSymbols(const UrEncoder &encoder, const Wish &wish)
{
    const auto [first, count] = rangeOf(wish, encoder);
    for (quint32 i = 0; i < count; ++i) {
        const auto symbol = symbolOf(encoder, first + i);
        if (!symbol)
            return std::unexpected(symbol.error());
        printOut(symbolText(*symbol) + '\n');
    }
    return {};
}

Result<void> writeImages(const UrEncoder &encoder, const Wish &wish, const QString &folder)
{
    if (!QDir().mkpath(folder))
        return fail(ErrorKind::Invalid, u"%1 cannot be made a folder"_s.arg(folder), u"usage"_s);
    const auto [first, count] = rangeOf(wish, encoder);
    for (quint32 number = first; number - first < count; ++number) {
        const auto symbol = symbolOf(encoder, number);
        if (!symbol)
            return std::unexpected(symbol.error());
        QFile file(QDir(folder).filePath(u"frame-%1.pbm"_s.arg(number, 5, 10, QLatin1Char('0'))));
        if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
            return fail(
                ErrorKind::Invalid, u"%1 cannot be written: %2"_s.arg(file.fileName(), file.errorString()), u"usage"_s);
        const Bytes image = toPbm(*symbol, wish.scale);
        if (file.write(image) != image.size() || !file.flush())
            return fail(ErrorKind::Invalid, u"%1 cannot be written: %2"_s.arg(file.fileName(), file.errorString()));
    }
    return {};
}

} // namespace

void reportMessage(Report &report, qsizetype size, quint32 parts, const Hash32 &hash)
{
    report.add(u"bytes"_s, QString::number(size), u"Bytes"_s);
    report.add(u"parts"_s, QString::number(parts), u"Parts"_s);
    report.add(u"keccak256"_s, hash.toString());
    const QStringList groups = deviceGroups(hash);
    report.add(u"compare"_s, groups.constFirst() + u" … "_s + groups.constLast(), u"Compare"_s);
}

Result<void> showFrames(const Invocation &invocation, Report &report)
{
    const auto name = invocation.word(1, u"The file to show"_s);
    if (!name)
        return std::unexpected(name.error());
    if (invocation.words().size() > 2)
        return fail(ErrorKind::Invalid, u"One file is shown at a time"_s, u"usage"_s);
    const auto wish = wishOf(invocation);
    if (!wish)
        return std::unexpected(wish.error());
    const bool isText = invocation.has(u"text"_s);
    const bool isImages = invocation.has(u"out"_s);
    const bool isJson = invocation.has(u"json"_s);
    const bool isOnTerminal = !isText && !isImages && !isJson && ::isatty(STDOUT_FILENO) == 1;
    if (isText && isImages)
        return fail(ErrorKind::Invalid, u"--text and --out do not go together"_s, u"usage"_s);
    if (wish->loop && !isOnTerminal)
        return fail(ErrorKind::Invalid, u"--loop is for a terminal"_s, u"usage"_s);
    const auto message = readFile(*name, UrLimits::message);
    if (!message)
        return std::unexpected(message.error());
    const auto encoder = isOnTerminal && !wish->fragment
        ? fittingEncoder(*message, FrameScreen::size())
        : UrEncoder::create(*message, wish->fragment.value_or(UrEncoder::defaultFragment));
    if (!encoder)
        return std::unexpected(encoder.error());
    const auto [first, count] = rangeOf(*wish, *encoder);
    // Lines are for another program: nothing else stands among them.
    if (isText && !isJson) {
        for (quint32 i = 0; i < count; ++i)
            printOut(encoder->frame(first + i) + '\n');
        return {};
    }
    Result<void> done;
    if (isImages)
        done = writeImages(*encoder, *wish, invocation.value(u"out"_s));
    else if (isOnTerminal && !wish->frame)
        done = animate(*encoder, *wish);
    else if (!isJson)
        done = printSymbols(*encoder, *wish);
    if (!done)
        return done;
    reportMessage(report, encoder->messageSize(), encoder->partCount(), encoder->hash());
    if (isJson && !isImages) {
        auto &frames = report.root().list(u"frames"_s);
        for (quint32 i = 0; i < count; ++i)
            frames.element({}, QString::fromLatin1(encoder->frame(first + i)));
    }
    return {};
}

} // namespace countersign
