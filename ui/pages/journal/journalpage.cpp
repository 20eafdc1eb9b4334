#include "ui/pages/journal/journalpage.h"

#include "backend/types/strings.h"
#include "models/journal/journalmodel.h"
#include "ui/pages/journal/journaldetails.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/prompter.h"
#include "ui/widgets/stateoverlay.h"
#include "ui/widgets/statusbadge.h"

#include <QComboBox>
#include <QHeaderView>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace countersign {

namespace {

Tone toneOfStatus(JournalStatus::State state)
{
    switch (state) {
    case JournalStatus::State::Ready:
        return Tone::Good;
    case JournalStatus::State::Blocked:
        return Tone::Warn;
    case JournalStatus::State::Broken:
    case JournalStatus::State::Unavailable:
        return Tone::Bad;
    case JournalStatus::State::Opening:
        break;
    }
    return Tone::Neutral;
}

QString wordOfStatus(JournalStatus::State state)
{
    switch (state) {
    case JournalStatus::State::Ready:
        return JournalPage::tr("Chain whole");
    case JournalStatus::State::Blocked:
        return JournalPage::tr("Blocked");
    case JournalStatus::State::Broken:
        return JournalPage::tr("Damaged");
    case JournalStatus::State::Unavailable:
        return JournalPage::tr("Not open");
    case JournalStatus::State::Opening:
        break;
    }
    return JournalPage::tr("Verifying");
}

} // namespace

JournalPage::JournalPage(JournalModel &model, Prompter &prompter, QWidget *parent)
    : Page(parent)
    , m_model(model)
    , m_prompter(prompter)
    , m_badge(new StatusBadge(this))
    , m_status(new QLabel(this))
    , m_verify(new QPushButton(themeIcon("verify"_L1), tr("Verify chain"), this))
    , m_export(new QPushButton(themeIcon("export"_L1), tr("Export…"), this))
    , m_successor(new QPushButton(tr("Go on in a new journal…"), this))
    , m_kind(new QComboBox(this))
    , m_filter(new QLineEdit(this))
    , m_count(new QLabel(this))
    , m_table(new DataTable(tr("Journal"), this))
    , m_details(new JournalDetails(this))
{
    auto *title = new QLabel(tr("Journal"), this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_status->setForegroundRole(QPalette::PlaceholderText);
    m_status->setTextFormat(Qt::PlainText);
    m_verify->setAccessibleName(tr("Verify chain"));
    m_export->setAccessibleName(tr("Export rows"));
    m_successor->setAccessibleName(tr("Go on in a new journal"));

    m_kind->setAccessibleName(tr("Kind"));
    m_kind->addItem(tr("All kinds"), -1);
    for (int kind = 0; kind <= int(JournalKind::Other); ++kind)
        m_kind->addItem(journalKindName(static_cast<JournalKind>(kind)), kind);
    m_filter->setPlaceholderText(tr("Filter by any word: a name, a hash, a verb"));
    m_filter->setAccessibleName(tr("Filter of the journal"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(themeIcon("filter"_L1), QLineEdit::LeadingPosition);
    m_count->setForegroundRole(QPalette::PlaceholderText);

    m_table->setModel(&m_model);
    m_table->setColumns({{196, {.quiet = true}}, {104, {.mark = true}}, {96, {}},
                            {190, {.mono = true, .quiet = true, .elide = Qt::ElideMiddle}}, {300, {}}},
        JournalModel::TextColumn);
    m_table->glyphs()->setToneOf([](const QModelIndex &index) {
        if (index.data(JournalModel::IsIncidentRole).toBool())
            return Tone::Bad;
        switch (static_cast<JournalKind>(index.data(JournalModel::KindRole).toInt())) {
        case JournalKind::Signature:
        case JournalKind::Execution:
        case JournalKind::Effect:
            return Tone::Good;
        case JournalKind::Proposal:
        case JournalKind::Review:
            return Tone::Info;
        default:
            return Tone::Neutral;
        }
    });
    m_details->hide();

    auto *head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(title);
    head->addWidget(m_badge);
    head->addWidget(m_status, 1);
    head->addWidget(m_successor);
    head->addWidget(m_verify);
    head->addWidget(m_export);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_kind);
    bar->addWidget(m_count);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({800, 440});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addLayout(bar);
    layout->addWidget(splitter, 1);

    connect(m_filter, &QLineEdit::textChanged, this, &JournalPage::applyFilter);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &JournalPage::applyFilter);
    connect(m_verify, &QPushButton::clicked, this, [this] { m_model.verify(); });
    connect(m_export, &QPushButton::clicked, this, &JournalPage::exportRows);
    connect(m_successor, &QPushButton::clicked, this, &JournalPage::askSuccessor);
    connect(m_table->overlay(), &StateOverlay::retryRequested, this, &JournalPage::retryRequested);
    connect(m_table, &DataTable::currentRowChanged, this, &JournalPage::showCurrent);
    connect(m_details, &JournalDetails::closeRequested, this, &JournalPage::closeInnermost);
    connect(&m_model, &JournalModel::statusChanged, this, &JournalPage::showStatus);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &JournalPage::showStatus);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &JournalPage::showStatus);
    showStatus();
}

