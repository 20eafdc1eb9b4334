#include "backend/keys/pkcs11token.h"

#include "backend/keys/pkcs11error.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <array>

namespace countersign {

namespace {

// Fixed-width text padded with blanks.
template<size_t size>
QString paddedText(const unsigned char (&field)[size])
{
    return QString::fromUtf8(reinterpret_cast<const char *>(field), size).trimmed();
}

QString versionText(const CK_VERSION &version)
{
    return QString::number(version.major) + u'.' + QString::number(version.minor);
}

} // namespace

Result<std::vector<Pkcs11TokenInfo>> listTokens(const CK_FUNCTION_LIST &api)
{
    // The number of slots may change between the two calls: ask again while the list does not fit.
    std::vector<CK_SLOT_ID> slots_;
    CK_ULONG count = 0;
    CK_RV rv = CKR_BUFFER_TOO_SMALL;
    for (int i = 0; i < 4 && rv == CKR_BUFFER_TOO_SMALL; ++i) {
        rv = api.C_GetSlotList(CK_TRUE, nullptr, &count);
        if (rv != CKR_OK)
            return pkcs11Fail(rv, u"C_GetSlotList"_s);
        slots_.resize(count);
        if (count > 0)
            rv = api.C_GetSlotList(CK_TRUE, slots_.data(), &count);
    }
    if (rv != CKR_OK)
        return pkcs11Fail(rv, u"C_GetSlotList"_s);
    slots_.resize(std::min<size_t>(count, slots_.size()));

    std::vector<Pkcs11TokenInfo> tokens;
    for (const CK_SLOT_ID slot : slots_) {
        CK_TOKEN_INFO token{};
        CK_SLOT_INFO info{};
        // A token that goes away while the list is read is simply not in it.
        if (api.C_GetTokenInfo(slot, &token) != CKR_OK || api.C_GetSlotInfo(slot, &info) != CKR_OK)
            continue;
        tokens.push_back({.slot = slot,
                          .label = paddedText(token.label),
                          .serial = paddedText(token.serialNumber),
                          .manufacturer = paddedText(token.manufacturerID),
                          .model = paddedText(token.model),
                          .firmware = versionText(token.firmwareVersion),
                          .tokenFlags = token.flags,
                          .slotFlags = info.flags});
    }
    return tokens;
}

Result<Pkcs11TokenInfo> findToken(const CK_FUNCTION_LIST &api, const QString &serial)
{
    const auto tokens = listTokens(api);
    if (!tokens)
        return std::unexpected(tokens.error());
    std::optional<Pkcs11TokenInfo> found;
    for (const Pkcs11TokenInfo &token : *tokens) {
        if (token.serial != serial || (token.tokenFlags & CKF_TOKEN_INITIALIZED) == 0)
            continue;
        if (found)
            return fail(ErrorKind::Conflict, u"Two tokens have the serial number "_s + serial + u". Remove the one that is not meant."_s,
                        u"serial="_s + serial);
        found = token;
    }
    if (!found)
        return fail(ErrorKind::Unavailable, u"The token "_s + serial + u" is not there. Plug it in and try again."_s, u"serial="_s + serial);
    return *found;
}

Result<std::optional<CK_OBJECT_HANDLE>> findKey(const CK_FUNCTION_LIST &api, CK_SESSION_HANDLE session, CK_OBJECT_CLASS objectClass,
                                                const Bytes &id)
{
    Bytes idValue = id;
    std::array<CK_ATTRIBUTE, 2> wanted = {CK_ATTRIBUTE{CKA_CLASS, &objectClass, sizeof objectClass},
                                          CK_ATTRIBUTE{CKA_ID, idValue.data(), static_cast<CK_ULONG>(idValue.size())}};
    if (const CK_RV rv = api.C_FindObjectsInit(session, wanted.data(), wanted.size()); rv != CKR_OK)
        return pkcs11Fail(rv, u"C_FindObjectsInit"_s);
    std::array<CK_OBJECT_HANDLE, 2> handles{};
    CK_ULONG count = 0;
    const CK_RV rv = api.C_FindObjects(session, handles.data(), handles.size(), &count);
    api.C_FindObjectsFinal(session);
    if (rv != CKR_OK)
        return pkcs11Fail(rv, u"C_FindObjects"_s);
    if (count > 1)
        return fail(ErrorKind::Conflict, u"The token holds several keys with the id "_s + toHex(id) + u"."_s, {});
    return count == 1 ? std::optional(handles.front()) : std::nullopt;
}

std::optional<Bytes> readAttribute(const CK_FUNCTION_LIST &api, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                   CK_ATTRIBUTE_TYPE type)
{
    CK_ATTRIBUTE attribute{type, nullptr, 0};
    if (api.C_GetAttributeValue(session, object, &attribute, 1) != CKR_OK || attribute.ulValueLen > 64 * 1024)
        return std::nullopt;
    Bytes value(static_cast<qsizetype>(attribute.ulValueLen), '\0');
    attribute.pValue = value.data();
    if (api.C_GetAttributeValue(session, object, &attribute, 1) != CKR_OK)
        return std::nullopt;
    value.resize(static_cast<qsizetype>(std::min<CK_ULONG>(attribute.ulValueLen, static_cast<CK_ULONG>(value.size()))));
    return value;
}

bool readFlag(const CK_FUNCTION_LIST &api, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
    const auto value = readAttribute(api, session, object, type);
    return value && value->size() == 1 && value->front() != CK_FALSE;
}

Result<Bytes> unwrapEcPoint(QByteArrayView attribute)
{
    const bool wrapped = attribute.size() > 2 && attribute[0] == 0x04 && static_cast<quint8>(attribute[1]) == attribute.size() - 2;
    const QByteArrayView point = wrapped ? attribute.sliced(2) : attribute;
    if (point.size() != 65 || point.front() != 0x04)
        return fail(ErrorKind::Corrupt, u"The token's public key is no uncompressed point."_s, u"CKA_EC_POINT "_s + toHex(attribute.first(qMin(attribute.size(), qsizetype(70)))));
    return point.toByteArray();
}

Bytes secp256k1Parameters()
{
    return QByteArrayLiteral("\x06\x05\x2b\x81\x04\x00\x0a");
}

} // namespace countersign
