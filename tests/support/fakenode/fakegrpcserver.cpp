#include "tests/support/fakenode/fakegrpcserver.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>
#include <set>

namespace countersign::test {

namespace {

grpc::ByteBuffer bufferOf(const QByteArray &bytes)
{
    const grpc::Slice slice(bytes.constData(), static_cast<size_t>(bytes.size()));
    return {&slice, 1};
}

QByteArray bytesOf(const grpc::ByteBuffer &buffer)
{
    grpc::Slice slice;
    if (buffer.Length() == 0 || !buffer.DumpToSingleSlice(&slice).ok())
        return {};
    return {reinterpret_cast<const char *>(slice.begin()), static_cast<qsizetype>(slice.size())};
}

class Call;

} // namespace

struct FakeGrpcServer::Private {
    class Service;

    FakeGrpcServer::Handler handler;
    std::unique_ptr<Service> service; // of one server only, so a new one at every start
    std::unique_ptr<grpc::Server> server;
    int port = 0;
    mutable std::mutex mutex;
    std::set<Call *> calls;
    std::atomic<qint64> written = 0;
};

class FakeGrpcServer::Private::Service final : public grpc::CallbackGenericService {
public:
    explicit Service(Private &server)
        : m_server(server)
    {
    }

private:
    grpc::ServerGenericBidiReactor *CreateReactor(grpc::GenericCallbackServerContext *context) override;

    Private &m_server;
};

namespace {

class Call final : public grpc::ServerGenericBidiReactor {
public:
    Call(std::mutex &mutex, std::set<Call *> &calls, std::atomic<qint64> &written,
        const FakeGrpcServer::Handler &handler, QByteArray method, QByteArray authorization)
        : m_serverMutex(mutex)
        , m_calls(calls)
        , m_written(written)
        , m_handler(handler)
        , m_method(std::move(method))
        , m_authorization(std::move(authorization))
    {
        const std::lock_guard lock(m_serverMutex);
        m_calls.insert(this);
        StartRead(&m_request);
    }

    void push(const QByteArray &message)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_answering)
            return;
        m_pushed.push_back(message);
        advance();
    }

private:
    void OnReadDone(bool ok) override
    {
        if (!ok)
            return;
        m_reply = m_handler(m_method, bytesOf(m_request), m_authorization);
        const std::lock_guard lock(m_mutex);
        m_answering = true;
        advance();
    }

    void OnWriteDone(bool ok) override
    {
        const std::lock_guard lock(m_mutex);
        m_writing = false;
        if (!ok)
            finish(grpc::Status::CANCELLED);
        else
            advance();
    }

    void OnCancel() override
    {
        const std::lock_guard lock(m_mutex);
        m_cancelled = true;
        if (!m_writing)
            finish(grpc::Status::CANCELLED);
    }

    void OnDone() override
    {
        {
            const std::lock_guard lock(m_serverMutex);
            m_calls.erase(this);
        }
        delete this;
    }

    void advance()
    {
        if (m_writing || m_finished)
            return;
        if (m_cancelled) {
            finish(grpc::Status::CANCELLED);
            return;
        }
        std::optional<QByteArray> next;
        if (m_at < m_reply.messages.size())
            next = m_reply.messages.at(m_at++);
        else if (m_reply.generator)
            next = m_reply.generator(m_generated++);
        if (!next && !m_pushed.empty()) {
            next = m_pushed.front();
            m_pushed.pop_front();
        }
        if (next) {
            m_writing = true;
            m_response = bufferOf(*next);
            ++m_written;
            StartWrite(&m_response);
        } else if (!m_reply.stayOpen) {
            finish(m_reply.status == 0 ? grpc::Status::OK
                                       : grpc::Status(static_cast<grpc::StatusCode>(m_reply.status),
                                             m_reply.text.toStdString(), m_reply.details.toStdString()));
        }
    }

    void finish(const grpc::Status &status)
    {
        if (std::exchange(m_finished, true))
            return;
        Finish(status);
    }

    std::mutex &m_serverMutex;
    std::set<Call *> &m_calls;
    std::atomic<qint64> &m_written;
    const FakeGrpcServer::Handler &m_handler;
    QByteArray m_method;
    QByteArray m_authorization;
    grpc::ByteBuffer m_request;
    grpc::ByteBuffer m_response;
    FakeGrpcReply m_reply;
    std::mutex m_mutex;
    std::deque<QByteArray> m_pushed;
    qsizetype m_at = 0;
    qint64 m_generated = 0;
    bool m_answering = false;
    bool m_writing = false;
    bool m_cancelled = false;
    bool m_finished = false;
};

} // namespace

grpc::ServerGenericBidiReactor *FakeGrpcServer::Private::Service::CreateReactor(
    grpc::GenericCallbackServerContext *context)
{
    QByteArray authorization;
    const auto found = context->client_metadata().find("authorization");
    if (found != context->client_metadata().end())
        authorization = QByteArray(found->second.data(), static_cast<qsizetype>(found->second.size()));
    return new Call(m_server.mutex, m_server.calls, m_server.written, m_server.handler,
        QByteArray::fromStdString(context->method()), authorization);
}

FakeGrpcServer::FakeGrpcServer(Handler handler)
    : d(std::make_unique<Private>())
{
    d->handler = std::move(handler);
    start();
}

FakeGrpcServer::~FakeGrpcServer()
{
    stop();
}

QString FakeGrpcServer::target() const
{
    return QStringLiteral("127.0.0.1:%1").arg(d->port);
}

void FakeGrpcServer::push(const QByteArray &message)
{
    const std::lock_guard lock(d->mutex);
    for (Call *call : d->calls)
        call->push(message);
}

int FakeGrpcServer::openCalls() const
{
    const std::lock_guard lock(d->mutex);
    return static_cast<int>(d->calls.size());
}

qint64 FakeGrpcServer::written() const
{
    return d->written;
}

void FakeGrpcServer::stop()
{
    if (!d->server)
        return;
    d->server->Shutdown(std::chrono::system_clock::now());
    d->server.reset();
    d->service.reset();
}

void FakeGrpcServer::start()
{
    grpc::ServerBuilder builder;
    // Two servers must never share a port: a stale one would swallow clients.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort("127.0.0.1:" + std::to_string(d->port), grpc::InsecureServerCredentials(), &d->port);
    d->service = std::make_unique<Private::Service>(*d);
    builder.RegisterCallbackGenericService(d->service.get());
    d->server = builder.BuildAndStart();
}

} // namespace countersign::test
