#include "ui/pages/overview/overviewpage.h"

#include "backend/types/strings.h"
#include "models/sources/sourcelistmodel.h"
#include "ui/charts/timeseriesview.h"
#include "ui/map/flowmap.h"
#include "ui/pages/overview/mapadapter.h"
#include "ui/pages/overview/noterow.h"
#include "ui/pages/overview/sourcedelegate.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stattile.h"

#include <QGridLayout>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QScrollArea>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr qint64 chartWindow = 30 * 60 * 1000;

QString secondsText(double seconds)
{
    return ageText(std::chrono::microseconds(static_cast<qint64>(seconds * 1e6)));
}

QString figureOf(const OverviewTile &tile)
{
    if (!tile.value || !std::isfinite(*tile.value))
        return u"–"_s;
    const QLocale locale;
    switch (tile.kind) {
    case OverviewTile::Kind::Rate:
        return rateText(tile.value);
    case OverviewTile::Kind::Success:
        return locale.toString(*tile.value * 100, 'f', *tile.value >= 0.9995 ? 0 : 1) + u" %"_s;
    case OverviewTile::Kind::QueueDepth:
    case OverviewTile::Kind::LedgerOffset:
        return locale.toString(*tile.value, 'f', 0);
    case OverviewTile::Kind::HeadLag:
    case OverviewTile::Kind::OldestWaiting:
        return secondsText(*tile.value);
    }
    return {};
}

QString wordOfTone(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return OverviewPage::tr("well");
    case Tone::Warn:
        return OverviewPage::tr("watch");
    case Tone::Bad:
        return OverviewPage::tr("bad");
    case Tone::Neutral:
    case Tone::Info:
        break;
    }
    return {};
}

} // namespace

OverviewPage::OverviewPage(OverviewState &state, SourceListModel &sources, QWidget *parent)
    : Page(parent)
    , m_state(state)
    , m_sources(sources)
    , m_notes(new QVBoxLayout)
    , m_map(new FlowMap(this))
    , m_waiting(new Card(tr("Waiting for you"), this))
    , m_nothing(new QLabel(tr("Nothing waits for your signature."), this))
    , m_waitingRows(new QVBoxLayout)
    , m_sourceList(new QListView(this))
{
    m_notes->setSpacing(6);
    auto *mapCard = new Card(tr("Flow of intents"), this);
    mapCard->setNote(tr("intents a second; queue at each stop"));
    mapCard->body()->addWidget(m_map, 1);

    m_nothing->setForegroundRole(QPalette::PlaceholderText);
    m_nothing->setWordWrap(true);
    m_waitingRows->setSpacing(6);
    m_waiting->body()->addWidget(m_nothing);
    m_waiting->body()->addLayout(m_waitingRows);

    auto *sourceCard = new Card(tr("Sources"), this);
    sourceCard->setFlush(true);
    m_sourceList->setModel(&sources);
    m_sourceList->setItemDelegate(new SourceDelegate(m_sourceList));
    m_sourceList->setFrameShape(QFrame::NoFrame);
    m_sourceList->setAccessibleName(tr("Sources"));
    m_sourceList->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_sourceList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // Takes what is left: it must not make the page scroll at 1366 x 768.
    m_sourceList->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);
    m_sourceList->setMinimumHeight(120);
    sourceCard->body()->addWidget(m_sourceList, 1);
    sourceCard->body()->setContentsMargins(1, 2, 1, 6);

    auto *side = new QVBoxLayout;
    side->setSpacing(12);
    side->addWidget(m_waiting);
    side->addWidget(sourceCard, 1);
    auto *top = new QHBoxLayout;
    top->setSpacing(12);
    top->addWidget(mapCard, 3);
    top->addLayout(side, 1);
    m_waiting->setMinimumWidth(270);

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(12);
    column->addLayout(m_notes);
    column->addLayout(top, 5);
    column->addWidget(buildTiles());
    column->addWidget(buildCharts(), 4);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);

    connect(&m_state, &OverviewState::changed, this, &OverviewPage::showState);
    connect(m_map, &FlowMap::nodeActivated, this, &OverviewPage::openNode);
    connect(m_sourceList, &QListView::activated, this,
        [this](const QModelIndex &index) { emit sourceRequested(index.data(SourceListModel::IdRole).toString()); });
    showState();
}

QWidget *OverviewPage::buildTiles()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    using Kind = OverviewTile::Kind;
    struct Spec {
        Kind kind;
        QString title;
        QString filter;
    };
    const QVector<Spec> specs{{Kind::Rate, tr("Rate"), {}}, {Kind::Success, tr("Success"), u"state:failed"_s},
        {Kind::QueueDepth, tr("Queue depth"), u"state:queued"_s}, {Kind::LedgerOffset, tr("Ledger offset"), {}},
        {Kind::HeadLag, tr("Head lag"), {}}, {Kind::OldestWaiting, tr("Oldest waiting"), u"state:open"_s}};
    for (const Spec &spec : specs) {
        auto *tile = new StatTile(spec.title, row);
        tile->spark()->addSeries(spec.title, Token::Series1);
        tile->spark()->follow(chartWindow / 3);
        m_tiles.insert(int(spec.kind), tile);
        layout->addWidget(tile, 1);
        connect(tile, &StatTile::activated, this, [this, filter = spec.filter] { emit filterRequested(filter); });
    }
    return row;
}

