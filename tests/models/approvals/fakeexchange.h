#pragma once

#include "backend/proposals/proposalexchange.h"
#include "backend/types/strings.h"

#include <QFuture>

namespace countersign {

/// An exchange that holds what the test says and takes nothing.
class FakeExchange final : public ProposalExchange {
public:
    QString name() const override { return u"the test's"_s; }
    const ExchangeSnapshot &snapshot() const override { return held; }
    ExchangeStatus status() const override { return state; }
    void refresh() override { ++refreshes; }
    QFuture<Result<ChainLink>> nextLink(ExchangeLane) override { return refused<ChainLink>(); }
    QFuture<Result<QString>> publish(Proposal, Publishing) override { return refused<QString>(); }
    QFuture<Result<QString>> publish(CollectedSignature, Publishing) override { return refused<QString>(); }
    QFuture<Result<QString>> publish(Statement, Publishing) override { return refused<QString>(); }
    QFuture<Result<QString>> publish(ImportedTransaction, Publishing) override { return refused<QString>(); }
    QFuture<Result<QString>> publishAttachment(Bytes) override { return refused<QString>(); }
    QFuture<Result<Bytes>> attachment(Hash32) override { return refused<Bytes>(); }

    void hold(const QList<ExchangeEntry> &entries)
    {
        auto set = std::make_shared<ExchangeSet>();
        for (const ExchangeEntry &entry : entries)
            set->add(entry);
        held = snapshotOf(set);
        emit changed();
    }

    ExchangeSnapshot held;
    ExchangeStatus state;
    int refreshes = 0;

private:
    template <class T> static QFuture<Result<T>> refused()
    {
        return QtFuture::makeReadyFuture(Result<T>(fail(ErrorKind::Rejected, u"Nothing is written here."_s)));
    }
};

} // namespace countersign
