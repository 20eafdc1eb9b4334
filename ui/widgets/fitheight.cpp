#include "ui/widgets/fitheight.h"

#include <QEvent>
#include <QLayout>
#include <QScreen>
#include <QWidget>

#include <algorithm>

namespace countersign {

namespace {

class Fitting final : public QObject {
public:
    using QObject::QObject;

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Show)
            fitHeight(*static_cast<QWidget *>(watched));
        return QObject::eventFilter(watched, event);
    }
};

} // namespace

void fitHeight(QWidget &window, HeightFit fit)
{
    window.layout()->activate();
    const int needed
        = std::min(window.layout()->totalHeightForWidth(window.width()), window.screen()->availableSize().height());
    if (fit == HeightFit::Exact || needed > window.height())
        window.resize(window.width(), needed);
}

void fitHeightWhenShown(QWidget &window)
{
    window.installEventFilter(new Fitting(&window));
}

} // namespace countersign
