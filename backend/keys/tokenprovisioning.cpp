#include "backend/keys/tokenprovisioning.h"

#include "backend/evm/signature.h"
#include "backend/keys/pkcs11error.h"
#include "backend/keys/pkcs11token.h"
#include "backend/types/strings.h"

#include <array>
#include <utility>

namespace countersign {

namespace {

CK_UTF8CHAR *pinBytes(const SecretBuffer &pin)
{
    return reinterpret_cast<CK_UTF8CHAR *>(const_cast<char *>(pin.view().data()));
}

// A session that is closed when its scope ends, and logged out before.
class ScopedSession final {
public:
    ScopedSession(const CK_FUNCTION_LIST &api, CK_SLOT_ID slot)
        : m_api(api)
        , m_opened(api.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &m_handle))
    {
    }
    Q_DISABLE_COPY_MOVE(ScopedSession)
    ~ScopedSession()
    {
        if (m_opened == CKR_OK)
            m_api.C_CloseSession(m_handle);
    }

    CK_RV opened() const { return m_opened; }
    CK_SESSION_HANDLE handle() const { return m_handle; }
    Result<void> login(CK_USER_TYPE user, const SecretBuffer &pin)
    {
        if (m_opened != CKR_OK)
            return pkcs11Fail(m_opened, u"C_OpenSession"_s);
        const CK_RV rv = m_api.C_Login(m_handle, user, pinBytes(pin), static_cast<CK_ULONG>(pin.size()));
        if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN)
            return pkcs11Fail(rv, u"C_Login"_s);
        return {};
    }

private:
    const CK_FUNCTION_LIST &m_api;
    CK_SESSION_HANDLE m_handle = 0;
    CK_RV m_opened;
};

template<class Work>
auto blocking(Pkcs11Module &module, Work work) -> decltype(work())
{
    auto future = module.run(std::move(work));
    future.waitForFinished();
    return future.result();
}

CK_ATTRIBUTE flagAttribute(CK_ATTRIBUTE_TYPE type, bool value)
{
    static CK_BBOOL yes = CK_TRUE;
    static CK_BBOOL no = CK_FALSE;
    return {type, value ? &yes : &no, sizeof(CK_BBOOL)};
}

CK_ATTRIBUTE bytesAttribute(CK_ATTRIBUTE_TYPE type, Bytes &value)
{
    return {type, value.data(), static_cast<CK_ULONG>(value.size())};
}

Result<ProvisionedToken> initialise(Pkcs11Module &module, const QString &label, const SecretBuffer &officerPin,
                                    const SecretBuffer &userPin)
{
    const CK_FUNCTION_LIST &api = module.api();
    const Bytes padded = label.toUtf8().leftJustified(32, ' ');
    if (padded.size() != 32)
        return fail(ErrorKind::Invalid, u"A token's label has at most 32 bytes."_s);
    const auto before = listTokens(api);
    if (!before)
        return std::unexpected(before.error());
    const Pkcs11TokenInfo *free = nullptr;
    QStringList known;
    for (const Pkcs11TokenInfo &token : *before) {
        if ((token.tokenFlags & CKF_TOKEN_INITIALIZED) == 0)
            free = &token;
        else
            known += token.serial;
    }
    if (!free)
        return fail(ErrorKind::Exhausted, u"The module has no free slot for a token."_s, module.path());
    auto *labelBytes = reinterpret_cast<CK_UTF8CHAR *>(const_cast<char *>(padded.constData()));
    if (const CK_RV rv = api.C_InitToken(free->slot, pinBytes(officerPin), static_cast<CK_ULONG>(officerPin.size()), labelBytes); rv != CKR_OK)
        return pkcs11Fail(rv, u"C_InitToken"_s);

    // The new token moves to another slot: it is the one whose serial was not there before.
    const auto after = listTokens(api);
    if (!after)
        return std::unexpected(after.error());
    for (const Pkcs11TokenInfo &token : *after) {
        if ((token.tokenFlags & CKF_TOKEN_INITIALIZED) == 0 || known.contains(token.serial))
            continue;
        ScopedSession session(api, token.slot);
        if (auto done = session.login(CKU_SO, officerPin); !done)
            return std::unexpected(done.error());
        const CK_RV rv = api.C_InitPIN(session.handle(), pinBytes(userPin), static_cast<CK_ULONG>(userPin.size()));
        api.C_Logout(session.handle());
        if (rv != CKR_OK)
            return pkcs11Fail(rv, u"C_InitPIN"_s);
        return ProvisionedToken{.serial = token.serial, .label = token.label};
    }
    return fail(ErrorKind::Internal, u"The token that was made cannot be found."_s, module.path());
}

