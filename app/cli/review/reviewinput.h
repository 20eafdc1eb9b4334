#pragma once

#include "app/cli/commands/command.h"
#include "backend/review/review.h"
#include "backend/review/reviewsubject.h"
#include "backend/types/json.h"

namespace countersign {

/// What a file asks to be reviewed, as far as the file says it.
struct ReviewInput {
    ReviewSubject subject;
    QString kind; ///< "proposal", "draft", "safe-tx", "builder", "calls"
    bool hasNonce = true; ///< a file of the transaction builder has none: the Safe's own is taken, or zero without a node
    QList<Finding> findings; ///< about the file itself: claims that do not agree, signatures that cannot be read
};

/// Reads whatever importProposals knows, with what the options say of its place; one transaction, not several. Error
/// Invalid names what is wrong.
Result<ReviewInput> readReviewInput(const QByteArray &text, const Invocation &invocation);

} // namespace countersign
