#pragma once

#include "backend/keys/tokenprovisioning.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QTemporaryDir>

namespace countersign::testing {

inline SecretBuffer secret(QByteArray text)
{
    return SecretBuffer::takeFrom(text.data(), text.size());
}

/// A SoftHSM2 of its own in a folder of its own, behind the shim that injects faults. One a process: the library keeps
/// its configuration until it is ended.
class SoftHsm final {
public:
    SoftHsm()
    {
        QFile conf(m_folder.filePath(u"softhsm2.conf"_s));
        if (!conf.open(QIODevice::WriteOnly))
            qFatal("no configuration for SoftHSM2");
        conf.write("directories.tokendir = " + QFile::encodeName(m_folder.path()) + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        conf.close();
        qputenv("SOFTHSM2_CONF", QFile::encodeName(conf.fileName()));
        qputenv("SHIM_MODULE", COUNTERSIGN_SOFTHSM);
        qputenv("SHIM_CONTROL", QFile::encodeName(controlFile()));
        inject(u"");
    }

    QString folder() const { return m_folder.path(); }

    /// Letters of tests/support/pkcs11shim; an empty text ends all faults.
    void inject(QStringView letters) const
    {
        QFile control(controlFile());
        if (!control.open(QIODevice::WriteOnly))
            qFatal("no control file");
        control.write(letters.toUtf8());
    }

    std::shared_ptr<Pkcs11Module> module() const { return Pkcs11Module::load(QStringLiteral(COUNTERSIGN_PKCS11_SHIM)).value(); }

private:
    QString controlFile() const { return m_folder.filePath(u"control"_s); }

    QTemporaryDir m_folder;
};

} // namespace countersign::testing
