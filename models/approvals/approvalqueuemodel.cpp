#include "models/approvals/approvalqueuemodel.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

bool isSame(const BoardEntry &a, const BoardEntry &b)
{
    return a.standing.stage == b.standing.stage && a.standing.waitsForMe == b.standing.waitsForMe
        && a.standing.reason == b.standing.reason
        && a.standing.have == b.standing.have && a.standing.need == b.standing.need && a.chainName == b.chainName
        && a.proposerName == b.proposerName && a.item.signatures.size() == b.item.signatures.size();
}

} // namespace

ApprovalQueueModel::ApprovalQueueModel(ProposalBoard &board, QObject *parent)
    : QAbstractTableModel(parent)
    , m_board(board)
{
    connect(&m_board, &ProposalBoard::changed, this, [this] { apply(m_board.entries()); });
    apply(m_board.entries());
}

ApprovalQueueModel::Group ApprovalQueueModel::groupOf(ProposalStage stage, bool waitsForMe)
{
    if (waitsForMe)
        return Group::WaitsForMe;
    switch (stage) {
    case ProposalStage::Draft:
        return Group::WaitsForMe;
    case ProposalStage::Unknown:
    case ProposalStage::Proposed:
    case ProposalStage::InReview:
    case ProposalStage::Collecting:
        return Group::WaitsForOthers;
    case ProposalStage::Ready:
    case ProposalStage::Queued:
    case ProposalStage::Executing:
        return Group::Ready;
    case ProposalStage::Executed:
    case ProposalStage::Failed:
    case ProposalStage::Rejected:
    case ProposalStage::Replaced:
    case ProposalStage::Expired:
    case ProposalStage::Invalid:
        break;
    }
    return Group::Done;
}

QString ApprovalQueueModel::groupText(Group group)
{
    switch (group) {
    case Group::WaitsForMe:
        return tr("Waits for me");
    case Group::WaitsForOthers:
        return tr("Waits for others");
    case Group::Ready:
        return tr("Ready");
    case Group::Done:
        break;
    }
    return tr("Done");
}

bool ApprovalQueueModel::isContested(const ProposalStanding &standing)
{
    return standing.isContested && isOpen(standing.stage);
}

QString ApprovalQueueModel::standingText(const ProposalStanding &standing)
{
    return isContested(standing) ? tr("Mismatch reported") : stageText(standing.stage);
}

QString ApprovalQueueModel::stageText(ProposalStage stage)
{
    switch (stage) {
    case ProposalStage::Unknown:
        return tr("Not read yet");
    case ProposalStage::Draft:
        return tr("Draft");
    case ProposalStage::Proposed:
        return tr("Proposed");
    case ProposalStage::InReview:
        return tr("In review");
    case ProposalStage::Collecting:
        return tr("Collecting signatures");
    case ProposalStage::Ready:
        return tr("Ready to execute");
    case ProposalStage::Queued:
        return tr("Signed, queued");
    case ProposalStage::Executing:
        return tr("Being executed");
    case ProposalStage::Executed:
        return tr("Executed");
    case ProposalStage::Failed:
        return tr("Failed");
    case ProposalStage::Rejected:
        return tr("Rejected");
    case ProposalStage::Replaced:
        return tr("Replaced");
    case ProposalStage::Expired:
        return tr("Expired");
    case ProposalStage::Invalid:
        break;
    }
    return tr("Invalid");
}

