#include "models/approvals/discussionmodel.h"

#include "models/approvals/rowsplice.h"

namespace countersign {

DiscussionModel::DiscussionModel(const Environment &environment, QObject *parent)
    : QAbstractListModel(parent)
    , m_environment(environment)
{
}

QString DiscussionModel::actText(StatementKind kind)
{
    switch (kind) {
    case StatementKind::Rejection:
        return tr("will not sign");
    case StatementKind::Withdrawal:
        return tr("takes it back");
    case StatementKind::Note:
        return tr("notes");
    case StatementKind::MismatchReport:
        return tr("saw another hash on the device");
    case StatementKind::SealedSignature:
        return tr("gave a sealed signature");
    case StatementKind::EncryptionKey:
        return tr("announced an encryption key");
    case StatementKind::Override:
        return tr("answers for going on");
    case StatementKind::Acknowledgement:
        break;
    }
    return tr("has seen it");
}

void DiscussionModel::setStatements(const QList<Statement> &statements)
{
    spliceRows(
        m_statements, statements, [](const Statement &one, const Statement &other) { return one == other; },
        [this](int at, int count) {
            beginRemoveRows({}, at, at + count - 1);
            m_statements.remove(at, count);
            endRemoveRows();
        },
        [&](int at, int count) {
            beginInsertRows({}, at, at + count - 1);
            for (int i = at; i < at + count; ++i)
                m_statements.insert(i, statements[i]);
            endInsertRows();
        });
}

int DiscussionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_statements.size());
}

QVariant DiscussionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Statement &statement = m_statements[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        if (statement.kind == StatementKind::SealedSignature)
            return tr("Sealed for %1: claimed until it is opened there").arg(nameOf(statement.recipient));
        return statement.kind == StatementKind::Override ? tr("%1: %2").arg(statement.finding, statement.text) : statement.text;
    case Qt::ToolTipRole:
    case AddressRole:
        return statement.author.toString();
    case KindRole:
        return static_cast<int>(statement.kind);
    case AuthorRole:
        return nameOf(statement.author);
    case MadeAtRole:
        return QVariant::fromValue(statement.madeAt);
    case ActRole:
        return actText(statement.kind);
    default:
        return {};
    }
}

QString DiscussionModel::nameOf(const Address &address) const
{
    const HolderSettings *holder = m_environment.holder(address);
    return holder ? holder->name : address.toString();
}

} // namespace countersign
