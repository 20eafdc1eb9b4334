#include "backend/metrics/queryrequest.h"

#include "backend/types/strings.h"

#include <QRegularExpression>

namespace countersign {

QueryWindow windowOf(const QueryRequest &request)
{
    const qint64 step = request.step.count();
    if (step <= 0 || request.start.millis() < 0)
        return {};
    return {request.start.millis() / step, request.end.millis() / step};
}

bool dependsOnRange(const QString &expression)
{
    static const QRegularExpression modifier(u"@\\s*(start|end)\\s*\\("_s);
    return modifier.match(expression).hasMatch();
}

} // namespace countersign
