#include "tests/bench/ingest/ingestpeer.h"

#include "tests/bench/support/figures.h"

#include "com/daml/ledger/api/v2/update_service.grpc.pb.h"

#include <grpcpp/create_channel.h>

namespace countersign::bench {

namespace lapi = com::daml::ledger::api::v2;

QByteArray ingestRequest(long long count, long long rate)
{
    lapi::GetUpdatesRequest request;
    request.set_begin_exclusive(count);
    request.set_end_inclusive(rate);
    return QByteArray::fromStdString(request.SerializeAsString());
}

double readParseDiscard(const QString &target, long long count)
{
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    const auto channel = grpc::CreateCustomChannel(target.toStdString(), grpc::InsecureChannelCredentials(), arguments);
    const auto stub = lapi::UpdateService::NewStub(channel);
    grpc::ClientContext context;
    lapi::GetUpdatesRequest request;
    request.set_begin_exclusive(count);
    request.set_end_inclusive(0);
    const double start = wallSeconds();
    const auto reader = stub->GetUpdates(&context, request);
    long long seen = 0;
    lapi::GetUpdatesResponse message;
    while (reader->Read(&message))
        ++seen;
    const double seconds = wallSeconds() - start;
    return reader->Finish().ok() && seen == count ? static_cast<double>(count) / seconds : 0;
}

} // namespace countersign::bench
