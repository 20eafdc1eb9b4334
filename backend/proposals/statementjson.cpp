#include "backend/proposals/statementjson.h"

#include "backend/proposals/memberreader.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace countersign {

QLatin1StringView statementKindName(StatementKind kind)
{
    switch (kind) {
    case StatementKind::Rejection:
        return "countersign.rejection"_L1;
    case StatementKind::Withdrawal:
        return "countersign.withdrawal"_L1;
    case StatementKind::MismatchReport:
        return "countersign.mismatch"_L1;
    case StatementKind::Acknowledgement:
        return "countersign.acknowledgement"_L1;
    case StatementKind::EncryptionKey:
        return "countersign.encryptionkey"_L1;
    case StatementKind::SealedSignature:
        return "countersign.sealedsignature"_L1;
    case StatementKind::Override:
        return "countersign.override"_L1;
    case StatementKind::Retraction:
        return "countersign.retraction"_L1;
    case StatementKind::Note:
        break;
    }
    return "countersign.note"_L1;
}

namespace {

bool concernsKeys(StatementKind kind)
{
    return kind == StatementKind::EncryptionKey || kind == StatementKind::SealedSignature;
}

Result<void> checkKeyStatement(const Statement &statement)
{
    constexpr qsizetype least = 32 + 16; // the sender's key, and the tag of what is encrypted
    const bool isSealed = statement.kind == StatementKind::SealedSignature;
    if (statement.encryptionKey.isZero())
        return fail(ErrorKind::Invalid, u"the encryption key is none"_s);
    if (!statement.text.isEmpty() || !statement.heads.isEmpty())
        return fail(ErrorKind::Invalid, u"a statement about keys has no text and no heads"_s);
    if (isSealed == statement.safeTxHash.isZero() || isSealed == statement.recipient.isZero()
        || isSealed == statement.sealed.isEmpty())
        return fail(ErrorKind::Invalid, u"a sealed signature, and nothing else, has a proposal, a recipient and a content"_s);
    if (statement.sealed.size() > maxSealedBytes)
        return fail(ErrorKind::Exhausted, u"the sealed content has more than %1 bytes"_s.arg(maxSealedBytes));
    if (isSealed && statement.sealed.size() <= least)
        return fail(ErrorKind::Invalid, u"the sealed content is empty"_s);
    if (isSealed && statement.recipient == statement.author)
        return fail(ErrorKind::Invalid, u"it is sealed for its own author"_s);
    return {};
}

void insertKeyMembers(QJsonObject &object, const Statement &statement)
{
    object.insert("encryptionKey"_L1, statement.encryptionKey.toString());
    if (statement.kind != StatementKind::SealedSignature)
        return;
    object.insert("safeTxHash"_L1, statement.safeTxHash.toString());
    object.insert("recipient"_L1, statement.recipient.toString());
    object.insert("sealed"_L1, toHex(statement.sealed));
}

void readKeyMembers(MemberReader &reader, Statement &statement)
{
    statement.encryptionKey = reader.hash("encryptionKey"_L1);
    if (statement.kind != StatementKind::SealedSignature)
        return;
    statement.safeTxHash = reader.hash("safeTxHash"_L1);
    statement.recipient = reader.address("recipient"_L1);
    statement.sealed = reader.bytes("sealed"_L1);
}

// The words of a finding's id, as checks and policies write them: nothing that could look like something else.
Result<void> checkOverride(const Statement &statement)
{
    if (statement.kind != StatementKind::Override) {
        if (!statement.finding.isEmpty() || !statement.policy.isZero())
            return fail(ErrorKind::Invalid, u"only an override names a finding and a policy"_s);
        return {};
    }
    static const QRegularExpression id(u"\\A[a-zA-Z]+(\\.[a-zA-Z0-9]+)+\\z"_s);
    if (statement.finding.size() > maxFindingText || !id.match(statement.finding).hasMatch())
        return fail(ErrorKind::Invalid, u"an override names the finding by its id"_s);
    if (statement.policy.isZero() || statement.safeTxHash.isZero())
        return fail(ErrorKind::Invalid, u"an override holds for one proposal under one policy, and names both"_s);
    if (statement.text.trimmed().size() < minOverrideReason)
        return fail(ErrorKind::Invalid, u"the reason of an override has at least %1 characters"_s.arg(minOverrideReason));
    return {};
}

Result<void> checkRetraction(const Statement &statement)
{
    const bool isRetraction = statement.kind == StatementKind::Retraction;
    if (isRetraction == statement.retracts.isZero())
        return fail(ErrorKind::Invalid, u"a retraction, and nothing else, names the override that it takes back"_s);
    if (isRetraction && statement.safeTxHash.isZero())
        return fail(ErrorKind::Invalid, u"a retraction is about one proposal, and names it"_s);
    return {};
}

} // namespace

