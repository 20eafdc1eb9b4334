#include "app/console/holderkeys.h"

#include <QCoreApplication>

#include <algorithm>

namespace countersign {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("countersign::HolderKeys", text);
}

} // namespace

const HolderSettings *HolderKeys::settings(const QString &holder) const
{
    const auto found = std::ranges::find(m_environment.holders, holder, &HolderSettings::name);
    return found == m_environment.holders.end() ? nullptr : &*found;
}

Result<Signer *> HolderKeys::signer(const QString &holder)
{
    const HolderSettings *chosen = settings(holder);
    if (!chosen)
        return fail(
            ErrorKind::NotFound, tr("No holder is chosen. Choose whose key you use with the key button on top."));
    if (!chosen->pkcs11)
        return fail(
            ErrorKind::NotFound, tr("The environment names no token for %1 on this machine.").arg(chosen->name));
    if (const auto found = m_signers.constFind(chosen->name); found != m_signers.cend())
        return found->get();
    std::shared_ptr<Pkcs11Module> &module = m_modules[chosen->pkcs11->module];
    if (!module) {
        auto loaded = Pkcs11Module::load(chosen->pkcs11->module);
        if (!loaded)
            return std::unexpected(loaded.error());
        module = std::move(*loaded);
    }
    const auto policy
        = m_environment.kind == EnvironmentKind::Production ? SoftwareTokens::Refuse : SoftwareTokens::Allow;
    auto made = std::make_shared<Pkcs11Signer>(
        module, Pkcs11KeyReference{chosen->pkcs11->serial, chosen->pkcs11->id, chosen->address}, policy);
    m_signers.insert(chosen->name, made);
    return made.get();
}

KeyEvidence HolderKeys::evidence(const QString &holder) const
{
    const auto found = m_signers.constFind(holder);
    return found == m_signers.cend() ? KeyEvidence{} : (*found)->evidence();
}

} // namespace countersign
