#include "backend/proposals/proposaljson.h"

#include "backend/proposals/memberreader.h"
#include "backend/proposals/safetransactionjson.h"
#include "backend/safe/safeversion.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

constexpr auto proposalKind = "countersign.proposal"_L1;
constexpr auto draftKind = "countersign.draft"_L1;
constexpr qsizetype maxTitle = 200;
constexpr qsizetype maxText = 4000;
constexpr qsizetype maxPromises = 64;
constexpr qsizetype maxUrl = 500;

// What is absent has no member: one meaning, one spelling.
QJsonObject draftObject(const ProposalDraft &draft, QLatin1StringView kind)
{
    QJsonObject object = frameOf(kind);
    object.insert("chainId"_L1, QString::number(draft.chainId.value()));
    object.insert("safe"_L1, draft.safe.toString());
    object.insert("transaction"_L1, safeTransactionJson(draft.transaction));
    object.insert("title"_L1, draft.title);
    object.insert("rationale"_L1, draft.rationale);
    object.insert("createdAt"_L1, decimal(draft.createdAt));
    QJsonArray promises;
    for (const PromisedEffect &promise : draft.promises)
        promises.append(
            QJsonObject{{u"name"_s, promise.name}, {u"before"_s, promise.before}, {u"after"_s, promise.after}});
    object.insert("promises"_L1, promises);
    QJsonArray attachments;
    for (const Attachment &attachment : draft.attachments)
        attachments.append(QJsonObject{{u"name"_s, attachment.name}, {u"mediaType"_s, attachment.mediaType},
            {u"size"_s, QString::number(attachment.size)}, {u"contentHash"_s, attachment.contentHash.toString()}});
    object.insert("attachments"_L1, attachments);
    object.insert("links"_L1, QJsonArray::fromStringList(draft.links));
    if (draft.notBefore)
        object.insert("notBefore"_L1, decimal(*draft.notBefore));
    if (draft.expiresAt)
        object.insert("expiresAt"_L1, decimal(*draft.expiresAt));
    if (!draft.safeVersion.isEmpty())
        object.insert("safeVersion"_L1, draft.safeVersion);
    if (!draft.policy.isZero())
        object.insert("policy"_L1, draft.policy.toString());
    if (!draft.previousEnvelope.isZero())
        object.insert("previousEnvelope"_L1, draft.previousEnvelope.toString());
    if (!draft.replaces.isZero())
        object.insert("replaces"_L1, draft.replaces.toString());
    QJsonArray dependencies;
    for (const Hash32 &dependency : draft.dependsOn)
        dependencies.append(dependency.toString());
    if (!dependencies.isEmpty())
        object.insert("dependsOn"_L1, dependencies);
    return object;
}

void readDraft(MemberReader &reader, ProposalDraft &draft)
{
    draft.chainId = ChainId(reader.number64("chainId"_L1));
    draft.safe = reader.address("safe"_L1);
    draft.transaction = readSafeTransaction(reader);
    draft.title = reader.text("title"_L1);
    draft.rationale = reader.text("rationale"_L1);
    draft.createdAt = reader.time("createdAt"_L1);
    for (const JsonView value : reader.list("promises"_L1, maxPromises)) {
        MemberReader promise(value, u"promises."_s);
        draft.promises.append({promise.text("name"_L1), promise.text("before"_L1), promise.text("after"_L1)});
        reader.finish(promise);
    }
    for (const JsonView value : reader.list("attachments"_L1, maxAttachments)) {
        MemberReader attachment(value, u"attachments."_s);
        draft.attachments.append({attachment.text("name"_L1), attachment.text("mediaType"_L1),
            attachment.number64("size"_L1), attachment.hash("contentHash"_L1)});
        reader.finish(attachment);
    }
    for (const JsonView value : reader.list("links"_L1, maxLinks)) {
        if (!value.isString())
            reader.note(u"links holds something that is not a text"_s);
        draft.links.append(value.toString());
    }
    if (reader.has("notBefore"_L1))
        draft.notBefore = reader.time("notBefore"_L1);
    if (reader.has("expiresAt"_L1))
        draft.expiresAt = reader.time("expiresAt"_L1);
    if (reader.has("safeVersion"_L1))
        draft.safeVersion = reader.text("safeVersion"_L1);
    if (reader.has("policy"_L1))
        draft.policy = reader.hash("policy"_L1);
    if (reader.has("previousEnvelope"_L1))
        draft.previousEnvelope = reader.hash("previousEnvelope"_L1);
    if (reader.has("replaces"_L1))
        draft.replaces = reader.hash("replaces"_L1);
    if (!reader.has("dependsOn"_L1))
        return;
    for (const JsonView value : reader.list("dependsOn"_L1, maxDependencies)) {
        const auto dependency = value.isString() ? Hash32::parse(value.toString()) : fail(ErrorKind::Invalid, {});
        if (!dependency)
            reader.note(u"dependsOn holds something that is no hash"_s);
        draft.dependsOn.append(dependency.value_or(Hash32()));
    }
}

