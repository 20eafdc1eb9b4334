#pragma once

#include "backend/types/error.h"

#include <p11-kit/pkcs11.h>

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QString>
#include <QThread>

#include <memory>

namespace countersign {

/// A PKCS#11 library of a vendor, loaded into this process, and the one thread on which it is called: modules differ in
/// what they can stand, hardware is serial anyway, and no call may hold up the windows. Shared by the signers of one library.
class Pkcs11Module final {
    Q_DISABLE_COPY_MOVE(Pkcs11Module)

public:
    /// Loads and initialises. Blocks for some milliseconds. Error NotFound (no such file), Invalid (no PKCS#11 library),
    /// Unavailable (its initialisation failed).
    static Result<std::shared_ptr<Pkcs11Module>> load(const QString &path);
    /// Waits for the running call to end.
    ~Pkcs11Module();

    const QString &path() const { return m_path; }
    /// SHA-256 of the library's file when it was loaded, hex: loading a module is running its code.
    const QString &sha256() const { return m_sha256; }

    /// The functions; to be called inside run() only.
    const CK_FUNCTION_LIST &api() const { return *m_api; }
    /// Finds tokens that appeared since, by ending and starting the library; does nothing while a session of ours is
    /// open, because all sessions end with it. Inside run() only.
    Result<void> reinitialise();
    /// Sessions tell when they open and close. Inside run() only.
    void countSessions(int change) { m_openSessions += change; }

    /// Queues `work`, a callable without arguments, on the module's thread.
    template<class Work>
    auto run(Work work) -> QFuture<decltype(work())>
    {
        using Value = decltype(work());
        auto promise = std::make_shared<QPromise<Value>>();
        promise->start();
        auto future = promise->future();
        auto task = std::make_shared<Work>(std::move(work));
        QMetaObject::invokeMethod(&m_context, [promise, task] {
            promise->addResult((*task)());
            promise->finish();
        }, Qt::QueuedConnection);
        return future;
    }

private:
    Pkcs11Module() = default;
    Result<void> initialise();

    QString m_path;
    QString m_sha256;
    void *m_handle = nullptr;
    CK_FUNCTION_LIST *m_api = nullptr;
    bool m_ownsInitialisation = false;
    int m_openSessions = 0;
    QThread m_thread;
    QObject m_context;
};

} // namespace countersign
