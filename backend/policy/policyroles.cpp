#include "backend/policy/policyroles.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

QString PolicyMember::toString() const
{
    switch (kind) {
    case Kind::Owners:
        return u"owners"_s;
    case Kind::Anyone:
        return u"anyone"_s;
    case Kind::Holder:
        return holder;
    case Kind::Account:
        break;
    }
    return account.toString();
}

const ApproverGroup *PolicyRoles::group(QStringView groupName) const
{
    const auto found = std::ranges::find(groups, groupName, &ApproverGroup::name);
    return found == groups.end() ? nullptr : &*found;
}

} // namespace countersign
