#include "tests/support/safeservice/safeservicemodel.h"

#include "backend/safe/safehash.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QStringList>

#include <algorithm>

namespace countersign::testing {

namespace {

test::FakeHttpReply reply(int status, const QJsonValue &value)
{
    const QJsonDocument document = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return {.status = status, .body = document.toJson(QJsonDocument::Compact)};
}
test::FakeHttpReply refused(const QString &text) { return reply(422, QJsonObject{{u"nonFieldErrors"_s, QJsonArray{text}}}); }
test::FakeHttpReply unknown() { return reply(404, QJsonObject{{u"detail"_s, u"Not found."_s}}); }

QJsonObject confirmationOf(const Address &owner, const SafeSignature &signature, const Hash32 &hash)
{
    const QStringList kinds{u"EOA"_s, u"ETH_SIGN"_s, u"CONTRACT_SIGNATURE"_s, u"APPROVED_HASH"_s};
    return {{u"owner"_s, owner.toString()},
            {u"submissionDate"_s, u"2026-01-01T00:00:00Z"_s},
            {u"transactionHash"_s, QJsonValue::Null},
            {u"signature"_s, toHex(encodeSafeSignatures({signature}, hash).value())},
            {u"signatureType"_s, kinds.at(static_cast<int>(signature.kind()))}};
}

std::optional<Address> checksummed(const QJsonValue &value)
{
    const auto address = Address::parse(value.toString());
    return address && address->toString() == value.toString() ? std::optional(*address) : std::nullopt;
}

} // namespace

SafeServiceModel::SafeServiceModel(ChainId chain, const Address &safe, std::vector<Address> safeOwners)
    : owners(std::move(safeOwners))
    , m_chain(chain)
    , m_safe(safe)
    , m_server([this](const test::FakeHttpRequest &request) { return answer(request); })
{
}

void SafeServiceModel::store(
    const SafeTransaction &transaction, const std::vector<SafeSignature> &signatures, const QString &origin)
{
    const Hash32 hash = safeTxHash(m_chain, m_safe, transaction);
    Stored &stored = m_transactions[{transaction.nonce, hash}];
    stored.transaction = transaction;
    stored.origin = origin;
    for (const SafeSignature &signature : signatures)
        stored.confirmations.insert_or_assign(signature.signer(hash).value(), signature);
}

QJsonValue SafeServiceModel::number(const Uint256 &value) const
{
    // QJsonValue keeps 53 bits; the older API wrote small ones so.
    if (numbersAsNumbers && value < Uint256(1ULL << 53U))
        return static_cast<qint64>(*value.toU64());
    return value.toDecimal();
}

QJsonObject SafeServiceModel::jsonOf(const Stored &stored) const
{
    const SafeTransaction &t = stored.transaction;
    const Hash32 hash = safeTxHash(m_chain, m_safe, t);
    QJsonArray confirmations;
    for (const auto &[owner, signature] : stored.confirmations)
        confirmations.append(confirmationOf(owner, signature, hash));
    QJsonObject object{{u"safe"_s, m_safe.toString()},
                       {u"to"_s, t.to.toString()},
                       {u"value"_s, t.value.toDecimal()},
                       {u"data"_s, t.data.isEmpty() ? QJsonValue() : QJsonValue(toHex(t.data))},
                       {u"operation"_s, static_cast<int>(t.operation)},
                       {u"gasToken"_s, t.gasToken.toString()},
                       {u"safeTxGas"_s, number(t.safeTxGas)},
                       {u"baseGas"_s, number(t.baseGas)},
                       {u"gasPrice"_s, t.gasPrice.toDecimal()},
                       {u"refundReceiver"_s, t.refundReceiver.toString()},
                       {u"nonce"_s, number(t.nonce)},
                       {u"safeTxHash"_s, hash.toString()},
                       {u"proposer"_s, (stored.proposer.isZero() ? owners.front() : stored.proposer).toString()},
                       {u"submissionDate"_s, u"2026-01-01T00:00:00Z"_s},
                       {u"isExecuted"_s, false},
                       {u"origin"_s, stored.origin},
                       {u"dataDecoded"_s, QJsonValue::Null},
                       {u"confirmationsRequired"_s, 2},
                       {u"confirmations"_s, confirmations},
                       {u"trusted"_s, !stored.confirmations.empty() || !stored.proposer.isZero()}};
    if (lieOfEach)
        lieOfEach(object);
    return object;
}

test::FakeHttpReply SafeServiceModel::answer(const test::FakeHttpRequest &request)
{
    if (instead)
        return *instead;
    if (const auto other = before ? before(request) : std::nullopt)
        return *other;
    test::FakeHttpReply result = served(request);
    if (afterwards)
        afterwards(request, result);
    return result;
}

test::FakeHttpReply SafeServiceModel::served(const test::FakeHttpRequest &request)
{
    if (!token.isEmpty() && request.headers.value("authorization") != "Bearer " + token)
        return reply(401, QJsonObject{{u"detail"_s, u"Authentication credentials were not provided."_s}});
    const QUrl url(QString::fromLatin1(request.path));
    const QString prefix = u"/tx-service/test/api/"_s;
    const QString path = url.path().sliced(prefix.size());
    if (request.method == "DELETE")
        return erased(path, QJsonDocument::fromJson(request.body).object());
    if (request.method == "POST" && path == u"v2/delegates/"_s)
        return delegated(QJsonDocument::fromJson(request.body).object());
    if (request.method == "POST")
        return posted(path, QJsonDocument::fromJson(request.body).object());
    test::FakeHttpReply result = asked(path, QUrlQuery(url));
    if (lie) {
        QJsonObject object = QJsonDocument::fromJson(result.body).object();
        lie(object);
        result.body = QJsonDocument(object).toJson();
    }
    return result;
}

test::FakeHttpReply SafeServiceModel::asked(const QString &path, const QUrlQuery &query)
{
    if (path == u"v1/safes/%1/"_s.arg(m_safe.toString())) {
        QJsonArray list;
        for (const Address &owner : owners)
            list.append(owner.toString());
        const QString none = Address().toString();
        return reply(200, QJsonObject{{u"address"_s, m_safe.toString()}, {u"nonce"_s, u"0"_s}, {u"threshold"_s, 2}, {u"owners"_s, list},
                                      {u"masterCopy"_s, none}, {u"modules"_s, QJsonArray()}, {u"fallbackHandler"_s, none},
                                      {u"guard"_s, none}, {u"moduleGuard"_s, none}, {u"version"_s, u"1.4.1+L2"_s}});
    }
    if (path == u"v2/safes/%1/multisig-transactions/"_s.arg(m_safe.toString())) {
        const Uint256 from = Uint256::parse(query.queryItemValue(u"nonce__gte"_s)).value_or(Uint256());
        const qsizetype limit = qMin(query.queryItemValue(u"limit"_s).toLongLong(), mostEntries);
        const qsizetype offset = query.queryItemValue(u"offset"_s).toLongLong();
        QJsonArray all;
        for (const auto &[key, stored] : m_transactions) {
            if (key.first >= from)
                all.append(jsonOf(stored));
        }
        QJsonArray page;
        for (qsizetype i = offset; i < all.size() && page.size() < limit; ++i)
            page.append(all.at(i));
        const bool isLast = offset + page.size() >= all.size();
        return reply(200, QJsonObject{{u"count"_s, all.size()}, {u"next"_s, isLast ? QJsonValue() : u"http://elsewhere.invalid/"_s},
                                      {u"previous"_s, QJsonValue()}, {u"results"_s, page}});
    }
    if (path == u"v2/delegates/"_s) {
        QJsonArray list;
        for (const SafeServiceDelegate &delegate : delegates) {
            if (delegate.safe && delegate.safe->toString() != query.queryItemValue(u"safe"_s))
                continue;
            list.append(QJsonObject{{u"safe"_s, delegate.safe ? QJsonValue(delegate.safe->toString()) : QJsonValue()},
                {u"delegate"_s, delegate.delegate.toString()}, {u"delegator"_s, delegate.delegator.toString()}, {u"label"_s, delegate.label},
                {u"expiryDate"_s, delegate.expiresAt ? QJsonValue(delegate.expiresAt->toIsoString()) : QJsonValue()}});
        }
        return reply(200, QJsonObject{{u"count"_s, list.size()}, {u"next"_s, QJsonValue()}, {u"previous"_s, QJsonValue()}, {u"results"_s, list}});
    }
    for (const auto &[key, stored] : m_transactions) {
        if (path == u"v2/multisig-transactions/%1/"_s.arg(key.second.toString()))
            return reply(200, jsonOf(stored));
        if (path == u"v1/multisig-transactions/%1/confirmations/"_s.arg(key.second.toString())) {
            const QJsonArray list = jsonOf(stored).value(u"confirmations"_s).toArray();
            return reply(200, QJsonObject{{u"count"_s, list.size()}, {u"next"_s, QJsonValue()}, {u"previous"_s, QJsonValue()}, {u"results"_s, list}});
        }
    }
    return unknown();
}

// Adds those of owners; the text of a refusal otherwise.
QString SafeServiceModel::take(Stored &stored, const Hash32 &hash, const QJsonValue &blob, const std::optional<Address> &sender)
{
    const auto bytes = bytesFromHex(blob.toString());
    const auto signatures = bytes ? decodeSafeSignatures(*bytes) : std::unexpected(bytes.error());
    if (!signatures || signatures->empty())
        return u"Signature is not valid"_s;
    bool hasSender = !sender;
    std::map<Address, SafeSignature> added;
    for (const SafeSignature &signature : *signatures) {
        const auto signer = signature.signer(hash);
        if (!signer || std::ranges::find(owners, *signer) == owners.end())
            return u"Signer is not an owner or delegate. Current owners=[...]"_s;
        hasSender = hasSender || *signer == *sender;
        added.insert_or_assign(*signer, signature);
    }
    if (!hasSender)
        return u"Signature does not match sender"_s;
    stored.confirmations.insert(added.begin(), added.end());
    return {};
}

test::FakeHttpReply SafeServiceModel::posted(const QString &path, const QJsonObject &body)
{
    for (auto &[key, stored] : m_transactions) {
        if (path != u"v1/multisig-transactions/%1/confirmations/"_s.arg(key.second.toString()))
            continue;
        const QString problem = take(stored, key.second, body.value(u"signature"_s), std::nullopt);
        return problem.isEmpty() ? reply(201, QJsonObject{{u"signature"_s, body.value(u"signature"_s)}}) : reply(400, QJsonObject{{u"signature"_s, QJsonArray{problem}}});
    }
    if (path != u"v2/safes/%1/multisig-transactions/"_s.arg(m_safe.toString()))
        return unknown();
    const auto to = checksummed(body.value(u"to"_s));
    const auto gasToken = checksummed(body.value(u"gasToken"_s));
    const auto refundReceiver = checksummed(body.value(u"refundReceiver"_s));
    const auto sender = checksummed(body.value(u"sender"_s));
    if (!to || !gasToken || !refundReceiver || !sender || body.value(u"safe"_s) != m_safe.toString())
        return reply(422, QJsonObject{{u"code"_s, 1}, {u"message"_s, u"Checksum address validation failed"_s}});
    const auto integer = [&body](const QString &name) { return Uint256::parse(body.value(name).toString()).value(); };
    Stored stored;
    stored.transaction = {.to = *to,
                          .value = integer(u"value"_s),
                          .data = body.value(u"data"_s).isNull() ? Bytes() : bytesFromHex(body.value(u"data"_s).toString()).value(),
                          .operation = body.value(u"operation"_s) == 1 ? SafeOperation::DelegateCall : SafeOperation::Call,
                          .safeTxGas = integer(u"safeTxGas"_s),
                          .baseGas = integer(u"baseGas"_s),
                          .gasPrice = integer(u"gasPrice"_s),
                          .gasToken = *gasToken,
                          .refundReceiver = *refundReceiver,
                          .nonce = integer(u"nonce"_s)};
    stored.origin = body.value(u"origin"_s).toString();
    if (stored.transaction.operation == SafeOperation::DelegateCall && std::ranges::find(allowedDelegatecalls, *to) == allowedDelegatecalls.end())
        return refused(u"Operation DELEGATE_CALL is not allowed"_s);
    const Hash32 hash = safeTxHash(m_chain, m_safe, stored.transaction);
    if (hash.toString() != body.value(u"contractTransactionHash"_s).toString())
        return refused(u"Contract-transaction-hash does not match provided contract-tx-hash"_s);
    if (std::ranges::find(owners, *sender) == owners.end())
        return refused(u"Sender is not an owner or delegate. Current owners=[...]. Delegates=[]"_s);
    if (const QString problem = take(stored, hash, body.value(u"signature"_s), sender); !problem.isEmpty())
        return refused(problem);
    stored.proposer = *sender;
    m_transactions[{stored.transaction.nonce, hash}] = stored;
    return {.status = 201, .body = {}};
}

void SafeServiceModel::setProposer(const Hash32 &safeTxHash, const Address &proposer)
{
    for (auto &[key, stored] : m_transactions) {
        if (key.second == safeTxHash)
            stored.proposer = proposer;
    }
}

// By whom the request is, of this hour or the one before.
std::optional<Address> SafeServiceModel::signerOf(const QJsonObject &body, const std::function<Hash32(quint64)> &digest) const
{
    const auto bytes = bytesFromHex(body.value(u"signature"_s).toString());
    const auto signature = bytes ? EvmSignature::fromBytes65(*bytes) : std::unexpected(bytes.error());
    if (!signature)
        return std::nullopt;
    const quint64 now = hour.value_or(static_cast<quint64>(QDateTime::currentSecsSinceEpoch()) / 3600);
    const Address claimed = checksummed(body.value(u"delegator"_s)).value_or(Address());
    for (const quint64 each : {now, now - 1}) {
        const auto signer = recoverAddress(digest(each), *signature);
        if (!signer)
            continue;
        bool isKnown = *signer == claimed;
        for (const auto &[key, stored] : m_transactions)
            isKnown = isKnown || *signer == stored.proposer || std::ranges::find(owners, *signer) != owners.end();
        if (isKnown)
            return *signer;
    }
    return std::nullopt;
}

test::FakeHttpReply SafeServiceModel::delegated(const QJsonObject &body)
{
    const auto delegate = checksummed(body.value(u"delegate"_s));
    const auto delegator = checksummed(body.value(u"delegator"_s));
    const QString label = body.value(u"label"_s).toString();
    if (!delegate || !delegator || label.isEmpty() || label.size() > 50)
        return reply(400, QJsonObject{{u"label"_s, QJsonArray{u"Ensure this field has no more than 50 characters."_s}}});
    const auto digest = [&](quint64 each) { return safeServiceDelegateDigest(m_chain, *delegate, each); };
    if (signerOf(body, digest) != delegator)
        return reply(400, QJsonObject{{u"nonFieldErrors"_s, QJsonArray{u"Signature does not match provided delegator"_s}}});
    SafeServiceDelegate added{*delegate, *delegator, checksummed(body.value(u"safe"_s)), label};
    if (added.safe && std::ranges::find(owners, *delegator) == owners.end())
        return reply(400, QJsonObject{{u"nonFieldErrors"_s, QJsonArray{u"Provided delegator is not an owner"_s}}});
    delegates.push_back(added);
    return reply(201, body);
}

test::FakeHttpReply SafeServiceModel::erased(const QString &path, const QJsonObject &body)
{
    for (auto at = m_transactions.begin(); at != m_transactions.end(); ++at) {
        const Hash32 hash = at->first.second;
        if (path != u"v1/multisig-transactions/%1/"_s.arg(hash.toString()))
            continue;
        if (body.value(u"safeTxHash"_s).toString() != hash.toString())
            return reply(400, QJsonObject{{u"nonFieldErrors"_s, QJsonArray{u"safeTxHash does not match"_s}}});
        const SafeServiceSubject subject{m_chain, m_safe, SafeVersion::v141(), owners};
        const auto signer = signerOf(body, [&](quint64 each) { return safeServiceDeletionDigest(subject, hash, each); });
        if (!signer || *signer != (at->second.proposer.isZero() ? owners.front() : at->second.proposer))
            return reply(400, QJsonObject{{u"nonFieldErrors"_s, QJsonArray{u"Provided signer is not the proposer, or the signature has expired"_s}}});
        m_transactions.erase(at);
        return {.status = 204, .body = {}};
    }
    for (auto at = delegates.begin(); at != delegates.end(); ++at) {
        if (path != u"v2/delegates/%1/"_s.arg(at->delegate.toString()) || at->delegator != checksummed(body.value(u"delegator"_s)))
            continue;
        const auto digest = [&](quint64 each) { return safeServiceDelegateDigest(m_chain, at->delegate, each); };
        const auto signer = signerOf(body, digest);
        if (signer != at->delegator && signer != at->delegate)
            return reply(400, QJsonObject{{u"nonFieldErrors"_s, QJsonArray{u"Signature does not match provided delegator"_s}}});
        delegates.erase(at);
        return {.status = 204, .body = {}};
    }
    return unknown();
}

std::vector<Address> SafeServiceModel::confirmedBy(const Hash32 &safeTxHash) const
{
    std::vector<Address> signers;
    for (const auto &[key, stored] : m_transactions) {
        if (key.second != safeTxHash)
            continue;
        for (const auto &[owner, signature] : stored.confirmations)
            signers.push_back(owner);
    }
    return signers;
}

} // namespace countersign::testing
