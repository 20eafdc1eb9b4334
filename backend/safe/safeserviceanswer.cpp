#include "backend/safe/safeserviceanswer.h"

#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

constexpr JsonLimits answerLimits{.maxBytes = qsizetype{16} * 1024 * 1024, .maxDepth = 48, .maxValues = 1'000'000};
constexpr qsizetype maxClaim = 300;

std::unexpected<Error> malformed(QUtf8StringView member, const QString &what)
{
    return fail(ErrorKind::Corrupt, u"\"%1\" %2"_s.arg(member.toString(), what), u"safe.service.json"_s);
}

Result<JsonText> parse(const QByteArray &json)
{
    auto text = JsonText::parse(json, answerLimits);
    if (!text) {
        const bool isTooLarge = text.error().kind == ErrorKind::Exhausted;
        return fail(isTooLarge ? ErrorKind::Exhausted : ErrorKind::Corrupt,
                    u"The transaction service's answer cannot be read: "_s + text.error().message, text.error().detail);
    }
    return text;
}

Result<JsonView> member(const JsonView &object, QUtf8StringView name)
{
    const auto found = object.find(name);
    if (!found)
        return malformed(name, u"is missing"_s);
    return *found;
}

Result<Address> addressOf(const JsonView &object, QUtf8StringView name)
{
    const auto value = member(object, name);
    if (!value)
        return std::unexpected(value.error());
    if (!value->isString())
        return malformed(name, u"is no address"_s);
    const auto address = Address::parse(value->toString());
    return address ? address : malformed(name, u"is no address: "_s + address.error().message);
}

// Zero where the service has null, or does not know the member yet.
Result<Address> optionalAddressOf(const JsonView &object, QUtf8StringView name)
{
    const auto value = object.find(name);
    return !value || value->isNull() ? Result<Address>(Address()) : addressOf(object, name);
}

// A string of digits or a JSON number that is a whole one: the API changed from the one to the other.
Result<Uint256> numberOf(const JsonView &object, QUtf8StringView name)
{
    const auto value = member(object, name);
    if (!value)
        return std::unexpected(value.error());
    const bool isDecimal = (value->isString() || value->isNumber()) && !value->text().isEmpty()
        && std::ranges::all_of(value->text(), [](char c) { return c >= '0' && c <= '9'; });
    const auto number = isDecimal ? Uint256::parse(value->toString()) : fail(ErrorKind::Invalid, u"is no whole number"_s);
    return number ? number : malformed(name, u"is no whole number of 256 bits"_s);
}

Result<Bytes> dataOf(const JsonView &object, QUtf8StringView name)
{
    const auto value = object.find(name);
    if (!value || value->isNull())
        return Bytes();
    const auto bytes = value->isString() ? bytesFromHex(value->toString()) : Result<Bytes>(fail(ErrorKind::Invalid, {}));
    return bytes ? bytes : malformed(name, u"is no data in hexadecimal digits"_s);
}

Result<Hash32> hashOf(const JsonView &object, QUtf8StringView name)
{
    const auto value = member(object, name);
    if (!value)
        return std::unexpected(value.error());
    const auto hash = value->isString() ? Hash32::parse(value->toString()) : Result<Hash32>(fail(ErrorKind::Invalid, {}));
    return hash ? hash : malformed(name, u"is no hash"_s);
}

Result<std::vector<Address>> addressesOf(const JsonView &object, QUtf8StringView name)
{
    const auto value = object.find(name);
    if (!value || value->isNull())
        return std::vector<Address>();
    if (!value->isArray() || value->size() > maxSafeServiceEntries)
        return malformed(name, u"is no list of addresses"_s);
    std::vector<Address> addresses;
    for (const JsonView &entry : *value) {
        const auto address = entry.isString() ? Address::parse(entry.toString()) : Result<Address>(fail(ErrorKind::Invalid, {}));
        if (!address)
            return malformed(name, u"is no list of addresses"_s);
        addresses.push_back(*address);
    }
    return addresses;
}

// A claim is text for a screen: one line, short.
QString claimOf(const JsonView &object, QUtf8StringView name)
{
    const auto value = object.find(name);
    return value && value->isString() ? value->toString().left(maxClaim).simplified() : QString();
}

bool flagOf(const JsonView &object, QUtf8StringView name)
{
    const auto value = object.find(name);
    return value && value->toBool();
}

