#include "backend/proposals/compose/promises.h"

#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

QList<PromisedEffect> promisesFrom(const Review &review, const QList<Address> &own, QStringList &notes)
{
    QList<PromisedEffect> promises;
    qsizetype leftOut = 0;
    for (const Effect &effect : review.effects) {
        const bool isOwn = !effect.place || own.contains(effect.place->contract);
        const bool isPromised = std::ranges::any_of(
            promises, [&effect](const PromisedEffect &promise) { return promise.name == effect.variable; });
        if (!isOwn || isPromised || effect.after.isEmpty() || effect.variable == "Safe.nonce"_L1)
            continue;
        // What an envelope cannot hold is not promised: a text too long, one effect too many.
        ProposalDraft probe;
        probe.title = u"x"_s;
        probe.promises = promises;
        probe.promises.append({effect.variable, effect.before, effect.after});
        if (checkDraft(probe))
            promises = probe.promises;
        else
            ++leftOut;
    }
    if (leftOut > 0)
        notes.append(u"%1 changes are not promised: the envelope has no room for them"_s.arg(leftOut));
    return promises;
}

} // namespace countersign