Result<void> checkAttachments(const QList<Attachment> &attachments)
{
    if (attachments.size() > maxAttachments)
        return fail(ErrorKind::Exhausted, u"more than %1 attachments"_s.arg(maxAttachments));
    quint64 total = 0;
    for (const Attachment &attachment : attachments) {
        if (attachment.size > static_cast<quint64>(maxAttachmentBytes))
            return fail(ErrorKind::Exhausted, u"an attachment has more than %1 bytes"_s.arg(maxAttachmentBytes));
        total += attachment.size;
        if (!isAttachmentName(attachment.name))
            return fail(ErrorKind::Invalid, u"an attachment's name is empty, hidden or a path"_s);
        const auto isSame = [&attachment](const Attachment &other) {
            return other.contentHash == attachment.contentHash || other.name == attachment.name;
        };
        if (std::ranges::count_if(attachments, isSame) > 1)
            return fail(ErrorKind::Invalid, u"two attachments have one name, or are one file"_s);
        for (const QString &text : {attachment.name, attachment.mediaType}) {
            if (auto checked = checkText(text, maxTitle, u"an attachment's name or type"_s); !checked)
                return checked;
        }
    }
    if (total > maxAttachedBytes)
        return fail(ErrorKind::Exhausted, u"the attachments have more than %1 bytes together"_s.arg(maxAttachedBytes));
    return {};
}

Result<void> checkLinks(const QStringList &links)
{
    if (links.size() > maxLinks)
        return fail(ErrorKind::Exhausted, u"more than %1 links"_s.arg(maxLinks));
    for (const QString &link : links) {
        if (auto checked = checkText(link, maxUrl, u"a link"_s); !checked)
            return checked;
        const QUrl url(link, QUrl::StrictMode);
        // A user name before the host is how a link looks like another site's.
        if (!url.isValid() || url.scheme() != "https"_L1 || url.host().isEmpty() || !url.userInfo().isEmpty())
            return fail(ErrorKind::Invalid, u"a link is not a plain https address"_s);
    }
    return {};
}

Result<void> checkDependencies(const ProposalDraft &draft)
{
    if (draft.dependsOn.size() > maxDependencies)
        return fail(ErrorKind::Exhausted, u"it depends on more than %1 proposals"_s.arg(maxDependencies));
    const Hash32 own = draft.safeTxHash();
    for (qsizetype i = 0; i < draft.dependsOn.size(); ++i) {
        const Hash32 &dependency = draft.dependsOn.at(i);
        if (dependency.isZero() || dependency == own)
            return fail(ErrorKind::Invalid, u"it depends on itself, or on nothing"_s);
        if (draft.dependsOn.indexOf(dependency) != i)
            return fail(ErrorKind::Invalid, u"it depends on the same proposal twice"_s);
    }
    return {};
}

// What a draft at rest must keep as well, so that it can be read again and shown.
Result<void> checkShape(const ProposalDraft &draft)
{
    if (draft.title.contains(u'\n'))
        return fail(ErrorKind::Invalid, u"the title has more than one line"_s);
    if (draft.transaction.data.size() > maxTransactionData)
        return fail(ErrorKind::Exhausted, u"the transaction's data exceed %1 bytes"_s.arg(maxTransactionData));
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
    if (checked)
        checked = checkAttachments(draft.attachments);
    if (checked)
        checked = checkLinks(draft.links);
    if (checked && !draft.safeVersion.isEmpty()) {
        const auto version = SafeVersion::parse(draft.safeVersion);
        // Before 1.3.0 a signature is valid on every chain where the Safe stands: no proposal is made for one.
        if (!version || !version->bindsChain())
            return fail(ErrorKind::Invalid, u"the Safe version is none that is known to bind signatures to a chain"_s);
    }
    return checked;
}

} // namespace

