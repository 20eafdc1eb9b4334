#include "models/dashboards/units.h"

#include "backend/types/strings.h"

#include <QDateTime>
#include <QHash>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>

namespace countersign {

namespace {

using Decimals = std::optional<int>;
using Formatter = std::function<FormattedValue(double, Decimals)>;

constexpr double maxExactDate = 8.64e15; ///< milliseconds of ECMAScript's last day

struct Step {
    double below; ///< in the unit's base
    double divisor;
    const char16_t *suffix;
};

/// The first step that the size is below; beyond all, the last.
FormattedValue stepped(double value, Decimals decimals, std::span<const Step> steps)
{
    const double size = std::abs(value);
    const auto found = std::ranges::find_if(steps, [size](const Step &step) { return size < step.below; });
    const Step &step = found == steps.end() ? steps.back() : *found;
    return {{}, fixedText(value / step.divisor, decimals), QStringView(step.suffix).toString()};
}

constexpr double minute = 60;
constexpr double hour = 3'600;
constexpr double day = 86'400;
constexpr double week = 604'800;
constexpr double year = 31'536'000;
constexpr double tropicalYear = 3.15569e7;

FormattedValue seconds(double value, Decimals decimals)
{
    static constexpr std::array<Step, 9> steps{{{1e-6, 1e-9, u" ns"}, {1e-3, 1e-6, u" µs"}, {1, 1e-3, u" ms"},
        {minute, 1, u" s"}, {hour, minute, u" min"}, {day, hour, u" hour"}, {week, day, u" day"}, {year, week, u" week"},
        {INFINITY, tropicalYear, u" year"}}};
    if (value == 0)
        return {{}, u"0"_s, u" s"_s};
    return stepped(value, decimals, steps);
}

FormattedValue milliseconds(double value, Decimals decimals)
{
    static constexpr std::array<Step, 6> steps{{{1e3, 1, u" ms"}, {minute * 1e3, 1e3, u" s"}, {hour * 1e3, minute * 1e3, u" min"},
        {day * 1e3, hour * 1e3, u" hour"}, {year * 1e3, day * 1e3, u" day"}, {INFINITY, year * 1e3, u" year"}}};
    return stepped(value, decimals, steps);
}

FormattedValue microseconds(double value, Decimals decimals)
{
    static constexpr std::array<Step, 3> steps{{{1e3, 1, u" µs"}, {1e6, 1e3, u" ms"}, {INFINITY, 1e6, u" s"}}};
    return stepped(value, decimals, steps);
}

FormattedValue nanoseconds(double value, Decimals decimals)
{
    static constexpr std::array<Step, 7> steps{{{1e3, 1, u" ns"}, {1e6, 1e3, u" µs"}, {1e9, 1e6, u" ms"}, {minute * 1e9, 1e9, u" s"},
        {hour * 1e9, minute * 1e9, u" min"}, {day * 1e9, hour * 1e9, u" hour"}, {INFINITY, day * 1e9, u" day"}}};
    return stepped(value, decimals, steps);
}

FormattedValue minutes(double value, Decimals decimals)
{
    static constexpr std::array<Step, 5> steps{{{60, 1, u" min"}, {1'440, 60, u" hour"}, {10'080, 1'440, u" day"},
        {604'800, 10'080, u" week"}, {INFINITY, 5.25948e5, u" year"}}};
    return stepped(value, decimals, steps);
}

FormattedValue hours(double value, Decimals decimals)
{
    static constexpr std::array<Step, 4> steps{{{24, 1, u" hour"}, {168, 24, u" day"}, {8'760, 168, u" week"}, {INFINITY, 8'760, u" year"}}};
    return stepped(value, decimals, steps);
}

FormattedValue days(double value, Decimals decimals)
{
    static constexpr std::array<Step, 3> steps{{{7, 1, u" day"}, {365, 7, u" week"}, {INFINITY, 365, u" year"}}};
    return stepped(value, decimals, steps);
}

/// Powers of a factor with a sign for each; `offset`: which of them stands for the unit as it is.
FormattedValue scaled(double value, Decimals decimals, double factor, std::span<const char16_t *const> signs, int offset)
{
    const int power = value == 0 ? 0 : static_cast<int>(std::floor(std::log(std::abs(value)) / std::log(factor)));
    const int last = static_cast<int>(signs.size()) - 1;
    const int at = std::clamp(offset + power, 0, last);
    const double shown = value / std::pow(factor, std::clamp(power, -offset, last - offset));
    return {{}, fixedText(shown, decimals), QStringView(signs[static_cast<size_t>(at)]).toString()};
}

FormattedValue shortNumberOf(double value, Decimals decimals)
{
    static constexpr std::array<const char16_t *, 9> signs{
        u"", u" K", u" Mil", u" Bil", u" Tri", u" Quadr", u" Quint", u" Sext", u" Sept"};
    return scaled(value, decimals, 1'000, signs, 0);
}

FormattedValue counted(double value, Decimals decimals, const QString &symbol)
{
    static constexpr std::array<const char16_t *, 5> signs{u"", u"K", u"M", u"B", u"T"};
    FormattedValue formatted = scaled(value, decimals, 1'000, signs, 0);
    formatted.suffix += u' ' + symbol;
    return formatted;
}

FormattedValue decimal(double value, Decimals decimals, const QString &symbol, int shift = 0)
{
    static constexpr std::array<const char16_t *, 14> signs{
        u"f", u"p", u"n", u"µ", u"m", u"", u"k", u"M", u"G", u"T", u"P", u"E", u"Z", u"Y"};
    constexpr int plain = 5;
    FormattedValue formatted = scaled(value, decimals, 1'000, signs, plain + shift);
    formatted.suffix = u' ' + formatted.suffix + symbol;
    return formatted;
}

FormattedValue binary(double value, Decimals decimals, const QString &symbol, int shift = 0)
{
    static constexpr std::array<const char16_t *, 9> signs{u"", u"Ki", u"Mi", u"Gi", u"Ti", u"Pi", u"Ei", u"Zi", u"Yi"};
    FormattedValue formatted = scaled(value, decimals, 1'024, signs, shift);
    formatted.suffix = u' ' + formatted.suffix + symbol;
    return formatted;
}

QString durationPart(qint64 count, const QString &one)
{
    return u"%1 %2%3"_s.arg(QString::number(count), one, count == 1 ? QString() : u"s"_s);
}

// "2 days, 3 hours": the largest unit and as many below it as decimals are asked for.
FormattedValue durationOf(double inSeconds, Decimals decimals)
{
    struct Part {
        double length;
        QString name;
    };
    static const std::array<Part, 8> parts{{{year, u"year"_s}, {30 * day, u"month"_s}, {week, u"week"_s}, {day, u"day"_s},
        {hour, u"hour"_s}, {minute, u"minute"_s}, {1, u"second"_s}, {1e-3, u"millisecond"_s}}};
    if (inSeconds == 0)
        return {{}, u"0"_s, u" seconds"_s};
    double rest = std::abs(inSeconds);
    QStringList texts;
    for (const Part &part : parts) {
        const double count = std::floor(rest / part.length + 1e-9);
        if (count < 1 && texts.isEmpty())
            continue;
        if (count >= 1)
            texts.append(durationPart(static_cast<qint64>(count), part.name));
        rest -= count * part.length;
        if (texts.size() > decimals.value_or(0))
            break;
    }
    return {inSeconds < 0 ? u"-"_s : QString(), texts.isEmpty() ? u"0 seconds"_s : texts.join(u", "_s), {}};
}

FormattedValue clock(double inSeconds)
{
    const auto whole = static_cast<qint64>(std::llround(std::abs(inSeconds)));
    const QString text = u"%1:%2:%3"_s.arg(whole / 3'600, 2, 10, QChar(u'0')).arg(whole / 60 % 60, 2, 10, QChar(u'0')).arg(whole % 60, 2, 10, QChar(u'0'));
    return {inSeconds < 0 ? u"-"_s : QString(), text, {}};
}

FormattedValue dateOf(double millis, const QString &format)
{
    if (!(std::abs(millis) <= maxExactDate))
        return {{}, u"Invalid date"_s, {}};
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(millis), Qt::UTC);
    return {{}, QLocale::c().toString(time, format), {}};
}

FormattedValue fromNow(double millis)
{
    if (!(std::abs(millis) <= maxExactDate))
        return {{}, u"Invalid date"_s, {}};
    const double age = (static_cast<double>(QDateTime::currentMSecsSinceEpoch()) - millis) / 1e3;
    const FormattedValue length = durationOf(std::abs(age), 0);
    return {{}, age >= 0 ? u"%1 ago"_s.arg(length.full()) : u"in %1"_s.arg(length.full()), {}};
}

FormattedValue grouped(double value, Decimals decimals)
{
    if (!decimals)
        decimals = decimalsFor(value);
    QLocale locale = QLocale::c();
    locale.setNumberOptions(QLocale::DefaultNumberOptions);
    return {{}, QLocale(QLocale::English).toString(value, 'f', *decimals), {}};
}

FormattedValue withSuffix(double value, Decimals decimals, const QString &suffix)
{
    return {{}, fixedText(value, decimals), suffix};
}

Formatter symbol(const QString &text)
{
    return [text](double value, Decimals decimals) { return withSuffix(value, decimals, text); };
}

Formatter countOf(const QString &text)
{
    return [text](double value, Decimals decimals) { return counted(value, decimals, text); };
}

Formatter decimalOf(const QString &text, int shift = 0)
{
    return [text, shift](double value, Decimals decimals) { return decimal(value, decimals, text, shift); };
}

Formatter binaryOf(const QString &text, int shift = 0)
{
    return [text, shift](double value, Decimals decimals) { return binary(value, decimals, text, shift); };
}

Formatter truth(const QString &yes, const QString &no)
{
    return [yes, no](double value, Decimals) { return FormattedValue{{}, value != 0 ? yes : no, {}}; };
}

void addData(QHash<QString, Formatter> &units)
{
    units.insert({{u"bytes"_s, binaryOf(u"B"_s)}, {u"decbytes"_s, decimalOf(u"B"_s)}, {u"bits"_s, binaryOf(u"b"_s)},
        {u"decbits"_s, decimalOf(u"b"_s)}, {u"kbytes"_s, binaryOf(u"B"_s, 1)}, {u"mbytes"_s, binaryOf(u"B"_s, 2)},
        {u"gbytes"_s, binaryOf(u"B"_s, 3)}, {u"tbytes"_s, binaryOf(u"B"_s, 4)}, {u"pbytes"_s, binaryOf(u"B"_s, 5)},
        {u"deckbytes"_s, decimalOf(u"B"_s, 1)}, {u"decmbytes"_s, decimalOf(u"B"_s, 2)}, {u"decgbytes"_s, decimalOf(u"B"_s, 3)},
        {u"dectbytes"_s, decimalOf(u"B"_s, 4)}, {u"decpbytes"_s, decimalOf(u"B"_s, 5)}, {u"pps"_s, decimalOf(u"p/s"_s)},
        {u"bps"_s, decimalOf(u"b/s"_s)}, {u"Bps"_s, decimalOf(u"B/s"_s)}, {u"binBps"_s, binaryOf(u"B/s"_s)},
        {u"binbps"_s, binaryOf(u"b/s"_s)}, {u"KBs"_s, decimalOf(u"B/s"_s, 1)}, {u"MBs"_s, decimalOf(u"B/s"_s, 2)},
        {u"GBs"_s, decimalOf(u"B/s"_s, 3)}, {u"Kbits"_s, decimalOf(u"b/s"_s, 1)}, {u"Mbits"_s, decimalOf(u"b/s"_s, 2)},
        {u"Gbits"_s, decimalOf(u"b/s"_s, 3)}, {u"KiBs"_s, binaryOf(u"B/s"_s, 1)}, {u"MiBs"_s, binaryOf(u"B/s"_s, 2)},
        {u"GiBs"_s, binaryOf(u"B/s"_s, 3)}, {u"hertz"_s, decimalOf(u"Hz"_s)}, {u"rothz"_s, decimalOf(u"Hz"_s)},
        {u"watt"_s, decimalOf(u"W"_s)}, {u"volt"_s, decimalOf(u"V"_s)}, {u"amp"_s, decimalOf(u"A"_s)},
        {u"joule"_s, decimalOf(u"J"_s)}, {u"sishort"_s, decimalOf({})}});
}

void addRates(QHash<QString, Formatter> &units)
{
    units.insert({{u"cps"_s, countOf(u"c/s"_s)}, {u"ops"_s, countOf(u"ops/s"_s)}, {u"reqps"_s, countOf(u"req/s"_s)},
        {u"rps"_s, countOf(u"rd/s"_s)}, {u"wps"_s, countOf(u"wr/s"_s)}, {u"iops"_s, countOf(u"io/s"_s)},
        {u"eps"_s, countOf(u"evt/s"_s)}, {u"mps"_s, countOf(u"msg/s"_s)}, {u"recps"_s, countOf(u"rec/s"_s)},
        {u"rowsps"_s, countOf(u"rows/s"_s)}, {u"cpm"_s, countOf(u"c/m"_s)}, {u"opm"_s, countOf(u"ops/m"_s)},
        {u"reqpm"_s, countOf(u"req/m"_s)}, {u"rpm"_s, countOf(u"rd/m"_s)}, {u"wpm"_s, countOf(u"wr/m"_s)},
        {u"epm"_s, countOf(u"evts/m"_s)}, {u"mpm"_s, countOf(u"msgs/m"_s)}, {u"recpm"_s, countOf(u"rec/m"_s)}});
}

void addTimes(QHash<QString, Formatter> &units)
{
    units.insert({{u"s"_s, seconds}, {u"ms"_s, milliseconds}, {u"µs"_s, microseconds}, {u"us"_s, microseconds}, {u"ns"_s, nanoseconds},
        {u"m"_s, minutes}, {u"h"_s, hours}, {u"d"_s, days}, {u"dtdurations"_s, durationOf},
        {u"dtdurationms"_s, [](double value, Decimals decimals) { return durationOf(value / 1e3, decimals); }},
        {u"dthms"_s, [](double value, Decimals) { return clock(value); }},
        {u"clocks"_s, [](double value, Decimals) { return clock(value); }},
        {u"clockms"_s, [](double value, Decimals) { return clock(value / 1e3); }},
        {u"dateTimeAsIso"_s, [](double value, Decimals) { return dateOf(value, u"yyyy-MM-dd HH:mm:ss"_s); }},
        {u"dateTimeAsIsoNoDateIfToday"_s, [](double value, Decimals) { return dateOf(value, u"yyyy-MM-dd HH:mm:ss"_s); }},
        {u"dateTimeAsUS"_s, [](double value, Decimals) { return dateOf(value, u"MM/dd/yyyy h:mm:ss ap"_s); }},
        {u"dateTimeAsLocal"_s, [](double value, Decimals) { return dateOf(value, u"yyyy-MM-dd HH:mm:ss"_s); }},
        {u"dateTimeAsSystem"_s, [](double value, Decimals) { return dateOf(value, u"yyyy-MM-dd HH:mm:ss"_s); }},
        {u"dateTimeFromNow"_s, [](double value, Decimals) { return fromNow(value); }}});
}

const QHash<QString, Formatter> &knownUnits()
{
    static const QHash<QString, Formatter> units = [] {
        QHash<QString, Formatter> all{{u"none"_s, symbol({})}, {u"string"_s, symbol({})}, {u"short"_s, shortNumberOf},
            {u"percent"_s, symbol(u"%"_s)}, {u"locale"_s, grouped}, {u"humidity"_s, symbol(u" %H"_s)},
            {u"percentunit"_s, [](double value, Decimals decimals) { return withSuffix(value * 100, decimals, u"%"_s); }},
            {u"dB"_s, symbol(u" dB"_s)}, {u"celsius"_s, symbol(u" °C"_s)}, {u"fahrenheit"_s, symbol(u" °F"_s)},
            {u"kelvin"_s, symbol(u" K"_s)}, {u"bool"_s, truth(u"True"_s, u"False"_s)},
            {u"bool_yes_no"_s, truth(u"Yes"_s, u"No"_s)}, {u"bool_on_off"_s, truth(u"On"_s, u"Off"_s)},
            {u"sci"_s, [](double value, Decimals decimals) { return FormattedValue{{}, QString::number(value, 'e', decimals.value_or(2)), {}}; }},
            {u"hex"_s, [](double value, Decimals) { return FormattedValue{{}, QString::number(static_cast<qint64>(value), 16).toUpper(), {}}; }},
            {u"hex0x"_s, [](double value, Decimals) { return FormattedValue{{}, u"0x"_s + QString::number(static_cast<qint64>(value), 16).toUpper(), {}}; }}};
        addData(all);
        addRates(all);
        addTimes(all);
        return all;
    }();
    return units;
}

// "kind:rest".
std::optional<FormattedValue> special(double value, const QString &unit, Decimals decimals)
{
    const qsizetype colon = unit.indexOf(u':');
    if (colon < 1)
        return std::nullopt;
    const QString kind = unit.first(colon);
    const QString rest = unit.sliced(colon + 1);
    if (kind == u"prefix"_s)
        return FormattedValue{rest, fixedText(value, decimals), {}};
    if (kind == u"suffix"_s)
        return withSuffix(value, decimals, rest);
    if (kind == u"si"_s)
        return decimal(value, decimals, rest.trimmed());
    if (kind == u"count"_s)
        return counted(value, decimals, rest);
    if (kind == u"time"_s) {
        QString format = rest;
        return dateOf(value, format.replace(u'Y', u'y').replace(u"DD"_s, u"dd"_s).replace(u'D', u'd'));
    }
    if (kind == u"currency"_s) {
        FormattedValue formatted = shortNumberOf(value, decimals);
        formatted.suffix = formatted.suffix.trimmed();
        formatted.prefix = rest;
        return formatted;
    }
    if (kind == u"bool"_s) {
        const QStringList words = rest.split(u'/');
        return FormattedValue{{}, value != 0 ? words.value(0) : words.value(1), {}};
    }
    return std::nullopt;
}

} // namespace

int decimalsFor(double value)
{
    const double size = std::abs(value);
    if (!std::isfinite(value) || size == 0 || std::fmod(value, 1) == 0)
        return 0;
    const double power = std::floor(std::log10(size));
    double decimals = 1 - power;
    // 2.5 wants one more than its size says.
    if (size / std::pow(10, -decimals) > 2.25)
        decimals += 1;
    constexpr double most = 100;
    return static_cast<int>(std::clamp(decimals, 0.0, most));
}

QString fixedText(double value, std::optional<int> decimals)
{
    if (std::isnan(value))
        return u"NaN"_s;
    if (std::isinf(value))
        return value > 0 ? u"∞"_s : u"-∞"_s;
    const int places = decimals.value_or(decimalsFor(value));
    if (value == 0)
        return QString::number(0.0, 'f', places);
    const double factor = std::pow(10, places);
    constexpr double exact = 1e21; // beyond it, ECMAScript writes an exponent
    if (std::abs(value) >= exact)
        return QString::number(value, 'g', 6);
    const double rounded = std::isfinite(value * factor) ? std::round(value * factor) / factor : value;
    return QString::number(rounded, 'f', std::min(places, 20));
}

FormattedValue formatValue(double value, const QString &unit, std::optional<int> decimals)
{
    if (!std::isfinite(value))
        return {{}, fixedText(value, decimals), {}};
    if (unit.isEmpty())
        return {{}, fixedText(value, decimals), {}};
    if (const auto known = knownUnits().constFind(unit); known != knownUnits().cend())
        return (*known)(value, decimals);
    if (const auto formatted = special(value, unit, decimals))
        return *formatted;
    return withSuffix(value, decimals, u' ' + unit);
}

bool isKnownUnit(const QString &unit)
{
    return unit.isEmpty() || knownUnits().contains(unit) || special(0, unit, {}).has_value();
}

} // namespace countersign
