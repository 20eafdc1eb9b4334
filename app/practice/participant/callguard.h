#pragma once

#include "app/practice/participant/faultgate.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <string>

namespace countersign::participant {

/// Bearer tokens that the ledger API accepts; both empty: everybody may do everything, as on a Canton without auth services.
struct AccessTokens {
    std::string full; ///< may also submit
    std::string readOnly;
};

enum class Access { Anyone, Read, Submit };

/// Turns a refusal into what goes over the wire: text, code and `grpc-status-details-bin`.
[[nodiscard]] grpc::Status toStatus(const CantonError &error, const std::string &correlation);

/// What every call goes through: the fault gate, then the token.
class CallGuard final {
public:
    CallGuard(const FaultGate &gate, AccessTokens tokens)
        : m_gate(gate)
        , m_tokens(std::move(tokens))
    {
    }

    [[nodiscard]] const FaultGate &gate() const { return m_gate; }
    [[nodiscard]] Outcome<void> enter(const grpc::ServerContext &context, Access access) const;

    /// The status of a refusal, with the caller's trace id as correlation when it sent a `traceparent`.
    [[nodiscard]] grpc::Status refuse(const grpc::ServerContext &context, const CantonError &error) const;

    /// Serves a unary call: \p body returns Outcome<void>.
    template<class Body>
    [[nodiscard]] grpc::Status serve(const grpc::ServerContext &context, Access access, Body body) const
    {
        Outcome<void> done = enter(context, access);
        if (context.IsCancelled()) {
            return grpc::Status::CANCELLED;
        }
        if (done) {
            done = body();
        }
        return done ? grpc::Status::OK : refuse(context, done.error());
    }

private:
    const FaultGate &m_gate;
    const AccessTokens m_tokens;
    mutable std::atomic<std::uint64_t> m_refusals = 0;
};

} // namespace countersign::participant
