#include "backend/policy/policyquestion.h"

#include "backend/types/strings.h"

namespace countersign {

QString PolicyQuestion::nameOf(const Address &address) const
{
    const QString name = holders.key(address);
    return name.isEmpty() ? address.toString() : u"%1 (%2)"_s.arg(name, address.toString());
}

} // namespace countersign
