#include "backend/safe/safeserviceact.h"

#include "backend/evm/eip712.h"
#include "backend/safe/safeserviceanswer.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr JsonLimits listLimits{.maxBytes = qsizetype{4} * 1024 * 1024, .maxDepth = 8, .maxValues = 20'000};

Eip712Domain domainOf(ChainId chain)
{
    return {.name = u"Safe Transaction Service"_s, .version = u"1.0"_s, .chainId = Uint256(chain.value())};
}

const Eip712Schema &schema()
{
    static const Eip712Schema types = *Eip712Schema::create({
        {u"Delegate"_s, {{u"delegateAddress"_s, u"address"_s}, {u"totp"_s, u"uint256"_s}}},
        {u"DeleteRequest"_s, {{u"safeTxHash"_s, u"bytes32"_s}, {u"totp"_s, u"uint256"_s}}},
    });
    return types;
}

std::optional<Address> addressIn(const JsonView &object, QUtf8StringView name)
{
    const auto value = object.find(name);
    if (!value || !value->isString())
        return std::nullopt;
    const auto address = Address::parse(value->toString());
    return address ? std::optional(*address) : std::nullopt;
}

std::optional<SafeServiceDelegate> delegateOf(const JsonView &object, const SafeServiceSubject &subject)
{
    if (!object.isObject())
        return std::nullopt;
    const auto delegate = addressIn(object, "delegate");
    const auto delegator = addressIn(object, "delegator");
    if (!delegate || !delegator || std::ranges::find(subject.owners, *delegator) == subject.owners.end())
        return std::nullopt;
    SafeServiceDelegate read{*delegate, *delegator};
    if (const auto safe = object.find("safe"); safe && !safe->isNull()) {
        read.safe = addressIn(object, "safe");
        if (read.safe != subject.safe)
            return std::nullopt;
    }
    if (const auto label = object.find("label"); label && label->isString())
        read.label = label->toString().left(maxDelegateLabel).simplified();
    if (const auto expiry = object.find("expiryDate"); expiry && !expiry->isNull()) {
        const auto date = QDateTime::fromString(expiry->toString(), Qt::ISODateWithMs);
        if (!date.isValid())
            return std::nullopt; // one whose end is not known is not shown as one that holds
        read.expiresAt = Timestamp::fromDateTime(date);
    }
    return read;
}

void appendText(QByteArray &json, QUtf8StringView name, const QString &value)
{
    json += json.endsWith('{') ? "" : ",";
    appendJsonString(json, name);
    json += ':';
    appendJsonString(json, value.toUtf8());
}

} // namespace

Result<SafeServiceDelegates> readSafeServiceDelegates(const QByteArray &json, const SafeServiceSubject &subject)
{
    const auto text = JsonText::parse(json, listLimits);
    if (!text)
        return fail(text.error().kind == ErrorKind::Exhausted ? ErrorKind::Exhausted : ErrorKind::Corrupt,
            u"The transaction service's list of delegates cannot be read: "_s + text.error().message, text.error().detail);
    const JsonView root = text->root();
    const auto results = root.find("results");
    if (!results || !results->isArray() || results->size() > maxSafeServiceEntries)
        return fail(ErrorKind::Corrupt, u"The transaction service's answer is no list of delegates"_s, u"service.malformed"_s);
    SafeServiceDelegates read;
    read.listed = results->size();
    const auto next = root.find("next");
    read.hasNext = next && !next->isNull();
    for (const JsonView &entry : *results) {
        const auto delegate = delegateOf(entry, subject);
        if (delegate && std::ranges::find(read.delegates, *delegate) == read.delegates.end())
            read.delegates.push_back(*delegate);
        else
            ++read.leftOut;
    }
    return read;
}

bool holdsAt(const SafeServiceDelegate &delegate, Timestamp now)
{
    return !delegate.expiresAt || now < *delegate.expiresAt;
}

quint64 safeServiceHour(Timestamp now)
{
    constexpr qint64 microsOfHour = qint64{3600} * 1'000'000;
    return static_cast<quint64>(std::max<qint64>(now.micros(), 0) / microsOfHour);
}

Hash32 safeServiceDelegateDigest(ChainId chain, const Address &delegate, quint64 hour)
{
    const auto hash = schema().hashStruct(u"Delegate", {delegate, Uint256(hour)});
    return eip712Digest(domainOf(chain).separator(), hash.value_or(Hash32()));
}

Hash32 safeServiceDeletionDigest(const SafeServiceSubject &subject, const Hash32 &safeTxHash, quint64 hour)
{
    Eip712Domain domain = domainOf(subject.chainId);
    domain.verifyingContract = subject.safe;
    const auto hash = schema().hashStruct(u"DeleteRequest", {safeTxHash, Uint256(hour)});
    return eip712Digest(domain.separator(), hash.value_or(Hash32()));
}

Result<QByteArray> safeServiceDelegateBody(const SafeServiceDelegate &delegate, const EvmSignature &signature)
{
    if (delegate.label.trimmed().isEmpty() || delegate.label.size() > maxDelegateLabel)
        return fail(ErrorKind::Invalid, u"A delegate needs a label of at most %1 characters"_s.arg(maxDelegateLabel), u"service.label"_s);
    QByteArray json("{");
    if (delegate.safe)
        appendText(json, "safe", delegate.safe->toString());
    appendText(json, "delegate", delegate.delegate.toString());
    appendText(json, "delegator", delegate.delegator.toString());
    appendText(json, "label", delegate.label);
    if (delegate.expiresAt)
        appendText(json, "expiryDate", delegate.expiresAt->toIsoString());
    appendText(json, "signature", toHex(signature.toBytes65()));
    return json + '}';
}

QByteArray safeServiceDelegateRemovalBody(const SafeServiceDelegate &delegate, const EvmSignature &signature)
{
    QByteArray json("{");
    if (delegate.safe)
        appendText(json, "safe", delegate.safe->toString());
    appendText(json, "delegator", delegate.delegator.toString());
    appendText(json, "signature", toHex(signature.toBytes65()));
    return json + '}';
}

QByteArray safeServiceDeletionBody(const Hash32 &safeTxHash, const EvmSignature &signature)
{
    QByteArray json("{");
    appendText(json, "safeTxHash", safeTxHash.toString());
    appendText(json, "signature", toHex(signature.toBytes65()));
    return json + '}';
}

} // namespace countersign
