#include "app/practice/participant/cantonerror.h"

#include "app/practice/participant/concat.h"

namespace countersign::participant {

std::string cantonErrorText(const CantonError &error, std::string_view correlation)
{
    const ErrorCategory category = error.code.category;
    if (category == ErrorCategory::Unauthenticated || category == ErrorCategory::InsufficientPermission
        || category == ErrorCategory::InternalError) {
        return concat("An error occurred. Please contact the operator and inquire about the request ", correlation, " with tid ",
            correlation);
    }
    return concat(error.code.id, "(", static_cast<int>(category), ",", correlation, "): ", error.cause);
}

} // namespace countersign::participant
