#pragma once

#include "backend/proposals/service/serviceexchange.h"
#include "tests/backend/proposals/member.h"
#include "tests/support/safeservice/safeservicemodel.h"

#include <QTest>

#include <memory>

namespace countersign {

template <class T> Result<T> answer(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        return fail(ErrorKind::Timeout, u"the exchange does not answer"_s);
    return future.result();
}

inline const TestKey alice(1);
inline const TestKey bob(2);
inline const TestKey carol(3);
inline const TestKey mallory(66);

inline SafeState testState(quint64 nonce = 0)
{
    SafeState state;
    state.safe = testSafe;
    state.chainId = ChainId(testChain);
    state.owners = {alice.address(), bob.address(), carol.address()};
    state.threshold = Uint256(2);
    state.nonce = Uint256(nonce);
    state.version = u"1.4.1"_s;
    return state;
}

/// A service with three owners, and an exchange that reads it.
struct ServiceFixture {
    testing::SafeServiceModel model{ChainId(testChain), testSafe, testState().owners};
    std::unique_ptr<ServiceExchange> exchange = open();

    std::unique_ptr<ServiceExchange> open(
        const QByteArray &token = {}, std::chrono::milliseconds deadline = std::chrono::seconds(10)) const
    {
        return std::make_unique<ServiceExchange>(
            ServiceSettings{u"ethereum"_s, ChainId(testChain), testSafe, model.url()}, token, deadline, nullptr);
    }
    /// Reads now and waits until it has.
    bool read()
    {
        const bool hasRead = exchange->status().hasRead;
        exchange->setState(testState());
        if (hasRead)
            exchange->refresh();
        const auto before = exchange->status().readAt;
        return QTest::qWaitFor([this, before] {
            const ExchangeStatus status = exchange->status();
            return status.error || (status.hasRead && status.readAt > before);
        });
    }
    static SafeSignature by(const TestKey &key, const ProposalDraft &draft)
    {
        return SafeSignature::ecdsa(key.sign(draft.safeTxHash()));
    }
    void store(const ProposalDraft &draft, std::initializer_list<const TestKey *> signers, const QString &origin = {})
    {
        std::vector<SafeSignature> signatures;
        for (const TestKey *key : signers)
            signatures.push_back(by(*key, draft));
        model.store(draft.transaction, signatures, origin);
    }
    qsizetype posts() const
    {
        return std::ranges::count(model.requests(), "POST"_ba, &test::FakeHttpRequest::method);
    }
};

/// What a signature needs to go up with.
inline ServiceExchange::Lookup lookupOf(const ExchangeItem &item)
{
    return [item](const Hash32 &hash) { return hash == item.id() ? &item : nullptr; };
}

} // namespace countersign
