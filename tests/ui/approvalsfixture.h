#pragma once

#include "backend/types/clock.h"
#include "models/approvals/acknowledgements.h"
#include "models/approvals/approvalqueuemodel.h"
#include "models/approvals/discussionmodel.h"
#include "models/approvals/exchangenoticesmodel.h"
#include "models/approvals/noncelanesmodel.h"
#include "models/approvals/reviewmodel.h"
#include "tests/backend/review/reviewfixture.h"
#include "tests/models/approvals/fakeexchange.h"
#include "tests/ui/approvalfakes.h"
#include "ui/pages/approvals/approvalspage.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <optional>

namespace countersign {

inline Proposal proposalOn(const ChainSettings &chain, quint64 nonce, const QString &title, const TestKey &author)
{
    ProposalDraft draft = testDraft(nonce);
    draft.chainId = chain.chainId;
    draft.safe = *chain.safe;
    draft.title = title;
    return author.propose(draft);
}

/// The page in its window, over models that are real and desks that are not. Alice sits at it.
class ApprovalsFixture final {
public:
    /// \a safe: a chain that answers, where stages and nonces matter; without, one that does not.
    explicit ApprovalsFixture(const std::optional<ChainSettings> &safe = {}, ThemeMode mode = ThemeMode::Light)
        : environment(environmentOf(safe))
        , board(environment, exchange, clock)
        , queue(board)
        , discussion(environment)
        , lanes(environment, board, exchange, clock)
        , notices(exchange)
        , acknowledgements(environment, board, exchange)
        , window(theme, clock, {u"PRACTICE"_s, u"practice"_s, Token::PracticeBand})
    {
        theme.apply(mode);
        board.setHolder(alice.address());
        review.setHolder(alice.address());
        desk.address = alice.address();
        desk.onReview = [this](const Hash32 &id) { review.setReview(reviewOf(id)); };
        window.addPage({u"approvals"_s, u"Approvals"_s, "info"_L1, [this]() -> Page * {
                            page = new ApprovalsPage({queue, review, discussion, lanes, notices, acknowledgements},
                                {desk, exchangeDesk, composer}, prompter);
                            return page;
                        }});
        window.showPage(u"approvals"_s);
    }

    const ChainSettings &chain() const { return environment.chains.first(); }
    Review reviewOf(const Hash32 &id) const
    {
        Review made = someReview(desk);
        made.hashes.safeTx = id;
        made.hashes.domain = keccak256("domain");
        made.hashes.message = keccak256("message");
        made.safe = *chain().safe;
        made.nonce = Uint256(2);
        made.safeNonce = Uint256(2);
        made.proposer = u"bob"_s;
        made.blockNumber = BlockNumber(19'000'000);
        made.reviewedAt = clock.now();
        made.findings = {{u"key.revoked"_s, Severity::Warn, u"No vault accepts an intent of Treasury desk afterwards."_s, {}},
            {u"chain.agree"_s, Severity::Info, u"Two nodes agree on the state."_s, {}}};
        return made;
    }

    Theme theme;
    ManualClock clock{Timestamp::fromSeconds(1'700'000'500)};
    Environment environment;
    FakeExchange exchange;
    ProposalBoard board;
    ApprovalQueueModel queue;
    ReviewModel review;
    DiscussionModel discussion;
    NonceLanesModel lanes;
    ExchangeNoticesModel notices;
    Acknowledgements acknowledgements;
    FakeDesk desk;
    FakeExchangeDesk exchangeDesk;
    FakeComposer composer;
    SilentPrompter prompter;
    MainWindow window;
    ApprovalsPage *page = nullptr;

private:
    static Environment environmentOf(const std::optional<ChainSettings> &safe)
    {
        Environment made = ReviewFixture().environment;
        if (safe)
            made.chains = {*safe};
        return made;
    }
};

} // namespace countersign
