#pragma once

#include "backend/canton/ledgerevent.h"
#include "backend/canton/ledgerfilter.h"
#include "backend/rpc/serverstream.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QVector>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace countersign {

/// One reading of all active contracts; owns itself until its future is complete. Private to this folder.
class SnapshotRead final : public QObject {
public:
    static QFuture<Result<QVector<LedgerEvent>>> start(
        const Channel &channel, Offset at, LedgerFilter filter, std::stop_token stop);
    ~SnapshotRead() override;

    Q_DISABLE_COPY_MOVE(SnapshotRead)

    static constexpr qsizetype limit = 1'000'000; ///< contracts

private:
    SnapshotRead();

    void settle(Result<void> outcome);

    QPromise<Result<QVector<LedgerEvent>>> m_promise;
    QVector<LedgerEvent> m_rows;
    bool m_settled = false;
    std::unique_ptr<ServerStream<LedgerEvent>> m_stream;
    std::optional<std::stop_callback<std::function<void()>>> m_stop;
};

} // namespace countersign
