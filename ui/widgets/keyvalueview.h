#pragma once

#include <QWidget>

class QGridLayout;

namespace countersign {

struct KeyValue {
    QString key;
    QString value;
    QString toolTip; ///< the exact value, where `value` is rounded or shortened
    bool mono = false;
};

/// Names and values in two columns. Text is wrapped and can be selected; a single hash or address (mono, no space) is elided in its
/// middle and stands whole in its tooltip; beside other words an address always fits. Names give way to values.
class KeyValueView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyValueView)

public:
    explicit KeyValueView(QWidget *parent = nullptr);

    void setRows(const QVector<KeyValue> &rows);
    const QVector<KeyValue> &rows() const { return m_rows; }

private:
    QWidget *cell(int row, int column) const;
    QWidget *setHash(int row, const QString &text);
    QWidget *setText(int row, const QString &text);

    QVector<KeyValue> m_rows;
    QGridLayout *m_grid;
};

} // namespace countersign
