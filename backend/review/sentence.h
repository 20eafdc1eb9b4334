#pragma once

#include "backend/review/reviewtree.h"

#include <QString>

namespace countersign {

/// What the transaction does, as a treasurer would say it. Rests on the decoded calls alone; a proposal's title has no part
/// in it.
QString reviewSentence(const ReviewTree &tree, const SafeTransaction &transaction, const AddressBook &book,
    const ReviewContext &context, const QString &chainName);

} // namespace countersign
