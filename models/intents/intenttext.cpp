#include "models/intents/intenttext.h"

#include "backend/types/strings.h"
#include "models/intents/intenttablemodel.h"

namespace countersign {

using Table = IntentTableModel;

QString IntentText::header(int column)
{
    switch (column) {
    case Table::StateColumn:
        return tr("State");
    case Table::IdColumn:
        return tr("Intent");
    case Table::AgeColumn:
        return tr("Age");
    case Table::VaultColumn:
        return tr("Vault");
    case Table::ChainColumn:
        return tr("Chain");
    case Table::PartyColumn:
        return tr("Party");
    case Table::ActionColumn:
        return tr("Action");
    case Table::AmountColumn:
        return tr("Amount");
    case Table::AssetColumn:
        return tr("Asset");
    case Table::NonceColumn:
        return tr("Nonce");
    case Table::AttemptsColumn:
        return tr("Attempts");
    case Table::RelayerColumn:
        return tr("Relayer");
    case Table::CreatedColumn:
        return tr("Created (UTC)");
    case Table::SinceColumn:
        return tr("In state since (UTC)");
    case Table::ReasonColumn:
        return tr("Reason");
    default:
        return {};
    }
}

QString IntentText::phase(IntentPhase phase)
{
    switch (phase) {
    case IntentPhase::Created:
        return tr("created");
    case IntentPhase::Authorised:
        return tr("authorised");
    case IntentPhase::Queued:
        return tr("queued");
    case IntentPhase::Submitted:
        return tr("submitted");
    case IntentPhase::Mined:
        return tr("mined");
    case IntentPhase::Final:
        return tr("final");
    case IntentPhase::Acknowledged:
        return tr("acknowledged");
    case IntentPhase::Failed:
        return tr("failed");
    case IntentPhase::Expired:
        return tr("expired");
    case IntentPhase::Rejected:
        return tr("rejected");
    }
    return {};
}

QString IntentText::flags(quint8 flags)
{
    QStringList words;
    const auto add = [&](IntentFlag flag, const QString &word) {
        if ((flags & bit(flag)) != 0)
            words.append(word);
    };
    add(IntentFlag::Contradicted, tr("contradicted"));
    add(IntentFlag::Stuck, tr("stuck"));
    add(IntentFlag::Retrying, tr("retrying"));
    add(IntentFlag::Reorganised, tr("reorganised"));
    return words.join(u", "_s);
}

QString IntentText::duration(std::chrono::microseconds given)
{
    const qint64 ms = std::max<qint64>(given.count() / 1000, 0);
    const qint64 s = ms / 1000;
    if (ms < 1000)
        return tr("%1 ms").arg(ms);
    if (s < 60)
        return tr("%1.%2 s").arg(s).arg(ms % 1000 / 100);
    if (s < 3600)
        return tr("%1 min %2 s").arg(s / 60).arg(s % 60, 2, 10, QChar(u'0'));
    if (s < 86'400)
        return tr("%1 h %2 min").arg(s / 3600).arg(s % 3600 / 60, 2, 10, QChar(u'0'));
    return tr("%1 d %2 h").arg(s / 86'400).arg(s % 86'400 / 3600, 2, 10, QChar(u'0'));
}

QString IntentText::roughDuration(std::chrono::microseconds given)
{
    const qint64 s = std::max<qint64>(given.count() / 1'000'000, 0);
    if (s < 100)
        return tr("%1 s").arg(s);
    if (s < 6000)
        return tr("%1 min").arg(s / 60);
    if (s < 172'800)
        return tr("%1 h").arg(s / 3600);
    return tr("%1 d").arg(s / 86'400);
}

QString IntentText::amount(const IntentRow &row)
{
    const QString digits = CompactAmount{row.amount, row.amountScale}.toString();
    return row.has(IntentFlag::Cut) ? QString(u"≥ "_s + digits) : digits;
}

QString IntentText::cell(const IntentStore &store, const IntentRow &row, int column, Timestamp now)
{
    const IntentTexts &texts = store.texts();
    switch (column) {
    case Table::StateColumn: {
        const QString over = flags(row.flags);
        return over.isEmpty() ? phase(row.phase) : QString(phase(row.phase) + u" · "_s + over);
    }
    case Table::IdColumn:
        return QString::fromUtf8(store.ids().at(row.id));
    case Table::AgeColumn:
        return duration(row.age(now));
    case Table::VaultColumn:
        return texts.vaults.text(row.vault);
    case Table::ChainColumn:
        return texts.chains.text(row.chain);
    case Table::PartyColumn:
        return texts.parties.text(row.party);
    case Table::ActionColumn:
        return texts.actions.text(row.action);
    case Table::AmountColumn: // an intent that only its receipt told of has no terms; a request always names its asset
        return row.amount == 0 && row.asset == 0 ? QString() : amount(row);
    case Table::AssetColumn:
        return texts.assets.text(row.asset);
    case Table::NonceColumn:
        return row.nonce < 0 ? QString() : QString::number(row.nonce);
    case Table::AttemptsColumn:
        return row.attempts == 0 ? QString() : QString::number(row.attempts);
    case Table::RelayerColumn:
        return texts.relayers.text(row.relayer);
    case Table::CreatedColumn:
        return row.createdAt().toIsoString();
    case Table::SinceColumn:
        return row.phaseSince().toIsoString();
    case Table::ReasonColumn:
        return texts.reasons.text(row.reason);
    default:
        return {};
    }
}

QString IntentText::toolTip(const IntentStore &store, const IntentRow &row, int column, Timestamp now)
{
    switch (column) {
    case Table::AgeColumn:
        return tr("created %1").arg(row.createdAt().toIsoString());
    case Table::CreatedColumn:
    case Table::SinceColumn:
    case Table::StateColumn:
        return tr("%1 since %2").arg(phase(row.phase), row.phaseSince().toIsoString());
    default:
        return cell(store, row, column, now);
    }
}

QVariant IntentText::value(const IntentStore &store, const IntentRow &row, int column, Timestamp now)
{
    switch (column) {
    case Table::AgeColumn:
        return static_cast<qlonglong>(row.age(now).count());
    case Table::AmountColumn:
        return CompactAmount{row.amount, row.amountScale}.toDouble();
    case Table::NonceColumn:
        return static_cast<qlonglong>(row.nonce);
    case Table::AttemptsColumn:
        return static_cast<qlonglong>(row.attempts);
    case Table::CreatedColumn:
        return QVariant::fromValue(row.createdAt());
    case Table::SinceColumn:
        return QVariant::fromValue(row.phaseSince());
    default:
        return cell(store, row, column, now);
    }
}

} // namespace countersign
