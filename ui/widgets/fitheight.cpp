#include "ui/widgets/fitheight.h"

#include <QLayout>
#include <QScreen>
#include <QWidget>

#include <algorithm>

namespace countersign {

void fitHeight(QWidget &window, HeightFit fit)
{
    window.layout()->activate();
    const int needed
        = std::min(window.layout()->totalHeightForWidth(window.width()), window.screen()->availableSize().height());
    if (fit == HeightFit::Exact || needed > window.height())
        window.resize(window.width(), needed);
}

} // namespace countersign
