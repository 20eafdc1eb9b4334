#include "backend/keys/desktopkeychain.h"

#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QPromise>

#ifdef Q_OS_LINUX
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusVariant>
#include <QStringList>
#endif

#include <memory>

namespace countersign {

#ifdef Q_OS_LINUX

namespace {

constexpr int patience = 5'000; // ms; asking may start the service

// As a future, because QCoro's awaiter for D-Bus is another library.
QFuture<QDBusMessage> answerOf(const QDBusConnection &bus, const QDBusMessage &question)
{
    auto promise = std::make_shared<QPromise<QDBusMessage>>();
    promise->start();
    const auto future = promise->future();
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(question, patience));
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, watcher, [promise, watcher] {
        promise->addResult(watcher->reply());
        promise->finish();
        watcher->deleteLater();
    });
    return future;
}

QStringList namesOf(const QDBusMessage &answer)
{
    return answer.type() == QDBusMessage::ReplyMessage ? answer.arguments().value(0).toStringList() : QStringList();
}

} // namespace

QCoro::Task<Result<void>> checkDesktopKeychain()
{
    const Error none{ErrorKind::Unavailable,
        u"This session has no keychain: neither a secret service (GNOME Keyring, KeePassXC) nor KWallet runs"_s,
        u"keychain.none"_s};
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        co_return std::unexpected(none);
    const QString daemon = u"org.freedesktop.DBus"_s;
    QStringList names;
    for (const QString &question : {u"ListNames"_s, u"ListActivatableNames"_s}) {
        const QDBusMessage answer
            = co_await answerOf(bus, QDBusMessage::createMethodCall(daemon, u"/org/freedesktop/DBus"_s, daemon, question));
        names += namesOf(answer);
    }
    const QString secrets = u"org.freedesktop.secrets"_s;
    if (!names.contains(secrets)) {
        // KWallet opens itself when it is asked, and says whether it could.
        if (names.contains(u"org.kde.kwalletd5"_s) || names.contains(u"org.kde.kwalletd6"_s))
            co_return Result<void>();
        co_return std::unexpected(none);
    }
    QDBusMessage isLocked = QDBusMessage::createMethodCall(
        secrets, u"/org/freedesktop/secrets/aliases/default"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    isLocked << u"org.freedesktop.Secret.Collection"_s << u"Locked"_s;
    const QDBusMessage answer = co_await answerOf(bus, isLocked);
    if (answer.type() == QDBusMessage::ReplyMessage && answer.arguments().value(0).value<QDBusVariant>().variant().toBool())
        co_return fail(ErrorKind::Unavailable,
            u"The keychain of this session is locked. Unlock it in the desktop's password application, and try again"_s,
            u"keychain.locked"_s);
    // No default collection yet, or none that tells: reading and writing will.
    co_return Result<void>();
}

#else

QCoro::Task<Result<void>> checkDesktopKeychain()
{
    co_return Result<void>();
}

#endif

} // namespace countersign