template<class T>
void take(const Result<T> &value, T &target, std::optional<Error> &error)
{
    if (value)
        target = *value;
    else if (!error)
        error = value.error();
}

Result<SafeTransaction> fieldsOf(const JsonView &object)
{
    SafeTransaction t;
    Uint256 operation;
    std::optional<Error> error;
    take(addressOf(object, "to"), t.to, error);
    take(numberOf(object, "value"), t.value, error);
    take(dataOf(object, "data"), t.data, error);
    take(numberOf(object, "operation"), operation, error);
    take(numberOf(object, "safeTxGas"), t.safeTxGas, error);
    take(numberOf(object, "baseGas"), t.baseGas, error);
    take(numberOf(object, "gasPrice"), t.gasPrice, error);
    take(optionalAddressOf(object, "gasToken"), t.gasToken, error);
    take(optionalAddressOf(object, "refundReceiver"), t.refundReceiver, error);
    take(numberOf(object, "nonce"), t.nonce, error);
    if (error)
        return std::unexpected(*error);
    if (operation > Uint256(1))
        return malformed("operation", u"is neither a call nor a delegatecall"_s);
    t.operation = operation.isZero() ? SafeOperation::Call : SafeOperation::DelegateCall;
    return t;
}

Result<SafeSignature> signatureOf(const JsonView &confirmation, const Address &claimed)
{
    const auto value = confirmation.find("signature");
    if (!value || value->isNull()) { // made on chain, so that the service saw an event and no signature
        if (claimOf(confirmation, "signatureType") == u"APPROVED_HASH")
            return SafeSignature::approved(claimed);
        return malformed("signature", u"is missing"_s);
    }
    const auto bytes = dataOf(confirmation, "signature");
    if (!bytes)
        return std::unexpected(bytes.error());
    const auto parts = decodeSafeSignatures(*bytes, 1);
    if (!parts)
        return std::unexpected(parts.error());
    return parts->front();
}

void readConfirmation(const JsonView &entry, const SafeServiceSubject &subject, const Hash32 &hash,
                      std::vector<SafeServiceConfirmation> &confirmations, std::vector<SafeServiceFinding> &findings)
{
    const auto report = [&findings](QLatin1StringView code, const QString &message) { findings.push_back({code, message}); };
    const auto claimed = addressOf(entry, "owner");
    if (!claimed)
        return report("service.malformed"_L1, u"A confirmation was left out: "_s + claimed.error().message);
    const QString who = u"The confirmation of %1 was left out: "_s.arg(claimed->toString());
    const auto signature = signatureOf(entry, *claimed);
    if (!signature)
        return report("service.signature"_L1, who + signature.error().message);
    const auto signer = signature->signer(hash);
    if (!signer)
        return report("service.signature"_L1, who + signer.error().message);
    if (*signer != *claimed)
        return report("service.signer"_L1, who + u"its signature is by %1, or over something else"_s.arg(signer->toString()));
    if (std::ranges::find(subject.owners, *signer) == subject.owners.end())
        return report("service.owner"_L1, who + u"that is no owner of the Safe"_s);
    if (std::ranges::find(confirmations, *signer, &SafeServiceConfirmation::owner) != confirmations.end())
        return report("service.duplicate"_L1, who + u"it is there twice"_s);
    const bool needsChain = signature->kind() == SafeSignatureKind::Contract || signature->kind() == SafeSignatureKind::Approved;
    confirmations.push_back({*signer, *signature, needsChain});
}

