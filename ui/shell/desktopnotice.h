#pragma once

#include <QString>

class QWidget;

namespace countersign {

/// Says something on the desktop (org.freedesktop.Notifications), and marks the window in its task bar where the desktop
/// has no such service. Nothing waits for an answer.
void showDesktopNotice(QWidget &window, const QString &title, const QString &text);

} // namespace countersign
