#include "ui/widgets/keyvalueview.h"

#include "ui/theme/fonts.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/format.h"

#include <QGridLayout>
#include <QLabel>
#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype widestWord = 43; ///< characters: an address and a comma
constexpr int wordEnds = 18; ///< characters of a longer one that are shown at each end

// A label breaks lines at spaces only, and cuts off what is wider than itself without a sign.
void fitWords(QLabel &label)
{
    QStringList words = label.text().split(u' ');
    int widest = 0;
    for (QString &word : words) {
        if (word.size() > widestWord)
            word = shortId(word, wordEnds, wordEnds);
        widest = std::max(widest, label.fontMetrics().horizontalAdvance(word));
    }
    label.setText(words.join(u' '));
    label.setMinimumWidth(widest + 1);
}

} // namespace

KeyValueView::KeyValueView(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(14);
    m_grid->setVerticalSpacing(3);
    m_grid->setColumnStretch(1, 1);
}

void KeyValueView::setRows(const QVector<KeyValue> &rows)
{
    m_rows = rows;
    for (int row = 0; row < rows.size(); ++row) {
        const KeyValue &pair = rows[row];
        auto *key = static_cast<ElidedLabel *>(cell(row, 0));
        if (!key) {
            key = new ElidedLabel(Qt::ElideMiddle, this);
            key->setForegroundRole(QPalette::PlaceholderText);
            key->setFont(uiFont(TextSize::Small));
            m_grid->addWidget(key, row, 0, Qt::AlignTop);
        }
        key->setText(pair.key);
        key->show();
        const bool whole = pair.mono && !pair.value.contains(u' ');
        QWidget *value = whole ? setHash(row, pair.value) : setText(row, pair.value);
        value->setFont(pair.mono ? monoFont() : uiFont());
        if (pair.mono && !whole)
            fitWords(*static_cast<QLabel *>(value));
        value->setToolTip(pair.toolTip.isEmpty() && pair.mono ? pair.value : pair.toolTip);
        value->setAccessibleName(pair.key);
        value->setAccessibleDescription(pair.value);
        value->show();
    }
    // Labels are kept for the next subject: a details pane changes often and its rows are few.
    for (int row = int(rows.size()); row < m_grid->rowCount(); ++row) {
        for (int column = 0; column < 2; ++column) {
            if (QWidget *unused = cell(row, column))
                unused->hide();
        }
    }
}

QWidget *KeyValueView::cell(int row, int column) const
{
    const QLayoutItem *item = m_grid->itemAtPosition(row, column);
    return item ? item->widget() : nullptr;
}

// A single hash has no place to break: what does not fit is left out of its middle. Anything with a space in it is wrapped.
QWidget *KeyValueView::setHash(int row, const QString &text)
{
    auto *label = qobject_cast<ElidedLabel *>(cell(row, 1));
    if (!label) {
        delete cell(row, 1);
        label = new ElidedLabel(Qt::ElideMiddle, this);
        m_grid->addWidget(label, row, 1, Qt::AlignTop);
    }
    label->setText(text);
    return label;
}

QWidget *KeyValueView::setText(int row, const QString &text)
{
    auto *label = qobject_cast<QLabel *>(cell(row, 1));
    if (!label) {
        delete cell(row, 1);
        label = new QLabel(this);
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_grid->addWidget(label, row, 1, Qt::AlignTop);
    }
    label->setText(text);
    label->setMinimumWidth(0);
    return label;
}

} // namespace countersign