QWidget *OverviewPage::buildCharts()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    struct Spec {
        OverviewChart chart;
        QString title;
        std::function<QString(double)> format;
    };
    const QVector<Spec> specs{
        {OverviewChart::Throughput, tr("Intents a minute"), shortNumber},
        {OverviewChart::Waiting, tr("Queue depth"), shortNumber},
        {OverviewChart::Latency, tr("Ledger to final"),
            [](double seconds) -> QString { return shortNumber(seconds) + u" s"_s; }},
    };
    for (const Spec &spec : specs) {
        auto *card = new Card({}, row);
        auto *view = new TimeSeriesView(spec.title, card);
        view->setBackgroundRole(QPalette::Base);
        view->setFormat(spec.format);
        view->setFloor(0);
        view->follow(chartWindow);
        view->setEmptyText(tr("Asking Prometheus…"));
        view->setMinimumHeight(128);
        card->body()->addWidget(view, 1);
        card->body()->setContentsMargins(12, 0, 6, 6);
        m_charts.insert(int(spec.chart), view);
        layout->addWidget(card, 1);
    }
    return row;
}

void OverviewPage::showState()
{
    m_map->setData(flowMapOf(m_state));
    showTiles();
    showNotes();
}

void OverviewPage::showTiles()
{
    for (const OverviewTile &tile : m_state.tiles()) {
        if (StatTile *view = m_tiles.value(int(tile.kind)))
            view->setFigure(figureOf(tile), tile.note, tile.tone, tile.value ? wordOfTone(tile.tone) : QString());
    }
}

void OverviewPage::showNotes()
{
    if (m_state.notes() == m_shownNotes)
        return;
    const bool sameRows = std::ranges::equal(m_state.notes(), m_shownNotes, [](const OverviewNote &a, const OverviewNote &b) {
        return a.tone == b.tone && a.filter == b.filter && a.since == b.since;
    });
    m_shownNotes = m_state.notes();
    if (sameRows) { // a count moved on: the row stays, and with it the focus and a button that is being pressed
        for (int i = 0; i < m_notes->count(); ++i)
            static_cast<NoteRow *>(m_notes->itemAt(i)->widget())->setText(m_shownNotes[i].text);
        return;
    }
    while (QLayoutItem *item = m_notes->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (const OverviewNote &note : std::as_const(m_shownNotes)) {
        auto *row = new NoteRow(note.tone, note.text, note.filter.isEmpty() ? QString() : tr("Show intents"), this);
        row->setToolTip(utcDateTime(note.since));
        connect(row, &NoteRow::activated, this, [this, filter = note.filter] { emit filterRequested(filter); });
        m_notes->addWidget(row);
    }
}

void OverviewPage::setWaiting(const QVector<WaitingProposal> &proposals)
{
    if (proposals == m_proposals)
        return;
    m_proposals = proposals;
    while (QLayoutItem *item = m_waitingRows->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    m_nothing->setVisible(proposals.isEmpty());
    int mine = 0;
    for (const WaitingProposal &proposal : proposals) {
        mine += proposal.forMe ? 1 : 0;
        auto *row = new NoteRow(proposal.forMe ? Tone::Info : Tone::Neutral, proposal.title, tr("Review"), this);
        row->setNote(proposal.note);
        connect(row, &NoteRow::activated, this, [this, id = proposal.id] { emit proposalRequested(id); });
        m_waitingRows->addWidget(row);
    }
    m_waiting->setHeading(mine > 0 || proposals.isEmpty() ? tr("Waiting for you") : tr("Open proposals"));
}

void OverviewPage::setSeries(
    OverviewChart chart, const QString &name, std::span<const qint64> times, std::span<const float> values)
{
    TimeSeriesView *view = m_charts.value(int(chart));
    const QString key = QString::number(int(chart)) + u':' + name;
    auto line = m_lines.find(key);
    if (line == m_lines.end())
        line = m_lines.insert(key, view->addSeries(name));
    view->setEmptyText(tr("No samples in the last half hour"));
    view->replace(*line, times, values);
}

void OverviewPage::setChartsUnavailable(const QString &reason)
{
    for (TimeSeriesView *view : std::as_const(m_charts))
        view->setEmptyText(reason);
}

void OverviewPage::setTileHistory(OverviewTile::Kind kind, std::span<const qint64> times, std::span<const float> values)
{
    if (StatTile *tile = m_tiles.value(int(kind)))
        tile->spark()->replace(0, times, values);
}

void OverviewPage::sample(qint64 now)
{
    for (const OverviewTile &tile : m_state.tiles()) {
        StatTile *view = m_tiles.value(int(tile.kind));
        if (view && tile.value)
            view->spark()->append(0, now, static_cast<float>(*tile.value));
    }
}

void OverviewPage::openNode(const QString &id)
{
    const int index = id.toInt();
    if (index < 0 || index >= m_state.nodes().size())
        return;
    const OverviewNode &node = m_state.nodes()[index];
    if (node.kind == OverviewNode::Kind::Chain)
        emit filterRequested(u"chain:"_s + node.id);
    else
        emit sourceRequested(node.id);
}

} // namespace countersign
