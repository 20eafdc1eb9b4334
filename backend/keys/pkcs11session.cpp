#include "backend/keys/pkcs11session.h"

#include "backend/keys/pkcs11error.h"
#include "backend/types/strings.h"

#include <QLoggingCategory>

#include <array>
#include <utility>

namespace countersign {

namespace {

Q_LOGGING_CATEGORY(logKeys, "countersign.keys")

PinTries triesOf(CK_FLAGS flags)
{
    if ((flags & CKF_USER_PIN_LOCKED) != 0)
        return PinTries::Locked;
    if ((flags & CKF_USER_PIN_FINAL_TRY) != 0)
        return PinTries::FinalTry;
    return (flags & CKF_USER_PIN_COUNT_LOW) != 0 ? PinTries::CountLow : PinTries::Normal;
}

QString adviceOf(const UnlockNeed &need)
{
    if (need.kind == UnlockNeed::Kind::None)
        return {};
    switch (need.tries) {
    case PinTries::Locked:
        return u"The PIN of this token is locked. Its security officer can unlock it with the PUK."_s;
    case PinTries::FinalTry:
        return u"This is the last try: another wrong PIN locks the token."_s;
    case PinTries::CountLow:
        return u"The PIN was entered wrongly before. A few more wrong tries lock the token."_s;
    case PinTries::Normal:
        break;
    }
    return need.kind == UnlockNeed::Kind::PinOnDevice ? u"Enter the PIN on the token's own keys."_s : QString();
}

} // namespace

Pkcs11Session::Pkcs11Session(Pkcs11Module &module, Pkcs11KeyReference key, SoftwareTokens policy)
    : m_module(module)
    , m_key(std::move(key))
    , m_policy(policy)
{
}

// A lost token takes its session, its login and every handle with it.
std::unexpected<Error> Pkcs11Session::lost(CK_RV rv, const QString &doing)
{
    qCWarning(logKeys, "serial=%s code=%s while=%s", qUtf8Printable(m_key.serial), qUtf8Printable(pkcs11ErrorName(rv)),
              qUtf8Printable(doing));
    if (isTokenGone(rv) || rv == CKR_USER_NOT_LOGGED_IN)
        closeSession();
    return pkcs11Fail(rv, doing);
}

void Pkcs11Session::closeSession()
{
    if (m_session) {
        m_module.api().C_CloseSession(*m_session);
        m_module.countSessions(-1);
    }
    m_session.reset();
    m_loggedIn = false;
    m_nextPin.reset();
}

// The token as it is now, with a session open on it.
Result<Pkcs11TokenInfo> Pkcs11Session::openToken()
{
    auto token = findToken(m_module.api(), m_key.serial);
    if (!token && token.error().kind == ErrorKind::Unavailable && !m_session) {
        // Modules see tokens that came after their start only when they are started again.
        if (auto done = m_module.reinitialise(); !done)
            return std::unexpected(done.error());
        token = findToken(m_module.api(), m_key.serial);
    }
    if (!token) {
        closeSession();
        return token;
    }
    if (!token->isUsable())
        return fail(ErrorKind::Denied, u"The token "_s + token->label + u" has no PIN yet: its security officer has to set one."_s,
                    u"serial="_s + m_key.serial);
    if (m_policy == SoftwareTokens::Refuse && (token->slotFlags & CKF_HW_SLOT) == 0)
        return fail(ErrorKind::Rejected,
                    u"The token "_s + token->label + u" is software: its key is a file on this machine. This environment asks for a hardware token."_s,
                    u"serial="_s + m_key.serial + u" CKF_HW_SLOT=0"_s);
    if (m_session && token->slot != m_slot)
        closeSession(); // it came back in another slot
    if (m_session) {
        CK_SESSION_INFO info{};
        if (m_module.api().C_GetSessionInfo(*m_session, &info) != CKR_OK)
            closeSession();
        else
            m_loggedIn = info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS;
    }
    if (!m_session) {
        CK_SESSION_HANDLE session = 0;
        if (const CK_RV rv = m_module.api().C_OpenSession(token->slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session); rv != CKR_OK)
            return lost(rv, u"C_OpenSession"_s);
        m_module.countSessions(1);
        m_session = session;
        m_slot = token->slot;
        CK_SESSION_INFO info{};
        // Login belongs to the application and the token: another signer of this token may have unlocked it.
        m_loggedIn = m_module.api().C_GetSessionInfo(session, &info) == CKR_OK && info.state == CKS_RO_USER_FUNCTIONS;
    }
    m_pinOnDevice = (token->tokenFlags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
    return token;
}

// Fails only when the token holds another key under this id; without a public object there is nothing to compare yet.
Result<void> Pkcs11Session::checkPublicKey()
{
    const auto handle = findKey(m_module.api(), *m_session, CKO_PUBLIC_KEY, m_key.id);
    if (!handle)
        return std::unexpected(handle.error());
    if (!*handle)
        return {};
    const auto attribute = readAttribute(m_module.api(), *m_session, **handle, CKA_EC_POINT);
    if (!attribute)
        return {};
    const auto point = unwrapEcPoint(*attribute);
    if (!point)
        return std::unexpected(point.error());
    const auto address = addressOfPublicKey(*point);
    if (!address)
        return fail(ErrorKind::Conflict, u"The token's key "_s + toHex(m_key.id) + u" is not on the curve secp256k1."_s,
                    u"serial="_s + m_key.serial);
    if (*address != m_key.address)
        return fail(ErrorKind::Conflict,
                    u"The token's key "_s + toHex(m_key.id) + u" is "_s + address->toString() + u", not the enrolled "_s
                        + m_key.address.toString() + u". Check which token is plugged in."_s,
                    u"serial="_s + m_key.serial);
    return {};
}

Result<KeyEvidence> Pkcs11Session::readEvidence(const Pkcs11TokenInfo &token)
{
    KeyEvidence evidence;
    evidence.provider = u"PKCS#11"_s;
    evidence.modulePath = m_module.path();
    evidence.moduleSha256 = m_module.sha256();
    evidence.manufacturer = token.manufacturer;
    evidence.model = token.model;
    evidence.serial = token.serial;
    evidence.label = token.label;
    evidence.firmware = token.firmware;
    evidence.keyId = toHex(m_key.id);
    evidence.address = m_key.address;
    evidence.hardwareSlot = (token.slotFlags & CKF_HW_SLOT) != 0;
    if (!m_loggedIn) {
        // The key itself is out of sight before the login; that no hardware stands behind it is known already.
        evidence.custody = evidence.hardwareSlot ? KeyCustody::Unknown : KeyCustody::SoftwareToken;
        return evidence;
    }
    const auto handle = findKey(m_module.api(), *m_session, CKO_PRIVATE_KEY, m_key.id);
    if (!handle)
        return std::unexpected(handle.error());
    if (!*handle)
        return fail(ErrorKind::NotFound, u"The token "_s + token.label + u" holds no key with the id "_s + toHex(m_key.id) + u'.',
                    u"serial="_s + m_key.serial);
    const auto flag = [&](CK_ATTRIBUTE_TYPE type) { return readFlag(m_module.api(), *m_session, **handle, type); };
    evidence.sensitive = flag(CKA_SENSITIVE);
    evidence.extractable = flag(CKA_EXTRACTABLE);
    evidence.alwaysSensitive = flag(CKA_ALWAYS_SENSITIVE);
    evidence.neverExtractable = flag(CKA_NEVER_EXTRACTABLE);
    evidence.generatedOnToken = flag(CKA_LOCAL);
    evidence.alwaysAuthenticate = flag(CKA_ALWAYS_AUTHENTICATE);
    evidence.custody = judgeCustody(evidence);
    return evidence;
}

Result<Pkcs11Session::Description> Pkcs11Session::prepare()
{
    const auto token = openToken();
    if (!token)
        return std::unexpected(token.error());
    if (auto checked = checkPublicKey(); !checked)
        return std::unexpected(checked.error());
    auto evidence = readEvidence(*token);
    if (!evidence)
        return std::unexpected(evidence.error());
    UnlockNeed need;
    need.tokenLabel = token->label;
    need.tries = triesOf(token->tokenFlags);
    if (!m_loggedIn || (evidence->alwaysAuthenticate && !m_nextPin))
        need.kind = m_pinOnDevice ? UnlockNeed::Kind::PinOnDevice : UnlockNeed::Kind::Pin;
    need.advice = adviceOf(need);
    return Description{.need = need, .evidence = *std::move(evidence)};
}

Result<void> Pkcs11Session::login(CK_USER_TYPE user, const SecretBuffer &pin)
{
    // The locked page itself is handed to the module; PKCS#11 takes a pointer to non-const and does not write to it.
    auto *bytes = reinterpret_cast<CK_UTF8CHAR *>(const_cast<char *>(pin.view().data()));
    const CK_RV rv = m_pinOnDevice ? m_module.api().C_Login(*m_session, user, nullptr, 0)
                                   : m_module.api().C_Login(*m_session, user, bytes, static_cast<CK_ULONG>(pin.size()));
    if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN)
        return {};
    return lost(rv, u"C_Login"_s);
}

Result<KeyEvidence> Pkcs11Session::unlock(SecretBuffer pin)
{
    const auto token = openToken();
    if (!token)
        return std::unexpected(token.error());
    if (triesOf(token->tokenFlags) == PinTries::Locked)
        return pkcs11Fail(CKR_PIN_LOCKED, u"C_Login"_s); // not even tried: some tokens punish that further
    if (auto checked = checkPublicKey(); !checked)
        return std::unexpected(checked.error());
    if (!m_loggedIn) {
        if (auto done = login(CKU_USER, pin); !done)
            return std::unexpected(done.error());
        m_loggedIn = true;
    }
    auto evidence = readEvidence(*token);
    if (evidence && evidence->alwaysAuthenticate)
        m_nextPin = std::move(pin);
    return evidence;
}

Result<Bytes> Pkcs11Session::signOnce(CK_OBJECT_HANDLE key, const Hash32 &digest)
{
    CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
    if (const CK_RV rv = m_module.api().C_SignInit(*m_session, &mechanism, key); rv != CKR_OK)
        return lost(rv, u"C_SignInit"_s);
    if (readFlag(m_module.api(), *m_session, key, CKA_ALWAYS_AUTHENTICATE)) {
        const auto pin = std::exchange(m_nextPin, std::nullopt);
        const auto done = pin ? login(CKU_CONTEXT_SPECIFIC, *pin) : Result<void>(pkcs11Fail(CKR_USER_NOT_LOGGED_IN, u"C_Login"_s));
        if (!done) {
            closeSession(); // the only way before PKCS#11 3.0 to end a begun operation
            return std::unexpected(done.error());
        }
    }
    // Any length would be taken and cut by the token: it is a Hash32, so exactly 32 bytes.
    std::array<CK_BYTE, 32> input = digest.array();
    std::array<CK_BYTE, 256> output{};
    CK_ULONG size = output.size();
    if (const CK_RV rv = m_module.api().C_Sign(*m_session, input.data(), input.size(), output.data(), &size); rv != CKR_OK) {
        if (rv == CKR_BUFFER_TOO_SMALL)
            closeSession();
        return lost(rv, u"C_Sign"_s);
    }
    return QByteArrayView(output).first(static_cast<qsizetype>(size)).toByteArray();
}

Result<EvmSignature> Pkcs11Session::sign(const Hash32 &digest)
{
    const auto token = openToken();
    if (!token)
        return std::unexpected(token.error());
    if (!m_loggedIn)
        return pkcs11Fail(CKR_USER_NOT_LOGGED_IN, u"C_SignInit"_s);
    const auto key = findKey(m_module.api(), *m_session, CKO_PRIVATE_KEY, m_key.id);
    if (!key)
        return std::unexpected(key.error());
    if (!*key)
        return fail(ErrorKind::NotFound, u"The token "_s + token->label + u" holds no key with the id "_s + toHex(m_key.id) + u'.',
                    u"serial="_s + m_key.serial);
    const auto compact = signOnce(**key, digest);
    if (!compact)
        return std::unexpected(compact.error());
    auto signature = completeSignature(digest, *compact, m_key.address);
    if (!signature)
        qCCritical(logKeys, "serial=%s code=signature.mismatch the token's signature is not by the enrolled key", qUtf8Printable(m_key.serial));
    return signature;
}

Result<void> Pkcs11Session::lock()
{
    // Logging out alone would let an operation finish that was begun before: the session goes too.
    if (m_session && m_loggedIn)
        m_module.api().C_Logout(*m_session);
    closeSession();
    return {};
}

} // namespace countersign
