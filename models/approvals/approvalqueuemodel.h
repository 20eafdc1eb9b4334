#pragma once

#include "backend/proposals/proposalboard.h"

#include <QAbstractTableModel>
#include <QList>

namespace countersign {

/// The queue of approvals: what waits for me, for others, is ready, is done. A table for the view; a proxy groups by
/// GroupRole.
class ApprovalQueueModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalQueueModel)

public:
    enum Column {
        TitleColumn,
        ChainColumn,
        NonceColumn,
        SignaturesColumn,
        StageColumn,
        ProposerColumn,
        CreatedColumn,
        ColumnCount
    };
    enum class Group {
        WaitsForMe,
        WaitsForOthers,
        Ready,
        Done
    }; ///< Queued and Executing are with Ready; Rejected, Replaced, Expired, Invalid with Done
    Q_ENUM(Group)
    enum Role {
        IdRole = Qt::UserRole + 1, ///< Hash32
        StageRole, ///< int of ProposalStage
        ContestedRole, ///< bool: it is open, and an owner's device showed another hash
        GroupRole, ///< int of Group
        ReasonRole, ///< QString, one sentence
        HaveRole, ///< int
        NeedRole, ///< int
        CreatedRole, ///< Timestamp
        NonceRole, ///< QString, decimal
        SortRole,
    };

    /// \a board outlives the model.
    explicit ApprovalQueueModel(ProposalBoard &board, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    const BoardEntry &entry(int row) const { return m_entries.at(row); }
    /// -1 when it is not there.
    int rowOf(const Hash32 &safeTxHash) const;
    int count(Group group) const;

    static Group groupOf(ProposalStage stage, bool waitsForMe = false);
    static QString groupText(Group group);
    static QString stageText(ProposalStage stage);
    /// An owner's device showed another hash, and it is still open: look before doing anything.
    static bool isContested(const ProposalStanding &standing);
    /// The stage, unless that matters more.
    static QString standingText(const ProposalStanding &standing);

signals:
    void countsChanged();

private:
    void apply(const QList<BoardEntry> &entries);

    ProposalBoard &m_board;
    QList<BoardEntry> m_entries; // by group, then newest first
};

} // namespace countersign
