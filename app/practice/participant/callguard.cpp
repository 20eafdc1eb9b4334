#include "app/practice/participant/callguard.h"

#include "app/practice/participant/concat.h"
#include "app/practice/participant/derivedid.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>

namespace countersign::participant {

namespace {

grpc::StatusCode grpcCode(ErrorCategory category)
{
    switch (category) {
    case ErrorCategory::TransientServerFailure:
        return grpc::StatusCode::UNAVAILABLE;
    case ErrorCategory::ContentionOnSharedResources:
        return grpc::StatusCode::ABORTED;
    case ErrorCategory::InternalError:
        return grpc::StatusCode::INTERNAL;
    case ErrorCategory::Unauthenticated:
        return grpc::StatusCode::UNAUTHENTICATED;
    case ErrorCategory::InsufficientPermission:
        return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCategory::InvalidIndependentOfState:
        return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCategory::InvalidGivenState:
        return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCategory::ResourceExists:
        return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCategory::ResourceMissing:
        return grpc::StatusCode::NOT_FOUND;
    case ErrorCategory::SeekAfterEnd:
        return grpc::StatusCode::OUT_OF_RANGE;
    case ErrorCategory::UnsupportedOperation:
        return grpc::StatusCode::UNIMPLEMENTED;
    }
    return grpc::StatusCode::UNKNOWN;
}

bool isRedacted(ErrorCategory category)
{
    return category == ErrorCategory::Unauthenticated || category == ErrorCategory::InsufficientPermission
        || category == ErrorCategory::InternalError;
}

std::string metadataValue(const grpc::ServerContext &context, const char *name)
{
    const auto found = context.client_metadata().find(name);
    return found == context.client_metadata().end() ? std::string()
                                                    : std::string(found->second.data(), found->second.size());
}

// W3C: version "-" 32 hex digits of the trace id "-" ...
std::string traceIdOf(const std::string &traceparent)
{
    constexpr std::size_t Start = 3;
    constexpr std::size_t Length = 32;
    if (traceparent.size() < Start + Length) {
        return {};
    }
    std::string id = traceparent.substr(Start, Length);
    const bool hex = std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    return hex ? id : std::string();
}

} // namespace

grpc::Status toStatus(const CantonError &error, const std::string &correlation)
{
    const std::string shortCorrelation = correlation.substr(0, 8);
    google::rpc::Status details;
    details.set_code(grpcCode(error.code.category));
    details.set_message(cantonErrorText(error, shortCorrelation));
    if (!isRedacted(error.code.category)) {
        google::rpc::ErrorInfo info;
        info.set_reason(std::string(error.code.id));
        info.mutable_metadata()->insert(error.context.begin(), error.context.end());
        (*info.mutable_metadata())["category"] = std::to_string(static_cast<int>(error.code.category));
        (*info.mutable_metadata())["definite_answer"] = "false";
        details.add_details()->PackFrom(info);
    }
    google::rpc::RequestInfo request;
    request.set_request_id(correlation);
    details.add_details()->PackFrom(request);
    if (!error.resourceType.empty()) {
        google::rpc::ResourceInfo resource;
        resource.set_resource_type(error.resourceType);
        resource.set_resource_name(error.resourceName);
        details.add_details()->PackFrom(resource);
    }
    if (error.retryAfter) {
        google::rpc::RetryInfo retry;
        const auto millis = error.retryAfter->count();
        retry.mutable_retry_delay()->set_seconds(millis / 1000);
        retry.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(millis % 1000) * 1'000'000);
        details.add_details()->PackFrom(retry);
    }
    return {grpcCode(error.code.category), details.message(), details.SerializeAsString()};
}

Outcome<void> CallGuard::enter(const grpc::ServerContext &context, Access access) const
{
    if (auto admitted = m_gate.admit([&context] { return context.IsCancelled(); }); !admitted) {
        return admitted;
    }
    if (access == Access::Anyone || (m_tokens.full.empty() && m_tokens.readOnly.empty())) {
        return {};
    }
    const std::string given = metadataValue(context, "authorization");
    if (!m_tokens.full.empty() && given == concat("Bearer ", m_tokens.full)) {
        return {};
    }
    if (m_tokens.readOnly.empty() || given != concat("Bearer ", m_tokens.readOnly)) {
        return std::unexpected(CantonError {errors::Unauthenticated, "The command is missing a (valid) JWT token"});
    }
    if (access == Access::Submit) {
        return std::unexpected(CantonError {errors::PermissionDenied, "The provided authorization token is not sufficient"});
    }
    return {};
}

grpc::Status CallGuard::refuse(const grpc::ServerContext &context, const CantonError &error) const
{
    std::string correlation = traceIdOf(metadataValue(context, "traceparent"));
    if (correlation.empty()) {
        correlation = derivedId("correlation", {}, m_refusals++).substr(0, 32);
    }
    return toStatus(error, correlation);
}

} // namespace countersign::participant
