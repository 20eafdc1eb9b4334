#include "app/cli/review/reviewinput.h"

#include "app/cli/review/safeinput.h"
#include "backend/proposals/proposaljson.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safemultisend.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/transactionbuilder.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

// Signatures that came in the file: each with whom it recovers to, and the zero address where it does not.
void takeSignatures(const SafeInput &input, ReviewInput &review)
{
    constexpr qsizetype partSize = 65;
    if (input.signatures.isEmpty())
        return;
    const Hash32 hash = input.hashes().safeTxHash;
    const qsizetype count
        = std::max<qsizetype>(input.signatureCount > 0 ? input.signatureCount : input.signatures.size() / partSize, 1);
    const auto parts = decodeSafeSignatures(input.signatures, count);
    if (!parts) {
        review.findings.append({u"signature.malformed"_s, Severity::Block,
            u"The signatures that came with the transaction cannot be taken apart: %1"_s.arg(parts.error().message),
            parts.error().detail, u"signatures"_s, 4});
        return;
    }
    for (const SafeSignature &part : *parts)
        review.subject.signatures.append({hash, part, part.signer(hash).value_or(Address()), {}});
}

Result<ReviewInput> ofSafeTransaction(JsonView json, const Invocation &invocation)
{
    const auto input = readSafeInput(json, invocation);
    if (!input)
        return std::unexpected(input.error());
    ReviewInput review;
    review.kind = u"safe-tx"_s;
    review.subject.chainId = input->place.chain;
    review.subject.safe = input->place.safe;
    review.subject.version = input->place.version;
    review.subject.transaction = input->transaction;
    review.subject.claimedHash = input->claimedHash;
    takeSignatures(*input, review);
    return review;
}

Result<ReviewInput> ofProposal(const QByteArray &text)
{
    const auto proposal = proposalFromJson(text);
    if (!proposal)
        return std::unexpected(proposal.error());
    return ReviewInput{ReviewSubject::of({*proposal, {}}), u"proposal"_s, true, {}};
}

// The option's number; nothing when it is not given.
Result<std::optional<Uint256>> nonceOption(const Invocation &invocation)
{
    if (!invocation.has(u"nonce"_s))
        return std::nullopt;
    const auto nonce = Uint256::parse(invocation.value(u"nonce"_s));
    if (!nonce)
        return fail(ErrorKind::Invalid, u"--nonce: "_s + nonce.error().message, u"usage"_s);
    return *nonce;
}

Result<Address> safeOfFile(const TransactionBuilderFile &file, const Invocation &invocation)
{
    if (invocation.has(u"safe"_s)) {
        const auto safe = Address::parse(invocation.value(u"safe"_s));
        if (!safe)
            return fail(ErrorKind::Invalid, u"--safe: "_s + safe.error().message, u"usage"_s);
        if (file.createdFromSafe && *file.createdFromSafe != *safe)
            return fail(ErrorKind::Conflict, u"--safe is not the Safe that the file names, %1"_s.arg(file.createdFromSafe->toString()));
        return safe;
    }
    if (!file.createdFromSafe)
        return fail(ErrorKind::Invalid, u"The file names no Safe; say it with --safe"_s, u"usage"_s);
    return *file.createdFromSafe;
}

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
Result<SafeTransaction> transactionOf(const TransactionBuilderFile &file, SafeVersion version)
{
    SafeTransaction transaction;
    if (file.transactions.size() == 1) {
        transaction.to = file.transactions.front().to;
        transaction.value = file.transactions.front().value;
        transaction.data = file.transactions.front().data;
        return transaction;
    }
    const auto library = batchLibrary(version, file.chainId);
    if (!library)
        return fail(ErrorKind::NotFound, u"Version %1 has no MultiSendCallOnly"_s.arg(version.toString()));
    std::vector<MultiSendTransaction> calls;
    calls.reserve(file.transactions.size());
    for (const BuilderTransaction &entry : file.transactions)
        calls.push_back({SafeOperation::Call, entry.to, entry.value, entry.data, entry.to});
    transaction.to = *library;
    transaction.operation = SafeOperation::DelegateCall;
    transaction.data = encodeMultiSend(calls);
    return transaction;
}

Result<ReviewInput> ofBuilderFile(const QByteArray &text, const Invocation &invocation)
{
    const auto file = readTransactionBuilderFile(text);
    if (!file)
        return std::unexpected(file.error());
    if (file->transactions.empty())
        return fail(ErrorKind::Invalid, u"The file holds no transaction"_s);
    const auto safe = safeOfFile(*file, invocation);
    if (!safe)
        return std::unexpected(safe.error());
    if (invocation.has(u"chain-id"_s) && invocation.value(u"chain-id"_s) != QString::number(file->chainId.value()))
        return fail(ErrorKind::Conflict, u"--chain-id is not the chain of the file, %1"_s.arg(file->chainId.value()));
    const auto version = SafeVersion::parse(invocation.has(u"safe-version"_s) ? invocation.value(u"safe-version"_s) : u"1.4.1"_s);
    if (!version)
        return fail(ErrorKind::Invalid, u"--safe-version: "_s + version.error().message, u"usage"_s);
    const auto nonce = nonceOption(invocation);
    if (!nonce)
        return std::unexpected(nonce.error());
    auto transaction = transactionOf(*file, *version);
    if (!transaction)
        return std::unexpected(transaction.error());
    transaction->nonce = nonce->value_or(Uint256());

    ReviewInput review;
    review.kind = u"builder"_s;
    review.hasNonce = nonce->has_value();
    review.subject.chainId = file->chainId;
    review.subject.safe = *safe;
    review.subject.version = *version;
    review.subject.transaction = *std::move(transaction);
    if (file->checksum && !file->checksumMatches())
        review.findings.append({u"file.checksum"_s, Severity::Warn,
            u"The file's checksum is not that of its content: it was changed or damaged"_s, file->computedChecksum.toString(), u"file"_s, 0});
    for (size_t i = 0; i < file->transactions.size(); ++i) {
        const BuilderTransaction &entry = file->transactions[i];
        if (entry.disagrees)
            review.findings.append({u"file.disagrees"_s, Severity::Block,
                u"The data is not what the file's own method and values say; the data would be sent"_s,
                toHex(entry.data.left(4)), u"transactions[%1]"_s.arg(i), 13});
    }
    return review;
}

} // namespace

Result<ReviewInput> readReviewInput(const QByteArray &text, const Invocation &invocation)
{
    const auto json = JsonText::parse(text);
    if (!json)
        return fail(json.error().kind, u"The input is no JSON: %1"_s.arg(json.error().message), json.error().detail);
    const JsonView root = json->root();
    if (!root.isObject())
        return fail(ErrorKind::Invalid, u"A proposal or a Safe transaction is a JSON object, this is %1"_s.arg(root.kindName()));
    if (root.find("transactions") && root.find("meta"))
        return ofBuilderFile(text, invocation);
    if (root.find("kind"))
        return ofProposal(text + '\n'); // the file ends with a newline, which the input has lost
    return ofSafeTransaction(root, invocation);
}

} // namespace countersign
