#include "ui/theme/theme.h"

#include "backend/types/strings.h"
#include "ui/theme/consolestyle.h"
#include "ui/theme/fonts.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QPalette>
#include <QToolTip>

namespace countersign {

namespace {

constexpr auto portalService = "org.freedesktop.portal.Desktop"_L1;
constexpr auto portalPath = "/org/freedesktop/portal/desktop"_L1;
constexpr auto portalInterface = "org.freedesktop.portal.Settings"_L1;
constexpr auto appearance = "org.freedesktop.appearance"_L1;
constexpr auto colorScheme = "color-scheme"_L1;

// The portal wraps the value in one variant (ReadOne, SettingChanged) or two (Read).
uint unwrapped(QVariant value)
{
    while (value.userType() == qMetaTypeId<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toUInt();
}

}

Theme::Theme(QObject *parent)
    : QObject(parent)
    , m_desktop(schemeOf(QApplication::palette()))
    , m_scheme(m_desktop)
{
}

void Theme::apply(ThemeMode mode)
{
    m_mode = mode;
    switch (mode) {
    case ThemeMode::Light:
        wear(Scheme::Light);
        break;
    case ThemeMode::Dark:
        wear(Scheme::Dark);
        break;
    case ThemeMode::System:
        wear(m_desktop);
        break;
    }
}

void Theme::followDesktop()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(portalService, portalPath, portalInterface, u"SettingChanged"_s, this,
        SLOT(portalSettingChanged(QString, QString, QVariant)));
    QDBusMessage read = QDBusMessage::createMethodCall(portalService, portalPath, portalInterface, u"Read"_s);
    read << QString(appearance) << QString(colorScheme);
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher *call) {
        call->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *call;
        if (!reply.isError())
            setDesktopPreference(unwrapped(reply.value().variant()));
    });
}

void Theme::portalSettingChanged(const QString &space, const QString &key, const QVariant &value)
{
    if (space == appearance && key == colorScheme)
        setDesktopPreference(unwrapped(value));
}

void Theme::setDesktopPreference(uint preference)
{
    // 1 prefers dark, 2 prefers light, 0 has no preference (org.freedesktop.appearance).
    if (preference != 1 && preference != 2)
        return;
    m_desktop = preference == 1 ? Scheme::Dark : Scheme::Light;
    if (m_mode == ThemeMode::System)
        wear(m_desktop);
}

void Theme::wear(Scheme scheme)
{
    if (m_worn && scheme == m_scheme)
        return;
    if (!m_worn) {
        QApplication::setStyle(new ConsoleStyle);
        QApplication::setFont(uiFont());
    }
    m_worn = true;
    m_scheme = scheme;
    const QPalette palette = paletteFor(scheme);
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    emit changed(scheme);
}

}
