#include "backend/canton/templateid.h"

#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

Result<TemplateId> TemplateId::parse(QStringView text)
{
    const QList<QStringView> parts = text.split(u':');
    if (parts.size() != 3 || parts[0].isEmpty() || parts[0] == "#"_L1 || parts[1].isEmpty() || parts[2].isEmpty())
        return fail(
            ErrorKind::Invalid, u"A template is written package:Module:Entity, and %1 is not"_s.arg(text.left(200)));
    return TemplateId{parts[0].toString(), parts[1].toString(), parts[2].toString()};
}

} // namespace countersign
