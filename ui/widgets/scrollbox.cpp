#include "ui/widgets/scrollbox.h"

#include <QEvent>
#include <QLayout>
#include <QScrollBar>

#include <algorithm>

namespace countersign {

namespace {
constexpr int leastHeight = 40;
} // namespace

ScrollBox::ScrollBox(QWidget *content, int tallest, QWidget *parent)
    : QScrollArea(parent)
    , m_tallest(tallest)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    setWidget(content);
    content->installEventFilter(this);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    // A stop on the way through the dialog only where there is something to scroll.
    setFocusPolicy(Qt::NoFocus);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this,
        [this](int, int most) { setFocusPolicy(most > 0 ? Qt::StrongFocus : Qt::NoFocus); });
}

int ScrollBox::heightForWidth(int width) const
{
    const QLayout *inside = widget()->layout();
    const int whole
        = inside && inside->hasHeightForWidth() ? inside->totalHeightForWidth(width) : widget()->sizeHint().height();
    return std::min(whole, m_tallest);
}

QSize ScrollBox::sizeHint() const
{
    const int wide = width() > 0 ? width() : widget()->sizeHint().width();
    return {widget()->sizeHint().width(), heightForWidth(wide)};
}

QSize ScrollBox::minimumSizeHint() const
{
    const QSize least = widget()->minimumSizeHint();
    return {least.width() + verticalScrollBar()->sizeHint().width(), std::min(leastHeight, least.height())};
}

bool ScrollBox::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(watched, event);
}

} // namespace countersign
