#include "backend/proposals/compose/proposalimport.h"

#include "backend/evm/fields.h"
#include "backend/proposals/proposaljson.h"
#include "backend/proposals/sealedenvelope.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safemultisend.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/transactionbuilder.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <vector>

namespace countersign {

namespace {

constexpr qsizetype maxCalls = 1000;
constexpr qsizetype maxTitle = 200;

// Where the library stands: by the published list for the chain, else where it stands on all others. That its code is the
// library's own is for the review to check.
std::optional<Address> batchLibrary(SafeVersion version, ChainId chain)
{
    if (const auto listed = safeContractAddress(SafeContract::MultiSendCallOnly, version, chain))
        return listed;
    const auto all = safeDeployments();
    const auto canonical = std::ranges::find_if(all, [version](const SafeDeployment &one) {
        return one.contract == SafeContract::MultiSendCallOnly && one.version == version && one.build == SafeBuild::Canonical;
    });
    return canonical == all.end() ? std::nullopt : std::optional(canonical->address);
}

// One call stays one; several are run by the library that makes no delegatecalls.
Result<SafeTransaction> transactionOf(const std::vector<MultiSendTransaction> &calls, SafeVersion version, ChainId chain)
{
    SafeTransaction transaction;
    if (calls.size() == 1) {
        transaction.to = calls.front().to;
        transaction.value = calls.front().value;
        transaction.data = calls.front().data;
        return transaction;
    }
    const auto library = batchLibrary(version, chain);
    if (!library)
        return fail(ErrorKind::NotFound, u"Version %1 has no MultiSendCallOnly"_s.arg(version.toString()));
    transaction.to = *library;
    transaction.operation = SafeOperation::DelegateCall;
    transaction.data = encodeMultiSend(calls);
    return transaction;
}

ImportedDraft draftAt(const SafePlace &place, const SafeTransaction &transaction, Timestamp now)
{
    ImportedDraft imported;
    imported.version = place.version;
    imported.draft.chainId = place.chain;
    imported.draft.safe = place.safe;
    imported.draft.transaction = transaction;
    imported.draft.createdAt = now;
    if (place.version.bindsChain())
        imported.draft.safeVersion = place.version.toString();
    return imported;
}

// A title of somebody else's, if it can be shown without deceiving.
void takeTitle(ImportedDraft &imported, const QString &title)
{
    ProposalDraft probe;
    probe.title = title.simplified().left(maxTitle);
    if (checkDraft(probe))
        imported.draft.title = probe.title;
}

// Signatures that came in the file: each with whom it recovers to, and the zero address where it does not.
void takeSignatures(const SafeInput &input, ImportedDraft &imported)
{
    constexpr qsizetype partSize = 65;
    if (input.signatures.isEmpty())
        return;
    const Hash32 hash = input.hashes().safeTxHash;
    const qsizetype count
        = std::max<qsizetype>(input.signatureCount > 0 ? input.signatureCount : input.signatures.size() / partSize, 1);
    const auto parts = decodeSafeSignatures(input.signatures, count);
    if (!parts) {
        imported.findings.append({u"signature.malformed"_s, Severity::Block,
            u"The signatures that came with the transaction cannot be taken apart: %1"_s.arg(parts.error().message),
            parts.error().detail, u"signatures"_s, 4});
        return;
    }
    for (const SafeSignature &part : *parts)
        imported.signatures.append({hash, part, part.signer(hash).value_or(Address()), {}});
}

Result<ImportedDraft> ofSafeTransaction(JsonView json, const ImportHints &hints)
{
    const auto input = readSafeInput(json, hints);
    if (!input)
        return std::unexpected(input.error());
    ImportedDraft imported = draftAt(input->place, input->transaction, hints.now);
    imported.claimedHash = input->claimedHash;
    takeSignatures(*input, imported);
    return imported;
}

// The Safe that a batch file is for: the person's word, or the file's, which must agree.
Result<SafePlace> placeOf(const TransactionBuilderFile &file, const ImportHints &hints)
{
    if (hints.chain && *hints.chain != file.chainId)
        return fail(ErrorKind::Conflict, u"The chain that was given is not that of the file, %1"_s.arg(file.chainId.value()), u"place.chain-id"_s);
    if (hints.safe && file.createdFromSafe && *file.createdFromSafe != *hints.safe)
        return fail(ErrorKind::Conflict, u"The Safe that was given is not the one that the file names, %1"_s.arg(file.createdFromSafe->toString()),
            u"place.safe"_s);
    const auto safe = hints.safe ? hints.safe : file.createdFromSafe;
    if (!safe)
        return fail(ErrorKind::Invalid, u"The file names no Safe"_s, u"place.safe"_s);
    return SafePlace{file.chainId, *safe, hints.version.value_or(SafeVersion::v141())};
}

Result<ImportedDraft> ofBuilderFile(const QByteArray &text, const ImportHints &hints)
{
    const auto file = readTransactionBuilderFile(text);
    if (!file)
        return std::unexpected(file.error());
    if (file->transactions.empty())
        return fail(ErrorKind::Invalid, u"The file holds no transaction"_s);
    const auto place = placeOf(*file, hints);
    if (!place)
        return std::unexpected(place.error());
    std::vector<MultiSendTransaction> calls;
    calls.reserve(file->transactions.size());
    for (const BuilderTransaction &entry : file->transactions)
        calls.push_back({SafeOperation::Call, entry.to, entry.value, entry.data, entry.to});
    auto transaction = transactionOf(calls, place->version, place->chain);
    if (!transaction)
        return std::unexpected(transaction.error());
    transaction->nonce = hints.nonce.value_or(Uint256());

    ImportedDraft imported = draftAt(*place, *transaction, hints.now);
    imported.hasNonce = hints.nonce.has_value();
    takeTitle(imported, file->name);
    if (file->checksum && !file->checksumMatches())
        imported.findings.append({u"file.checksum"_s, Severity::Warn,
            u"The file's checksum is not that of its content: it was changed or damaged"_s, file->computedChecksum.toString(), u"file"_s, 0});
    for (size_t i = 0; i < file->transactions.size(); ++i) {
        const BuilderTransaction &entry = file->transactions[i];
        if (entry.disagrees)
            imported.findings.append({u"file.disagrees"_s, Severity::Block,
                u"The data is not what the file's own method and values say; the data would be sent"_s,
                toHex(entry.data.left(4)), u"transactions[%1]"_s.arg(i), 13});
    }
    return imported;
}

Result<MultiSendTransaction> callOf(JsonView json)
{
    Fields fields(json);
    MultiSendTransaction call{.to = fields.address("to")};
    if (fields.has("value"))
        call.value = fields.number("value");
    if (fields.has("data"))
        call.data = fields.bytes("data");
    // A delegatecall is more than a call: it is to be written down as a whole Safe transaction.
    if (fields.has("operation") && fields.small("operation") != 0)
        fields.refuse("operation", Error{ErrorKind::Invalid, u"a call has operation 0"_s, {}});
    call.effectiveTo = call.to;
    if (auto done = fields.done(); !done)
        return std::unexpected(done.error());
    return call;
}

Result<ImportedDraft> ofCalls(JsonView json, const ImportHints &hints)
{
    if (!hints.chain)
        return fail(ErrorKind::Invalid, u"A call does not say its chain"_s, u"place.chain-id"_s);
    if (!hints.safe)
        return fail(ErrorKind::Invalid, u"A call does not say its Safe"_s, u"place.safe"_s);
    std::vector<MultiSendTransaction> calls;
    if (json.isArray()) {
        if (json.size() == 0 || json.size() > maxCalls)
            return fail(ErrorKind::Invalid, u"A list of calls has 1 to %1 of them"_s.arg(maxCalls));
        for (const JsonView element : json) {
            const auto call = callOf(element);
            if (!call)
                return fail(call.error().kind, u"Call %1: %2"_s.arg(calls.size() + 1).arg(call.error().message));
            calls.push_back(*call);
        }
    } else {
        const auto call = callOf(json);
        if (!call)
            return std::unexpected(call.error());
        calls.push_back(*call);
    }
    const SafePlace place{*hints.chain, *hints.safe, hints.version.value_or(SafeVersion::v141())};
    auto transaction = transactionOf(calls, place.version, place.chain);
    if (!transaction)
        return std::unexpected(transaction.error());
    transaction->nonce = hints.nonce.value_or(Uint256());
    ImportedDraft imported = draftAt(place, *transaction, hints.now);
    imported.hasNonce = hints.nonce.has_value();
    return imported;
}

Result<ProposalImport> ofQueue(JsonView results, const ImportHints &hints)
{
    if (results.size() > maxSafeServiceEntries)
        return fail(ErrorKind::Exhausted, u"The page has more than %1 entries"_s.arg(maxSafeServiceEntries));
    ProposalImport import{ImportKind::ServiceQueue};
    std::optional<Error> first;
    for (const JsonView entry : results) {
        auto imported = ofSafeTransaction(entry, hints);
        if (imported) {
            import.drafts.append(*std::move(imported));
            continue;
        }
        ++import.leftOut;
        if (!first)
            first = imported.error();
    }
    if (import.drafts.isEmpty())
        return fail(ErrorKind::Invalid, first ? first->message : u"The page holds no transaction"_s, first ? first->detail : QString());
    return import;
}

Result<ProposalImport> ofOwnFile(const QByteArray &text, JsonView kind, const ImportHints &hints)
{
    const auto agrees = [&hints](const ProposalDraft &draft) -> Result<void> {
        if (hints.chain && *hints.chain != draft.chainId)
            return fail(ErrorKind::Conflict, u"The chain that was given is not that of the file"_s, u"place.chain-id"_s);
        if (hints.safe && *hints.safe != draft.safe)
            return fail(ErrorKind::Conflict, u"The Safe that was given is not that of the file"_s, u"place.safe"_s);
        return {};
    };
    const QByteArray file = text.trimmed() + '\n'; // the file ends with a newline, which pasting may lose
    if (kind.toString() == "countersign.draft"_L1) {
        const auto draft = draftFromJson(file);
        if (!draft)
            return std::unexpected(draft.error());
        if (const auto checked = agrees(*draft); !checked)
            return std::unexpected(checked.error());
        ImportedDraft imported;
        imported.draft = *draft;
        return ProposalImport{ImportKind::Draft, {}, {imported}};
    }
    const auto proposal = proposalFromJson(file);
    if (!proposal)
        return std::unexpected(proposal.error());
    if (const auto checked = agrees(*proposal); !checked)
        return std::unexpected(checked.error());
    return ProposalImport{ImportKind::Proposal, ExchangeItem{*proposal, {}}, {}};
}

Result<ProposalImport> alone(ImportKind kind, Result<ImportedDraft> imported)
{
    if (!imported)
        return std::unexpected(imported.error());
    return ProposalImport{kind, {}, {*std::move(imported)}};
}

} // namespace

ReviewSubject ImportedDraft::subject() const
{
    ReviewSubject subject;
    subject.chainId = draft.chainId;
    subject.safe = draft.safe;
    subject.transaction = draft.transaction;
    subject.version = version;
    subject.claimedHash = claimedHash;
    subject.signatures = signatures;
    return subject;
}

Result<ProposalImport> importProposals(const QByteArray &bytes, const ImportHints &hints)
{
    const auto json = JsonText::parse(bytes, {.maxBytes = maxImportBytes});
    if (!json)
        return fail(json.error().kind, u"The input is no JSON: %1"_s.arg(json.error().message), json.error().detail);
    const JsonView root = json->root();
    if (root.isArray())
        return alone(ImportKind::Calls, ofCalls(root, hints));
    if (!root.isObject())
        return fail(ErrorKind::Invalid, u"A proposal or a Safe transaction is a JSON object, this is %1"_s.arg(root.kindName()));
    if (root.find("transactions") && root.find("meta"))
        return alone(ImportKind::BuilderFile, ofBuilderFile(bytes, hints));
    if (isSealedEnvelope(bytes))
        return std::unexpected(encryptedPackage());
    if (const auto kind = root.find("kind"))
        return ofOwnFile(bytes, *kind, hints);
    if (const auto results = root.find("results"); results && results->isArray())
        return ofQueue(*results, hints);
    const bool isBareCall = root.find("to") && !root.find("nonce") && !root.find("safe") && !root.find("chainId");
    if (isBareCall)
        return alone(ImportKind::Calls, ofCalls(root, hints));
    return alone(ImportKind::SafeTransaction, ofSafeTransaction(root, hints));
}

ImportedDraft importServiceTransaction(
    const SafeServiceTransaction &transaction, const SafeServiceSubject &subject, Timestamp now)
{
    ImportedDraft imported
        = draftAt({subject.chainId, subject.safe, subject.version}, transaction.transaction, now);
    imported.claimedHash = transaction.safeTxHash;
    for (const SafeServiceConfirmation &confirmation : transaction.confirmations) {
        const auto collected = CollectedSignature::make(
            subject.chainId, subject.safe, transaction.safeTxHash, confirmation.signature, now);
        if (collected)
            imported.signatures.append(*collected);
    }
    for (const SafeServiceFinding &finding : transaction.findings)
        imported.findings.append({finding.code, Severity::Warn, finding.message, {}, u"service"_s, 0});
    return imported;
}

} // namespace countersign
