#pragma once

#include <QWidget>

namespace countersign {

/// One line above a view whose content is old: why. Elided, whole in the tooltip; hidden while there is nothing to say.
class StaleStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StaleStrip)

public:
    explicit StaleStrip(QWidget *parent = nullptr);

    void setText(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace countersign
