#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>

namespace countersign {

/// A state as shape, word and colour.
class StatusBadge final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusBadge)

public:
    explicit StatusBadge(QWidget *parent = nullptr);

    void setState(Tone tone, const QString &word);
    Tone tone() const { return m_tone; }
    QString word() const { return m_word; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone = Tone::Neutral;
    QString m_word;
};

} // namespace countersign