void JournalPage::registerActions(ActionRegistry &registry)
{
    const auto add = [&](const ActionSpec &spec, std::function<void()> run) {
        const auto added = registry.add(spec, std::move(run));
        Q_ASSERT(added.has_value());
    };
    add({u"journal.verify"_s, tr("Journal"), tr("Verify the chain"), tr("Walk every row and its hash"), "verify"_L1, {},
            u"journal"_s},
        [this] { m_model.verify(); });
    add({u"journal.export"_s, tr("Journal"), tr("Export the rows shown"), tr("One JSON object a line"), "export"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_E)}, u"journal"_s},
        [this] { exportRows(); });
}

void JournalPage::refresh()
{
    m_model.verify();
}

void JournalPage::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

bool JournalPage::closeInnermost()
{
    if (m_details->isVisible()) {
        m_wantedId = 0;
        m_details->hide();
        m_table->setFocus(); // first: a view that gets the focus without a current row takes its first one, and that opens the details again
        m_table->clearSelection();
        m_table->setCurrentIndex({});
        return true;
    }
    if (!m_filter->text().isEmpty()) {
        m_filter->clear();
        return true;
    }
    return false;
}

bool JournalPage::copySelection()
{
    m_table->copySelectedRows();
    return true;
}

void JournalPage::applyFilter()
{
    JournalFilter filter;
    filter.text = m_filter->text();
    if (const int kind = m_kind->currentData().toInt(); kind >= 0)
        filter.kinds.insert(static_cast<JournalKind>(kind));
    m_model.setFilter(filter);
    showStatus();
}

void JournalPage::showStatus()
{
    const JournalStatus &status = m_model.status();
    m_badge->setState(m_model.isVerifying() ? Tone::Neutral : toneOfStatus(status.state),
        m_model.isVerifying() ? tr("Verifying") : wordOfStatus(status.state));
    m_status->setText(m_model.statusText());
    m_successor->setVisible(status.state == JournalStatus::State::Broken);
    m_verify->setEnabled(!m_model.isVerifying() && status.state != JournalStatus::State::Opening);
    m_export->setEnabled(m_model.rowCount() > 0);
    const QLocale locale;
    m_count->setText(m_model.rowCount() == m_model.total()
            ? tr("Rows: %1").arg(locale.toString(m_model.total()))
            : tr("%1 of %2 rows").arg(locale.toString(m_model.rowCount()), locale.toString(m_model.total())));

    StateOverlay *overlay = m_table->overlay();
    if (m_model.rowCount() > 0)
        overlay->clear();
    else if (status.state == JournalStatus::State::Unavailable)
        overlay->showError(tr("The journal could not be opened"), status.error.message);
    else if (status.state == JournalStatus::State::Opening || m_model.isLoading())
        overlay->showLoading(tr("Reading and verifying the journal…"));
    else if (m_model.total() > 0)
        overlay->showEmpty(tr("No row matches"), tr("Clear the filter with Esc."));
    else
        overlay->showEmpty(
            tr("Nothing has been recorded yet"), tr("Every act of a person and every signature will stand here."));
}

void JournalPage::showCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid())
        return;
    m_wantedId = m_model.line(current.row()).id;
    m_model.load(m_wantedId, m_wantedId).then(this, [this, id = m_wantedId](const Result<QList<JournalRow>> &rows) {
        if (id != m_wantedId)
            return;
        if (!rows || rows->isEmpty()) {
            m_status->setText(tr("Row %1 cannot be read: %2").arg(id).arg(rows ? tr("it is gone") : rows.error().message));
            return;
        }
        m_details->setRow(rows->first());
        m_details->show();
    });
}

