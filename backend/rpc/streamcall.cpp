#include "backend/rpc/streamcall.h"

#include "backend/rpc/channelcore.h"
#include "backend/rpc/grpcstatus.h"

#include <grpcpp/support/client_interceptor.h>

#include <utility>

namespace countersign {

StreamCall::StreamCall(const Channel &channel, QByteArray method, Bytes request)
    : m_channel(channel)
    , m_method(std::move(method))
    , m_request(std::move(request))
{
    m_channel.core()->prepare(m_context);
}

void StreamCall::start()
{
    const grpc::internal::RpcMethod method(m_method.constData(), nullptr, grpc::internal::RpcMethod::SERVER_STREAMING);
    const grpc::ByteBuffer request = bufferOf(m_request);
    m_reader.reset(grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(
        m_channel.core()->channel().get(), method, &m_context, request));
}

bool StreamCall::next()
{
    if (!m_reader->Read(&m_buffer))
        return false;
    if (!m_buffer.TrySingleSlice(&m_slice).ok() && !m_buffer.DumpToSingleSlice(&m_slice).ok())
        return false;
    return true;
}

QByteArrayView StreamCall::message() const
{
    return {m_slice.begin(), static_cast<qsizetype>(m_slice.size())};
}

Result<void> StreamCall::finish()
{
    const grpc::Status status = m_reader->Finish();
    if (status.ok())
        return {};
    return std::unexpected(errorOf(status, m_channel.target()));
}

} // namespace countersign
