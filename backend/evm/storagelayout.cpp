#include "backend/evm/storagelayout.h"

#include "backend/evm/artifact.h"
#include "backend/types/strings.h"

#include <map>

namespace countersign {

namespace {

constexpr int wordSize = 32;

std::unexpected<Error> bad(const QString &what, const QString &where = {})
{
    return fail(ErrorKind::Invalid, u"The storage layout cannot be used: "_s + what, where.left(200));
}

std::optional<JsonView> memberOf(const std::optional<JsonView> &value, QUtf8StringView name)
{
    return value && value->isObject() ? value->find(name) : std::nullopt;
}

// "contracts" of a compiler's output, which Hardhat puts below "output".
std::optional<JsonView> contractsOf(JsonView root)
{
    const auto output = memberOf(root, "output");
    const auto contracts = memberOf(output ? *output : root, "contracts");
    return contracts && contracts->isObject() ? contracts : std::nullopt;
}

Result<JsonView> entryOf(JsonView contracts, const QString &contract)
{
    const bool isFull = contract.contains(u':');
    std::optional<JsonView> found;
    for (const JsonView source : contracts) {
        for (const JsonView entry : source) {
            const QString name = entry.key().toString();
            if ((isFull ? QString(source.key().toString() + u':' + name) : name) != contract)
                continue;
            if (found)
                return fail(ErrorKind::Conflict,
                    u"Several sources have a contract "_s + contract + u"; name it as source:Name."_s);
            found = entry;
        }
    }
    if (!found)
        return fail(ErrorKind::NotFound, u"The compiler's output has no contract "_s + contract);
    return *found;
}

// The ABI's type that reads the same; absent for what has none: functions, and types with a name of their own, whose
// layout does not tell what is below the name.
std::optional<AbiType> readingOf(QStringView id, const QString &label, const Uint256 &size)
{
    if (id.startsWith(u"t_contract(") || label == u"address payable")
        return AbiType::makeAddress();
    if (id.startsWith(u"t_enum(")) {
        const auto bytes = size.toU64();
        const auto number = AbiType::makeUint(bytes && *bytes <= wordSize ? static_cast<int>(*bytes) * 8 : 0);
        return number ? std::optional(*number) : std::nullopt;
    }
    if (id.startsWith(u"t_userDefinedValueType("))
        return std::nullopt;
    const auto parsed = AbiType::parse(label);
    return parsed && (parsed->isWord() || parsed->kind() == AbiKind::Bytes || parsed->kind() == AbiKind::String)
        ? std::optional(*parsed)
        : std::nullopt;
}

// Bytes that the ABI's type takes in storage, 0 when it is of no fixed number.
int storedSize(const AbiType &type)
{
    switch (type.kind()) {
    case AbiKind::Uint:
    case AbiKind::Int:
        return type.bits() / 8;
    case AbiKind::Bool:
        return 1;
    case AbiKind::Address:
        return static_cast<int>(Address::size);
    case AbiKind::FixedBytes:
        return static_cast<int>(type.length());
    default:
        return 0;
    }
}

} // namespace

class StorageLayoutReader final {
public:
    Result<StorageLayout> read(JsonView layout)
    {
        const auto storage = memberOf(layout, "storage");
        const auto types = memberOf(layout, "types");
        if (!storage || !storage->isArray() || !types || (!types->isObject() && !types->isNull()))
            return bad(u"it has no \"storage\" and \"types\""_s);
        if (types->size() > StorageLayout::maxTypes)
            return fail(ErrorKind::Exhausted, u"The storage layout has more types than are looked at"_s);
        for (const JsonView type : *types)
            m_index.emplace(type.key().toString(), m_index.size());
        for (const JsonView type : *types) {
            auto read = typeFromJson(type);
            if (!read)
                return std::unexpected(read.error());
            m_layout.m_types.push_back(*std::move(read));
        }
        auto variables = membersFromJson(*storage);
        if (!variables)
            return std::unexpected(variables.error());
        m_layout.m_variables = *std::move(variables);
        if (const auto namespaces = memberOf(layout, "namespaces"); namespaces && namespaces->isObject()) {
            for (const JsonView entry : *namespaces) {
                auto members = membersFromJson(entry);
                if (!members)
                    return std::unexpected(members.error());
                if (auto done = checkPlaces(*members); !done)
                    return std::unexpected(done.error());
                m_layout.m_namespaces.emplace(entry.key().toString(), *std::move(members));
            }
        }
        for (const StorageLayout::Type &type : m_layout.m_types) {
            if (auto done = checkPlaces(type.members); !done)
                return std::unexpected(done.error());
        }
        if (auto done = checkPlaces(m_layout.m_variables); !done)
            return std::unexpected(done.error());
        return std::move(m_layout);
    }

private:
    Result<std::optional<size_t>> typeNamed(const std::optional<JsonView> &id) const
    {
        if (!id)
            return std::nullopt;
        const auto found = m_index.find(id->toString());
        if (!id->isString() || found == m_index.end())
            return bad(u"it names a type that it does not have"_s, id->toString());
        return std::optional(found->second);
    }

