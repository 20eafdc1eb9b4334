#include "ui/shell/desktopnotice.h"

#include "backend/types/strings.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariantMap>
#include <QWidget>

namespace countersign {

void showDesktopNotice(QWidget &window, const QString &title, const QString &text)
{
    QApplication::alert(&window);
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    QDBusMessage call = QDBusMessage::createMethodCall(u"org.freedesktop.Notifications"_s, u"/org/freedesktop/Notifications"_s,
        u"org.freedesktop.Notifications"_s, u"Notify"_s);
    // Desktops read the body as markup: what a proposal is called must stay text.
    constexpr int asLongAsTheDesktopLikes = -1;
    call.setArguments({QApplication::applicationDisplayName(), 0U, u"countersign"_s, title, text.toHtmlEscaped(), QStringList(), QVariantMap(),
        asLongAsTheDesktopLikes});
    bus.send(call);
}

} // namespace countersign
