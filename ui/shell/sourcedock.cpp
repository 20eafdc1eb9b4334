#include "ui/shell/sourcedock.h"

#include "backend/types/strings.h"
#include "ui/shell/lampstrip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/keyvalueview.h"
#include "ui/widgets/statusbadge.h"

#include <QVBoxLayout>

namespace countersign {

namespace {

QString kindOf(SourceKind kind)
{
    switch (kind) {
    case SourceKind::Participant:
        return SourceDock::tr("Canton participant");
    case SourceKind::Relayer:
        return SourceDock::tr("Relayer log");
    case SourceKind::Chain:
        return SourceDock::tr("Chain");
    case SourceKind::Etcd:
        return SourceDock::tr("Leader election (etcd)");
    case SourceKind::Prometheus:
        return SourceDock::tr("Prometheus");
    case SourceKind::Alertmanager:
        return SourceDock::tr("Alertmanager");
    }
    return {};
}

} // namespace

SourceDock::SourceDock(QWidget *parent)
    : QDockWidget(tr("Source"), parent)
{
    setObjectName(u"sourceDock"_s);
    setAccessibleName(tr("Source"));
}

void SourceDock::makeBody()
{
    m_badge = new StatusBadge(this);
    m_rows = new KeyValueView(this);
    auto *body = new QWidget(this);
    body->setMinimumWidth(280);
    auto *layout = new QVBoxLayout(body);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(10);
    layout->addWidget(m_badge, 0, Qt::AlignLeft);
    layout->addWidget(m_rows);
    layout->addStretch();
    setWidget(body);
}

void SourceDock::setSource(const SourceStatus &source)
{
    if (!m_rows)
        makeBody();
    m_id = source.id;
    setWindowTitle(tr("Source: %1").arg(source.id));
    m_badge->setState(toneOf(source.state), wordOf(source.state));
    QVector<KeyValue> rows{{tr("Kind"), kindOf(source.kind), {}, false},
        {tr("State since"), utcTime(source.since), utcDateTime(source.since), false},
        {tr("Last data"), source.lastData ? utcTime(*source.lastData) : tr("none yet"),
            source.lastData ? utcDateTime(*source.lastData) : QString(), false}};
    if (!source.lastError.isEmpty())
        rows.append({tr("Last error"), source.lastError, {}, false});
    if (source.nextAttempt)
        rows.append({tr("Next attempt"), utcTime(*source.nextAttempt), utcDateTime(*source.nextAttempt), false});
    m_rows->setRows(rows);
}

} // namespace countersign
