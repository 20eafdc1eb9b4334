#include "models/approvals/discussionmodel.h"

#include "models/approvals/rowsplice.h"

#include <algorithm>

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
    case StatementKind::Retraction:
        return tr("takes an override back");
    case StatementKind::Acknowledgement:
        break;
    }
    return tr("has seen it");
}

void DiscussionModel::setStatements(const QList<Statement> &statements)
{
    QList<Row> rows;
    for (const Statement &statement : statements)
        rows.append({statement, textOf(statement, statements)});
    spliceRows(
        m_rows, rows, [](const Row &one, const Row &other) { return one.statement == other.statement; },
        [this](int at, int count) {
            beginRemoveRows({}, at, at + count - 1);
            m_rows.remove(at, count);
            endRemoveRows();
        },
        [&](int at, int count) {
            beginInsertRows({}, at, at + count - 1);
            for (int i = at; i < at + count; ++i)
                m_rows.insert(i, rows[i]);
            endInsertRows();
        });
    // What is said later can change what is to be said of the row: an override that was taken back.
    for (int i = 0; i < rowCount(); ++i) {
        if (m_rows[i].text == rows[i].text)
            continue;
        m_rows[i].text = rows[i].text;
        emit dataChanged(index(i), index(i), {Qt::DisplayRole});
    }
}

int DiscussionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString DiscussionModel::textOf(const Statement &statement, const QList<Statement> &all) const
{
    switch (statement.kind) {
    case StatementKind::SealedSignature:
        return tr("Sealed for %1: claimed until it is opened there").arg(nameOf(statement.recipient));
    case StatementKind::Override:
        return isTakenBack(statement, all) ? tr("Taken back: %1: %2").arg(statement.finding, statement.text)
                                           : tr("%1: %2").arg(statement.finding, statement.text);
    case StatementKind::Retraction: {
        const auto named = std::ranges::find_if(all, [&](const Statement &other) {
            return other.kind == StatementKind::Override && other.author == statement.author
                && other.digest() == statement.retracts;
        });
        return named == all.cend() ? tr("Of something that is not here: %1").arg(statement.text)
                                   : tr("%1: %2").arg(named->finding, statement.text);
    }
    case StatementKind::Rejection:
    case StatementKind::Withdrawal:
    case StatementKind::Note:
    case StatementKind::MismatchReport:
    case StatementKind::Acknowledgement:
    case StatementKind::EncryptionKey:
        break;
    }
    return statement.text;
}

QVariant DiscussionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Statement &statement = m_rows[index.row()].statement;
    switch (role) {
    case Qt::DisplayRole:
        return m_rows[index.row()].text;
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
