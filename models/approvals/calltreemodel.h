#pragma once

#include "backend/review/review.h"

#include <QAbstractItemModel>

#include <memory>

namespace countersign {

/// The decoded call tree: a call, below it its arguments and the calls that it makes.
class CallTreeModel final : public QAbstractItemModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallTreeModel)

public:
    enum Column { NameColumn, ValueColumn, KnownColumn, ColumnCount };
    enum class Kind {
        Call,
        Argument,
        Hint, ///< what a descriptor claims of the call above: its intent, and who claims it
        HintField,
    };
    Q_ENUM(Kind)
    enum Role {
        KindRole = Qt::UserRole + 1, ///< int of Kind
        TypeRole, ///< ABI type of an argument, signature of a call, the descriptor's hash of a hint
        IsDecodedRole, ///< bool, of calls
        IsDelegateRole, ///< bool, of calls
        IsGuessRole, ///< bool: read by the first four bytes of a contract that is not known
    };

    explicit CallTreeModel(QObject *parent = nullptr);
    ~CallTreeModel() override;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setCall(const DecodedCall &call);
    void clear();

private:
    struct Node;
    static void fill(Node &node, const DecodedCall &call);
    static void fillHint(Node &node, const CallHint &hint);
    const Node *node(const QModelIndex &index) const;

    std::unique_ptr<Node> m_root; // invisible; its one child is the outer call
};

} // namespace countersign
