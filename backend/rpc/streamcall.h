#pragma once

#include "backend/rpc/channel.h"
#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArrayView>

#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>

namespace countersign {

/// A server-streaming call read synchronously as raw bytes: decoding to our rows needs no protobuf object in between.
/// Private to this folder.
class StreamCall final {
public:
    StreamCall(const Channel &channel, QByteArray method, Bytes request);

    /// From any thread, at any time.
    void cancel() { m_context.TryCancel(); }

    // Reader thread:
    void start(); ///< blocks until the request has left
    bool next(); ///< blocks for a message; false at the end
    /// Of the last message, in one piece; valid until the next one.
    [[nodiscard]] QByteArrayView message() const;
    Result<void> finish();

private:
    Channel m_channel;
    QByteArray m_method;
    Bytes m_request;
    grpc::ClientContext m_context;
    std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> m_reader;
    grpc::ByteBuffer m_buffer;
    grpc::Slice m_slice;
};

} // namespace countersign
