#include "backend/proposals/executionsteps.h"

#include "backend/proposals/proposaldrafts.h"
#include "backend/review/addressbook.h"
#include "backend/review/calldecoder.h"
#include "backend/review/contextreading.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace countersign {

Result<Bytes> executionCalldata(const ExchangeItem &item, const Review &review)
{
    if (review.isBlocked())
        return fail(ErrorKind::Rejected, u"The review forbids the execution: %1"_s.arg(review.findings.first().message),
            review.findings.first().code);
    if (review.nonce != review.safeNonce)
        return fail(ErrorKind::Rejected,
            u"The Safe is at nonce %1, the proposal at %2"_s.arg(
                review.safeNonce.toDecimal(), review.nonce.toDecimal()));
    std::vector<SafeSignature> signatures;
    for (const ReviewSigner &signer : review.signers) {
        if (!signer.hasSigned || signatures.size() == review.threshold)
            continue;
        const auto collected = std::ranges::find(item.signatures, signer.owner, &CollectedSignature::owner);
        if (collected != item.signatures.end())
            signatures.push_back(collected->signature);
    }
    if (signatures.size() < review.threshold)
        return fail(
            ErrorKind::Rejected, u"%1 of %2 signatures are there"_s.arg(signatures.size()).arg(review.threshold));
    const auto blob = encodeSafeSignatures(std::move(signatures), review.hashes.safeTx);
    if (!blob)
        return std::unexpected(blob.error());
    return encodeExecTransaction(item.proposal.transaction, *blob);
}

QCoro::Task<Result<ExecutionReport>> readBack(ChainClient &chain, ChainSettings settings, ExchangeItem item,
    Review review, TransactionReceipt receipt, std::stop_token stop)
{
    ExecutionReport report{
        review.hashes.safeTx, receipt.transactionHash, receipt.blockNumber, receipt.gasUsed, review.effects, true,
        !review.effects.isEmpty()};
    const BlockRef block = BlockRef::at(receipt.blockHash);
    const Address safe = item.proposal.safe;
    const auto state = co_await readSafeState(chain, safe, block, stop);
    if (!state)
        co_return std::unexpected(state.error());

    QHash<QString, QString> now{{u"Safe.nonce"_s, state->nonce.toDecimal()}};
    Environment environment;
    environment.chains = {settings};
    const AddressBook book(&environment, &environment.chains.first());
    const auto party = readCall(item.proposal.transaction, book).hashArgument(u"partyId");
    if (party && settings.registry && *settings.registry == item.proposal.transaction.to) {
        const Hash32 partyId = *party;
        const Address registryAddress = *settings.registry;
        const QVector<VaultSettings> none;
        const auto registry = co_await readRegistry(chain, *state, registryAddress, partyId, none, stop);
        if (!registry)
            co_return std::unexpected(registry.error());
        now.insert(registryKeyVariable(partyId), keyText(registry->key));
    }
    for (Effect &effect : report.effects) {
        const auto value = now.constFind(effect.variable);
        effect.promised = effect.after;
        if (value == now.cend()) {
            effect.after.clear(); // a slot without a name: simulated, but read by nobody
            report.isReadBack = false;
            continue;
        }
        // Someone else may have used the next nonce in the same block; the effect that was promised is what counts.
        if (effect.variable != "Safe.nonce"_L1 && *value != effect.promised)
            report.isAsPromised = false;
        effect.after = *value;
    }
    co_return report;
}

JournalEntry effectEntry(const ExecutionReport &report, const QString &holder, const QString &sentence)
{
    QJsonArray effects;
    for (const Effect &effect : report.effects) {
        effects.append(QJsonObject{{u"variable"_s, effect.variable}, {u"before"_s, effect.before},
            {u"promised"_s, effect.promised}, {u"readBack"_s, effect.after}});
    }
    const QJsonObject evidence{{u"transactionHash"_s, report.transactionHash.toString()},
        {u"block"_s, QString::number(report.blockNumber.value())}, {u"effects"_s, effects}};
    return report.isAsPromised
        ? JournalEntry::make(JournalKind::Effect, holder, report.safeTxHash.toString(),
              (report.isReadBack ? u"Done, and read back as promised: %1"_s
                                 : u"Executed; not all of its effect could be read back: %1"_s)
                  .arg(sentence),
              evidence)
        : JournalEntry::make(JournalKind::Incident, holder, report.safeTxHash.toString(),
              u"Executed, but the effect is not what was promised: %1"_s.arg(sentence), evidence);
}

} // namespace countersign
