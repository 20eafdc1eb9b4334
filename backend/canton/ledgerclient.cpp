#include "backend/canton/ledgerclient.h"

#include "backend/canton/ledgerdecoder.h"
#include "backend/canton/ledgermessages.h"
#include "backend/canton/ledgerprobe.h"
#include "backend/canton/snapshotread.h"
#include "backend/rpc/rpcerror.h"
#include "backend/rpc/unarycall.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QPromise>

#include <utility>

namespace countersign {

namespace {

template <class T> QFuture<Result<T>> completed(Error error)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::unexpected(std::move(error)));
    promise.finish();
    return promise.future();
}

} // namespace

LedgerClient::LedgerClient(Channel channel, std::chrono::milliseconds deadline)
    : m_channel(std::move(channel))
    , m_deadline(deadline)
{
}

CallOptions LedgerClient::options(std::stop_token stop) const
{
    return {m_deadline, std::move(stop)};
}

QCoro::Task<Result<LedgerVersion>> LedgerClient::probe(std::stop_token stop) const
{
    const LedgerClient self = *this; // the coroutine may outlive the client
    const QString expected = u"ledger-api"_s;
    const CallOptions call = self.options(stop);
    const Result<void> api = co_await checkApi(self.m_channel, expected, call);
    if (!api)
        co_return std::unexpected(api.error());
    const QFuture<Result<LedgerVersion>> pending = self.version(stop);
    Result<LedgerVersion> version = co_await pending;
    if (!version && grpcCode(version.error()) == grpcUnimplemented)
        co_return fail(ErrorKind::Invalid, u"%1 serves no Ledger API of Canton 3"_s.arg(self.m_channel.target()),
            version.error().detail);
    co_return version;
}

QFuture<Result<LedgerVersion>> LedgerClient::version(std::stop_token stop) const
{
    return unaryCall<LedgerVersion>(m_channel, "/com.daml.ledger.api.v2.VersionService/GetLedgerApiVersion", {},
        ledgermessages::version, options(std::move(stop)));
}

QFuture<Result<Offset>> LedgerClient::ledgerEnd(std::stop_token stop) const
{
    return unaryCall<Offset>(m_channel, "/com.daml.ledger.api.v2.StateService/GetLedgerEnd", {},
        ledgermessages::ledgerEnd, options(std::move(stop)));
}

QFuture<Result<Offset>> LedgerClient::prunedUpTo(std::stop_token stop) const
{
    return unaryCall<Offset>(m_channel, "/com.daml.ledger.api.v2.StateService/GetLatestPrunedOffsets", {},
        ledgermessages::prunedUpTo, options(std::move(stop)));
}

QFuture<Result<QVector<ConnectedSynchronizer>>> LedgerClient::connectedSynchronizers(
    QString party, std::stop_token stop) const
{
    return unaryCall<QVector<ConnectedSynchronizer>>(m_channel,
        "/com.daml.ledger.api.v2.StateService/GetConnectedSynchronizers",
        ledgermessages::connectedSynchronizersRequest(party), ledgermessages::connectedSynchronizers,
        options(std::move(stop)));
}

QFuture<Result<QVector<LedgerEvent>>> LedgerClient::activeContracts(
    Offset at, LedgerFilter filter, std::stop_token stop) const
{
    return SnapshotRead::start(m_channel, at, std::move(filter), std::move(stop));
}

QFuture<Result<LedgerParty>> LedgerClient::allocateParty(QString hint, std::stop_token stop) const
{
    return unaryCall<LedgerParty>(m_channel, "/com.daml.ledger.api.v2.admin.PartyManagementService/AllocateParty",
        ledgermessages::allocatePartyRequest(hint), ledgermessages::allocatedParty, options(std::move(stop)));
}

QCoro::Task<Result<QVector<LedgerParty>>> LedgerClient::knownParties(std::stop_token stop) const
{
    const LedgerClient self = *this;
    QVector<LedgerParty> parties;
    QString token;
    constexpr qsizetype limit = 100'000;
    do {
        const Bytes request = ledgermessages::knownPartiesRequest(token);
        const CallOptions call = self.options(stop);
        const QFuture<Result<ledgermessages::PartyPage>> pending = unaryCall<ledgermessages::PartyPage>(self.m_channel,
            "/com.daml.ledger.api.v2.admin.PartyManagementService/ListKnownParties", request,
            ledgermessages::knownParties, call);
        const Result<ledgermessages::PartyPage> page = co_await pending;
        if (!page)
            co_return std::unexpected(page.error());
        if (page->next == token && !token.isEmpty())
            co_return fail(ErrorKind::Corrupt, u"%1 repeats a page of its parties"_s.arg(self.m_channel.target()));
        parties += page->parties;
        token = page->next;
    } while (!token.isEmpty() && parties.size() < limit);
    co_return parties;
}

QFuture<Result<LedgerReceipt>> LedgerClient::submitAndWait(LedgerSubmission submission, std::stop_token stop) const
{
    const Result<Bytes> request = ledgermessages::submitRequest(submission);
    if (!request)
        return completed<LedgerReceipt>(request.error());
    return unaryCall<LedgerReceipt>(m_channel, "/com.daml.ledger.api.v2.CommandService/SubmitAndWait", *request,
        ledgermessages::receipt, options(std::move(stop)));
}

QFuture<Result<LedgerReceipt>> LedgerClient::submitAndWaitForTransaction(
    LedgerSubmission submission, std::stop_token stop) const
{
    const Result<Bytes> request = ledgermessages::submitForTransactionRequest(submission);
    if (!request)
        return completed<LedgerReceipt>(request.error());
    return unaryCall<LedgerReceipt>(m_channel, "/com.daml.ledger.api.v2.CommandService/SubmitAndWaitForTransaction",
        *request, ledgermessages::transactionReceipt, options(std::move(stop)));
}

QString cantonErrorCode(const Error &error)
{
    return rpcErrorCode(error);
}

} // namespace countersign
