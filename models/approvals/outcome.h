#pragma once

#include "backend/types/error.h"

namespace countersign {

/// The result of a step as signals carry it. (A bare Result cannot: Qt asks whether it can be compared, and libstdc++ 12 answers with an
/// error where its value cannot.)
template <class T> struct Outcome {
    Result<T> result;
};

} // namespace countersign
