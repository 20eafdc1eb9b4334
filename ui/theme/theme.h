#pragma once

#include "ui/theme/tokens.h"

#include <QObject>

class QVariant;

namespace countersign {

enum class ThemeMode { System, Light, Dark };

/// Decides which of the two palettes the application wears, and follows the desktop's preference while the mode is
/// System.
class Theme final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Theme)

public:
    explicit Theme(QObject *parent = nullptr);

    /// Sets style, font and palette of the application. Cheap to repeat.
    void apply(ThemeMode mode);
    /// Asks the desktop portal for its preference, without waiting; call it after the first paint.
    void followDesktop();

    ThemeMode mode() const { return m_mode; }
    Scheme scheme() const { return m_scheme; }

signals:
    void changed(countersign::Scheme scheme);

private slots:
    void portalSettingChanged(const QString &space, const QString &key, const QVariant &value);

private:
    void setDesktopPreference(uint preference);
    void wear(Scheme scheme);

    ThemeMode m_mode = ThemeMode::System;
    Scheme m_desktop;
    Scheme m_scheme;
    bool m_worn = false;
};

}
