#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/proposal.h"

#include <QAbstractListModel>
#include <QList>

namespace countersign {

/// What members said about a proposal, oldest first: proved to be by their keys, and no more than claims.
class DiscussionModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DiscussionModel)

public:
    enum Role {
        KindRole = Qt::UserRole + 1, ///< int of StatementKind
        AuthorRole, ///< QString: the holder's name, or the address
        AddressRole, ///< QString
        MadeAtRole, ///< Timestamp, as the author says
        ActRole, ///< QString: "rejects it", "notes"
    };

    /// \a environment outlives the model.
    explicit DiscussionModel(const Environment &environment, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override; ///< DisplayRole: the text

    void setStatements(const QList<Statement> &statements);

    static QString actText(StatementKind kind);

private:
    struct Row {
        Statement statement;
        QString text;
    };
    QString textOf(const Statement &statement, const QList<Statement> &all) const;
    QString nameOf(const Address &address) const;

    const Environment &m_environment;
    QList<Row> m_rows;
};

} // namespace countersign
