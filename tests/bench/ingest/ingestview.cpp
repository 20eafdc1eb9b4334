#include "tests/bench/ingest/ingestview.h"

#include "tests/bench/support/figures.h"
#include "ui/widgets/glyphdelegate.h"

#include <QHeaderView>

namespace countersign::bench {

QVariant IngestModel::data(const QModelIndex &index, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    const LedgerEvent &event = m_rows.at(index.row());
    switch (index.column()) {
    case 0:
        return event.offset().value();
    case 1:
        return event.templateId().entity;
    case 2:
        return QString::fromUtf8(event.value(0));
    case 3:
        return QString::fromUtf8(event.value(2));
    default:
        return QString::fromUtf8(event.value(5));
    }
}

void IngestModel::append(const QList<LedgerEvent> &rows)
{
    beginInsertRows({}, static_cast<int>(m_rows.size()), static_cast<int>(m_rows.size() + rows.size()) - 1);
    m_rows.append(rows);
    endInsertRows();
}

void IngestModel::clear()
{
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

IngestView::IngestView(IngestModel &model)
    : m_model(model)
{
    setModel(&model);
    auto *glyphs = new GlyphDelegate(this); // as DataTable, the table of every page
    for (int column = 0; column < model.columnCount({}); ++column)
        glyphs->setColumn(column, {});
    setItemDelegate(glyphs);
    setWordWrap(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(24);
    verticalHeader()->hide();
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    resize(1200, 800);
}

void IngestView::restart(bool measure)
{
    m_model.clear();
    m_painted = 0;
    m_measure = measure;
    m_latencies.clear();
}

void IngestView::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    const qsizetype rows = m_model.rows().size();
    if (m_measure) {
        const double now = wallSeconds();
        for (qsizetype i = m_painted; i < rows; ++i) {
            const LedgerEvent &row = m_model.rows().at(i);
            const double sent
                = row.value(row.fieldCount() - 1).toByteArray().toDouble() * 1e-9; // "createdAt", CLOCK_MONOTONIC
            m_latencies.push_back((now - sent) * 1e3);
        }
    }
    m_painted = rows;
}

} // namespace countersign::bench
