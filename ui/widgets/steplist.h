#pragma once

#include <QStringList>
#include <QWidget>

namespace countersign {

/// The steps of a longer operation: which are done, which runs, which are to come, and where it failed.
class StepList final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StepList)

public:
    explicit StepList(QWidget *parent = nullptr);

    void setSteps(const QStringList &steps);
    void setCurrent(int step, const QString &note = {}); ///< all before it are done; the count means all are
    void setFailed(const QString &reason);
    int current() const { return m_current; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();

    QStringList m_steps;
    QString m_note;
    int m_current = 0;
    bool m_failed = false;
};

} // namespace countersign
