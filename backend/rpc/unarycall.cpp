#include "backend/rpc/unarycall.h"

#include "backend/rpc/channelcore.h"
#include "backend/rpc/grpcstatus.h"
#include "backend/types/strings.h"

#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <optional>

namespace countersign {

namespace {

// Kept alive by gRPC's callback.
struct UnaryCall {
    grpc::ClientContext context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer response;
    std::optional<std::stop_callback<std::function<void()>>> stop;
};

Result<QByteArrayView> bytesOf(const grpc::ByteBuffer &buffer, grpc::Slice &slice)
{
    if (buffer.Length() == 0)
        return QByteArrayView();
    if (!buffer.TrySingleSlice(&slice).ok() && !buffer.DumpToSingleSlice(&slice).ok())
        return fail(ErrorKind::Corrupt, u"A response could not be read"_s);
    return QByteArrayView(slice.begin(), static_cast<qsizetype>(slice.size()));
}

} // namespace

void startUnaryCall(const Channel &channel, const QByteArray &method, const Bytes &request, CallOptions options,
    std::function<void(Result<QByteArrayView>)> done)
{
    if (options.stop.stop_requested()) {
        done(fail(ErrorKind::Cancelled, u"The call was cancelled"_s));
        return;
    }
    // gRPC 1.51 ends the threads of its callbacks with the last channel that used them. A callback that drops that channel joins its own
    // thread, frees the queue under it and goes on reading it (ref_counted.h: prior > 0). The first channel stays: there is no last one.
    [[maybe_unused, gnu::used]] static const auto *const kept = new std::shared_ptr<grpc::Channel>(channel.core()->channel());
    auto call = std::make_shared<UnaryCall>();
    call->context.set_deadline(std::chrono::system_clock::now() + options.deadline);
    channel.core()->prepare(call->context);
    call->request = bufferOf(request);
    if (options.stop.stop_possible()) {
        const std::weak_ptr<UnaryCall> weak = call;
        call->stop.emplace(std::move(options.stop), [weak] {
            if (const auto running = weak.lock())
                running->context.TryCancel();
        });
    }
    UnaryCall &started = *call;
    grpc::GenericStub stub(channel.core()->channel());
    stub.UnaryCall(&started.context, method.toStdString(), {}, &started.request, &started.response,
        [call = std::move(call), channel, done = std::move(done)](const grpc::Status &status) {
            if (!status.ok()) {
                done(std::unexpected(errorOf(status, channel.target())));
                return;
            }
            grpc::Slice slice;
            done(bytesOf(call->response, slice));
        });
}

} // namespace countersign
