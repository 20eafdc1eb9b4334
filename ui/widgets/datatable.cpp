#include "ui/widgets/datatable.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>

#include <algorithm>

namespace countersign {

TableHeader::TableHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsClickable(true);
}

void TableHeader::initStyleOptionForIndex(QStyleOptionHeader *option, int section) const
{
    QHeaderView::initStyleOptionForIndex(option, section);
    option->textAlignment = m_alignments.value(section, Qt::AlignLeft) | Qt::AlignVCenter;
}

DataTable::DataTable(const QString &name, QWidget *parent)
    : QTableView(parent)
    , m_heading(new TableHeader(this))
    , m_delegate(new GlyphDelegate(this))
    , m_strip(new StaleStrip(this))
    , m_overlay(new StateOverlay(m_strip, viewport()))
{
    setHorizontalHeader(m_heading);
    setAccessibleName(name);
    setItemDelegate(m_delegate);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(rowHeight);
    verticalHeader()->setDefaultSectionSize(rowHeight);
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setFont(uiFont(TextSize::Small, QFont::Medium));
    horizontalHeader()->setMinimumSectionSize(40);
    horizontalHeader()->setFixedHeight(rowHeight);
    connect(this, &QTableView::activated, this, &DataTable::rowActivated);
}

void DataTable::setColumns(const QVector<TableColumn> &columns, int stretch)
{
    m_columns = columns;
    m_stretch = stretch;
    for (int i = 0; i < columns.size(); ++i) {
        m_delegate->setColumn(i, columns[i].style);
        m_heading->setAlignment(i, columns[i].style.alignment);
        setColumnWidth(i, columns[i].width);
    }
    fitColumns();
}

void DataTable::fitColumns()
{
    if (!model() || m_stretch < 0 || m_stretch >= model()->columnCount())
        return;
    int others = 0;
    for (int i = 0; i < model()->columnCount(); ++i)
        others += i == m_stretch || isColumnHidden(i) ? 0 : columnWidth(i);
    setColumnWidth(m_stretch, std::max(m_columns.value(m_stretch).width, viewport()->width() - others));
}

void DataTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void DataTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    if (current.row() != previous.row() || current.isValid() != previous.isValid())
        emit currentRowChanged(current);
}

void DataTable::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier) && event->key() == Qt::Key_C) {
        copySelectedRows();
        event->accept();
        return;
    }
    QTableView::keyPressEvent(event);
}

QString DataTable::selectedRowsAsText() const
{
    if (!model() || !selectionModel())
        return {};
    QModelIndexList rows = selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    QStringList lines;
    QStringList cells;
    for (int column = 0; column < model()->columnCount(); ++column)
        cells.append(model()->headerData(column, Qt::Horizontal).toString());
    lines.append(cells.join(u'\t'));
    for (const QModelIndex &row : std::as_const(rows)) {
        cells.clear();
        for (int column = 0; column < model()->columnCount(); ++column)
            cells.append(row.siblingAtColumn(column).data().toString());
        lines.append(cells.join(u'\t'));
    }
    return lines.join(u'\n');
}

void DataTable::copySelectedRows() const
{
    QGuiApplication::clipboard()->setText(selectedRowsAsText());
}

} // namespace countersign
