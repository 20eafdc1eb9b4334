#include "ui/charts/statushistoryview.h"

namespace countersign {

StatusHistoryView::StatusHistoryView(QWidget *parent)
    : StateTimelineView(Kind::History, parent)
{
}

}
