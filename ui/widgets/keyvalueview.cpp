#include "ui/widgets/keyvalueview.h"

#include "ui/theme/fonts.h"

#include <QGridLayout>
#include <QLabel>

namespace countersign {

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
    const auto label = [this](int row, int column) {
        if (QLayoutItem *item = m_grid->itemAtPosition(row, column))
            return static_cast<QLabel *>(item->widget());
        auto *made = new QLabel(this);
        made->setTextFormat(Qt::PlainText);
        made->setWordWrap(column == 1);
        if (column == 0) {
            made->setForegroundRole(QPalette::PlaceholderText);
            made->setFont(uiFont(TextSize::Small));
        } else {
            made->setTextInteractionFlags(Qt::TextSelectableByMouse);
        }
        m_grid->addWidget(made, row, column, Qt::AlignTop | (column == 0 ? Qt::AlignLeft : Qt::Alignment()));
        return made;
    };
    for (int row = 0; row < rows.size(); ++row) {
        const KeyValue &pair = rows[row];
        QLabel *key = label(row, 0);
        QLabel *value = label(row, 1);
        key->setText(pair.key);
        value->setText(pair.value);
        value->setFont(pair.mono ? monoFont() : uiFont());
        value->setToolTip(pair.toolTip);
        value->setAccessibleName(pair.key);
        key->show();
        value->show();
    }
    // Labels are kept for the next subject: a details pane changes often and its rows are few.
    for (int row = int(rows.size()); row < m_grid->rowCount(); ++row) {
        for (int column = 0; column < 2; ++column) {
            if (QLayoutItem *item = m_grid->itemAtPosition(row, column))
                item->widget()->hide();
        }
    }
}

} // namespace countersign
