#pragma once

#include <QColor>
#include <QString>

#include <optional>

class QPalette;

namespace countersign {

/// A colour as dashboards write it: "#73BF69", "rgba(50, 172, 45, 0.97)", or Grafana's names ("green", "dark-red",
/// "super-light-blue"), which become the console's own hues so that both themes read well. Absent: "", "transparent", and
/// what is none.
std::optional<QColor> dashboardColor(const QString &text, const QPalette &palette);

} // namespace countersign
