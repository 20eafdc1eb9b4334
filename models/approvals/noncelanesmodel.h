#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/noncelane.h"
#include "backend/proposals/proposalboard.h"

#include <QAbstractListModel>
#include <QList>

namespace countersign {

/// The queues of the Safes by nonce as one list: a Safe, then what is proposed for each of its nonces, and the gaps.
class NonceLanesModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NonceLanesModel)

public:
    enum class Kind {
        Safe, ///< DisplayRole: its chain; NonceRole: the nonce that it takes next
        Proposal, ///< DisplayRole: the title
        Gap, ///< DisplayRole: what it means; NonceRole: "7" or "7–9"
        Free ///< the end of the lane; NonceRole: the first nonce that is free
    };
    Q_ENUM(Kind)
    enum Role {
        KindRole = Qt::UserRole + 1, ///< int of Kind
        IdRole, ///< Hash32; zero where there is no proposal
        NonceRole, ///< QString, decimal
        StageRole, ///< int of ProposalStage
        RivalsRole, ///< int: other proposals for the same nonce
        NoteRole, ///< QString: what was already signed, what it waits for, why it is old; may be empty
        ChainRole, ///< QString: name of the chain
        IsFirstRole, ///< bool: first proposal of its nonce
    };

    /// All outlive the model.
    NonceLanesModel(const Environment &environment, const ProposalBoard &board, const ProposalExchange &exchange,
        const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        Kind kind = Kind::Safe;
        QString text;
        QString nonce;
        QString note;
        QString chain;
        QString toolTip;
        Hash32 id;
        ProposalStage stage = ProposalStage::Unknown;
        int rivals = 0;
        bool isFirst = false;
        friend bool operator==(const Row &, const Row &) = default;
    };
    static bool isSame(const Row &row, const Row &other); ///< whatever they say of it
    void rebuild();
    void appendLane(QList<Row> &rows, const ChainSettings &chain) const;
    void appendSlot(QList<Row> &rows, const NonceSlot &slot, const QString &chain) const;
    QString signersNote(const NonceSlot &slot) const;

    const Environment &m_environment;
    const ProposalBoard &m_board;
    const ProposalExchange &m_exchange;
    const Clock &m_clock;
    QList<Row> m_rows;
};

} // namespace countersign