void ApprovalQueueModel::apply(const QList<BoardEntry> &entries)
{
    QList<BoardEntry> next = entries;
    std::sort(next.begin(), next.end(), [](const BoardEntry &a, const BoardEntry &b) {
        const auto key = [](const BoardEntry &entry) {
            return std::pair(groupOf(entry.standing.stage, entry.standing.waitsForMe), -entry.item.proposal.createdAt.micros());
        };
        return std::pair(key(a), a.item.id()) < std::pair(key(b), b.item.id());
    });
    const bool sameOrder = std::equal(next.begin(), next.end(), m_entries.begin(), m_entries.end(),
        [](const BoardEntry &a, const BoardEntry &b) { return a.item.id() == b.item.id(); });
    if (sameOrder) {
        for (qsizetype row = 0; row < next.size(); ++row) {
            const bool same = isSame(m_entries[row], next[row]);
            m_entries[row] = next[row];
            if (!same)
                emit dataChanged(index(static_cast<int>(row), 0), index(static_cast<int>(row), ColumnCount - 1));
        }
        emit countsChanged();
        return;
    }
    for (qsizetype row = m_entries.size() - 1; row >= 0; --row) {
        const bool stays = std::ranges::any_of(
            next, [&](const BoardEntry &entry) { return entry.item.id() == m_entries[row].item.id(); });
        if (stays)
            continue;
        beginRemoveRows({}, static_cast<int>(row), static_cast<int>(row));
        m_entries.removeAt(row);
        endRemoveRows();
    }
    // Row by row into place: a selection follows its proposal when it moves to another group.
    for (qsizetype row = 0; row < next.size(); ++row) {
        const int from = rowOf(next[row].item.id());
        const int to = static_cast<int>(row);
        if (from < 0) {
            beginInsertRows({}, to, to);
            m_entries.insert(row, next[row]);
            endInsertRows();
            continue;
        }
        if (from != to) {
            beginMoveRows({}, from, from, {}, to); // rows before `to` are in place, so `from` is always below it
            m_entries.move(from, to);
            endMoveRows();
        }
        m_entries[row] = next[row];
        emit dataChanged(index(to, 0), index(to, ColumnCount - 1));
    }
    emit countsChanged();
}

int ApprovalQueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int ApprovalQueueModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

int ApprovalQueueModel::rowOf(const Hash32 &safeTxHash) const
{
    for (qsizetype row = 0; row < m_entries.size(); ++row) {
        if (m_entries[row].item.id() == safeTxHash)
            return static_cast<int>(row);
    }
    return -1;
}

int ApprovalQueueModel::count(Group group) const
{
    return static_cast<int>(std::ranges::count_if(
        m_entries, [group](const BoardEntry &entry) { return groupOf(entry.standing.stage, entry.standing.waitsForMe) == group; }));
}

QVariant ApprovalQueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const BoardEntry &entry = m_entries[index.row()];
    const Proposal &proposal = entry.item.proposal;
    const ProposalStanding &standing = entry.standing;
    switch (role) {
    case IdRole:
        return QVariant::fromValue(entry.item.id());
    case ContestedRole:
        return isContested(standing);
    case StageRole:
        return static_cast<int>(standing.stage);
    case GroupRole:
        return static_cast<int>(groupOf(standing.stage, standing.waitsForMe));
    case ReasonRole:
    case Qt::ToolTipRole:
        return standing.reason;
    case HaveRole:
        return standing.have;
    case NeedRole:
        return standing.need;
    case CreatedRole:
        return QVariant::fromValue(proposal.createdAt);
    case NonceRole:
        return proposal.transaction.nonce.toDecimal();
    case SortRole:
        return index.row();
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case TitleColumn:
        return proposal.title;
    case ChainColumn:
        return entry.chainName.isEmpty() ? tr("chain %1").arg(proposal.chainId.value()) : entry.chainName;
    case NonceColumn:
        return proposal.transaction.nonce.toDecimal();
    case SignaturesColumn:
        return standing.need > 0 ? tr("%1 of %2").arg(standing.have).arg(standing.need) : QString();
    case StageColumn:
        return standing.waitsForMe && !isContested(standing) ? groupText(Group::WaitsForMe) : standingText(standing);
    case ProposerColumn:
        if (!entry.item.isDescribed())
            return tr("nobody");
        return entry.proposerName.isEmpty() ? proposal.proposer.toString() : entry.proposerName;
    case CreatedColumn:
        return proposal.createdAt.isNull() ? QString() : proposal.createdAt.toDateTime().toString(u"yyyy-MM-dd HH:mm"_s);
    default:
        return {};
    }
}

QVariant ApprovalQueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case TitleColumn:
        return tr("Proposal");
    case ChainColumn:
        return tr("Chain");
    case NonceColumn:
        return tr("Nonce");
    case SignaturesColumn:
        return tr("Signatures");
    case StageColumn:
        return tr("State");
    case ProposerColumn:
        return tr("Proposed by");
    case CreatedColumn:
        return tr("Proposed at (UTC)");
    default:
        return {};
    }
}

} // namespace countersign
