#pragma once

#include <QAbstractButton>

namespace countersign {

/// Icon above a word, a mark at the left edge when current, a count at the icon's corner.
class RailButton final : public QAbstractButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RailButton)

public:
    RailButton(const QString &id, const QString &title, QLatin1StringView icon, QWidget *parent);

    const QString &id() const { return m_id; }
    void setCount(int count);

    QSize sizeHint() const override { return {76, 62}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString m_id;
    QLatin1StringView m_icon;
    int m_count = 0;
};

} // namespace countersign