Result<SafeServiceTransaction> transactionOf(const JsonView &object, const SafeServiceSubject &subject)
{
    if (!object.isObject())
        return fail(ErrorKind::Corrupt, u"a transaction is no object"_s, u"service.malformed"_s);
    const auto safe = addressOf(object, "safe");
    if (!safe)
        return std::unexpected(safe.error());
    if (*safe != subject.safe)
        return fail(ErrorKind::Corrupt, u"it belongs to another Safe, "_s + safe->toString(), u"service.safe"_s);
    auto fields = fieldsOf(object);
    if (!fields)
        return std::unexpected(fields.error());
    const auto claimed = hashOf(object, "safeTxHash");
    if (!claimed)
        return std::unexpected(claimed.error());
    const Hash32 computed = subject.hashOf(*fields);
    if (computed != *claimed)
        return fail(ErrorKind::Corrupt, u"its fields have the hash %1, the service says %2"_s.arg(computed.toString(), claimed->toString()),
                    u"service.hash"_s);
    SafeServiceTransaction t;
    t.transaction = *std::move(fields);
    t.safeTxHash = computed;
    t.origin = claimOf(object, "origin");
    t.submittedAt = claimOf(object, "submissionDate");
    t.isExecuted = flagOf(object, "isExecuted");
    t.isTrusted = flagOf(object, "trusted");
    if (const auto proposer = optionalAddressOf(object, "proposer"); proposer && !proposer->isZero())
        t.proposer = *proposer;
    const auto confirmations = object.find("confirmations");
    if (confirmations && !confirmations->isNull()) {
        if (!confirmations->isArray() || confirmations->size() > maxSafeServiceEntries)
            return malformed("confirmations", u"is no list of confirmations"_s);
        for (const JsonView &entry : *confirmations)
            readConfirmation(entry, subject, t.safeTxHash, t.confirmations, t.findings);
    }
    return t;
}

// The frame of every list: {"count", "next", "previous", "results"}.
Result<JsonView> resultsOf(const JsonView &root)
{
    const auto results = member(root, "results");
    if (!results)
        return results;
    if (!results->isArray() || results->size() > maxSafeServiceEntries)
        return malformed("results", u"is no list, or one that is too long"_s);
    return results;
}

bool hasNextPage(const JsonView &root)
{
    const auto next = root.find("next");
    return next && !next->isNull();
}

// Every text in a refusal, in their order: {"nonFieldErrors": ["…"]}, {"message": "…"}, {"detail": "…"}, {"to": ["…"]}.
void collectTexts(const JsonView &value, QStringList &texts)
{
    constexpr qsizetype mostTexts = 4;
    if (texts.size() >= mostTexts)
        return;
    if (value.isString())
        texts.append(value.toString().left(maxClaim).simplified());
    for (const JsonView &child : value)
        collectTexts(child, texts);
}

} // namespace

Result<SafeServiceInfo> readSafeServiceInfo(const QByteArray &json)
{
    const auto text = parse(json);
    if (!text)
        return std::unexpected(text.error());
    const JsonView root = text->root();
    SafeServiceInfo info;
    std::optional<Error> error;
    take(addressOf(root, "address"), info.safe, error);
    take(numberOf(root, "nonce"), info.nonce, error);
    take(numberOf(root, "threshold"), info.threshold, error);
    take(addressesOf(root, "owners"), info.owners, error);
    take(addressesOf(root, "modules"), info.modules, error);
    take(optionalAddressOf(root, "masterCopy"), info.singleton, error);
    take(optionalAddressOf(root, "fallbackHandler"), info.fallbackHandler, error);
    take(optionalAddressOf(root, "guard"), info.guard, error);
    take(optionalAddressOf(root, "moduleGuard"), info.moduleGuard, error);
    if (error)
        return fail(ErrorKind::Corrupt, u"The transaction service's answer is not a Safe: "_s + error->message, error->detail);
    info.version = claimOf(root, "version");
    return info;
}

Result<SafeServiceTransaction> readSafeServiceTransaction(const QByteArray &json, const SafeServiceSubject &subject, const Hash32 &expected)
{
    const auto text = parse(json);
    if (!text)
        return std::unexpected(text.error());
    auto transaction = transactionOf(text->root(), subject);
    if (!transaction)
        return fail(transaction.error().kind, u"The transaction service's answer is not the transaction that was asked for: "_s + transaction.error().message,
                    transaction.error().detail);
    if (transaction->safeTxHash != expected)
        return fail(ErrorKind::Corrupt, u"The transaction service answered with another transaction, "_s + transaction->safeTxHash.toString(),
                    u"service.hash"_s);
    return transaction;
}

Result<SafeServicePage> readSafeServicePage(const QByteArray &json, const SafeServiceSubject &subject)
{
    const auto text = parse(json);
    if (!text)
        return std::unexpected(text.error());
    const auto results = resultsOf(text->root());
    if (!results)
        return fail(ErrorKind::Corrupt, u"The transaction service's answer is no list of transactions: "_s + results.error().message, results.error().detail);
    SafeServicePage page;
    page.listed = results->size();
    page.hasNext = hasNextPage(text->root());
    for (const JsonView &entry : *results) {
        auto transaction = transactionOf(entry, subject);
        if (transaction) {
            page.transactions.push_back(*std::move(transaction));
            continue;
        }
        const QString code = transaction.error().detail.startsWith(u"service.") ? transaction.error().detail : u"service.malformed"_s;
        page.findings.push_back({code, u"A transaction was left out: "_s + transaction.error().message});
    }
    return page;
}

