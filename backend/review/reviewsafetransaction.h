#pragma once

#include "backend/review/review.h"
#include "backend/review/reviewcontext.h"

namespace countersign {

/// Judges a proposal by the checks that concern a holder before signing. Total, without side effects, and independent
/// of who asks: the same proposal and context always give the same review. Findings come worst first.
Review reviewSafeTransaction(const ExchangeItem &item, const ReviewContext &context);

} // namespace countersign
