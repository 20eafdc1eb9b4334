#include "models/dashboards/dashboardsession.h"

#include "backend/dashboards/panelsupport.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"
#include "models/dashboards/frames.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds scrapeInterval = 5s;
constexpr std::chrono::milliseconds shortestRefresh = 1s;
constexpr std::chrono::milliseconds week = 7 * 24h;
constexpr int gridWidth = 24;
const QString allMark = u"$__all"_s;

Timestamp shifted(Timestamp time, std::chrono::milliseconds by)
{
    return time + std::chrono::duration_cast<std::chrono::microseconds>(by);
}

PrometheusResult shifted(PrometheusResult result, std::chrono::milliseconds by)
{
    if (by.count() == 0)
        return result;
    for (PrometheusSeries &series : result.series) {
        for (PrometheusSample &sample : series.samples)
            sample.time = shifted(sample.time, by);
        for (PrometheusHistogram &histogram : series.histograms)
            histogram.time = shifted(histogram.time, by);
    }
    return result;
}

} // namespace

DashboardSession::DashboardSession(QueryService &queries, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_queries(queries)
    , m_clock(clock)
{
    connect(&m_timer, &QTimer::timeout, this, &DashboardSession::refresh);
}

DashboardSession::~DashboardSession() = default;

void DashboardSession::setServer(const HttpAccess &access)
{
    m_client = std::make_unique<PrometheusClient>(m_http, access);
    spawn(resolve());
}

void DashboardSession::open(Dashboard dashboard)
{
    m_panels.clear();
    m_annotations.clear();
    m_chosen.clear();
    m_toggled.clear();
    m_resolved.clear();
    m_dashboard = std::move(dashboard);
    m_from = m_dashboard.from;
    m_to = m_dashboard.to;
    setRangeTimes();
    setRefreshInterval(parseInterval(m_dashboard.refresh).value_or(0ms));
    const VariableValues assumed = assumedValues(m_dashboard, dashboardScope().intervals.range);
    for (const DashboardVariable &variable : std::as_const(m_dashboard.variables))
        m_resolved.insert(variable.name, {variable.options, assumed.value(variable.name), assumedValue(variable).source, {}});
    emit opened();
    layOutAgain();
    emit variablesChanged();
    spawn(resolve());
}

QCoro::Task<> DashboardSession::resolve()
{
    m_resolving.restart();
    const std::stop_token stop = m_resolving.token();
    if (!m_client)
        co_return;
    const ResolvedVariables resolved
        = co_await resolveVariables(*m_client, withChosen(m_dashboard, m_chosen), dashboardScope(), stop);
    if (stop.stop_requested())
        co_return;
    m_resolved = resolved;
    emit variablesChanged();
    layOutAgain();
}

const PanelSlot *DashboardSession::slot(const QString &key) const
{
    const auto found = std::ranges::find(m_slots, key, &PanelSlot::key);
    return found == m_slots.end() ? nullptr : &*found;
}

void DashboardSession::setRangeTimes()
{
    const Timestamp now = m_clock.now();
    m_begin = parseRangeTime(m_from, now, false).value_or(shifted(now, -6h));
    m_end = parseRangeTime(m_to, now, true).value_or(now);
    if (m_end <= m_begin)
        m_begin = shifted(m_end, -1h);
}

bool DashboardSession::setRange(const QString &from, const QString &to)
{
    const Timestamp now = m_clock.now();
    const auto begin = parseRangeTime(from, now, false);
    const auto end = parseRangeTime(to, now, true);
    if (!begin || !end || *end <= *begin)
        return false;
    m_from = from;
    m_to = to;
    setRangeTimes();
    emit rangeChanged();
    const bool asksAgain = std::ranges::any_of(m_dashboard.variables, [](const DashboardVariable &variable) { return variable.refresh == 2; });
    if (asksAgain)
        spawn(resolve());
    askAll();
    return true;
}

void DashboardSession::setRefreshInterval(std::chrono::milliseconds interval)
{
    m_refresh = interval > 0ms ? std::max(interval, shortestRefresh) : 0ms;
    if (m_refresh > 0ms && !m_isPaused)
        m_timer.start(m_refresh);
    else
        m_timer.stop();
}

void DashboardSession::refresh()
{
    setRangeTimes();
    emit rangeChanged();
    askAll();
}

void DashboardSession::setPaused(bool paused)
{
    if (m_isPaused == paused)
        return;
    m_isPaused = paused;
    for (auto &[key, panel] : m_panels) {
        for (Question &question : panel.questions)
            question.subscription->setWanted(!paused && panel.isShown);
    }
    setRefreshInterval(m_refresh);
    if (!paused)
        refresh();
}

void DashboardSession::setWidth(int pixels)
{
    // Steps that follow every pixel would ask anew while somebody drags the window.
    constexpr int coarse = 200;
    const int width = std::max(coarse, (pixels + coarse - 1) / coarse * coarse);
    if (width == m_width)
        return;
    m_width = width;
    askAll();
}

QList<VariableChoice> DashboardSession::variables() const
{
    using Kind = DashboardVariable::Kind;
    QList<VariableChoice> choices;
    for (const DashboardVariable &variable : m_dashboard.variables) {
        if (variable.hide == 2 || variable.kind == Kind::Datasource || variable.kind == Kind::Constant || variable.kind == Kind::AdHoc
            || variable.kind == Kind::GroupBy)
            continue;
        const ResolvedVariable resolved = m_resolved.value(variable.name);
        VariableChoice choice;
        choice.name = variable.name;
        choice.label = variable.label.isEmpty() ? variable.name : variable.label;
        choice.options = resolved.options;
        const QStringList current = m_chosen.value(variable.name, variable.current);
        choice.chosen = current.contains(allMark) ? QStringList{allMark} : resolved.value.values;
        const QStringList &texts = resolved.value.texts;
        choice.shown = choice.chosen.contains(allMark) ? tr("All") : (texts.isEmpty() ? resolved.value.values : texts).join(u" + "_s);
        choice.isMulti = variable.isMulti;
        choice.includesAll = variable.includesAll;
        choice.isText = variable.kind == Kind::Textbox;
        choice.error = resolved.error;
        choices.append(choice);
    }
    return choices;
}

void DashboardSession::choose(const QString &variable, const QStringList &values)
{
    m_chosen.insert(variable, values);
    // At once with what is known; what depends on it is asked for.
    const Dashboard chosen = withChosen(m_dashboard, m_chosen);
    const auto found = std::ranges::find(chosen.variables, variable, &DashboardVariable::name);
    if (found == chosen.variables.end())
        return;
    ResolvedVariable &resolved = m_resolved[variable];
    const std::chrono::milliseconds range = dashboardScope().intervals.range;
    resolved.value = found->kind == DashboardVariable::Kind::Interval && !values.isEmpty() ? intervalValue(*found, values.constFirst(), range)
        : resolved.options.isEmpty()                                                        ? assumedValue(*found).value
                                                                                             : chosenValue(*found, resolved.options);
    emit variablesChanged();
    layOutAgain();
    spawn(resolve());
}

void DashboardSession::toggleRow(const QString &key)
{
    if (!m_toggled.remove(key))
        m_toggled.insert(key);
    layOutAgain();
}

InterpolationScope DashboardSession::dashboardScope() const
{
    InterpolationScope scope;
    scope.variables = valuesOf(m_resolved);
    scope.from = m_begin;
    scope.to = m_end;
    scope.dashboardTitle = m_dashboard.title;
    IntervalInput input;
    input.range = std::chrono::duration_cast<std::chrono::milliseconds>(m_end - m_begin);
    input.maxDataPoints = m_width;
    input.scrapeInterval = scrapeInterval;
    scope.intervals = intervalsOf(input);
    return scope;
}

InterpolationScope DashboardSession::scopeOf(const PanelSlot &slot) const
{
    InterpolationScope scope = dashboardScope();
    scope.variables.insert(slot.scoped);
    return scope;
}

void DashboardSession::layOutAgain()
{
    m_slots = layOut(m_dashboard, dashboardScope(), m_toggled);
    for (auto it = m_panels.begin(); it != m_panels.end();)
        it = slot(it->first) ? std::next(it) : m_panels.erase(it);
    emit laidOut();
    askAll();
}

void DashboardSession::setShown(const QString &key, bool shown)
{
    PanelQuestions &panel = m_panels[key];
    if (panel.isShown == shown)
        return;
    panel.isShown = shown;
    for (Question &question : panel.questions)
        question.subscription->setWanted(shown && !m_isPaused);
    if (const PanelSlot *place = slot(key); place && shown)
        askPanel(*place);
}

void DashboardSession::askAll()
{
    if (m_isPaused)
        return;
    for (const PanelSlot &slot : std::as_const(m_slots)) {
        if (!slot.isRow)
            askPanel(slot);
    }
    askAnnotations();
}

void DashboardSession::askQuestion(std::vector<Question> &questions, size_t index, const PanelSlot &slot, const PanelTarget &target,
    std::chrono::milliseconds shift)
{
    const InterpolationScope scope
        = panelScope(slot.panel, target, scopeOf(slot), m_width * slot.grid.width / gridWidth, scrapeInterval);
    const QString expression = interpolate(target.expression, scope).text;
    const bool isTable = target.format == PanelTarget::Format::Table;
    const bool asksRange = target.isRange && !(target.isInstant && isTable);
    const Timestamp from = shifted(scope.from, -shift);
    const Timestamp to = shifted(scope.to, -shift);
    const QueryRequest request = asksRange ? QueryRequest::range(expression, from, to, scope.intervals.step)
                                           : QueryRequest::instant(expression, to);
    if (index < questions.size()) {
        questions[index].subscription->ask(request);
    } else {
        questions.push_back({target, {}, {}, m_queries.subscribe(request)});
        connect(questions.back().subscription.get(), &QuerySubscription::changed, this, [this, key = slot.key] { emit panelChanged(key); });
    }
    questions[index].target = target;
    questions[index].legendFormat = interpolate(target.legendFormat, scope, DefaultFormat::Text).text;
    questions[index].step = asksRange ? scope.intervals.step : 0ms;
}

void DashboardSession::askPanel(const PanelSlot &slot)
{
    PanelQuestions &panel = m_panels[slot.key];
    if (!panel.isShown || !asksServers(slot.panel.type) || !supportOf(slot.panel).isSupported)
        return;
    const QHash<QString, QString> types = datasourceTypes(m_dashboard);
    panel.problem.clear();
    panel.shift = parseInterval(slot.panel.timeShift).value_or(0ms);
    size_t index = 0;
    for (const PanelTarget &target : slot.panel.targets) {
        const DatasourceRef datasource = datasourceOf(slot.panel, target);
        const QString reason = whyNotAsked(datasource, types);
        const bool isLoki = types.value(datasource.uid, datasource.type) == u"loki"_s;
        if (!reason.isEmpty() || isLoki) {
            panel.problem = isLoki ? tr("It asks Loki, and the profile names none.") : reason;
            continue;
        }
        if (target.isHidden || target.expression.trimmed().isEmpty())
            continue;
        askQuestion(panel.questions, index, slot, target, panel.shift);
        if (panel.wantsGhost)
            askQuestion(panel.ghost, index, slot, target, panel.shift + week);
        ++index;
    }
    panel.questions.resize(std::min(panel.questions.size(), index));
    panel.ghost.resize(panel.wantsGhost ? std::min(panel.ghost.size(), index) : 0);
    emit panelChanged(slot.key);
}

void DashboardSession::setGhostWanted(const QString &key, bool wanted)
{
    PanelQuestions &panel = m_panels[key];
    panel.wantsGhost = wanted;
    if (const PanelSlot *place = slot(key))
        askPanel(*place);
}

QList<TargetAnswer> DashboardSession::answersOf(const std::vector<Question> &questions, std::chrono::milliseconds shift) const
{
    QList<TargetAnswer> answers;
    for (const Question &question : questions) {
        if (const auto &result = question.subscription->result())
            answers.append({question.target, question.legendFormat, shifted(*result, shift), question.step});
    }
    return answers;
}

PanelState DashboardSession::state(const QString &key) const
{
    PanelState state;
    const PanelSlot *place = slot(key);
    const auto panel = m_panels.find(key);
    if (!place || panel == m_panels.end())
        return state;
    for (const Question &question : panel->second.questions) {
        const QuerySubscription &subscription = *question.subscription;
        state.isLoading = state.isLoading || subscription.isLoading();
        if (subscription.error() && state.error.isEmpty())
            state.error = subscription.error()->message;
        if (const auto asOf = subscription.asOf(); asOf && (!state.asOf || *asOf < *state.asOf))
            state.asOf = asOf;
    }
    if (state.error.isEmpty())
        state.error = panel->second.problem;
    state.content = contentOf(place->panel, answersOf(panel->second.questions, panel->second.shift), scopeOf(*place));
    return state;
}

QList<SeriesContent> DashboardSession::ghost(const QString &key) const
{
    const PanelSlot *place = slot(key);
    const auto panel = m_panels.find(key);
    if (!place || panel == m_panels.end() || !panel->second.wantsGhost)
        return {};
    return contentOf(place->panel, answersOf(panel->second.ghost, panel->second.shift + week), scopeOf(*place)).series;
}

QStringList DashboardSession::queriesOf(const QString &key) const
{
    QStringList texts;
    const PanelSlot *place = slot(key);
    if (!place)
        return texts;
    for (const PanelTarget &target : place->panel.targets) {
        const InterpolationScope scope
            = panelScope(place->panel, target, scopeOf(*place), m_width * place->grid.width / gridWidth, scrapeInterval);
        texts.append(tr("# %1, step %2").arg(target.refId, intervalText(scope.intervals.step)) + u'\n'
            + interpolate(target.expression, scope).text);
    }
    return texts;
}

Coverage DashboardSession::coverage() const
{
    CoverageInput input;
    input.scope = dashboardScope();
    input.width = m_width;
    input.scrapeInterval = scrapeInterval;
    for (auto it = m_resolved.cbegin(); it != m_resolved.cend(); ++it)
        input.sources.insert(it.key(), it->source);
    return countersign::coverageOf(m_dashboard, input);
}

QString DashboardSession::coverageSummary() const
{
    const Coverage report = coverage();
    return tr("%1 of %2 panels can be drawn.").arg(report.supported()).arg(report.panels.size());
}

QString DashboardSession::coverageText() const
{
    const Coverage report = coverage();
    QStringList lines{coverageSummary(), QString()};
    for (const PanelCoverage &panel : report.panels) {
        lines.append(tr("%1 %2 (%3)").arg(panel.isSupported ? u"✓"_s : u"✗"_s, panel.title.isEmpty() ? tr("untitled") : panel.title, panel.fileType)
            + (panel.reason.isEmpty() ? QString() : u": "_s + panel.reason));
        for (const QString &limit : panel.limits)
            lines.append(u"    "_s + limit);
    }
    if (!report.variables.isEmpty())
        lines += {QString(), tr("Variables")};
    for (const VariableCoverage &variable : report.variables)
        lines.append(u"%1 %2 (%3): %4"_s.arg(variable.isSupported ? u"✓"_s : u"✗"_s, variable.name, variable.kind,
            variable.reason.isEmpty() ? variable.values.join(u", "_s) : variable.reason));
    if (!report.notes.isEmpty())
        lines += {QString(), tr("Converted")};
    return (lines + report.notes).join(u'\n');
}

void DashboardSession::askAnnotations()
{
    size_t index = 0;
    const InterpolationScope scope = dashboardScope();
    for (const DashboardAnnotation &annotation : std::as_const(m_dashboard.annotations)) {
        if (!annotation.isEnabled || annotation.isBuiltIn || annotation.expression.isEmpty()
            || !whyNotAsked(annotation.datasource, datasourceTypes(m_dashboard)).isEmpty())
            continue;
        const auto step = std::max(parseInterval(annotation.step).value_or(60s), scope.intervals.step);
        const QueryRequest request = QueryRequest::range(interpolate(annotation.expression, scope).text, m_begin, m_end, step);
        if (index < m_annotations.size()) {
            m_annotations[index].subscription->ask(request);
        } else {
            m_annotations.push_back({{}, {}, {}, m_queries.subscribe(request)});
            connect(m_annotations.back().subscription.get(), &QuerySubscription::changed, this, &DashboardSession::annotationsChanged);
        }
        m_annotations[index].target.refId = annotation.color;
        m_annotations[index].legendFormat = annotation.titleFormat.isEmpty() ? annotation.name : annotation.titleFormat;
        m_annotations[index].step = step;
        ++index;
    }
    m_annotations.resize(std::min(m_annotations.size(), index));
}

QList<SessionAnnotation> DashboardSession::annotations() const
{
    QList<SessionAnnotation> all;
    for (const Question &question : m_annotations) {
        const auto &result = question.subscription->result();
        if (!result)
            continue;
        // Samples that follow each other are one event; zero and NaN are none.
        for (const PrometheusSeries &series : result->series) {
            const QString text = legendText(question.legendFormat, series.labels);
            qint64 last = 0;
            for (const PrometheusSample &sample : series.samples) {
                if (std::isnan(sample.value) || sample.value == 0)
                    continue;
                const qint64 time = sample.time.millis();
                if (!all.isEmpty() && last > 0 && time - last <= question.step.count())
                    all.last().to = time;
                else
                    all.append({time, time, text, question.target.refId});
                last = time;
            }
        }
    }
    return all;
}

} // namespace countersign
