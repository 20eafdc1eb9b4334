#pragma once

#include "backend/rpc/channel.h"
#include "backend/types/bytes.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <QByteArrayView>

#include <memory>

namespace countersign {

/// The gRPC side of a Channel. Private to this folder.
class ChannelCore final {
public:
    ChannelCore(ChannelSettings settings, std::shared_ptr<grpc::Channel> channel);

    [[nodiscard]] const ChannelSettings &settings() const { return m_settings; }
    [[nodiscard]] const std::shared_ptr<grpc::Channel> &channel() const { return m_channel; }
    /// Puts on a call what every call carries: the token.
    void prepare(grpc::ClientContext &context) const;

private:
    ChannelSettings m_settings;
    std::shared_ptr<grpc::Channel> m_channel;
};

[[nodiscard]] grpc::ByteBuffer bufferOf(const Bytes &bytes);

} // namespace countersign
