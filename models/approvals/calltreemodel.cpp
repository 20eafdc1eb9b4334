#include "models/approvals/calltreemodel.h"

#include "backend/types/strings.h"

#include <vector>

namespace countersign {

struct CallTreeModel::Node {
    Node *parent = nullptr;
    int row = 0;
    Kind kind = Kind::Call;
    QString name, value, known, type;
    bool isDecoded = true;
    bool isDelegate = false;
    bool isGuess = false;
    std::vector<std::unique_ptr<Node>> children;

    Node &add(Kind childKind)
    {
        auto child = std::make_unique<Node>();
        child->parent = this;
        child->row = static_cast<int>(children.size());
        child->kind = childKind;
        children.push_back(std::move(child));
        return *children.back();
    }
};

CallTreeModel::CallTreeModel(QObject *parent)
    : QAbstractItemModel(parent)
    , m_root(std::make_unique<Node>())
{
}

CallTreeModel::~CallTreeModel() = default;

void CallTreeModel::fill(Node &node, const DecodedCall &call)
{
    const QString selector = toHex(call.data.left(4));
    if (call.data.isEmpty())
        node.name = tr("transfer");
    else
        node.name = call.function.isEmpty() ? tr("unknown function %1").arg(selector) : call.function;
    if (call.isGuess)
        node.name = tr("%1 (a guess)").arg(node.name);
    node.isGuess = call.isGuess;
    node.value = call.to.toString();
    node.known = call.toName;
    node.type = call.signature;
    node.isDecoded = call.isDecoded;
    node.isDelegate = call.isDelegate;
    if (!call.value.isZero()) {
        Node &value = node.add(Kind::Argument);
        value.name = tr("value sent");
        value.value = call.value.toDecimal();
        value.type = u"wei"_s;
    }
    for (const DecodedArgument &argument : call.arguments) {
        Node &child = node.add(Kind::Argument);
        child.name = argument.name;
        child.value = argument.value;
        child.known = argument.known;
        child.type = argument.type;
    }
    if (!call.isDecoded) {
        Node &data = node.add(Kind::Argument);
        data.name = tr("data");
        data.value = toHex(call.data);
        data.type = u"bytes"_s;
        data.isDecoded = false;
    }
    for (const QString &collision : call.collisions) {
        Node &child = node.add(Kind::Argument);
        child.name = tr("or it is");
        child.value = collision;
        child.isGuess = true;
    }
    if (call.hint)
        fillHint(node.add(Kind::Hint), *call.hint);
    for (const DecodedCall &inner : call.inner)
        fill(node.add(Kind::Call), inner);
}

// Somebody's claim about the call: below it, and named as what it is.
void CallTreeModel::fillHint(Node &node, const CallHint &hint)
{
    constexpr qsizetype shownDigits = 10;
    node.name = tr("claimed");
    node.value = hint.intent;
    node.known = tr("by descriptor %1 (%2)").arg(hint.source, hint.hash.left(shownDigits));
    node.type = hint.hash;
    for (const HintField &field : hint.fields) {
        Node &child = node.add(Kind::HintField);
        child.name = field.label;
        child.value = field.value;
        child.type = field.path;
    }
}

void CallTreeModel::setCall(const DecodedCall &call)
{
    beginResetModel();
    m_root = std::make_unique<Node>();
    fill(m_root->add(Kind::Call), call);
    endResetModel();
}

void CallTreeModel::clear()
{
    beginResetModel();
    m_root = std::make_unique<Node>();
    endResetModel();
}

const CallTreeModel::Node *CallTreeModel::node(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<const Node *>(index.constInternalPointer()) : m_root.get();
}

QModelIndex CallTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, node(parent)->children[static_cast<size_t>(row)].get());
}

QModelIndex CallTreeModel::parent(const QModelIndex &child) const
{
    const Node *above = child.isValid() ? node(child)->parent : nullptr;
    if (!above || above == m_root.get())
        return {};
    return createIndex(above->row, 0, above);
}

int CallTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(node(parent)->children.size());
}

int CallTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant CallTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node &at = *node(index);
    switch (role) {
    case KindRole:
        return static_cast<int>(at.kind);
    case TypeRole:
        return at.type;
    case IsDecodedRole:
        return at.isDecoded;
    case IsDelegateRole:
        return at.isDelegate;
    case IsGuessRole:
        return at.isGuess;
    case Qt::ToolTipRole:
        return at.value;
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case NameColumn:
        return at.name;
    case ValueColumn:
        return at.value;
    case KnownColumn:
        return at.known;
    default:
        return {};
    }
}

QVariant CallTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractItemModel::headerData(section, orientation, role);
    switch (section) {
    case NameColumn:
        return tr("Call");
    case ValueColumn:
        return tr("Value");
    case KnownColumn:
        return tr("Known as");
    default:
        return {};
    }
}

} // namespace countersign
