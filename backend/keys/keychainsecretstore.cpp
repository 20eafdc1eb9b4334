#include "backend/keys/keychainsecretstore.h"

#include "backend/keys/desktopkeychain.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QPromise>

#include <qt6keychain/keychain.h>

#include <memory>
#include <utility>

namespace countersign {

namespace {

QString service()
{
    return u"Countersign"_s;
}

// The Windows store knows entries by this alone, so it says whose they are.
QString keyOf(const QString &name)
{
    return u"countersign "_s + name;
}

QFuture<void> run(QKeychain::Job &job, const QString &name)
{
    auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    const auto future = promise->future();
    job.setKey(keyOf(name));
    job.setAutoDelete(false);
    job.setInsecureFallback(false);
    QObject::connect(&job, &QKeychain::Job::finished, &job, [promise] { promise->finish(); });
    job.start();
    return future;
}

} // namespace

KeychainSecretStore::KeychainSecretStore()
    : KeychainSecretStore(&checkDesktopKeychain)
{
}

KeychainSecretStore::KeychainSecretStore(Check check)
    : m_check(std::move(check))
{
}

std::optional<Error> KeychainSecretStore::errorOf(int jobError, const QString &text)
{
    switch (jobError) {
    case QKeychain::NoError:
        return std::nullopt;
    case QKeychain::EntryNotFound:
        return Error{ErrorKind::NotFound, u"The keychain has no such entry"_s, text};
    case QKeychain::AccessDeniedByUser:
        return Error{ErrorKind::Unavailable, u"Access to the keychain was declined"_s, text};
    case QKeychain::AccessDenied:
        return Error{ErrorKind::Unavailable, u"The keychain is locked, or does not let this program in"_s, text};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return Error{ErrorKind::Unavailable, u"There is no keychain on this machine"_s, text};
    default:
        return Error{ErrorKind::Unavailable, u"The keychain did not do it"_s, text};
    }
}

QCoro::Task<Result<SecretBuffer>> KeychainSecretStore::read(QString name)
{
    const auto usable = co_await m_check();
    if (!usable)
        co_return std::unexpected(usable.error());
    const auto job = std::make_unique<QKeychain::ReadPasswordJob>(service());
    const auto finished = run(*job, name);
    co_await finished;
    if (const auto error = errorOf(job->error(), job->errorString()))
        co_return std::unexpected(*error);
    QByteArray bytes = job->binaryData();
    if (bytes.size() > SecretBuffer::maxSize) {
        bytes.fill('\0');
        co_return fail(ErrorKind::Corrupt, u"The entry of the keychain is longer than any that this program writes"_s);
    }
    co_return SecretBuffer::takeFrom(bytes.data(), bytes.size());
}

QCoro::Task<Result<void>> KeychainSecretStore::write(QString name, SecretBuffer secret)
{
    const auto usable = co_await m_check();
    if (!usable)
        co_return std::unexpected(usable.error());
    const auto job = std::make_unique<QKeychain::WritePasswordJob>(service());
    job->setBinaryData(secret.view().toByteArray());
    secret.wipe();
    const auto finished = run(*job, name);
    co_await finished;
    if (const auto error = errorOf(job->error(), job->errorString()))
        co_return std::unexpected(*error);
    co_return Result<void>();
}

QCoro::Task<Result<void>> KeychainSecretStore::remove(QString name)
{
    const auto usable = co_await m_check();
    if (!usable)
        co_return std::unexpected(usable.error());
    const auto job = std::make_unique<QKeychain::DeletePasswordJob>(service());
    const auto finished = run(*job, name);
    co_await finished;
    const auto error = errorOf(job->error(), job->errorString());
    if (error && error->kind != ErrorKind::NotFound)
        co_return std::unexpected(*error);
    co_return Result<void>();
}

} // namespace countersign