    Result<std::vector<StorageLayout::Member>> membersFromJson(JsonView list)
    {
        m_members += list.size();
        if (m_members > StorageLayout::maxMembers)
            return fail(ErrorKind::Exhausted, u"The storage layout has more variables than are looked at"_s);
        std::vector<StorageLayout::Member> members;
        for (const JsonView entry : list) {
            const auto label = memberOf(entry, "label");
            const auto slot = memberOf(entry, "slot");
            const auto offset = memberOf(entry, "offset");
            const auto type = typeNamed(memberOf(entry, "type"));
            if (!type)
                return std::unexpected(type.error());
            const auto number = slot && slot->isString() ? Uint256::parse(slot->toString()) : Uint256::parse(u"");
            bool isNumber = false;
            const int place = offset && offset->isNumber() ? offset->toString().toInt(&isNumber) : -1;
            if (!label || !label->isString() || !number || !*type || !isNumber || place < 0 || place >= wordSize)
                return bad(u"a variable has no name, type or place"_s, label ? label->toString() : QString());
            members.push_back({.label = label->toString(), .slot = *number, .offset = place, .type = **type});
        }
        return members;
    }

    Result<StorageLayout::Type> typeFromJson(JsonView entry)
    {
        const QString id = entry.key().toString();
        const auto encoding = memberOf(entry, "encoding");
        const auto label = memberOf(entry, "label");
        const auto bytes = memberOf(entry, "numberOfBytes");
        const auto key = typeNamed(memberOf(entry, "key"));
        const auto base = typeNamed(memberOf(entry, "base"));
        const auto value = typeNamed(memberOf(entry, "value"));
        for (const auto *part : {&key, &base, &value}) {
            if (!*part)
                return std::unexpected(part->error());
        }
        const auto size = bytes && bytes->isString() ? Uint256::parse(bytes->toString()) : Uint256::parse(u"");
        if (!encoding || !label || !label->isString() || !size || size->isZero())
            return bad(u"a type has no encoding, label or size"_s, id);
        StorageLayout::Type type;
        type.label = label->toString();
        type.size = *size;
        type.key = *key;
        type.element = *base ? *base : *value;
        const QString name = encoding->toString();
        if (name == u"inplace")
            type.encoding = StorageLayout::Encoding::InPlace;
        else if (name == u"mapping" && type.key && type.element)
            type.encoding = StorageLayout::Encoding::Mapping;
        else if (name == u"dynamic_array" && type.element)
            type.encoding = StorageLayout::Encoding::DynamicArray;
        else if (name == u"bytes")
            type.encoding = StorageLayout::Encoding::Bytes;
        else
            return bad(u"a type is encoded in no known way"_s, id);
        if (const auto members = memberOf(entry, "members")) {
            auto read = membersFromJson(*members);
            if (!read)
                return std::unexpected(read.error());
            type.members = *std::move(read);
        }
        type.value = readingOf(id, label->toString(), type.size);
        type.isLeft = type.value && type.value->kind() == AbiKind::FixedBytes;
        const int stored = type.value ? storedSize(*type.value) : 0;
        if (type.isPlain()
            && (type.size > Uint256(wordSize) || (stored > 0 && Uint256(static_cast<quint64>(stored)) != type.size)))
            return bad(u"a value has a size that is not its type's"_s, id);
        return type;
    }

    Result<void> checkPlaces(const std::vector<StorageLayout::Member> &members) const
    {
        for (const StorageLayout::Member &member : members) {
            const StorageLayout::Type &type = m_layout.m_types[member.type];
            const bool fits = type.isPlain()
                ? static_cast<quint64>(member.offset) + type.size.toU64().value_or(wordSize + 1) <= wordSize
                : member.offset == 0;
            if (!fits)
                return bad(u"a variable does not fit into its slot"_s, member.label);
        }
        return {};
    }

    StorageLayout m_layout;
    std::map<QString, size_t> m_index;
    qsizetype m_members = 0;
};

Result<StorageLayout> StorageLayout::load(const QByteArray &json, const QString &contract)
{
    const auto text = JsonText::parse(json, ContractArtifact::jsonLimits());
    if (!text)
        return fail(
            text.error().kind, u"The storage layout cannot be read: "_s + text.error().message, text.error().detail);
    return fromJson(text->root(), contract);
}

Result<StorageLayout> StorageLayout::fromJson(JsonView root, const QString &contract)
{
    if (!root.isObject())
        return bad(u"it is no JSON object"_s);
    JsonView holder = root;
    if (const auto contracts = contractsOf(root)) {
        const auto entry = entryOf(*contracts, contract);
        if (!entry)
            return std::unexpected(entry.error());
        holder = *entry;
    }
    const auto layout = memberOf(holder, "storageLayout");
    if (!layout && !memberOf(holder, "storage"))
        return fail(ErrorKind::NotFound,
            u"There is no storage layout: the compiler must be asked for it (outputSelection, \"storageLayout\")"_s);
    return StorageLayoutReader().read(layout ? *layout : holder);
}

} // namespace countersign
