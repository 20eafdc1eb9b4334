#include "backend/proposals/proposaljson.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <utility>

namespace countersign {

namespace {

constexpr auto proposalKind = "countersign.proposal"_L1;
constexpr auto signatureKind = "countersign.signature"_L1;
constexpr int formatVersion = 1;
constexpr qsizetype maxTitle = 200;
constexpr qsizetype maxText = 4000;
constexpr qsizetype maxPromises = 64;
constexpr qsizetype maxData = 128 * 1024; // what a node's pool takes

/// Reads members one after the other and remembers the first thing that was wrong.
class Reader final {
public:
    Reader(QJsonObject object, QString where)
        : m_object(std::move(object))
        , m_where(std::move(where))
    {
    }

    QString text(QLatin1StringView name, bool optional = false)
    {
        const QJsonValue value = m_object.value(name);
        if (value.isString())
            return value.toString();
        if (!(optional && value.isUndefined()))
            note(u"%1%2 is not a text"_s.arg(m_where, name));
        return {};
    }
    template <class T, class Parse> T parsed(QLatin1StringView name, Parse parse)
    {
        const QString raw = text(name);
        if (m_problem)
            return {};
        auto value = parse(raw);
        if (value)
            return *std::move(value);
        note(u"%1%2: %3"_s.arg(m_where, name, value.error().message));
        return {};
    }
    Address address(QLatin1StringView name)
    {
        return parsed<Address>(name, [](const QString &raw) { return Address::parse(raw); });
    }
    Hash32 hash(QLatin1StringView name)
    {
        return parsed<Hash32>(name, [](const QString &raw) { return Hash32::parse(raw); });
    }
    Uint256 number(QLatin1StringView name)
    {
        return parsed<Uint256>(name, [](const QString &raw) { return Uint256::parse(raw); });
    }
    Bytes bytes(QLatin1StringView name)
    {
        return parsed<Bytes>(name, [](const QString &raw) { return bytesFromHex(raw); });
    }
    Timestamp time(QLatin1StringView name)
    {
        const auto micros = number(name).toU64();
        if (!micros || *micros > static_cast<quint64>(std::numeric_limits<qint64>::max()))
            note(u"%1%2 is not a time"_s.arg(m_where, name));
        return Timestamp::fromMicros(m_problem ? 0 : static_cast<qint64>(*micros));
    }
    QJsonValue value(QLatin1StringView name) const { return m_object.value(name); }
    bool has(QLatin1StringView name) const { return m_object.contains(name); }
    void note(const QString &problem)
    {
        if (!m_problem)
            m_problem = problem;
    }
    void noteFrom(const Reader &other)
    {
        if (other.m_problem)
            note(*other.m_problem);
    }
    const std::optional<QString> &problem() const { return m_problem; }

private:
    QJsonObject m_object;
    QString m_where;
    std::optional<QString> m_problem;
};

Result<QJsonObject> objectOf(QByteArrayView file, qsizetype limit, QLatin1StringView kind)
{
    if (file.size() > limit)
        return fail(
            ErrorKind::Exhausted, u"the file has %1 bytes, more than the %2 allowed"_s.arg(file.size()).arg(limit));
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(file.toByteArray(), &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorKind::Invalid, u"not whole JSON: %1 at byte %2"_s.arg(error.errorString()).arg(error.offset));
    if (!document.isObject())
        return fail(ErrorKind::Invalid, u"not a JSON object"_s);
    const QJsonObject object = document.object();
    if (object.value("kind"_L1).toString() != kind)
        return fail(ErrorKind::Invalid, u"its kind is not %1"_s.arg(kind));
    if (object.value("version"_L1) != QJsonValue(formatVersion))
        return fail(ErrorKind::Invalid, u"its version is not %1"_s.arg(formatVersion));
    return object;
}

QString decimal(Timestamp time)
{
    return QString::number(std::max<qint64>(time.micros(), 0));
}

QJsonObject transactionJson(const SafeTransaction &transaction)
{
    return {{u"to"_s, transaction.to.toString()}, {u"value"_s, transaction.value.toDecimal()},
        {u"data"_s, toHex(transaction.data)},
        {u"operation"_s, QString::number(static_cast<int>(transaction.operation))},
        {u"safeTxGas"_s, transaction.safeTxGas.toDecimal()}, {u"baseGas"_s, transaction.baseGas.toDecimal()},
        {u"gasPrice"_s, transaction.gasPrice.toDecimal()}, {u"gasToken"_s, transaction.gasToken.toString()},
        {u"refundReceiver"_s, transaction.refundReceiver.toString()}, {u"nonce"_s, transaction.nonce.toDecimal()}};
}

SafeTransaction readTransaction(Reader &reader)
{
    SafeTransaction transaction;
    transaction.to = reader.address("to"_L1);
    transaction.value = reader.number("value"_L1);
    transaction.data = reader.bytes("data"_L1);
    const Uint256 operation = reader.number("operation"_L1);
    if (operation > Uint256(1))
        reader.note(u"transaction.operation is neither 0 nor 1"_s);
    transaction.operation = operation == Uint256(1) ? SafeOperation::DelegateCall : SafeOperation::Call;
    transaction.safeTxGas = reader.number("safeTxGas"_L1);
    transaction.baseGas = reader.number("baseGas"_L1);
    transaction.gasPrice = reader.number("gasPrice"_L1);
    transaction.gasToken = reader.address("gasToken"_L1);
    transaction.refundReceiver = reader.address("refundReceiver"_L1);
    transaction.nonce = reader.number("nonce"_L1);
    return transaction;
}

// Characters that do not show and turn or hide what stands beside them.
bool deceives(const QString &text)
{
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        const bool bidi
            = (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069) || u == 0x200e || u == 0x200f || u == 0x061c;
        const bool invisible = (u >= 0x200b && u <= 0x200d) || u == 0x2060 || u == 0xfeff || u == 0x00ad;
        const auto category = c.category();
        if (bidi || invisible || category == QChar::Other_Format || category == QChar::Separator_Line
            || category == QChar::Separator_Paragraph || (category == QChar::Other_Control && u != u'\n'))
            return true;
    }
    return false;
}

Result<void> checkText(const QString &text, qsizetype limit, const QString &what)
{
    if (text.size() > limit)
        return fail(ErrorKind::Exhausted, u"%1 is longer than %2 characters"_s.arg(what).arg(limit));
    // EIP-712 hashes UTF-8: half a surrogate pair has none, and the envelope would be signed over nothing.
    if (!text.isValidUtf16() || deceives(text))
        return fail(ErrorKind::Invalid, u"%1 contains characters that do not show"_s.arg(what));
    return {};
}

template <class T, class Encode> Result<T> ifCanonical(T value, QByteArrayView file, Encode encode)
{
    if (encode(value) != file)
        return fail(
            ErrorKind::Invalid, u"the file is not in the canonical form: it holds something else than what it says"_s);
    return value;
}

} // namespace

