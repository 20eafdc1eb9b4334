#include "models/approvals/noncelanesmodel.h"

#include "backend/types/strings.h"
#include "models/approvals/rowsplice.h"

#include <QStringList>

namespace countersign {

NonceLanesModel::NonceLanesModel(const Environment &environment, const ProposalBoard &board,
    const ProposalExchange &exchange, const Clock &clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_environment(environment)
    , m_board(board)
    , m_exchange(exchange)
    , m_clock(clock)
{
    connect(&m_board, &ProposalBoard::changed, this, &NonceLanesModel::rebuild);
    rebuild();
}

int NonceLanesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant NonceLanesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return row.text;
    case Qt::ToolTipRole:
        return row.toolTip;
    case KindRole:
        return static_cast<int>(row.kind);
    case IdRole:
        return QVariant::fromValue(row.id);
    case NonceRole:
        return row.nonce;
    case StageRole:
        return static_cast<int>(row.stage);
    case RivalsRole:
        return row.rivals;
    case NoteRole:
        return row.note;
    case ChainRole:
        return row.chain;
    case IsFirstRole:
        return row.isFirst;
    default:
        return {};
    }
}

QString NonceLanesModel::signersNote(const NonceSlot &slot) const
{
    QStringList names;
    for (const auto &[owner, signedHashes] : slot.signedBy) {
        if (signedHashes.size() < 2)
            continue;
        const HolderSettings *holder = m_environment.holder(owner);
        names.append(holder ? holder->name : owner.toString());
    }
    return names.isEmpty() ? QString() : tr("%1 signed more than one of these: the first executed wins").arg(names.join(u", "_s));
}

void NonceLanesModel::appendSlot(QList<Row> &rows, const NonceSlot &slot, const QString &chain) const
{
    const QString rivalsNote = signersNote(slot);
    for (const Hash32 &id : slot.proposals) {
        const BoardEntry *entry = m_board.find(id);
        if (!entry)
            continue;
        Row row;
        row.kind = Kind::Proposal;
        row.text = entry->item.proposal.title;
        row.nonce = slot.nonce.toDecimal();
        row.chain = chain;
        row.toolTip = entry->standing.reason;
        row.id = id;
        row.stage = entry->standing.stage;
        row.rivals = static_cast<int>(slot.proposals.size()) - 1;
        row.isFirst = id == slot.proposals.first();
        row.note = rivalsNote;
        if (rivalsNote.isEmpty() && entry->standing.need > 0)
            row.note = tr("%1 of %2 signed").arg(entry->standing.have).arg(entry->standing.need);
        rows.append(row);
    }
}

void NonceLanesModel::appendLane(QList<Row> &rows, const ChainSettings &chain) const
{
    Row safe;
    safe.kind = Kind::Safe;
    safe.text = chain.name;
    safe.chain = chain.name;
    safe.toolTip = chain.safe->toString();
    const SafeFacts *facts = m_board.facts(chain.chainId);
    const std::optional<Error> problem = m_board.problem(chain.chainId);
    if (!facts) {
        safe.note = problem ? problem->message : tr("The Safe has not been read yet");
        rows.append(safe);
        return;
    }
    const NonceLane lane = NonceLane::of(m_exchange.snapshot(), *facts, m_clock.now());
    safe.nonce = lane.current.toDecimal();
    safe.note = problem
        ? tr("old: %1").arg(problem->message)
        : tr("%1 of %2 owners sign").arg(facts->state.threshold.toDecimal()).arg(facts->state.owners.size());
    rows.append(safe);
    qsizetype gap = 0;
    for (const NonceSlot &slot : lane.nonces) {
        for (; gap < lane.gaps.size() && lane.gaps[gap].last < slot.nonce; ++gap) {
            const NonceGap &missing = lane.gaps[gap];
            Row row;
            row.kind = Kind::Gap;
            row.chain = chain.name;
            row.nonce = missing.first == missing.last
                ? missing.first.toDecimal()
                : u"%1–%2"_s.arg(missing.first.toDecimal(), missing.last.toDecimal());
            row.text = tr("Nothing is proposed");
            row.toolTip = tr("What has a later nonce waits until something with this nonce is executed. Propose something "
                             "for it, or cancel it.");
            rows.append(row);
        }
        appendSlot(rows, slot, chain.name);
    }
    Row end;
    end.kind = Kind::Free;
    end.chain = chain.name;
    end.nonce = lane.nextFree.toDecimal();
    end.text = tr("free");
    end.toolTip = tr("The next proposal gets this nonce.");
    rows.append(end);
}

bool NonceLanesModel::isSame(const Row &row, const Row &other)
{
    return row.kind == other.kind && row.chain == other.chain && row.id == other.id
        && (row.kind != Kind::Gap || row.nonce == other.nonce);
}

void NonceLanesModel::rebuild()
{
    QList<Row> next;
    for (const ChainSettings &chain : m_environment.chains) {
        if (chain.safe)
            appendLane(next, chain);
    }
    spliceRows(
        m_rows, next, &NonceLanesModel::isSame,
        [this](int at, int count) {
            beginRemoveRows({}, at, at + count - 1);
            m_rows.remove(at, count);
            endRemoveRows();
        },
        [&](int at, int count) {
            beginInsertRows({}, at, at + count - 1);
            for (int i = at; i < at + count; ++i)
                m_rows.insert(i, next[i]);
            endInsertRows();
        });
    for (int i = 0; i < rowCount(); ++i) {
        if (m_rows[i] == next[i])
            continue;
        m_rows[i] = next[i];
        emit dataChanged(index(i), index(i));
    }
}

} // namespace countersign
