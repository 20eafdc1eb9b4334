#include "backend/safe/safeversion.h"

#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

constexpr std::array released = {SafeVersion::v010(), SafeVersion::v100(), SafeVersion::v110(), SafeVersion::v111(), SafeVersion::v120(),
                                 SafeVersion::v130(), SafeVersion::v140(), SafeVersion::v141(), SafeVersion::v150()};

} // namespace

Result<SafeVersion> SafeVersion::parse(QStringView text)
{
    const QStringView number = text.endsWith(u"+L2") ? text.chopped(3) : text;
    // "1.4.1": three digits and two points, in every version that there is.
    if (number.size() == 5 && number[1] == u'.' && number[3] == u'.') {
        for (const SafeVersion version : released) {
            if (number[0] == QChar(u'0' + version.m_major) && number[2] == QChar(u'0' + version.m_minor)
                && number[4] == QChar(u'0' + version.m_patch))
                return version;
        }
    }
    return fail(ErrorKind::Invalid,
                u"No version of the Safe is called \"%1\". Known are 0.1.0, 1.0.0, 1.1.0, 1.1.1, 1.2.0, 1.3.0, 1.4.0, 1.4.1 and 1.5.0."_s.arg(
                    text.first(qMin(text.size(), qsizetype(40)))),
                u"safe.version"_s);
}

QString SafeVersion::toString() const
{
    return u"%1.%2.%3"_s.arg(m_major).arg(m_minor).arg(m_patch);
}

} // namespace countersign