Result<Address> generate(Pkcs11Module &module, const QString &serial, const SecretBuffer &userPin, Bytes id, Bytes label,
                         KeyAuthentication authentication)
{
    const CK_FUNCTION_LIST &api = module.api();
    const auto token = findToken(api, serial);
    if (!token)
        return std::unexpected(token.error());
    ScopedSession session(api, token->slot);
    if (auto done = session.login(CKU_USER, userPin); !done)
        return std::unexpected(done.error());

    Bytes parameters = secp256k1Parameters();
    std::array publicKey = {flagAttribute(CKA_TOKEN, true), flagAttribute(CKA_VERIFY, true), bytesAttribute(CKA_EC_PARAMS, parameters),
                            bytesAttribute(CKA_ID, id), bytesAttribute(CKA_LABEL, label)};
    std::array privateKey = {flagAttribute(CKA_TOKEN, true),
                             flagAttribute(CKA_PRIVATE, true),
                             flagAttribute(CKA_SENSITIVE, true),
                             flagAttribute(CKA_EXTRACTABLE, false),
                             flagAttribute(CKA_SIGN, true),
                             flagAttribute(CKA_DECRYPT, false),
                             flagAttribute(CKA_UNWRAP, false),
                             flagAttribute(CKA_DERIVE, false), // ECDH with a signing key would leak it bit by bit
                             flagAttribute(CKA_ALWAYS_AUTHENTICATE, authentication == KeyAuthentication::EverySignature),
                             bytesAttribute(CKA_ID, id),
                             bytesAttribute(CKA_LABEL, label)};
    CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    CK_OBJECT_HANDLE publicHandle = 0;
    CK_OBJECT_HANDLE privateHandle = 0;
    const CK_RV rv = api.C_GenerateKeyPair(session.handle(), &mechanism, publicKey.data(), publicKey.size(), privateKey.data(),
                                           privateKey.size(), &publicHandle, &privateHandle);
    std::optional<Bytes> attribute;
    if (rv == CKR_OK)
        attribute = readAttribute(api, session.handle(), publicHandle, CKA_EC_POINT);
    api.C_Logout(session.handle());
    if (rv != CKR_OK)
        return pkcs11Fail(rv, u"C_GenerateKeyPair"_s);
    const auto point = unwrapEcPoint(attribute.value_or(Bytes()));
    if (!point)
        return std::unexpected(point.error());
    return addressOfPublicKey(*point);
}

Result<void> import(Pkcs11Module &module, const QString &serial, const SecretBuffer &userPin, Bytes id, Bytes label, Bytes secret)
{
    const CK_FUNCTION_LIST &api = module.api();
    const auto token = findToken(api, serial);
    if (!token)
        return std::unexpected(token.error());
    ScopedSession session(api, token->slot);
    if (auto done = session.login(CKU_USER, userPin); !done)
        return std::unexpected(done.error());
    Bytes parameters = secp256k1Parameters();
    CK_OBJECT_CLASS objectClass = CKO_PRIVATE_KEY;
    CK_KEY_TYPE keyType = CKK_EC;
    std::array attributes = {CK_ATTRIBUTE{CKA_CLASS, &objectClass, sizeof objectClass},
                             CK_ATTRIBUTE{CKA_KEY_TYPE, &keyType, sizeof keyType},
                             flagAttribute(CKA_TOKEN, true),
                             flagAttribute(CKA_PRIVATE, true),
                             flagAttribute(CKA_SENSITIVE, true),
                             flagAttribute(CKA_EXTRACTABLE, false),
                             flagAttribute(CKA_SIGN, true),
                             flagAttribute(CKA_DERIVE, false),
                             bytesAttribute(CKA_EC_PARAMS, parameters),
                             bytesAttribute(CKA_VALUE, secret),
                             bytesAttribute(CKA_ID, id),
                             bytesAttribute(CKA_LABEL, label)};
    CK_OBJECT_HANDLE handle = 0;
    const CK_RV rv = api.C_CreateObject(session.handle(), attributes.data(), attributes.size(), &handle);
    secret.fill('\0');
    api.C_Logout(session.handle());
    if (rv != CKR_OK)
        return pkcs11Fail(rv, u"C_CreateObject"_s);
    return {};
}

} // namespace

Result<ProvisionedToken> initialiseToken(Pkcs11Module &module, const QString &label, const SecretBuffer &officerPin,
                                         const SecretBuffer &userPin)
{
    return blocking(module, [&] { return initialise(module, label, officerPin, userPin); });
}

Result<Address> generateSecp256k1Key(Pkcs11Module &module, const QString &serial, const SecretBuffer &userPin, const Bytes &id,
                                     const QString &label, KeyAuthentication authentication)
{
    return blocking(module, [&] { return generate(module, serial, userPin, id, label.toUtf8(), authentication); });
}

Result<void> importSecp256k1Key(Pkcs11Module &module, const QString &serial, const SecretBuffer &userPin, const Bytes &id,
                                const QString &label, QByteArrayView secret)
{
    return blocking(module, [&] { return import(module, serial, userPin, id, label.toUtf8(), secret.toByteArray()); });
}

} // namespace countersign
