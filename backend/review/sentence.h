#pragma once

#include "backend/review/addressbook.h"
#include "backend/review/calldecoder.h"
#include "backend/review/reviewcontext.h"
#include "backend/types/ids.h"

#include <QString>

namespace countersign {

/// What the call does, as a treasurer would say it. Rests on the decoded call alone; a proposal's title has no part in
/// it.
QString reviewSentence(const ReadCall &call, const SafeTransaction &transaction, const AddressBook &book,
    const ReviewContext &context, const QString &chainName);

} // namespace countersign
