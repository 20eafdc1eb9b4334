#include "models/intents/intenttimelinemodel.h"

#include "backend/types/strings.h"
#include "models/intents/hoptext.h"
#include "models/intents/intenttablemodel.h"
#include "models/intents/intenttext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace countersign {

IntentTimelineModel::IntentTimelineModel(const IntentStore &store, const Clock &clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_store(store)
    , m_clock(clock)
{
}

int IntentTimelineModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_hops.size());
}

/// The last hop before this one that counts and says when it was: what a duration is measured from.
std::optional<qsizetype> IntentTimelineModel::before(qsizetype row) const
{
    for (qsizetype i = row - 1; i >= 0; --i) {
        if (!m_hops[i].retracted && !m_hops[i].time.isNull())
            return i;
    }
    return std::nullopt;
}

std::optional<RouteStatistics::Usual> IntentTimelineModel::usual(qsizetype row) const
{
    const auto previous = before(row);
    if (!m_row || !previous || !m_hops[*previous].phase || !m_hops[row].phase || m_hops[row].phase == m_hops[*previous].phase)
        return std::nullopt;
    const IntentRow intent = m_store.row(*m_row);
    return m_store.statistics().phase(RouteStatistics::route(intent.vault, intent.chain), *m_hops[*previous].phase);
}

QVariant IntentTimelineModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Hop &hop = m_hops[index.row()];
    const auto previous = hop.time.isNull() ? std::nullopt : before(index.row());
    const auto duration = previous ? std::optional(hop.time - m_hops[*previous].time) : std::nullopt;
    const auto micros = [](std::optional<std::chrono::microseconds> value) { return value ? QVariant(static_cast<qlonglong>(value->count())) : QVariant(); };
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return HopText::title(hop);
    case SourceRole:
        return HopText::source(hop);
    case TimeRole:
        return QVariant::fromValue(hop.time);
    case PhaseRole:
        return hop.phase ? QVariant(static_cast<int>(*hop.phase)) : QVariant();
    case RetractedRole:
        return hop.retracted;
    case DurationRole:
        return micros(duration);
    case UsualP50Role: {
        const auto known = usual(index.row());
        return known ? micros(known->p50) : QVariant();
    }
    case UsualP95Role: {
        const auto known = usual(index.row());
        return known ? micros(known->p95) : QVariant();
    }
    case SlowRole: {
        const auto known = usual(index.row());
        return known && duration && known->count >= 20 && *duration > known->p95;
    }
    case EvidenceRole:
        return HopText::evidence(hop);
    case ReferenceRole:
        return hop.reference;
    case DetailRole:
        return hop.reason.isEmpty() ? hop.evidence : hop.reason;
    case ToneRole:
        return static_cast<int>(HopText::tone(hop));
    default:
        return {};
    }
}

QHash<int, QByteArray> IntentTimelineModel::roleNames() const
{
    return {{TitleRole, "title"},         {SourceRole, "source"},     {TimeRole, "time"},         {PhaseRole, "phase"},     {RetractedRole, "retracted"},
            {DurationRole, "duration"},   {UsualP50Role, "usualP50"}, {UsualP95Role, "usualP95"}, {SlowRole, "slow"},       {EvidenceRole, "evidence"},
            {ReferenceRole, "reference"}, {DetailRole, "detail"},     {ToneRole, "tone"},         {Qt::DisplayRole, "display"}};
}

void IntentTimelineModel::setIntent(std::optional<quint32> storeRow)
{
    beginResetModel();
    m_row = storeRow && *storeRow < m_store.size() ? storeRow : std::nullopt;
    m_hops = m_row ? m_store.hops(*m_row) : QVector<Hop>();
    endResetModel();
    emit changed();
}

void IntentTimelineModel::applyBatch(const IntentBatch &batch)
{
    if (m_row && std::ranges::any_of(batch.changed, [this](const IntentBatch::Change &change) { return change.row == *m_row; }))
        reload();
}