Result<void> checkDraft(const ProposalDraft &draft)
{
    if (draft.title.trimmed().isEmpty())
        return fail(ErrorKind::Invalid, u"the title is empty"_s);
    if (draft.title.contains(u'\n'))
        return fail(ErrorKind::Invalid, u"the title has more than one line"_s);
    if (draft.transaction.data.size() > maxData)
        return fail(ErrorKind::Exhausted, u"the transaction's data exceed %1 bytes"_s.arg(maxData));
    if (draft.promises.size() > maxPromises)
        return fail(ErrorKind::Exhausted, u"more than %1 effects are promised"_s.arg(maxPromises));
    auto checked = checkText(draft.title, maxTitle, u"the title"_s);
    if (checked)
        checked = checkText(draft.rationale, maxText, u"the rationale"_s);
    for (const PromisedEffect &promise : draft.promises) {
        for (const QString &text : {promise.name, promise.before, promise.after}) {
            if (checked)
                checked = checkText(text, maxTitle, u"a promised effect"_s);
        }
    }
    return checked;
}

Bytes proposalToJson(const Proposal &proposal)
{
    QJsonArray promises;
    for (const PromisedEffect &promise : proposal.promises)
        promises.append(
            QJsonObject{{u"name"_s, promise.name}, {u"before"_s, promise.before}, {u"after"_s, promise.after}});
    QJsonObject object{{u"kind"_s, QString(proposalKind)}, {u"version"_s, formatVersion},
        {u"chainId"_s, QString::number(proposal.chainId.value())}, {u"safe"_s, proposal.safe.toString()},
        {u"safeTxHash"_s, proposal.safeTxHash().toString()}, {u"transaction"_s, transactionJson(proposal.transaction)},
        {u"title"_s, proposal.title}, {u"rationale"_s, proposal.rationale},
        {u"createdAt"_s, decimal(proposal.createdAt)}, {u"promises"_s, promises},
        {u"proposer"_s, proposal.proposer.toString()}, {u"signature"_s, toHex(proposal.signature.toBytes65())}};
    if (proposal.expiresAt)
        object.insert("expiresAt"_L1, decimal(*proposal.expiresAt));
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

Result<Proposal> proposalFromJson(QByteArrayView file)
{
    const auto object = objectOf(file, maxProposalBytes, proposalKind);
    if (!object)
        return std::unexpected(object.error());
    Reader reader(*object, {});
    Proposal proposal;
    const auto chain = reader.number("chainId"_L1).toU64();
    if (!chain)
        reader.note(u"chainId is too large"_s);
    proposal.chainId = ChainId(chain.value_or(0));
    proposal.safe = reader.address("safe"_L1);
    Reader transaction(reader.value("transaction"_L1).toObject(), u"transaction."_s);
    proposal.transaction = readTransaction(transaction);
    reader.noteFrom(transaction);
    proposal.title = reader.text("title"_L1);
    proposal.rationale = reader.text("rationale"_L1);
    proposal.createdAt = reader.time("createdAt"_L1);
    if (reader.has("expiresAt"_L1))
        proposal.expiresAt = reader.time("expiresAt"_L1);
    if (proposal.expiresAt && proposal.expiresAt->isNull())
        reader.note(u"expiresAt is zero, which the signature cannot tell from none"_s);
    const QJsonArray promises = reader.value("promises"_L1).toArray();
    for (const QJsonValue &value : promises.size() <= maxPromises ? promises : QJsonArray()) {
        Reader promise(value.toObject(), u"promises."_s);
        proposal.promises.append({promise.text("name"_L1), promise.text("before"_L1), promise.text("after"_L1)});
        reader.noteFrom(promise);
    }
    const Hash32 claimedHash = reader.hash("safeTxHash"_L1);
    const Address claimedProposer = reader.address("proposer"_L1);
    const Bytes signature = reader.bytes("signature"_L1);
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    if (const auto checked = checkDraft(proposal); !checked)
        return std::unexpected(checked.error());
    if (claimedHash != proposal.safeTxHash())
        return fail(ErrorKind::Invalid,
            u"it names the safeTxHash %1, but its content has %2: it was changed, or is for another chain or Safe"_s
                .arg(claimedHash.toString(), proposal.safeTxHash().toString()));
    const auto parts = EvmSignature::fromBytes65(signature);
    const auto proposer
        = parts ? recoverAddress(proposal.envelopeDigest(), *parts) : Result<Address>(std::unexpected(parts.error()));
    if (!proposer)
        return fail(ErrorKind::Invalid, u"its signature is not valid: %1"_s.arg(proposer.error().message));
    if (*proposer != claimedProposer)
        return fail(ErrorKind::Invalid,
            u"it is not signed by %1, whom it names as its proposer: it was changed after it was signed"_s.arg(
                claimedProposer.toString()));
    proposal.signature = *parts;
    proposal.proposer = *proposer;
    return ifCanonical(std::move(proposal), file, proposalToJson);
}

Bytes signatureToJson(const CollectedSignature &signature)
{
    const QJsonObject object{{u"kind"_s, QString(signatureKind)}, {u"version"_s, formatVersion},
        {u"safeTxHash"_s, signature.safeTxHash.toString()}, {u"owner"_s, signature.owner.toString()},
        {u"signature"_s, toHex(signature.signature.staticPart())}, {u"signedAt"_s, decimal(signature.signedAt)}};
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

Result<CollectedSignature> signatureFromJson(QByteArrayView file)
{
    const auto object = objectOf(file, maxSignatureFileBytes, signatureKind);
    if (!object)
        return std::unexpected(object.error());
    Reader reader(*object, {});
    const Hash32 hash = reader.hash("safeTxHash"_L1);
    const Address claimed = reader.address("owner"_L1);
    const Bytes bytes = reader.bytes("signature"_L1);
    const Timestamp signedAt = reader.time("signedAt"_L1);
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    auto signature = SafeSignature::fromBytes(bytes);
    if (!signature)
        return fail(ErrorKind::Invalid, u"its signature is not valid: %1"_s.arg(signature.error().message));
    // Approvals and contract signatures are judged by the chain; a file that claims one proves nothing.
    if (signature->kind() != SafeSignatureKind::Ecdsa && signature->kind() != SafeSignatureKind::EthSign)
        return fail(ErrorKind::Invalid, u"its signature is of a kind that a file cannot prove"_s);
    const auto owner = signature->signer(hash);
    if (!owner)
        return fail(ErrorKind::Invalid, u"its signature is not valid: %1"_s.arg(owner.error().message));
    if (*owner != claimed)
        return fail(ErrorKind::Invalid,
            u"its signature is by %1, not by %2 whom it names"_s.arg(owner->toString(), claimed.toString()));
    return ifCanonical(CollectedSignature{hash, *std::move(signature), *owner, signedAt}, file, signatureToJson);
}

} // namespace countersign
