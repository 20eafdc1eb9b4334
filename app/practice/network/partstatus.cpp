#include "app/practice/network/partstatus.h"

#include "backend/types/strings.h"

#include <QJsonArray>

namespace countersign {

namespace {

constexpr int nameWidth = 18;
constexpr int stateWidth = 10;
constexpr int endpointWidth = 24;

} // namespace

QString PartStatus::toLine() const
{
    QString line = name.leftJustified(nameWidth) + toString(state).leftJustified(stateWidth) + endpoint.leftJustified(endpointWidth);
    if (processId != 0)
        line += u"pid %1  "_s.arg(processId);
    return QString(line + note).trimmed();
}

QJsonObject PartStatus::toJson() const
{
    QJsonObject object{{u"name"_s, name},
                       {u"state"_s, toString(state)},
                       {u"endpoint"_s, endpoint},
                       {u"pid"_s, processId},
                       {u"since"_s, since.toIsoString()}};
    if (!note.isEmpty())
        object.insert(u"note"_s, note);
    if (!lastLogLines.isEmpty())
        object.insert(u"log"_s, QJsonArray::fromStringList(lastLogLines));
    return object;
}

QString toString(PartState state)
{
    switch (state) {
    case PartState::Waiting: return u"waiting"_s;
    case PartState::Starting: return u"starting"_s;
    case PartState::Ready: return u"ready"_s;
    case PartState::Paused: return u"paused"_s;
    case PartState::Stopped: return u"stopped"_s;
    case PartState::Died: return u"died"_s;
    }
    return {};
}

} // namespace countersign