/// Hops keep their place as a rule and new ones come at the end; a late one in between is an insertion, so that what is selected stays.
void IntentTimelineModel::reload()
{
    const QVector<Hop> now = m_store.hops(*m_row);
    qsizetype same = 0;
    while (same < m_hops.size() && same < now.size() && m_hops[same].kind == now[same].kind && m_hops[same].reference == now[same].reference
           && m_hops[same].blockHash == now[same].blockHash && m_hops[same].time == now[same].time)
        ++same;
    if (same < m_hops.size()) {
        beginRemoveRows({}, static_cast<int>(same), static_cast<int>(m_hops.size()) - 1);
        m_hops.resize(same);
        endRemoveRows();
    }
    if (same > 0) {
        std::copy(now.begin(), now.begin() + same, m_hops.begin());
        emit dataChanged(index(0), index(static_cast<int>(same) - 1));
    }
    if (same < now.size()) {
        beginInsertRows({}, static_cast<int>(same), static_cast<int>(now.size()) - 1);
        m_hops = now;
        endInsertRows();
    }
    emit changed();
}

void IntentTimelineModel::setSurroundings(bool hasLeader, const QStringList &revokedParties)
{
    if (m_hasLeader == hasLeader && m_revokedParties == revokedParties)
        return;
    m_hasLeader = hasLeader;
    m_revokedParties = revokedParties;
    emit changed();
}

IntentExplanation IntentTimelineModel::explanation() const
{
    return m_row ? explainIntent(m_store, *m_row, {m_clock.now(), m_hasLeader, m_revokedParties}) : IntentExplanation();
}

QString IntentTimelineModel::title() const
{
    return m_row ? m_store.id(*m_row) : QString();
}

QByteArray IntentTimelineModel::toJson() const
{
    if (!m_row)
        return {};
    const IntentRow row = m_store.row(*m_row);
    const IntentTexts &texts = m_store.texts();
    const auto ms = [](std::chrono::microseconds duration) { return static_cast<double>(duration.count()) / 1000.0; };
    QJsonObject object;
    object.insert(u"intentId"_s, m_store.id(*m_row));
    object.insert(u"phase"_s, intentPhaseName(row.phase));
    object.insert(u"flags"_s, IntentText::flags(row.flags));
    object.insert(u"vault"_s, texts.vaults.text(row.vault));
    object.insert(u"chain"_s, texts.chains.text(row.chain));
    object.insert(u"party"_s, texts.parties.text(row.party));
    object.insert(u"action"_s, texts.actions.text(row.action));
    object.insert(u"asset"_s, texts.assets.text(row.asset));
    object.insert(u"amount"_s, IntentText::amount(row));
    object.insert(u"adapter"_s, texts.adapters.text(row.adapter));
    object.insert(u"relayer"_s, texts.relayers.text(row.relayer));
    if (row.nonce >= 0)
        object.insert(u"nonce"_s, QString::number(row.nonce));
    if (row.deadline != 0)
        object.insert(u"deadline"_s, Timestamp::fromSeconds(row.deadline).toIsoString());
    object.insert(u"created"_s, row.createdAt().toIsoString());
    object.insert(u"phaseSince"_s, row.phaseSince().toIsoString());
    object.insert(u"attempts"_s, row.attempts);
    const IntentExplanation why = explanation();
    object.insert(u"reason"_s, why.reason);
    object.insert(u"next"_s, why.next);
    if (const auto total = m_store.statistics().total(RouteStatistics::route(row.vault, row.chain)))
        object.insert(u"routeMilliseconds"_s, QJsonObject{{u"p50"_s, ms(total->p50)}, {u"p95"_s, ms(total->p95)}, {u"count"_s, static_cast<double>(total->count)}});
    QJsonArray hops;
    for (const Hop &hop : m_hops)
        hops.append(HopText::toJson(hop));
    object.insert(u"hops"_s, hops);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

} // namespace countersign
