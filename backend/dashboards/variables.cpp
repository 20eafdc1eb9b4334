#include "backend/dashboards/variables.h"

#include "backend/types/strings.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace countersign {

namespace {

using Kind = DashboardVariable::Kind;

const QString allMark = u"$__all"_s;
constexpr qsizetype maxOptions = 10'000;

/// A call "name(arguments)" over the whole text; the arguments, or absent.
std::optional<QString> callOf(const QString &query, const QString &name)
{
    const QString text = query.trimmed();
    if (!text.startsWith(name) || !text.endsWith(u')'))
        return std::nullopt;
    const QString rest = text.sliced(name.size()).trimmed();
    if (!rest.startsWith(u'('))
        return std::nullopt;
    return rest.sliced(1).chopped(1).trimmed();
}

// The last comma outside of texts and brackets: before it the selector, behind it the label.
qsizetype lastComma(const QString &text)
{
    qsizetype found = -1;
    int depth = 0;
    QChar quote;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (!quote.isNull()) {
            if (c == u'\\')
                ++i;
            else if (c == quote)
                quote = QChar();
        } else if (c == u'"' || c == u'\'' || c == u'`')
            quote = c;
        else if (c == u'{' || c == u'(' || c == u'[')
            ++depth;
        else if (c == u'}' || c == u')' || c == u']')
            --depth;
        else if (c == u',' && depth == 0)
            found = i;
    }
    return found;
}

/// "/pattern/flags", or a pattern alone; absent when it is empty or none.
std::optional<QRegularExpression> patternOf(const QString &regex)
{
    if (regex.isEmpty())
        return std::nullopt;
    QString pattern = regex;
    QRegularExpression::PatternOptions options;
    if (const qsizetype end = regex.lastIndexOf(u'/'); regex.startsWith(u'/') && end > 0) {
        pattern = regex.sliced(1, end - 1);
        if (regex.sliced(end + 1).contains(u'i'))
            options |= QRegularExpression::CaseInsensitiveOption;
    }
    // JavaScript writes a named group as PCRE does.
    const QRegularExpression expression(pattern, options);
    return expression.isValid() ? std::optional(expression) : std::nullopt;
}

std::optional<VariableOption> optionOf(const QRegularExpression &pattern, const QString &text)
{
    const QRegularExpressionMatch match = pattern.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString value = match.captured(u"value"_s);
    const QString shown = match.captured(u"text"_s);
    if (!value.isEmpty() || !shown.isEmpty())
        return VariableOption{shown.isEmpty() ? value : shown, value.isEmpty() ? shown : value};
    const QString first = pattern.captureCount() > 0 ? match.captured(1) : text;
    return VariableOption{first, first};
}

/// Digits by their number, all else by letter whatever its case.
bool naturalBefore(QStringView a, QStringView b)
{
    const auto digitsAt = [](QStringView text, qsizetype at) {
        qsizetype end = at;
        while (end < text.size() && text.at(end).isDigit())
            ++end;
        return text.sliced(at, end - at);
    };
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() && j < b.size()) {
        const QStringView left = digitsAt(a, i);
        const QStringView right = digitsAt(b, j);
        if (!left.isEmpty() && !right.isEmpty()) {
            const double first = left.toDouble();
            const double second = right.toDouble();
            if (first != second)
                return first < second;
            i += left.size();
            j += right.size();
            continue;
        }
        const QChar x = a.at(i++).toLower();
        const QChar y = b.at(j++).toLower();
        if (x != y)
            return x < y;
    }
    return a.size() - i < b.size() - j;
}

// Grafana's order of sorts: 0 none, then alphabetical, numerical, case-insensitive, natural; odd is ascending.
void sortOptions(QList<VariableOption> &options, int sort)
{
    if (sort == 0)
        return;
    const int kind = (sort - 1) / 2;
    const bool isDescending = sort % 2 == 0;
    static const QRegularExpression digits(uR"(\d+)"_s);
    const auto before = [&](const VariableOption &a, const VariableOption &b) {
        if (kind == 1) {
            const QRegularExpressionMatch left = digits.match(a.text);
            const QRegularExpressionMatch right = digits.match(b.text);
            return (left.hasMatch() ? left.captured().toDouble() : -1) < (right.hasMatch() ? right.captured().toDouble() : -1);
        }
        if (kind == 2)
            return a.text.compare(b.text, Qt::CaseInsensitive) < 0;
        return kind == 3 ? naturalBefore(a.text, b.text) : a.text < b.text;
    };
    std::sort(options.begin(), options.end(), [&](const VariableOption &a, const VariableOption &b) {
        if (before(a, b) || before(b, a))
            return isDescending ? before(b, a) : before(a, b);
        return a.value < b.value;
    });
}

VariableValue valueOfAll(const DashboardVariable &variable, const QList<VariableOption> &options)
{
    if (!variable.allValue.isEmpty())
        return {{variable.allValue}, {u"All"_s}, true, true, false};
    VariableValue value{{}, {u"All"_s}, true, false, false};
    for (const VariableOption &option : options)
        value.values.append(option.value);
    if (value.values.isEmpty())
        value = {{u".*"_s}, {u"All"_s}, true, true, true};
    return value;
}

VariableValue valueOf(const DashboardVariable &variable, const QList<VariableOption> &chosen)
{
    VariableValue value;
    value.isMulti = variable.isMulti || variable.includesAll;
    for (const VariableOption &option : chosen) {
        value.values.append(option.value);
        value.texts.append(option.text);
    }
    return value;
}

QString everythingNamed(const DashboardVariable &variable)
{
    return variable.query + u' ' + variable.regex + u' ' + variable.datasource.uid + u' ' + variable.allValue;
}

} // namespace

