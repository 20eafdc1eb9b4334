#include "backend/types/sourcestatus.h"

#include "backend/types/strings.h"

namespace countersign {

QString sourceKindName(SourceKind kind)
{
    switch (kind) {
    case SourceKind::Participant:
        return u"participant"_s;
    case SourceKind::Relayer:
        return u"relayer"_s;
    case SourceKind::Chain:
        return u"chain"_s;
    case SourceKind::Etcd:
        return u"etcd"_s;
    case SourceKind::Prometheus:
        return u"prometheus"_s;
    case SourceKind::Alertmanager:
        break;
    }
    return u"alertmanager"_s;
}

QString sourceStateName(SourceState state)
{
    switch (state) {
    case SourceState::Connecting:
        return u"connecting"_s;
    case SourceState::Live:
        return u"live"_s;
    case SourceState::Lagging:
        return u"lagging"_s;
    case SourceState::Stale:
        return u"stale"_s;
    case SourceState::Down:
        break;
    }
    return u"down"_s;
}

} // namespace countersign
