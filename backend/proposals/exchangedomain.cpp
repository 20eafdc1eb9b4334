#include "backend/proposals/exchangedomain.h"

#include "backend/evm/eip712.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <initializer_list>

namespace countersign {

namespace {

Eip712Struct entryType(const QString &name, std::initializer_list<Eip712Field> own)
{
    Eip712Struct type{
        name, {{u"author"_s, u"address"_s}, {u"sequence"_s, u"uint64"_s}, {u"previousEntry"_s, u"bytes32"_s}}};
    type.fields.insert(type.fields.end(), own.begin(), own.end());
    return type;
}

const Eip712Schema &schema()
{
    const QString text = u"string"_s;
    const QString hash = u"bytes32"_s;
    const QString number = u"uint64"_s;
    static const Eip712Schema types = *Eip712Schema::create({
        {u"Promise"_s, {{u"name"_s, text}, {u"before"_s, text}, {u"after"_s, text}}},
        {u"Attachment"_s, {{u"name"_s, text}, {u"mediaType"_s, text}, {u"size"_s, number}, {u"contentHash"_s, hash}}},
        {u"Head"_s, {{u"author"_s, u"address"_s}, {u"sequence"_s, number}, {u"entry"_s, hash}}},
        {u"ImportedTransaction"_s, {{u"safeTxHash"_s, hash}}},
        entryType(u"ProposalEnvelope"_s,
            {{u"safeTxHash"_s, hash}, {u"safeVersion"_s, text}, {u"title"_s, text}, {u"rationale"_s, text},
                {u"attachments"_s, u"Attachment[]"_s}, {u"links"_s, u"string[]"_s}, {u"createdAt"_s, number},
                {u"notBefore"_s, number}, {u"expiresAt"_s, number}, {u"policy"_s, hash}, {u"previousEnvelope"_s, hash},
                {u"replaces"_s, hash}, {u"dependsOn"_s, u"bytes32[]"_s}, {u"promises"_s, u"Promise[]"_s}}),
        entryType(u"SignatureEntry"_s,
            {{u"safeTxHash"_s, hash}, {u"signature"_s, u"bytes"_s}, {u"signedAt"_s, number}, {u"envelope"_s, hash},
                {u"reviewedBlock"_s, number}, {u"reviewedBlockHash"_s, hash}}),
        entryType(u"Rejection"_s, {{u"madeAt"_s, number}, {u"safeTxHash"_s, hash}, {u"reason"_s, text}}),
        entryType(u"Withdrawal"_s, {{u"madeAt"_s, number}, {u"safeTxHash"_s, hash}, {u"reason"_s, text}}),
        entryType(u"Note"_s, {{u"madeAt"_s, number}, {u"safeTxHash"_s, hash}, {u"text"_s, text}}),
        entryType(u"MismatchReport"_s,
            {{u"madeAt"_s, number}, {u"safeTxHash"_s, hash}, {u"shownHash"_s, hash}, {u"text"_s, text}}),
        entryType(u"Override"_s,
            {{u"madeAt"_s, number}, {u"safeTxHash"_s, hash}, {u"policy"_s, hash}, {u"finding"_s, text}, {u"reason"_s, text}}),
        entryType(u"Retraction"_s,
            {{u"madeAt"_s, number}, {u"safeTxHash"_s, hash}, {u"retracts"_s, hash}, {u"reason"_s, text}}),
        entryType(u"Acknowledgement"_s, {{u"madeAt"_s, number}, {u"heads"_s, u"Head[]"_s}}),
        entryType(u"EncryptionKey"_s, {{u"madeAt"_s, number}, {u"encryptionKey"_s, hash}}),
        entryType(u"SealedSignature"_s,
            {{u"madeAt"_s, number}, {u"safeTxHash"_s, hash}, {u"recipient"_s, u"address"_s},
                {u"encryptionKey"_s, hash}, {u"sealed"_s, u"bytes"_s}}),
        {u"ApprovalRecord"_s, {{u"author"_s, u"address"_s}, {u"safeTxHash"_s, hash}, {u"content"_s, hash}}},
    });
    return types;
}

} // namespace

Hash32 exchangeDigest(ChainId chain, const Address &safe, QStringView type, const AbiValue::List &fields)
{
    const Eip712Domain domain{.name = u"Countersign Exchange"_s,
        .version = u"2"_s,
        .chainId = Uint256(chain.value()),
        .verifyingContract = safe};
    const auto hash = schema().hashStruct(type, fields);
    // The types are ours and every value has its field's type; a text that has no UTF-8 is refused by checkDraft() and
    // checkStatement() before anyone signs.
    return eip712Digest(domain.separator(), hash.value_or(Hash32()));
}

AbiValue timeField(const std::optional<Timestamp> &time)
{
    return numberField(time ? static_cast<quint64>(std::max<qint64>(time->micros(), 0)) : 0);
}

AbiValue numberField(quint64 number)
{
    return Uint256(number);
}

} // namespace countersign
