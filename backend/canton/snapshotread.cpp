#include "backend/canton/snapshotread.h"

#include "backend/canton/ledgerdecoder.h"
#include "backend/canton/ledgermessages.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

SnapshotRead::SnapshotRead()
{
    m_promise.start();
}

SnapshotRead::~SnapshotRead()
{
    settle(fail(ErrorKind::Cancelled, u"The call was cancelled"_s));
}

QFuture<Result<QVector<LedgerEvent>>> SnapshotRead::start(
    const Channel &channel, Offset at, LedgerFilter filter, std::stop_token stop)
{
    auto *read = new SnapshotRead;
    QFuture<Result<QVector<LedgerEvent>>> future = read->m_promise.future();
    const Bytes request = ledgermessages::activeContractsRequest(at, filter);
    auto decoder = std::make_shared<LedgerDecoder>(std::move(filter));
    read->m_stream = std::make_unique<ServerStream<LedgerEvent>>(
        channel, "/com.daml.ledger.api.v2.StateService/GetActiveContracts", request,
        [decoder](
            QByteArrayView message, QList<LedgerEvent> &rows) { return decoder->decodeActiveContract(message, rows); },
        [read](const QList<LedgerEvent> &rows) {
            read->m_rows += rows;
            if (read->m_rows.size() > limit)
                read->settle(fail(ErrorKind::Exhausted, u"There are more than %1 active contracts"_s.arg(limit)));
        },
        [read](const Result<void> &outcome) { read->settle(outcome); });
    if (stop.stop_possible())
        read->m_stop.emplace(std::move(stop), [read] {
            QMetaObject::invokeMethod(
                read, [read] { read->settle(fail(ErrorKind::Cancelled, u"The call was cancelled"_s)); });
        });
    return future;
}

void SnapshotRead::settle(Result<void> outcome)
{
    if (std::exchange(m_settled, true))
        return;
    if (outcome)
        m_promise.addResult(std::exchange(m_rows, {}));
    else
        m_promise.addResult(std::unexpected(outcome.error()));
    m_promise.finish();
    deleteLater();
}

} // namespace countersign
