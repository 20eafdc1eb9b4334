#include "ui/shell/commandpalette.h"

#include "backend/types/strings.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/palettemodel.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <tuple>

namespace countersign {

namespace {
constexpr int shown = 60;
} // namespace

CommandPalette::CommandPalette(const ActionRegistry &registry, QWidget *window)
    : QFrame(window)
    , m_registry(registry)
    , m_edit(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_model(new PaletteModel(this))
{
    setObjectName(u"commandPalette"_s);
    setAccessibleName(tr("Command palette"));
    setBackgroundRole(QPalette::Base);
    m_edit->setPlaceholderText(tr("Type what you want to do, or an id"));
    m_edit->setAccessibleName(tr("Command"));
    m_edit->setFont(uiFont(TextSize::Strong));
    m_edit->setFrame(false);
    m_edit->setMinimumHeight(34);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(tr("Matching commands"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(m_edit);
    layout->addWidget(m_list, 1);

    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::refresh);
    connect(m_list, &QListView::clicked, this, &CommandPalette::run);
    m_edit->installEventFilter(this);
    window->installEventFilter(this);
    hide();
}

void CommandPalette::addProvider(Provider provider)
{
    m_providers.append(std::move(provider));
}

void CommandPalette::open(const QString &text)
{
    const QWidget *window = parentWidget();
    const int width = std::min(640, window->width() - 80);
    setGeometry((window->width() - width) / 2, 72, width, std::min(420, window->height() - 140));
    m_edit->setText(text);
    refresh();
    show();
    raise();
    m_edit->setFocus();
    m_edit->selectAll();
}

QStringList CommandPalette::visibleTexts() const
{
    QStringList texts;
    for (int row = 0; row < m_model->rowCount(); ++row)
        texts.append(m_model->entry(row).text);
    return texts;
}

int CommandPalette::score(QStringView pattern, QStringView text)
{
    int total = 0;
    qsizetype at = 0;
    qsizetype previous = -2;
    for (const QChar letter : pattern) {
        if (letter.isSpace())
            continue;
        qsizetype found = -1;
        for (qsizetype i = at; i < text.size(); ++i) {
            if (text[i].toCaseFolded() == letter.toCaseFolded()) {
                found = i;
                break;
            }
        }
        if (found < 0)
            return -1;
        const bool wordStart = found == 0 || !text[found - 1].isLetterOrNumber();
        total += 1 + (found == previous + 1 ? 6 : 0) + (wordStart ? 5 : 0);
        total -= int(std::min<qsizetype>(found - at, 3));
        previous = found;
        at = found + 1;
    }
    return std::max(0, total * 4 - int(std::min<qsizetype>(text.size(), 40)) / 4);
}

void CommandPalette::refresh()
{
    const QString text = m_edit->text().trimmed();
    struct Ranked {
        PaletteEntry entry;
        qint64 rank;
        std::size_t order;
    };
    std::vector<Ranked> found;
    for (const ActionSpec &spec : m_registry.specs()) {
        QAction *action = m_registry.action(spec.id);
        if (!action->isEnabled() || spec.id == "palette.open"_L1)
            continue;
        const int match = text.isEmpty() ? 0 : score(text, action->text());
        if (match < 0)
            continue;
        const qint64 recent = m_lastUse.value(spec.id, -1);
        PaletteEntry entry{spec.id, action->text(), spec.group, action->shortcut().toString(QKeySequence::NativeText),
            action->icon(), [action] { action->trigger(); }};
        found.push_back({std::move(entry),
            match * 10 + (recent < 0 ? 0 : 40 + std::max<qint64>(0, 20 - (m_uses - recent))), found.size()});
    }
    for (const Provider &provider : std::as_const(m_providers)) {
        for (PaletteEntry &entry : provider(text)) {
            const int match = text.isEmpty() ? 0 : std::max(1, score(text, entry.text));
            found.push_back({std::move(entry), match * 10, found.size()});
        }
    }
    // Equal ranks keep the order in which they were registered.
    std::ranges::sort(
        found, [](const Ranked &a, const Ranked &b) { return std::tie(b.rank, a.order) < std::tie(a.rank, b.order); });
    QVector<PaletteEntry> entries;
    for (Ranked &ranked : found) {
        if (entries.size() == shown)
            break;
        entries.append(std::move(ranked.entry));
    }
    m_model->setEntries(std::move(entries));
    m_list->setCurrentIndex(m_model->index(0));
}

void CommandPalette::run()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid())
        return;
    const PaletteEntry entry = m_model->entry(current.row());
    m_lastUse.insert(entry.id, ++m_uses);
    hide();
    parentWidget()->setFocus();
    if (entry.run)
        entry.run();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const int row = m_list->currentIndex().row();
        switch (key->key()) {
        case Qt::Key_Escape:
            hide();
            parentWidget()->setFocus();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            run();
            return true;
        case Qt::Key_Down:
        case Qt::Key_Up: {
            const int next = row + (key->key() == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentIndex(m_model->index(std::clamp(next, 0, std::max(0, m_model->rowCount() - 1))));
            return true;
        }
        default:
            break;
        }
    }
    if (watched == m_edit && event->type() == QEvent::FocusOut && isVisible())
        hide();
    return QFrame::eventFilter(watched, event);
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    painter.setPen(QPen(tokenColor(Token::BorderStrong, palette()), 1));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    painter.setPen(tokenColor(Token::Border, palette()));
    painter.drawLine(1, m_edit->geometry().bottom() + 3, width() - 2, m_edit->geometry().bottom() + 3);
}

} // namespace countersign