Result<void> checkStatement(const Statement &statement)
{
    if (const auto checked = checkRetraction(statement); !checked)
        return checked;
    if (statement.kind != StatementKind::MismatchReport && !statement.shownHash.isZero())
        return fail(ErrorKind::Invalid, u"only a report names the hash that a device showed"_s);
    if (const auto checked = checkOverride(statement); !checked)
        return checked;
    if (concernsKeys(statement.kind))
        return checkKeyStatement(statement);
    if (!statement.encryptionKey.isZero() || !statement.recipient.isZero() || !statement.sealed.isEmpty())
        return fail(ErrorKind::Invalid, u"only a statement about keys has a key, a recipient or a sealed content"_s);
    if (statement.kind != StatementKind::Acknowledgement) {
        if (statement.text.trimmed().isEmpty())
            return fail(ErrorKind::Invalid, u"the text is empty"_s);
        if (!statement.heads.isEmpty())
            return fail(ErrorKind::Invalid, u"only an acknowledgement has heads"_s);
        return checkText(statement.text, maxStatementText, u"the text"_s);
    }
    if (!statement.text.isEmpty() || !statement.safeTxHash.isZero())
        return fail(ErrorKind::Invalid, u"an acknowledgement has heads and nothing else"_s);
    if (statement.heads.size() > maxHeads)
        return fail(ErrorKind::Exhausted, u"more than %1 heads are acknowledged"_s.arg(maxHeads));
    const bool isWhole = std::ranges::all_of(statement.heads, [](const LaneHead &head) {
        return head.sequence >= 1 && head.sequence <= maxSequence && !head.entry.isZero();
    });
    if (!isWhole)
        return fail(ErrorKind::Invalid, u"an acknowledged head is none"_s);
    for (qsizetype i = 1; i < statement.heads.size(); ++i) {
        if (!(statement.heads[i - 1].author < statement.heads[i].author))
            return fail(ErrorKind::Invalid, u"the acknowledged heads are not each once, by author"_s);
    }
    return {};
}

Bytes statementToJson(const Statement &statement)
{
    QJsonObject object = frameOf(statementKindName(statement.kind));
    object.insert("chainId"_L1, QString::number(statement.chainId.value()));
    object.insert("safe"_L1, statement.safe.toString());
    object.insert("author"_L1, statement.author.toString());
    insertLink(object, statement.link);
    object.insert("madeAt"_L1, decimal(statement.madeAt));
    object.insert("signature"_L1, toHex(statement.signature.toBytes65()));
    if (statement.kind == StatementKind::Acknowledgement) {
        QJsonArray heads;
        for (const LaneHead &head : statement.heads)
            heads.append(QJsonObject{{u"author"_s, head.author.toString()},
                {u"sequence"_s, QString::number(head.sequence)}, {u"entry"_s, head.entry.toString()}});
        object.insert("heads"_L1, heads);
    } else if (concernsKeys(statement.kind)) {
        insertKeyMembers(object, statement);
    } else {
        object.insert("safeTxHash"_L1, statement.safeTxHash.toString());
        object.insert("text"_L1, statement.text);
    }
    if (statement.kind == StatementKind::MismatchReport)
        object.insert("shownHash"_L1, statement.shownHash.toString());
    if (statement.kind == StatementKind::Override) {
        object.insert("finding"_L1, statement.finding);
        object.insert("policy"_L1, statement.policy.toString());
    }
    if (statement.kind == StatementKind::Retraction)
        object.insert("retracts"_L1, statement.retracts.toString());
    return canonicalJson(object);
}

Result<Statement> statementFromJson(QByteArrayView file)
{
    const auto text = exchangeText(file, maxStatementBytes);
    if (!text)
        return std::unexpected(text.error());
    Statement statement;
    const auto named = text->root().find("kind");
    for (const auto kind : {StatementKind::Rejection, StatementKind::Withdrawal, StatementKind::MismatchReport,
             StatementKind::Override, StatementKind::Retraction, StatementKind::Acknowledgement,
             StatementKind::EncryptionKey, StatementKind::SealedSignature}) {
        if (named && named->toString() == statementKindName(kind))
            statement.kind = kind;
    }
    MemberReader reader(text->root(), {});
    readFrame(reader, statementKindName(statement.kind));
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    statement.chainId = ChainId(reader.number64("chainId"_L1));
    statement.safe = reader.address("safe"_L1);
    statement.author = reader.address("author"_L1);
    statement.link = reader.link();
    statement.madeAt = reader.time("madeAt"_L1);
    if (statement.kind == StatementKind::Acknowledgement) {
        for (const JsonView value : reader.list("heads"_L1, maxHeads)) {
            MemberReader head(value, u"heads."_s);
            statement.heads.append({head.address("author"_L1), head.number64("sequence"_L1), head.hash("entry"_L1)});
            reader.finish(head);
        }
    } else if (concernsKeys(statement.kind)) {
        readKeyMembers(reader, statement);
    } else {
        statement.safeTxHash = reader.hash("safeTxHash"_L1);
        statement.text = reader.text("text"_L1);
    }
    if (statement.kind == StatementKind::MismatchReport)
        statement.shownHash = reader.hash("shownHash"_L1);
    if (statement.kind == StatementKind::Override) {
        statement.finding = reader.text("finding"_L1);
        statement.policy = reader.hash("policy"_L1);
    }
    if (statement.kind == StatementKind::Retraction)
        statement.retracts = reader.hash("retracts"_L1);
    const Bytes signature = reader.bytes("signature"_L1);
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    if (const auto checked = checkStatement(statement); !checked)
        return std::unexpected(checked.error());
    const auto parts = signatureOf(statement.digest(), signature, statement.author);
    if (!parts)
        return std::unexpected(parts.error());
    statement.signature = *parts;
    return ifCanonical(std::move(statement), file, statementToJson);
}

} // namespace countersign
