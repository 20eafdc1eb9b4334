// A batch of 200 calls from its bytes to complete findings in the page's models: read from a real chain through two nodes,
// simulated, judged by every check.
#include "models/approvals/reviewmodel.h"
#include "tests/backend/review/adversarialestate.h"
#include "tests/bench/support/figures.h"

#include <QCoreApplication>
#include <QCoroTask>

using namespace countersign;
using namespace countersign::bench;
using namespace countersign::testing;

namespace {

constexpr int calls = 200;
constexpr int rounds = 7;

AdversarialEstate::Package batchOf(AdversarialEstate &estate)
{
    std::vector<InnerCall> entries;
    for (int i = 0; i < calls; ++i) {
        const Hash32 id = Hash32::fromDigest(Uint256(static_cast<quint64>(i) + 1).toBigEndian());
        entries.push_back({estate.vault, estate.call(estate.vaultBuild, u"registerAdapter", {AbiValue(id), AbiValue(estate.adapter)})});
    }
    return estate.package(estate.chain.contracts(u"1.4.1"_s).multiSendCallOnly, multiSendOf(entries), SafeOperation::DelegateCall);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    AdversarialEstate estate;
    const auto package = batchOf(estate);
    ReviewModel model;
    std::vector<double> whole, judging, showing;
    for (int round = 0; round < rounds; ++round) {
        double start = wallSeconds();
        const Review review = estate.review(package);
        whole.push_back(wallSeconds() - start);
        if (review.isBlocked() || review.call.inner.size() != calls)
            return 2;
        start = threadCpuSeconds();
        model.setReview(review);
        showing.push_back(threadCpuSeconds() - start);

        ReviewContext offline;
        offline.isOnline = false;
        offline.environment = &package.environment;
        offline.artifacts = &ArtifactStore::ours();
        offline.now = package.now;
        start = threadCpuSeconds();
        if (reviewSafeTransaction(package.subject, offline).call.inner.size() != calls)
            return 2;
        judging.push_back(threadCpuSeconds() - start);
    }
    Figures figures(u"review"_s);
    figures.note(u"calls"_s, calls);
    figures.add(u"read through two nodes, simulated and judged"_s, median(whole), u"s"_s, Bound::AtMost, 1.0, 0.5);
    figures.add(u"taken apart and judged"_s, median(judging) * 1000, u"ms CPU"_s);
    figures.add(u"into the page's models"_s, median(showing) * 1000, u"ms CPU"_s);
    return figures.print();
}
