#pragma once

#include "ui/charts/statetimelineview.h"

namespace countersign {

/// The state of each thing at separate times: one cell a sample, none joined with its neighbours.
class StatusHistoryView final : public StateTimelineView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusHistoryView)

public:
    explicit StatusHistoryView(QWidget *parent = nullptr);
};

}
