#pragma once

#include <chrono>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace countersign::participant {

/// Canton's error categories (`ErrorCategory`); the number stands in the text and decides the gRPC status code.
enum class ErrorCategory {
    TransientServerFailure = 1,
    ContentionOnSharedResources = 2,
    InternalError = 4,
    Unauthenticated = 6,
    InsufficientPermission = 7,
    InvalidIndependentOfState = 8,
    InvalidGivenState = 9,
    ResourceExists = 10,
    ResourceMissing = 11,
    SeekAfterEnd = 12,
    UnsupportedOperation = 14,
};

/// An error id of the Canton error catalogue with its category.
struct ErrorCode {
    std::string_view id;
    ErrorCategory category;
};

namespace errors {
inline constexpr ErrorCode InvalidArgument {"INVALID_ARGUMENT", ErrorCategory::InvalidIndependentOfState};
inline constexpr ErrorCode InvalidField {"INVALID_FIELD", ErrorCategory::InvalidIndependentOfState};
inline constexpr ErrorCode MissingField {"MISSING_FIELD", ErrorCategory::InvalidIndependentOfState};
inline constexpr ErrorCode NegativeOffset {"NEGATIVE_OFFSET", ErrorCategory::InvalidIndependentOfState};
inline constexpr ErrorCode NonPositiveOffset {"NON_POSITIVE_OFFSET", ErrorCategory::InvalidIndependentOfState};
inline constexpr ErrorCode DescendingOrderMissingEnd {"DESCENDING_ORDER_MISSING_END", ErrorCategory::InvalidIndependentOfState};
inline constexpr ErrorCode PreprocessingFailed {"COMMAND_PREPROCESSING_FAILED", ErrorCategory::InvalidIndependentOfState};
inline constexpr ErrorCode DamlAuthorization {"DAML_AUTHORIZATION_ERROR", ErrorCategory::InvalidIndependentOfState};
inline constexpr ErrorCode InvalidDeduplicationPeriod {"INVALID_DEDUPLICATION_PERIOD", ErrorCategory::InvalidGivenState};
inline constexpr ErrorCode PrunedDataAccessed {"PARTICIPANT_PRUNED_DATA_ACCESSED", ErrorCategory::InvalidGivenState};
inline constexpr ErrorCode OffsetOutOfRange {"OFFSET_OUT_OF_RANGE", ErrorCategory::InvalidGivenState};
inline constexpr ErrorCode DuplicateCommand {"DUPLICATE_COMMAND", ErrorCategory::ResourceExists};
inline constexpr ErrorCode ContractNotFound {"CONTRACT_NOT_FOUND", ErrorCategory::ResourceMissing};
inline constexpr ErrorCode TemplatesNotFound {"TEMPLATES_OR_INTERFACES_NOT_FOUND", ErrorCategory::ResourceMissing};
inline constexpr ErrorCode PackageNamesNotFound {"PACKAGE_NAMES_NOT_FOUND", ErrorCategory::ResourceMissing};
inline constexpr ErrorCode NoTemplatesForName {"NO_TEMPLATES_FOR_PACKAGE_NAME_AND_QUALIFIED_NAME", ErrorCategory::ResourceMissing};
inline constexpr ErrorCode NoInterfaceForName {"NO_INTERFACE_FOR_PACKAGE_NAME_AND_QUALIFIED_NAME", ErrorCategory::ResourceMissing};
inline constexpr ErrorCode CannotSubmit {"NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT", ErrorCategory::ResourceMissing};
inline constexpr ErrorCode UnknownInformees {"UNKNOWN_INFORMEES", ErrorCategory::ResourceMissing};
inline constexpr ErrorCode OffsetAfterLedgerEnd {"OFFSET_AFTER_LEDGER_END", ErrorCategory::SeekAfterEnd};
inline constexpr ErrorCode ServiceNotRunning {"SERVICE_NOT_RUNNING", ErrorCategory::TransientServerFailure};
inline constexpr ErrorCode ShuttingDown {"SERVER_IS_SHUTTING_DOWN", ErrorCategory::TransientServerFailure};
inline constexpr ErrorCode Unauthenticated {"UNAUTHENTICATED", ErrorCategory::Unauthenticated};
inline constexpr ErrorCode PermissionDenied {"PERMISSION_DENIED", ErrorCategory::InsufficientPermission};
} // namespace errors

/// A refusal as Canton words it.
struct CantonError {
    ErrorCode code;
    std::string cause;
    std::map<std::string, std::string> context {}; ///< goes to ErrorInfo.metadata
    std::string resourceType {}; ///< with resourceName: a ResourceInfo, e.g. CONTRACT_ID
    std::string resourceName {};
    std::optional<std::chrono::milliseconds> retryAfter {}; ///< goes to RetryInfo
};

template<class T>
using Outcome = std::expected<T, CantonError>;

/// `CODE(category,correlation): cause`, or for security-sensitive categories the redacted text that Canton sends instead.
[[nodiscard]] std::string cantonErrorText(const CantonError &error, std::string_view correlation);

} // namespace countersign::participant
