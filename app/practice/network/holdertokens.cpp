#include "app/practice/network/holdertokens.h"

#include "backend/keys/pkcs11module.h"
#include "backend/keys/pkcs11signer.h"
#include "backend/keys/tokenprovisioning.h"
#include "backend/types/strings.h"

#include <QRandomGenerator>

namespace countersign {

namespace {

constexpr int pinDigits = 8;

QByteArray randomPin()
{
    QByteArray pin;
    for (int i = 0; i < pinDigits; ++i)
        pin.append(static_cast<char>('0' + QRandomGenerator::system()->bounded(10)));
    return pin;
}

SecretBuffer secretOf(QByteArray pin)
{
    return SecretBuffer::takeFrom(pin.data(), pin.size());
}

Result<void> writeSoftHsmConfig(const DataFolder &folder)
{
    const QString text = u"directories.tokendir = %1\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n"_s
                             .arg(folder.tokens());
    return writePrivateFile(folder.softhsmConfig(), text.toUtf8());
}

} // namespace

HolderTokens::HolderTokens() = default;
HolderTokens::~HolderTokens() = default;
HolderTokens::HolderTokens(HolderTokens &&) noexcept = default;
HolderTokens &HolderTokens::operator=(HolderTokens &&) noexcept = default;

Result<HolderTokens> HolderTokens::provision(const DataFolder &folder, const QString &modulePath, const QStringList &names)
{
    if (const Result<void> written = writeSoftHsmConfig(folder); !written)
        return std::unexpected(written.error());
    qputenv("SOFTHSM2_CONF", folder.softhsmConfig().toUtf8());
    const Result<std::shared_ptr<Pkcs11Module>> module = Pkcs11Module::load(modulePath);
    if (!module)
        return std::unexpected(module.error());

    HolderTokens tokens;
    QByteArray pinFile("# PINs of the practice tokens; worthless anywhere else.\n");
    for (const QString &name : names) {
        const QByteArray pin = randomPin();
        const auto token = initialiseToken(**module, name, secretOf(randomPin()), secretOf(pin));
        if (!token)
            return std::unexpected(token.error());
        const Bytes keyId("\x01", 1);
        const auto address = generateSecp256k1Key(**module, token->serial, secretOf(pin), keyId, name);
        if (!address)
            return std::unexpected(address.error());
        tokens.m_holders.append({name, *address, token->serial, keyId});
        tokens.m_pins.push_back(secretOf(pin));
        tokens.m_signers.push_back(std::make_unique<Pkcs11Signer>(
            *module, Pkcs11KeyReference{token->serial, keyId, *address}, SoftwareTokens::Allow));
        pinFile += name.toUtf8() + ' ' + pin + '\n';
    }
    if (const Result<void> written = writePrivateFile(folder.pins(), pinFile); !written)
        return std::unexpected(written.error());
    return tokens;
}

QCoro::Task<Result<std::vector<EvmSignature>>> HolderTokens::sign(Hash32 digest, int count)
{
    std::vector<EvmSignature> signatures;
    for (size_t i = 0; i < static_cast<size_t>(count) && i < m_signers.size(); ++i) {
        Signer &signer = *m_signers[i];
        const Result<UnlockNeed> need = co_await signer.prepare();
        if (!need)
            co_return std::unexpected(need.error());
        QByteArray pin = m_pins[i].view().toByteArray();
        SecretBuffer copy = SecretBuffer::takeFrom(pin.data(), pin.size());
        const Result<void> unlocked = co_await signer.unlock(std::move(copy));
        if (!unlocked)
            co_return std::unexpected(unlocked.error());
        const Result<EvmSignature> signature = co_await signer.signDigest(digest);
        if (!signature)
            co_return std::unexpected(signature.error());
        signatures.push_back(*signature);
        co_await signer.lock();
    }
    co_return signatures;
}

} // namespace countersign
