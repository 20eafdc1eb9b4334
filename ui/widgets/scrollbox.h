#pragma once

#include <QScrollArea>

namespace countersign {

/// As tall as its content, up to a limit; beyond that it scrolls, by keyboard as well.
class ScrollBox final : public QScrollArea {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ScrollBox)

public:
    /// Takes \a content. \a tallest: pixels.
    ScrollBox(QWidget *content, int tallest, QWidget *parent = nullptr);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    int m_tallest;
};

} // namespace countersign