VariableQuery parseVariableQuery(const QString &query)
{
    using QueryKind = VariableQuery::Kind;
    if (const auto selector = callOf(query, u"label_names"_s))
        return {QueryKind::LabelNames, {}, *selector};
    if (const auto arguments = callOf(query, u"label_values"_s)) {
        const qsizetype comma = lastComma(*arguments);
        if (comma < 0)
            return {QueryKind::LabelValues, *arguments, {}};
        return {QueryKind::LabelValues, arguments->sliced(comma + 1).trimmed(), arguments->first(comma).trimmed()};
    }
    if (const auto pattern = callOf(query, u"metrics"_s))
        return {QueryKind::Metrics, {}, *pattern};
    if (const auto expression = callOf(query, u"query_result"_s))
        return {QueryKind::Result, {}, *expression};
    return {QueryKind::Series, {}, query.trimmed()};
}

QList<qsizetype> variableOrder(const QList<DashboardVariable> &variables)
{
    QHash<QString, qsizetype> byName;
    for (qsizetype i = 0; i < variables.size(); ++i)
        byName.insert(variables.at(i).name, i);
    QList<qsizetype> order;
    QSet<qsizetype> done;
    for (bool moved = true; moved;) {
        moved = false;
        for (qsizetype i = 0; i < variables.size(); ++i) {
            if (done.contains(i))
                continue;
            const QStringList names = variablesIn(everythingNamed(variables.at(i)));
            const bool waits = std::ranges::any_of(names, [&](const QString &name) {
                const auto other = byName.constFind(name);
                return other != byName.cend() && *other != i && !done.contains(*other);
            });
            if (waits)
                continue;
            order.append(i);
            done.insert(i);
            moved = true;
        }
    }
    for (qsizetype i = 0; i < variables.size(); ++i) {
        if (!done.contains(i))
            order.append(i);
    }
    return order;
}

QList<VariableOption> variableOptions(const DashboardVariable &variable, const QStringList &answered)
{
    const std::optional<QRegularExpression> pattern = patternOf(variable.regex);
    QList<VariableOption> options;
    QSet<QString> seen;
    for (const QString &text : answered) {
        const std::optional<VariableOption> option = pattern ? optionOf(*pattern, text) : VariableOption{text, text};
        if (!option || seen.contains(option->value) || options.size() == maxOptions)
            continue;
        seen.insert(option->value);
        options.append(*option);
    }
    sortOptions(options, variable.sort);
    return options;
}

VariableValue chosenValue(const DashboardVariable &variable, const QList<VariableOption> &options)
{
    if (variable.current.contains(allMark))
        return valueOfAll(variable, options);
    QList<VariableOption> chosen;
    for (const QString &value : variable.current) {
        const auto option = std::ranges::find(options, value, &VariableOption::value);
        if (option != options.end())
            chosen.append(*option);
    }
    if (!chosen.isEmpty())
        return valueOf(variable, chosen);
    if (options.isEmpty())
        return {{QString()}, {QString()}, variable.isMulti || variable.includesAll, false, false}; // none: empty, as in Grafana
    if (variable.includesAll && variable.current.isEmpty())
        return valueOfAll(variable, options);
    return valueOf(variable, {options.constFirst()});
}

VariableValue intervalValue(const DashboardVariable &variable, const QString &chosen, std::chrono::milliseconds range)
{
    if (!chosen.startsWith(u"$__auto"_s) && chosen != u"auto"_s)
        return {{chosen}, {chosen}, false, false, false};
    IntervalInput input;
    input.range = range;
    input.maxDataPoints = variable.autoCount;
    input.minStep = parseInterval(variable.autoMin).value_or(std::chrono::seconds(10));
    const QString text = intervalText(intervalsOf(input).step);
    return {{text}, {u"auto"_s}, false, false, false};
}

AssumedValue assumedValue(const DashboardVariable &variable)
{
    if (variable.kind == Kind::Constant || variable.kind == Kind::Textbox) {
        const QString text = variable.current.isEmpty() ? variable.query : variable.current.constFirst();
        return {{{text}, {text}, false, false, false}, u"file"_s};
    }
    if (variable.kind == Kind::Custom && !variable.options.isEmpty())
        return {chosenValue(variable, variable.options), variable.current.isEmpty() ? u"default"_s : u"file"_s};
    if (variable.current.contains(allMark))
        return {valueOfAll(variable, variable.options), !variable.allValue.isEmpty() || !variable.options.isEmpty() ? u"file"_s : u"assumed"_s};
    if (!variable.current.isEmpty() && !(variable.current.size() == 1 && variable.current.constFirst().isEmpty())) {
        VariableValue value{variable.current, variable.currentText, variable.isMulti || variable.includesAll, false, false};
        return {value, u"file"_s};
    }
    if (!variable.options.isEmpty())
        return {valueOf(variable, {variable.options.constFirst()}), u"options"_s};
    // A text where it will stand as a matcher's value; nobody knows better before a server is asked.
    return {{{u".*"_s}, {u"anything"_s}, true, true, true}, u"assumed"_s};
}

VariableValues assumedValues(const Dashboard &dashboard, std::chrono::milliseconds range)
{
    VariableValues values;
    for (const DashboardVariable &variable : dashboard.variables) {
        if (variable.kind == Kind::AdHoc || variable.name.isEmpty())
            continue;
        VariableValue value = assumedValue(variable).value;
        if (variable.kind == Kind::Interval)
            value = intervalValue(variable, value.values.constFirst(), range);
        values.insert(variable.name, value);
    }
    return values;
}

} // namespace countersign