bool isAttachmentName(const QString &name)
{
    static const QString forbidden = u"/\\:*?\"<>|\n"_s;
    const bool isPlain = std::ranges::none_of(name, [](QChar c) { return forbidden.contains(c); });
    return isPlain && !name.isEmpty() && name.trimmed() == name && !name.startsWith(u'.') && !name.startsWith(u'-')
        && !name.endsWith(u'.') && checkText(name, maxTitle, {}).has_value();
}

Result<void> checkDraft(const ProposalDraft &draft)
{
    if (draft.title.trimmed().isEmpty())
        return fail(ErrorKind::Invalid, u"the title is empty"_s);
    if (draft.notBefore && draft.expiresAt && *draft.notBefore >= *draft.expiresAt)
        return fail(ErrorKind::Invalid, u"it expires before it may be executed"_s);
    // Zero stands for absent where it is hashed.
    for (const auto &time : {draft.notBefore, draft.expiresAt}) {
        if (time && time->micros() <= 0)
            return fail(ErrorKind::Invalid, u"a time is not after 1970"_s);
    }
    if (!draft.replaces.isZero() && draft.replaces == draft.safeTxHash())
        return fail(ErrorKind::Invalid, u"it replaces itself: an edit names the envelope before"_s);
    if (draft.dependsOn.contains(draft.replaces) && !draft.replaces.isZero())
        return fail(ErrorKind::Invalid, u"it depends on the proposal that it replaces"_s);
    if (const auto checked = checkDependencies(draft); !checked)
        return checked;
    return checkShape(draft);
}

Bytes proposalToJson(const Proposal &proposal)
{
    QJsonObject object = draftObject(proposal, proposalKind);
    insertLink(object, proposal.link);
    object.insert("safeTxHash"_L1, proposal.safeTxHash().toString());
    object.insert("proposer"_L1, proposal.proposer.toString());
    object.insert("signature"_L1, toHex(proposal.signature.toBytes65()));
    return canonicalJson(object);
}

Result<Proposal> proposalFromJson(QByteArrayView file)
{
    const auto text = exchangeText(file, maxProposalBytes);
    if (!text)
        return std::unexpected(text.error());
    MemberReader reader(text->root(), {});
    readFrame(reader, proposalKind);
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    Proposal proposal;
    readDraft(reader, proposal);
    proposal.link = reader.link();
    proposal.proposer = reader.address("proposer"_L1);
    const Hash32 claimedHash = reader.hash("safeTxHash"_L1);
    const Bytes signature = reader.bytes("signature"_L1);
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    if (const auto checked = checkDraft(proposal); !checked)
        return std::unexpected(checked.error());
    if (claimedHash != proposal.safeTxHash())
        return fail(ErrorKind::Invalid,
            u"it names the safeTxHash %1, but its content has %2: it was changed, or is for another chain or Safe"_s
                .arg(claimedHash.toString(), proposal.safeTxHash().toString()));
    const auto parts = signatureOf(proposal.envelopeDigest(), signature, proposal.proposer);
    if (!parts)
        return std::unexpected(parts.error());
    proposal.signature = *parts;
    return ifCanonical(std::move(proposal), file, proposalToJson);
}

Bytes draftToJson(const ProposalDraft &draft)
{
    return canonicalJson(draftObject(draft, draftKind));
}

Result<ProposalDraft> draftFromJson(QByteArrayView file)
{
    const auto text = exchangeText(file, maxProposalBytes);
    if (!text)
        return std::unexpected(text.error());
    MemberReader reader(text->root(), {});
    readFrame(reader, draftKind);
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    ProposalDraft draft;
    readDraft(reader, draft);
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    if (const auto checked = checkShape(draft); !checked)
        return std::unexpected(checked.error());
    return ifCanonical(std::move(draft), file, draftToJson);
}

} // namespace countersign
