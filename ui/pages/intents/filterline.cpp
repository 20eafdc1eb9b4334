#include "ui/pages/intents/filterline.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/tonelabel.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStandardItemModel>
#include <QTimer>
#include <QVBoxLayout>

namespace countersign {

namespace {
enum ChoiceRole { TextRole = Qt::UserRole + 1, PositionRole, LengthRole };
} // namespace

FilterLine::FilterLine(const IntentStore &store, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_edit(new QLineEdit(this))
    , m_error(new ToneLabel(Tone::Bad, this))
    , m_completer(new QCompleter(this))
    , m_choices(new QStandardItemModel(this))
    , m_delay(new QTimer(this))
{
    m_edit->setObjectName(u"intentFilter"_s);
    m_edit->setAccessibleName(tr("Filter of intents"));
    m_edit->setPlaceholderText(tr("vault:treasury state:stuck age:>10m  or any word"));
    m_edit->setToolTip(tr("Fields: id vault chain party asset action adapter relayer reason state age amount nonce.\n"
                          "state:stuck,failed is either; -chain:polygon excludes; age:>10m, amount:>=1000 compare."));
    m_edit->setClearButtonEnabled(true);
    m_edit->addAction(themeIcon("filter"_L1), QLineEdit::LeadingPosition);
    m_edit->setFont(monoFont());
    m_error->setFont(uiFont(TextSize::Small));
    m_error->hide();

    m_completer->setWidget(m_edit);
    m_completer->setModel(m_choices);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->popup()->setAccessibleName(tr("Completions"));
    m_delay->setSingleShot(true);
    m_delay->setInterval(120);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_edit);
    layout->addWidget(m_error);

    connect(m_edit, &QLineEdit::textChanged, this, [this] { m_delay->start(); });
    connect(m_edit, &QLineEdit::textEdited, this, &FilterLine::complete);
    connect(m_edit, &QLineEdit::returnPressed, this, &FilterLine::parse);
    connect(m_delay, &QTimer::timeout, this, &FilterLine::parse);
    connect(m_completer, qOverload<const QModelIndex &>(&QCompleter::activated), this, &FilterLine::take);
    m_edit->installEventFilter(this);
}

void FilterLine::setText(const QString &text)
{
    m_edit->setText(text);
    parse();
}

QString FilterLine::text() const
{
    return m_edit->text();
}

QString FilterLine::errorText() const
{
    return m_error->isVisibleTo(this) ? m_error->text() : QString();
}

void FilterLine::focus()
{
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void FilterLine::parse()
{
    m_delay->stop();
    const auto filter = IntentFilter::parse(m_edit->text());
    if (!filter) {
        const QString wrong = m_edit->text().mid(filter.error().position, filter.error().length);
        m_error->setText(wrong.isEmpty() ? u"%1 %2"_s.arg(filter.error().message, filter.error().hint)
                                         : u"“%1”: %2 %3"_s.arg(wrong, filter.error().message, filter.error().hint));
        m_error->show();
        return;
    }
    m_error->hide();
    emit filterChanged(*filter, m_edit->text());
}

void FilterLine::complete()
{
    const auto choices = IntentFilter::complete(m_edit->text(), m_edit->cursorPosition(), m_store);
    m_choices->clear();
    for (const IntentFilter::Completion &choice : choices) {
        auto *item
            = new QStandardItem(choice.label.isEmpty() ? choice.text : u"%1    %2"_s.arg(choice.text, choice.label));
        item->setData(choice.text, TextRole);
        item->setData(qlonglong(choice.position), PositionRole);
        item->setData(qlonglong(choice.length), LengthRole);
        m_choices->appendRow(item);
    }
    if (choices.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    m_completer->complete();
}

void FilterLine::take(const QModelIndex &choice)
{
    const QString text = choice.data(TextRole).toString();
    const qlonglong position = choice.data(PositionRole).toLongLong();
    QString line = m_edit->text();
    line.replace(position, choice.data(LengthRole).toLongLong(), text);
    // The completer writes its own text after this slot; ours has to come last.
    QTimer::singleShot(0, this, [this, line, cursor = position + text.size()] {
        m_edit->setText(line);
        m_edit->setCursorPosition(int(cursor));
        parse();
    });
}

bool FilterLine::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier) {
            complete();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace countersign
