#include "backend/keys/pkcs11module.h"

#include "backend/keys/pkcs11error.h"
#include "backend/types/strings.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QLoggingCategory>

#include <dlfcn.h>

namespace countersign {

namespace {

Q_LOGGING_CATEGORY(logKeys, "countersign.keys")

QString fileSha256(const QString &path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return {};
    return QString::fromLatin1(hash.result().toHex());
}

} // namespace

Result<std::shared_ptr<Pkcs11Module>> Pkcs11Module::load(const QString &path)
{
    const QString real = QFileInfo(path).canonicalFilePath();
    if (real.isEmpty())
        return fail(ErrorKind::NotFound, u"There is no PKCS#11 module "_s + path + u". Install the token's driver, or correct the path."_s,
                    path);
    std::shared_ptr<Pkcs11Module> module(new Pkcs11Module);
    module->m_path = real;
    module->m_sha256 = fileSha256(real);
    module->m_handle = dlopen(QFile::encodeName(real).constData(), RTLD_NOW | RTLD_LOCAL);
    if (!module->m_handle)
        return fail(ErrorKind::Invalid, real + u" cannot be loaded as a PKCS#11 module."_s, QString::fromLocal8Bit(dlerror()));
    const auto entry = reinterpret_cast<CK_C_GetFunctionList>(dlsym(module->m_handle, "C_GetFunctionList"));
    if (!entry || entry(&module->m_api) != CKR_OK || !module->m_api)
        return fail(ErrorKind::Invalid, real + u" is a library, but no PKCS#11 module."_s, path);

    module->m_thread.setObjectName(u"signer"_s);
    module->m_context.moveToThread(&module->m_thread);
    module->m_thread.start();
    Result<void> done;
    QMetaObject::invokeMethod(&module->m_context, [&] { done = module->initialise(); }, Qt::BlockingQueuedConnection);
    if (!done)
        return std::unexpected(done.error());
    qCInfo(logKeys, "module=%s sha256=%s loaded", qUtf8Printable(real), qUtf8Printable(module->m_sha256));
    return module;
}

Pkcs11Module::~Pkcs11Module()
{
    if (m_thread.isRunning()) {
        // Queued behind whatever still runs, and before the process tears its libraries down.
        QMetaObject::invokeMethod(&m_context, [this] {
            if (m_ownsInitialisation)
                m_api->C_Finalize(nullptr);
        }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
    // The library stays mapped: some vendors' modules crash at exit when they were unloaded before.
}

Result<void> Pkcs11Module::initialise()
{
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    const CK_RV rv = m_api->C_Initialize(&arguments);
    // Another user of the same library in this process has initialised it: theirs to end.
    m_ownsInitialisation = rv == CKR_OK;
    if (rv == CKR_OK || rv == CKR_CRYPTOKI_ALREADY_INITIALIZED)
        return {};
    return fail(ErrorKind::Unavailable,
                u"The PKCS#11 module "_s + m_path + u" could not start. Check its configuration (for SoftHSM2: SOFTHSM2_CONF)."_s,
                u"C_Initialize: "_s + pkcs11ErrorName(rv));
}

Result<void> Pkcs11Module::reinitialise()
{
    if (!m_ownsInitialisation || m_openSessions > 0)
        return {};
    m_api->C_Finalize(nullptr);
    return initialise();
}

} // namespace countersign
