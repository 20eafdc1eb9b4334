#include "backend/types/error.h"

#include "backend/types/strings.h"

namespace countersign {

QString errorKindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Invalid:
        return u"invalid"_s;
    case ErrorKind::NotFound:
        return u"not-found"_s;
    case ErrorKind::Unavailable:
        return u"unavailable"_s;
    case ErrorKind::Timeout:
        return u"timeout"_s;
    case ErrorKind::Unauthenticated:
        return u"unauthenticated"_s;
    case ErrorKind::Denied:
        return u"denied"_s;
    case ErrorKind::Rejected:
        return u"rejected"_s;
    case ErrorKind::Conflict:
        return u"conflict"_s;
    case ErrorKind::Cancelled:
        return u"cancelled"_s;
    case ErrorKind::Corrupt:
        return u"corrupt"_s;
    case ErrorKind::Exhausted:
        return u"exhausted"_s;
    case ErrorKind::Internal:
        break;
    }
    return u"internal"_s;
}

std::unexpected<Error> fail(ErrorKind kind, QString message, QString detail)
{
    return std::unexpected(Error{kind, std::move(message), std::move(detail)});
}

} // namespace countersign
