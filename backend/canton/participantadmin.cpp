#include "backend/canton/participantadmin.h"

#include "backend/canton/ledgermessages.h"
#include "backend/canton/ledgerprobe.h"
#include "backend/rpc/rpcerror.h"
#include "backend/rpc/unarycall.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <utility>

namespace countersign {

ParticipantAdmin::ParticipantAdmin(Channel channel, std::chrono::milliseconds deadline)
    : m_channel(std::move(channel))
    , m_deadline(deadline)
{
}

QCoro::Task<Result<ParticipantStatus>> ParticipantAdmin::status(std::stop_token stop) const
{
    const Channel channel = m_channel;
    const CallOptions options{m_deadline, std::move(stop)};
    const QString expected = u"admin-api"_s;
    const Result<void> api = co_await checkApi(channel, expected, options);
    if (!api)
        co_return std::unexpected(api.error());
    const QFuture<Result<ParticipantStatus>> pending = unaryCall<ParticipantStatus>(channel,
        "/com.digitalasset.canton.admin.participant.v30.ParticipantStatusService/ParticipantStatus", {},
        ledgermessages::participantStatus, options);
    Result<ParticipantStatus> status = co_await pending;
    if (!status && grpcCode(status.error()) == grpcUnimplemented)
        co_return fail(ErrorKind::Invalid, u"%1 is no participant"_s.arg(channel.target()), status.error().detail);
    co_return status;
}

} // namespace countersign
