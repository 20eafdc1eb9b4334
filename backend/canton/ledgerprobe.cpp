#include "backend/canton/ledgerprobe.h"

#include "backend/canton/ledgermessages.h"
#include "backend/rpc/rpcerror.h"
#include "backend/rpc/unarycall.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

namespace countersign {

QCoro::Task<Result<void>> checkApi(Channel channel, QString expected, CallOptions options)
{
    const QFuture<Result<QString>> pending = unaryCall<QString>(channel,
        "/com.digitalasset.canton.connection.v30.ApiInfoService/GetApiInfo", {}, ledgermessages::apiName, options);
    const Result<QString> name = co_await pending;
    if (!name) {
        if (grpcCode(name.error()) == grpcUnimplemented)
            co_return {};
        co_return std::unexpected(name.error());
    }
    if (*name == expected || name->isEmpty())
        co_return {};
    const bool swapped = *name == "admin-api"_L1 || *name == "ledger-api"_L1;
    const QString hint = swapped ? u"; are the two ports swapped?"_s : QString();
    co_return fail(
        ErrorKind::Invalid, u"%1 serves the %2, not the %3%4"_s.arg(channel.target(), *name, expected, hint));
}

} // namespace countersign
