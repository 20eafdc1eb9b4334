#include "backend/proposals/statement.h"

#include "backend/proposals/exchangedomain.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

Hash32 Statement::digest() const
{
    AbiValue::List fields{AbiValue(author), numberField(link.sequence), AbiValue(link.previous), timeField(madeAt)};
    if (kind == StatementKind::Acknowledgement) {
        AbiValue::List seen;
        for (const LaneHead &head : heads)
            seen.push_back(AbiValue::List{AbiValue(head.author), numberField(head.sequence), AbiValue(head.entry)});
        fields.emplace_back(std::move(seen));
        return exchangeDigest(chainId, safe, u"Acknowledgement", fields);
    }
    if (kind == StatementKind::EncryptionKey) {
        fields.emplace_back(encryptionKey);
        return exchangeDigest(chainId, safe, u"EncryptionKey", fields);
    }
    fields.emplace_back(safeTxHash);
    if (kind == StatementKind::SealedSignature) {
        fields.emplace_back(recipient);
        fields.emplace_back(encryptionKey);
        fields.emplace_back(sealed);
        return exchangeDigest(chainId, safe, u"SealedSignature", fields);
    }
    if (kind == StatementKind::MismatchReport)
        fields.emplace_back(shownHash);
    if (kind == StatementKind::Override) {
        fields.emplace_back(policy);
        fields.emplace_back(finding);
    }
    if (kind == StatementKind::Retraction)
        fields.emplace_back(retracts);
    fields.emplace_back(text);
    switch (kind) {
    case StatementKind::Rejection:
        return exchangeDigest(chainId, safe, u"Rejection", fields);
    case StatementKind::Withdrawal:
        return exchangeDigest(chainId, safe, u"Withdrawal", fields);
    case StatementKind::MismatchReport:
        return exchangeDigest(chainId, safe, u"MismatchReport", fields);
    case StatementKind::Override:
        return exchangeDigest(chainId, safe, u"Override", fields);
    case StatementKind::Retraction:
        return exchangeDigest(chainId, safe, u"Retraction", fields);
    case StatementKind::Note:
    case StatementKind::Acknowledgement:
    case StatementKind::EncryptionKey:
    case StatementKind::SealedSignature:
        break;
    }
    return exchangeDigest(chainId, safe, u"Note", fields);
}

bool isTakenBack(const Statement &override, const QList<Statement> &all)
{
    if (override.kind != StatementKind::Override)
        return false;
    const Hash32 digest = override.digest(); // names chain, Safe and author with the rest
    return std::ranges::any_of(all, [&](const Statement &other) {
        return other.kind == StatementKind::Retraction && other.author == override.author && other.retracts == digest;
    });
}

QList<Statement> standingOverrides(const QList<Statement> &all, const Address &author)
{
    QList<Statement> standing;
    for (const Statement &statement : all) {
        if (statement.kind == StatementKind::Override && statement.author == author && !isTakenBack(statement, all))
            standing.append(statement);
    }
    return standing;
}

} // namespace countersign