struct JournalPage::Export {
    explicit Export(const QString &path) : file(path) {}

    QSaveFile file; // what is not committed leaves no trace
    QList<qint64> ids; // ascending
    qsizetype written = 0;
};

void JournalPage::exportRows()
{
    if (m_running) {
        endExport(tr("The export was stopped; no file was written"));
        return;
    }
    m_prompter.askSaveFile(this, {tr("Export the rows shown"), u"journal.jsonl"_s, tr("JSON lines (*.jsonl)")},
        [this](const QString &path) {
            if (!path.isEmpty() && !m_running)
                beginExport(path);
        });
}

void JournalPage::beginExport(const QString &path)
{
    m_running = std::make_shared<Export>(path);
    if (!m_running->file.open(QIODevice::WriteOnly)) {
        endExport(tr("Could not write %1: %2").arg(path, m_running->file.errorString()));
        return;
    }
    for (int row = m_model.rowCount() - 1; row >= 0; --row)
        m_running->ids.append(m_model.line(row).id);
    m_export->setText(tr("Stop export"));
    exportNext();
}

void JournalPage::exportNext()
{
    constexpr qint64 rowsAtOnce = 2000;
    Export &running = *m_running;
    if (running.written == running.ids.size()) {
        const QString path = running.file.fileName();
        endExport(running.file.commit() ? tr("Exported to %1").arg(path)
                                        : tr("Could not write %1: %2").arg(path, running.file.errorString()));
        return;
    }
    const QLocale locale;
    m_status->setText(
        tr("Exporting: %1 of %2 rows").arg(locale.toString(running.written), locale.toString(running.ids.size())));
    const qint64 first = running.ids[running.written];
    const auto end
        = std::upper_bound(running.ids.cbegin() + running.written, running.ids.cend(), first + rowsAtOnce - 1);
    m_model.load(first, *std::prev(end)).then(this, [this, of = m_running](const Result<QList<JournalRow>> &rows) {
        if (of != m_running)
            return;
        if (!rows) {
            endExport(tr("The rows could not be read: %1").arg(rows.error().message));
            return;
        }
        writeRows(*rows);
    });
}

void JournalPage::writeRows(const QList<JournalRow> &rows)
{
    Export &running = *m_running;
    const qsizetype before = running.written;
    for (const JournalRow &row : rows) {
        if (running.written == running.ids.size() || row.id != running.ids[running.written])
            continue;
        const QJsonObject line{{u"id"_s, row.id}, {u"at"_s, row.at.toIsoString()},
            {u"kind"_s, journalKindName(row.kind)}, {u"actor"_s, row.actor}, {u"subject"_s, row.subject},
            {u"text"_s, row.text}, {u"evidence"_s, QString::fromUtf8(row.evidence)}, {u"hash"_s, row.hash.toString()}};
        const QByteArray bytes = QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
        if (running.file.write(bytes) != bytes.size()) {
            endExport(tr("Could not write %1: %2").arg(running.file.fileName(), running.file.errorString()));
            return;
        }
        ++running.written;
    }
    if (running.written == before) {
        endExport(tr("Row %1 is gone from the journal; no file was written").arg(running.ids[before]));
        return;
    }
    // Through the event loop: rows that are there at once are handed over within then(), and a person may press Stop.
    QMetaObject::invokeMethod(
        this,
        [this, of = m_running] {
            if (of == m_running)
                exportNext();
        },
        Qt::QueuedConnection);
}

void JournalPage::endExport(const QString &outcome)
{
    m_running.reset();
    m_export->setText(tr("Export…"));
    m_status->setText(outcome);
}

void JournalPage::askSuccessor()
{
    const JournalStatus &status = m_model.status();
    m_prompter.confirm(this,
        {tr("Go on in a new journal"),
            tr("The damaged file is kept beside the new one, under a name that says so. The new journal is linked to "
               "its last "
               "good row."),
            status.error.message, tr("Keep the old file and go on"), {}},
        [this](bool confirmed) {
            if (confirmed)
                emit successorRequested();
        });
}

} // namespace countersign
