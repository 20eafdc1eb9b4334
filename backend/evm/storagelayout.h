#pragma once

#include "backend/evm/abitypes.h"
#include "backend/evm/namedchange.h"
#include "backend/evm/storagekeys.h"
#include "backend/types/json.h"

#include <QHash>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace countersign {

/// Where a contract keeps its variables, as solc's "storageLayout" says it (Solidity documentation, "Layout of State
/// Variables in Storage").
class StorageLayout final {
public:
    static constexpr qsizetype maxTypes = 10'000;
    static constexpr qsizetype maxMembers = 50'000; ///< variables, and members of all structs

    /// Text of an artifact (ours, Foundry's), a contract's entry in solc's standard JSON output, or the bare layout
    /// {storage, types}; or of a whole build (BuildOutput), where \a contract is "source:Name", or "Name" when only one
    /// source has it. Error NotFound when there is no layout in it, Invalid when it is one that no compiler writes,
    /// Conflict for an ambiguous name.
    static Result<StorageLayout> load(const QByteArray &json, const QString &contract = {});
    /// The same of JSON that is read already.
    static Result<StorageLayout> fromJson(JsonView root, const QString &contract = {});

    /// Changes of one contract in words, in their order: variables that share a slot one by one. What the layout or the
    /// keys do not explain is named by nameProxySlot. Total, and bounded in time for any layout.
    QList<NamedChange> name(std::span<const StorageChange> changes, const StorageKeys &keys) const;

    // What the layout consists of; for storagenaming.cpp.
    enum class Encoding : quint8 { InPlace, Mapping, DynamicArray, Bytes };
    struct Member {
        QString label;
        Uint256 slot; ///< from where the struct begins
        int offset = 0; ///< bytes, from the right
        size_t type = 0;
    };
    struct Type {
        QString label; ///< as Solidity writes it, "mapping(bytes32 => address)"
        Encoding encoding = Encoding::InPlace;
        Uint256 size; ///< bytes
        std::optional<AbiType> value; ///< how it reads; absent: as raw bytes
        std::optional<size_t> key; ///< of a mapping
        std::optional<size_t> element; ///< values of a mapping, elements of an array
        std::vector<Member> members; ///< of a struct
        bool isLeft = false; ///< stands to the left of a key's word: bytesN

        bool isStruct() const { return !members.empty(); }
        bool isFixedArray() const { return encoding == Encoding::InPlace && element.has_value(); }
        /// A value that lies within one slot.
        bool isPlain() const { return encoding == Encoding::InPlace && !element && members.empty(); }
        bool isText() const { return encoding == Encoding::Bytes && value && value->kind() == AbiKind::String; }
    };
    const std::vector<Member> &variables() const { return m_variables; }
    /// Of ERC-7201, by their ids ("erc7201:example.main"), each from where it begins. Compilers leave them out; tools for
    /// upgrades write them as "namespaces" beside "storage".
    const std::map<QString, std::vector<Member>> &namespaces() const { return m_namespaces; }
    const Type &type(size_t index) const { return m_types[index]; }

private:
    friend class StorageLayoutReader;

    std::vector<Member> m_variables;
    std::map<QString, std::vector<Member>> m_namespaces;
    std::vector<Type> m_types;
};

/// The layouts of the contracts that are known, by their addresses; of a proxy that of its implementation.
using StorageLayouts = QHash<Address, std::shared_ptr<const StorageLayout>>;

/// Changes of any contracts in words, in their order.
QList<NamedChange> nameChanges(
    const QList<StorageChange> &changes, const StorageLayouts &layouts, const StorageKeys &keys);

} // namespace countersign
