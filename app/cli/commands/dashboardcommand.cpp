#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "backend/dashboards/coverage.h"
#include "backend/dashboards/dashboardreader.h"
#include "backend/dashboards/variableresolver.h"
#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QUrl>

#include <QCoroTask>

namespace countersign {

namespace {

constexpr int widest = 20'000;

QList<QCommandLineOption> options()
{
    return {{u"prometheus"_s, u"Server that is asked for the variables and every query."_s, u"URL"_s},
        {u"var"_s, u"A value of a variable; again for further values."_s, u"NAME=VALUE"_s},
        {u"from"_s, u"Begin of the range: now-6h, ISO 8601 or milliseconds. Default: the dashboard's."_s, u"TIME"_s},
        {u"to"_s, u"End of the range."_s, u"TIME"_s},
        {u"width"_s, u"Pixels of a panel over the whole width, for the steps. Default: 1000."_s, u"PIXELS"_s},
        {u"scrape-interval"_s, u"Of the data source. Default: 15s."_s, u"INTERVAL"_s}};
}

Result<Timestamp> timeOf(const Invocation &invocation, const QString &option, const QString &own, Timestamp now)
{
    const bool isGiven = invocation.has(option);
    const auto time = parseRangeTime(isGiven ? invocation.value(option) : own, now, option == u"to"_s);
    if (time)
        return *time;
    if (isGiven)
        return fail(ErrorKind::Invalid, u"--%1: \"%2\" is no time"_s.arg(option, invocation.value(option)), u"usage"_s);
    return option == u"to"_s ? now : now - std::chrono::hours(6);
}

Result<CoverageInput> inputOf(const Invocation &invocation, const Dashboard &dashboard)
{
    CoverageInput input;
    const Timestamp now = Timestamp::fromDateTime(QDateTime::currentDateTimeUtc());
    const auto from = timeOf(invocation, u"from"_s, dashboard.from, now);
    const auto to = timeOf(invocation, u"to"_s, dashboard.to, now);
    if (!from || !to)
        return std::unexpected(from ? to.error() : from.error());
    if (*to <= *from)
        return fail(ErrorKind::Invalid, u"The range ends before it begins"_s, u"usage"_s);
    if (invocation.has(u"width"_s)) {
        input.width = invocation.value(u"width"_s).toInt();
        if (input.width < 1 || input.width > widest)
            return fail(ErrorKind::Invalid, u"--width is a number of pixels from 1 to %1"_s.arg(widest), u"usage"_s);
    }
    if (invocation.has(u"scrape-interval"_s)) {
        const auto interval = parseInterval(invocation.value(u"scrape-interval"_s));
        if (!interval)
            return fail(ErrorKind::Invalid, u"--scrape-interval: \"%1\" is no interval, such as 15s"_s.arg(invocation.value(u"scrape-interval"_s)), u"usage"_s);
        input.scrapeInterval = *interval;
    }
    input.scope.from = *from;
    input.scope.to = *to;
    input.scope.dashboardTitle = dashboard.title;
    IntervalInput whole;
    whole.range = std::chrono::duration_cast<std::chrono::milliseconds>(*to - *from);
    whole.maxDataPoints = input.width;
    whole.scrapeInterval = input.scrapeInterval;
    input.scope.intervals = intervalsOf(whole);
    return input;
}

Result<QHash<QString, QStringList>> givenValues(const Invocation &invocation, const Dashboard &dashboard)
{
    QHash<QString, QStringList> given;
    for (const QString &text : invocation.values(u"var"_s)) {
        const qsizetype equals = text.indexOf(u'=');
        const QString name = text.first(std::max<qsizetype>(equals, 0));
        if (equals < 1)
            return fail(ErrorKind::Invalid, u"--var: \"%1\" is not NAME=VALUE"_s.arg(text), u"usage"_s);
        if (std::ranges::find(dashboard.variables, name, &DashboardVariable::name) == dashboard.variables.end())
            return fail(ErrorKind::Invalid, u"--var: the dashboard has no variable \"%1\""_s.arg(name), u"usage"_s);
        given[name].append(text.sliced(equals + 1));
    }
    return given;
}

void describe(const PanelCoverage &panel, Report::Node &list)
{
    const QString kind = panel.type == panel.fileType ? panel.type : u"%1 as %2"_s.arg(panel.fileType, panel.type);
    list.element(panel.isSupported ? u"yes"_s : u"no"_s,
        u"%1 (%2)%3"_s.arg(panel.title.isEmpty() ? u"untitled"_s : panel.title, kind, panel.reason.isEmpty() ? QString() : u": "_s + panel.reason));
    for (const QString &limit : panel.limits)
        list.element({}, u"    "_s + limit);
    for (const TargetCoverage &target : panel.targets) {
        // A comment ends with its line.
        QString text = target.substituted.contains(u'#') ? target.substituted : target.substituted.simplified();
        if (!target.reason.isEmpty())
            text += u"  ["_s + target.reason + u']';
        if (!target.unknownVariables.isEmpty())
            text += u"  [nobody sets "_s + target.unknownVariables.join(u", "_s) + u']';
        if (!target.error.isEmpty())
            text += u"  [error: "_s + target.error + u']';
        else if (target.series)
            text += u"  [series: %1]"_s.arg(*target.series);
        list.element({}, u"    "_s + (target.refId.isEmpty() ? text : target.refId + u": "_s + text));
    }
}

void describe(const Coverage &coverage, Report &report)
{
    report.add(u"title"_s, coverage.title);
    report.add(u"panels"_s, u"%1 of %2 can be drawn"_s.arg(coverage.supported()).arg(coverage.panels.size()));
    Report::Node &variables = report.root().list(u"variables"_s);
    for (const VariableCoverage &variable : coverage.variables) {
        QString text = u"%1 (%2): %3"_s.arg(variable.name, variable.kind, variable.values.join(u", "_s));
        for (const QString &more : {variable.source, variable.reason, variable.error}) {
            if (!more.isEmpty())
                text += u"  ["_s + more + u']';
        }
        variables.element(variable.isSupported ? u"yes"_s : u"no"_s, text);
    }
    Report::Node &panels = report.root().list(u"panels"_s);
    for (const PanelCoverage &panel : coverage.panels)
        describe(panel, panels);
    Report::Node &notes = report.root().list(u"notes"_s);
    for (const QString &note : coverage.notes + coverage.annotations)
        notes.element({}, note);
    report.setJson(QJsonDocument(coverage.toJson()).toJson(QJsonDocument::Indented));
}

Result<QUrl> serverOf(const Invocation &invocation)
{
    const QUrl url(invocation.value(u"prometheus"_s), QUrl::StrictMode);
    if (!url.isValid() || (url.scheme() != u"http" && url.scheme() != u"https") || url.host().isEmpty())
        return fail(ErrorKind::Invalid, u"--prometheus: \"%1\" is no http or https address"_s.arg(invocation.value(u"prometheus"_s)), u"usage"_s);
    return url;
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto word = invocation.word(0, u"The dashboard"_s);
    const auto bytes = word ? readFile(*word, maxDashboardBytes) : Result<QByteArray>(std::unexpected(word.error()));
    const auto dashboard = bytes ? readDashboard(*bytes) : Result<Dashboard>(std::unexpected(bytes.error()));
    if (!dashboard)
        return std::unexpected(dashboard.error());
    auto input = inputOf(invocation, *dashboard);
    if (!input)
        return std::unexpected(input.error());
    const auto given = givenValues(invocation, *dashboard);
    if (!given)
        return std::unexpected(given.error());
    for (auto it = given->cbegin(); it != given->cend(); ++it)
        input->sources.insert(it.key(), u"given"_s);
    const Dashboard chosen = withChosen(*dashboard, *given);
    input->scope.variables = assumedValues(chosen, input->scope.intervals.range);
    if (!invocation.has(u"prometheus"_s)) {
        describe(coverageOf(chosen, *input), report);
        return {};
    }
    const auto server = serverOf(invocation);
    if (!server)
        return std::unexpected(server.error());
    HttpClient http;
    PrometheusClient prometheus(http, *server);
    // Who names a server wants to hear that it did not answer, not that every query failed.
    if (const auto reached = QCoro::waitFor(prometheus.query(u"vector(1)"_s)); !reached)
        return std::unexpected(reached.error());
    const auto coverage = QCoro::waitFor(evaluateDashboard(prometheus, chosen, *input));
    describe(coverage, report);
    return {};
}

} // namespace

const Command dashboardCommand{"dashboard", "FILE", "what of a Grafana dashboard can be drawn, and what its queries become",
    "Reads a dashboard of Grafana (classic schema, also exported for sharing, also with the old rows and panels) and reports:\n"
    "each panel with its type and whether it can be drawn or why not, each variable with its value and where that comes from,\n"
    "each query after substitution with the step that would be asked. With --prometheus the variables are asked for and every\n"
    "query is evaluated over the range; errors stand beside the query.\n\n"
    "Exit codes: 0 read, 2 wrong usage, 3 no dashboard, 5 the server was not reached.\n",
    options, run};

} // namespace countersign
