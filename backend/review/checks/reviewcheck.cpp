#include "backend/review/checks/reviewcheck.h"

#include "backend/review/checks/allchecks.h"

#include <algorithm>
#include <vector>

namespace countersign {

ReviewCheck::~ReviewCheck() = default;

void ReviewCheck::lookAtTransaction(const ReviewDesk & /*desk*/, const CheckReport & /*report*/) const { }

void ReviewCheck::lookAtCall(
    const ReviewDesk & /*desk*/, const ReviewedCall & /*call*/, const CheckReport & /*report*/) const
{
}

const SafeState *ReviewDesk::safeOf(const Address &safe) const
{
    if (!safe.isZero() && safe == context.safe.safe)
        return &context.safe;
    const auto found = context.otherSafes.constFind(safe);
    return found == context.otherSafes.constEnd() ? nullptr : &*found;
}

void CheckReport::notRun(const QString &reason) const
{
    const CheckNotRun entry{m_info.number, QString::fromUtf16(m_info.title), reason};
    if (!m_review.notRun.contains(entry))
        m_review.notRun.append(entry);
}

std::span<const std::unique_ptr<ReviewCheck>> reviewChecks()
{
    static const std::vector<std::unique_ptr<ReviewCheck>> checks = makeAllChecks();
    return checks;
}

const CheckInfo *checkInfo(int number)
{
    const auto checks = reviewChecks();
    const auto found = std::ranges::find_if(
        checks, [number](const std::unique_ptr<ReviewCheck> &check) { return check->info().number == number; });
    return found == checks.end() ? nullptr : &(*found)->info();
}

} // namespace countersign
