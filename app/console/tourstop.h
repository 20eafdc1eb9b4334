#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace countersign {

/// One picture of the tour, taken in every theme: what to do first, what to wait for, and what is photographed. What is
/// left out does nothing, waits for nothing, and photographs the window.
struct TourStop {
    QString name;
    std::function<void()> arrange = {};
    std::function<bool()> ready = {};
    std::function<void()> leave = {};
    std::function<QWidget *()> subject = {};
    std::function<bool()> applies = {}; ///< false: there is nothing of the kind to show here, and no picture either
};

} // namespace countersign
