#pragma once

#include "backend/proposals/compose/composer.h"
#include "tests/backend/review/adversarialestate.h"

#include <QStringList>

#include <memory>

namespace countersign::testing {

/// Two chains with an institution on each: the Safe stands at one address on both, registry and vault do not. What is
/// composed is reviewed by the console's own reader and executed with signatures of two owners.
class ComposeEstate final {
public:
    ComposeEstate();

    static ChainId first() { return SafeChain::chainId(); }
    static ChainId second() { return ChainId(31'338); }
    SafeChain &chainOf(ChainId id) { return id == first() ? home.chain : m_other; }

    Result<Composition> compose(ComposeRequest request);
    /// One proposal for the first chain; ends the process when there is none, because the test has nothing to stand on then.
    ComposedProposal composeOne(const QList<ComposeAction> &actions);
    static ExchangeItem signedBy(const TestKey &key, ProposalDraft draft);
    /// What the console's review says of the proposal once its author has signed it.
    Review review(const ExchangeItem &item);
    TransactionReceipt execute(const ProposalDraft &draft);
    /// Promised words that do not stand where the review said they would; empty when all do.
    QStringList brokenPromises(const ComposedProposal &proposal);
    Bytes ask(ChainId chain, const Address &contract, QStringView function, const std::vector<AbiValue> &arguments = {});
    Address addressOf(ChainId chain, const Address &contract, QStringView function, const std::vector<AbiValue> &arguments = {});

    /// A contract of ours on the second chain, as the environment knows it.
    struct Other {
        Address safe, registry, vault, adapter;
    };

    AdversarialEstate home; ///< the first chain
    Other other;
    ExchangeSnapshot queue;
    Environment environment;
    ManualClock clock{Timestamp::fromSeconds(1'800'000'000)};
    std::unique_ptr<ReviewReader> reader;
    std::unique_ptr<Composer> composer;

private:
    SafeChain m_other;
};

} // namespace countersign::testing
