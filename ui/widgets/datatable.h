#pragma once

#include "ui/widgets/glyphdelegate.h"

#include <QHash>
#include <QHeaderView>
#include <QTableView>

namespace countersign {

class StaleStrip;
class StateOverlay;

struct TableColumn {
    int width = 100;
    ColumnStyle style;
};

/// Headings aligned as the cells under them.
class TableHeader final : public QHeaderView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TableHeader)

public:
    explicit TableHeader(QWidget *parent);
    void setAlignment(int section, Qt::Alignment alignment) { m_alignments.insert(section, alignment); }

protected:
    void initStyleOptionForIndex(QStyleOptionHeader *option, int section) const override;

private:
    QHash<int, Qt::Alignment> m_alignments;
};

/// A table as every page uses it: fixed rows, light delegate, states drawn in the view, cells and rows that can be
/// copied.
class DataTable final : public QTableView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DataTable)

public:
    static constexpr int rowHeight = 26;

    explicit DataTable(const QString &name, QWidget *parent = nullptr);

    /// Widths and styles by the model's columns; call after setModel. The column `stretch` takes what is left.
    void setColumns(const QVector<TableColumn> &columns, int stretch);
    GlyphDelegate *glyphs() const { return m_delegate; }
    StateOverlay *overlay() const { return m_overlay; }
    StaleStrip *strip() const { return m_strip; } ///< to be laid out above the table

    /// The selected rows as tab-separated text with a heading line.
    QString selectedRowsAsText() const;
    void copySelectedRows() const;

signals:
    void rowActivated(const QModelIndex &index);
    void currentRowChanged(const QModelIndex &index);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitColumns();

    TableHeader *m_heading;
    GlyphDelegate *m_delegate;
    StaleStrip *m_strip;
    StateOverlay *m_overlay;
    QVector<TableColumn> m_columns;
    int m_stretch = -1;
};

} // namespace countersign