Result<SafeServiceConfirmations> readSafeServiceConfirmations(const QByteArray &json, const SafeServiceSubject &subject, const Hash32 &safeTxHash)
{
    const auto text = parse(json);
    if (!text)
        return std::unexpected(text.error());
    const auto results = resultsOf(text->root());
    if (!results)
        return fail(ErrorKind::Corrupt, u"The transaction service's answer is no list of confirmations: "_s + results.error().message, results.error().detail);
    SafeServiceConfirmations read;
    read.listed = results->size();
    read.hasNext = hasNextPage(text->root());
    for (const JsonView &entry : *results)
        readConfirmation(entry, subject, safeTxHash, read.confirmations, read.findings);
    return read;
}

std::vector<SafeServiceFinding> compareWithChain(const SafeServiceInfo &info, const SafeState &state)
{
    std::vector<SafeServiceFinding> findings;
    const auto differ = [&findings](const QString &what, bool isEqual) {
        if (!isEqual)
            findings.push_back({u"service.state"_s, u"The transaction service and the chain differ in: "_s + what});
    };
    const auto sorted = [](std::vector<Address> list) {
        std::ranges::sort(list);
        return list;
    };
    differ(u"address of the Safe"_s, info.safe == state.safe);
    differ(u"nonce"_s, info.nonce == state.nonce);
    differ(u"threshold"_s, info.threshold == state.threshold);
    differ(u"owners"_s, sorted(info.owners) == sorted(state.owners));
    differ(u"modules"_s, sorted(info.modules) == sorted(state.modules));
    differ(u"singleton"_s, info.singleton == state.singleton);
    differ(u"fallback handler"_s, info.fallbackHandler == state.fallbackHandler);
    differ(u"guard"_s, info.guard == state.guard);
    differ(u"module guard"_s, info.moduleGuard == state.moduleGuard);
    differ(u"version"_s, info.version.section(u'+', 0, 0) == state.version.section(u'+', 0, 0));
    return findings;
}

Error safeServiceRefusal(int status, const QByteArray &body)
{
    QStringList texts;
    if (const auto text = JsonText::parse(body.left(64 * 1024), answerLimits))
        collectTexts(text->root(), texts);
    const QString said = texts.isEmpty() ? QString() : u": "_s + texts.join(u"; "_s);
    const QString detail = u"status=%1 %2"_s.arg(status).arg(QString::fromUtf8(body.left(2048)));
    switch (status) {
    case 400:
    case 422:
        if (said.contains(u"DELEGATE_CALL", Qt::CaseInsensitive) || said.contains(u"delegatecall", Qt::CaseInsensitive))
            return {ErrorKind::Rejected,
                    u"The transaction service takes no delegatecall except to the few libraries that it knows, so neither MultiSend nor "
                    u"CreateCall%1. Hand this proposal over by file or folder"_s.arg(said),
                    detail};
        return {ErrorKind::Rejected, u"The transaction service refuses it"_s + said, detail};
    case 401:
        return {ErrorKind::Unauthenticated, u"The transaction service wants a valid access token"_s + said, detail};
    case 403:
        return {ErrorKind::Denied, u"The transaction service does not allow it"_s + said, detail};
    case 404:
        return {ErrorKind::NotFound, u"The transaction service does not know it"_s + said, detail};
    case 429:
        return {ErrorKind::Exhausted, u"The transaction service was asked too often: wait, or use an access token of your own"_s + said, detail};
    default:
        break;
    }
    if (status >= 500)
        return {ErrorKind::Unavailable, u"The transaction service failed with status %1: try again later"_s.arg(status), detail};
    if (status >= 300 && status < 400)
        return {ErrorKind::Rejected, u"The transaction service points to another address; that is not followed. Correct its address"_s, detail};
    return {ErrorKind::Rejected, u"The transaction service answered with status %1"_s.arg(status) + said, detail};
}

} // namespace countersign
