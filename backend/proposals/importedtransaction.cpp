#include "backend/proposals/importedtransaction.h"

#include "backend/proposals/exchangedomain.h"
#include "backend/proposals/memberreader.h"
#include "backend/proposals/proposaljson.h"
#include "backend/proposals/safetransactionjson.h"
#include "backend/safe/safehash.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <initializer_list>
#include <utility>

namespace countersign {

namespace {

constexpr auto importKind = "countersign.import"_L1;
constexpr qsizetype maxSource = 200;
constexpr qsizetype maxOrigin = 300;
constexpr qsizetype maxCalled = 120;

Result<void> checkClaims(const ImportedTransaction &import)
{
    for (const QString &text : {import.source, import.origin}) {
        if (text.contains(u'\n'))
            return fail(ErrorKind::Invalid, u"what it says of itself has more than one line"_s);
    }
    auto checked = checkText(import.source, maxSource, u"the source"_s);
    return checked ? checkText(import.origin, maxOrigin, u"the origin"_s) : checked;
}

QString memberOf(const QString &origin, QUtf8StringView name)
{
    const auto text = JsonText::parse(origin.toUtf8(), {.maxBytes = 2048, .maxDepth = 4, .maxValues = 64});
    const auto value = text ? text->root().find(name) : std::nullopt;
    return value && value->isString() ? value->toString().simplified() : QString();
}

} // namespace

Hash32 ImportedTransaction::safeTxHash() const
{
    return countersign::safeTxHash(chainId, safe, transaction);
}

Hash32 ImportedTransaction::entryHash() const
{
    return exchangeDigest(chainId, safe, u"ImportedTransaction", {AbiValue(safeTxHash())});
}

QString ImportedTransaction::title() const
{
    // Apps write JSON: a note of the person, or else the name of the app.
    QString called;
    for (const char *name : {"note", "name"}) {
        if (called.isEmpty())
            called = memberOf(origin, name);
    }
    if (called.isEmpty() && !origin.trimmed().startsWith(u'{'))
        called = origin.simplified();
    if (called.isEmpty() || !checkText(called, maxOrigin, u"the name"_s))
        return u"Not described by anybody"_s;
    return u"Unsigned claim: “%1”"_s.arg(called.size() > maxCalled ? called.left(maxCalled - 1) + u'…' : called);
}

std::optional<Hash32> ImportedTransaction::claimedEnvelope() const
{
    const auto hash = Hash32::parse(memberOf(origin, "envelope"));
    return hash ? std::optional(*hash) : std::nullopt;
}

ImportedTransaction ImportedTransaction::make(ChainId chain, const Address &safe, const SafeTransaction &transaction,
    const QString &source, const QString &origin, Timestamp submittedAt)
{
    ImportedTransaction import{chain, safe, transaction, source, origin, submittedAt};
    if (submittedAt.micros() < 0)
        import.submittedAt = {};
    for (QString *claim : {&import.source, &import.origin}) {
        if (!checkText(*claim, claim == &import.source ? maxSource : maxOrigin, {}) || claim->contains(u'\n'))
            claim->clear();
    }
    return import;
}

QString originOf(const Hash32 &envelopeDigest)
{
    return uR"({"name":"Countersign","envelope":"%1"})"_s.arg(envelopeDigest.toString());
}

Bytes importToJson(const ImportedTransaction &import)
{
    QJsonObject object = frameOf(importKind);
    object.insert("chainId"_L1, QString::number(import.chainId.value()));
    object.insert("safe"_L1, import.safe.toString());
    object.insert("transaction"_L1, safeTransactionJson(import.transaction));
    object.insert("safeTxHash"_L1, import.safeTxHash().toString());
    object.insert("source"_L1, import.source);
    object.insert("origin"_L1, import.origin);
    object.insert("submittedAt"_L1, decimal(import.submittedAt));
    return canonicalJson(object);
}

Result<ImportedTransaction> importFromJson(QByteArrayView file)
{
    const auto text = exchangeText(file, maxProposalBytes);
    if (!text)
        return std::unexpected(text.error());
    MemberReader reader(text->root(), {});
    readFrame(reader, importKind);
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    ImportedTransaction import;
    import.chainId = ChainId(reader.number64("chainId"_L1));
    import.safe = reader.address("safe"_L1);
    import.transaction = readSafeTransaction(reader);
    const Hash32 claimedHash = reader.hash("safeTxHash"_L1);
    import.source = reader.text("source"_L1);
    import.origin = reader.text("origin"_L1);
    import.submittedAt = reader.time("submittedAt"_L1);
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    if (import.transaction.data.size() > maxTransactionData)
        return fail(ErrorKind::Exhausted, u"the transaction's data exceed %1 bytes"_s.arg(maxTransactionData));
    if (const auto checked = checkClaims(import); !checked)
        return std::unexpected(checked.error());
    if (claimedHash != import.safeTxHash())
        return fail(ErrorKind::Invalid,
            u"it names the safeTxHash %1, but its content has %2: it was changed, or is for another chain or Safe"_s
                .arg(claimedHash.toString(), import.safeTxHash().toString()));
    return ifCanonical(std::move(import), file, importToJson);
}

} // namespace countersign
