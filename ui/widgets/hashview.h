#pragma once

#include <QStringList>
#include <QVector>
#include <QWidget>

namespace countersign {

/// A hash in the groups that a signing device shows, on two lines, so that eyes can walk both side by side. Ctrl+C
/// copies the whole value.
class HashView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HashView)

public:
    explicit HashView(const QString &name, QWidget *parent = nullptr);

    /// The groups in reading order; empty shows a dash.
    void setGroups(const QStringList &groups);
    const QStringList &groups() const { return m_groups; }
    QString text() const { return m_groups.join(QString()); }
    /// Paints these groups strongly, for the comparison that a holder has to make.
    void setMarkedGroups(const QVector<int> &groups);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void copy() const;

    QString m_name;
    QStringList m_groups;
    QVector<int> m_marked;
};

} // namespace countersign
