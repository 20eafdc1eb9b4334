#include "backend/rpc/unarycall.h"

#include "backend/rpc/channelcore.h"
#include "backend/rpc/grpcstatus.h"
#include "backend/types/strings.h"

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <pthread.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace countersign {

namespace {

// Kept alive by its tag in the completion queue.
struct UnaryCall {
    std::optional<Channel> channel;
    std::function<void(Result<QByteArrayView>)> done;
    grpc::ClientContext context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer response;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> reader;
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

/// The one completion queue of all unary calls, and the thread that waits for it; they live as long as the program. Not gRPC's callbacks:
/// in 1.51 their threads wake ten times a second for nothing, and the last channel that a callback drops joins its own thread and frees
/// the queue under it (ref_counted.h: prior > 0).
class UnaryEngine final {
    Q_DISABLE_COPY_MOVE(UnaryEngine)

public:
    static UnaryEngine &instance()
    {
        static auto *const engine = new UnaryEngine;
        return *engine;
    }

    void start(std::shared_ptr<UnaryCall> call, const std::string &method)
    {
        UnaryCall &started = *call;
        grpc::GenericStub stub(started.channel->core()->channel());
        started.reader = stub.PrepareUnaryCall(&started.context, method, started.request, &m_queue);
        started.reader->StartCall();
        // From here on the call is the queue's: it may have ended before this returns.
        started.reader->Finish(&started.response, &started.status, new std::shared_ptr<UnaryCall>(std::move(call)));
    }

private:
    UnaryEngine()
    {
        std::thread([this] {
            pthread_setname_np(pthread_self(), "rpc-unary");
            void *tag = nullptr;
            bool whole = false;
            while (m_queue.Next(&tag, &whole)) {
                const std::unique_ptr<std::shared_ptr<UnaryCall>> call(static_cast<std::shared_ptr<UnaryCall> *>(tag));
                end(**call);
            }
        }).detach();
    }
    ~UnaryEngine() = delete;

    static void end(const UnaryCall &call)
    {
        if (!call.status.ok()) {
            call.done(std::unexpected(errorOf(call.status, call.channel->target())));
            return;
        }
        grpc::Slice slice;
        call.done(bytesOf(call.response, slice));
    }

    grpc::CompletionQueue m_queue;
};

} // namespace

void startUnaryCall(const Channel &channel, const QByteArray &method, const Bytes &request, CallOptions options,
    std::function<void(Result<QByteArrayView>)> done)
{
    if (options.stop.stop_requested()) {
        done(fail(ErrorKind::Cancelled, u"The call was cancelled"_s));
        return;
    }
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
    call->channel = channel;
    call->done = std::move(done);
    UnaryEngine::instance().start(std::move(call), method.toStdString());
}

} // namespace countersign
