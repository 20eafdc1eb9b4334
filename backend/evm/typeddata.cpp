#include "backend/evm/typeddata.h"

#include "backend/evm/abijson.h"
#include "backend/types/keccak.h"

#include <algorithm>
#include <array>

namespace countersign {

namespace {

const QString domainType = u"EIP712Domain"_s;

struct DomainField {
    QLatin1StringView name;
    QLatin1StringView type;
};

// EIP-712 "Definition of domainSeparator": these five and in this order when the order is ours.
constexpr std::array domainFields = {DomainField{"name"_L1, "string"_L1}, DomainField{"version"_L1, "string"_L1},
                                     DomainField{"chainId"_L1, "uint256"_L1}, DomainField{"verifyingContract"_L1, "address"_L1},
                                     DomainField{"salt"_L1, "bytes32"_L1}};

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"eip712"_s);
}

std::unexpected<Error> below(const QString &step, const Error &error)
{
    const bool isPath = error.message.startsWith(u'[') || error.message.startsWith(u'.');
    return fail(error.kind, step + (isPath ? QString() : u": "_s) + error.message, error.detail);
}

// Names of fields are ASCII: the schema has no others.
bool isName(QUtf8StringView key, const QString &name)
{
    return key.size() == name.size()
        && std::equal(name.begin(), name.end(), key.begin(), [](QChar a, auto b) { return a.unicode() == static_cast<quint8>(b); });
}

QString shown(QUtf8StringView name)
{
    const QString text = name.toString();
    return u'"' + text.left(80) + (text.size() > 80 ? u"…\""_s : u"\""_s);
}

Result<QString> textMember(JsonView object, QLatin1StringView name)
{
    const auto member = object.find(name.data());
    if (!member)
        return bad(name + u" is missing"_s);
    if (!member->isString())
        return bad(name + u" is no text but "_s + member->kindName());
    return member->toString();
}

Result<Eip712Struct> structFromJson(JsonView json)
{
    Eip712Struct type{.name = json.key().toString(), .fields = {}};
    if (!json.isArray())
        return bad(u"a list of fields is needed, not "_s + json.kindName());
    if (json.size() > Eip712Schema::maxFields)
        return bad(u"more than "_s + QString::number(Eip712Schema::maxFields) + u" fields"_s);
    type.fields.reserve(static_cast<size_t>(json.size()));
    for (const JsonView entry : json) {
        auto name = entry.isObject() ? textMember(entry, "name"_L1) : bad(u"a field is {name, type}, not "_s + entry.kindName());
        auto fieldType = name ? textMember(entry, "type"_L1) : std::unexpected(name.error());
        if (!fieldType)
            return bad(u"field "_s + QString::number(type.fields.size()) + u": "_s + fieldType.error().message);
        type.fields.push_back({.name = *std::move(name), .type = *std::move(fieldType)});
    }
    return type;
}

bool isPresent(JsonView domain, QLatin1StringView name)
{
    const auto member = domain.find(name.data());
    return member && !member->isNull();
}

// The type that the domain's members imply, for `types` that does not spell it.
Eip712Struct impliedDomain(JsonView domain)
{
    Eip712Struct type{.name = domainType, .fields = {}};
    for (const DomainField &field : domainFields) {
        if (isPresent(domain, field.name))
            type.fields.push_back({.name = field.name, .type = field.type});
    }
    return type;
}

Result<void> checkDomainType(const Eip712Struct &type)
{
    for (const Eip712Field &field : type.fields) {
        const auto known = std::ranges::find_if(domainFields, [&field](const DomainField &candidate) { return candidate.name == field.name; });
        if (known == domainFields.end())
            return bad(u"types.EIP712Domain: "_s + field.name.left(80) + u" is no member of a domain"_s);
        if (field.type != known->type)
            return bad(u"types.EIP712Domain."_s + field.name + u": its type is "_s + known->type + u", not "_s + field.type.left(80));
    }
    return {};
}

bool refersTo(const Eip712Struct &type, QStringView name)
{
    return std::ranges::any_of(type.fields, [name](const Eip712Field &field) {
        return field.type == name || (field.type.startsWith(name) && field.type.sliced(name.size()).startsWith(u'['));
    });
}

Result<Eip712Schema> schemaFromJson(JsonView types, JsonView domain)
{
    if (types.size() > Eip712Schema::maxStructs)
        return bad(u"types: more than "_s + QString::number(Eip712Schema::maxStructs) + u" structs"_s);
    std::vector<Eip712Struct> structs;
    structs.reserve(static_cast<size_t>(types.size()) + 1);
    bool isDomainGiven = false;
    for (const JsonView entry : types) {
        auto type = structFromJson(entry);
        if (!type)
            return bad(u"types."_s + entry.key().toString().left(80) + u": "_s + type.error().message);
        if (type->name == domainType) {
            isDomainGiven = true;
            if (auto checked = checkDomainType(*type); !checked)
                return std::unexpected(checked.error());
        }
        structs.push_back(*std::move(type));
    }
    if (!isDomainGiven) {
        const auto dangling = std::ranges::find_if(structs, [](const Eip712Struct &type) { return refersTo(type, domainType); });
        if (dangling != structs.end())
            return bad(u"types."_s + dangling->name.left(80) + u": it refers to EIP712Domain, which types does not define"_s);
        structs.push_back(impliedDomain(domain));
    }
    auto schema = Eip712Schema::create(std::move(structs));
    if (!schema)
        return fail(schema.error().kind, u"types: "_s + schema.error().message, schema.error().detail);
    return schema;
}

// Reads values by the schema. What is not in the JSON, or not in the types, is an error with its path.
class ValueReader final {
public:
    explicit ValueReader(const Eip712Schema &schema) : m_schema(schema) {}

    Result<AbiValue::List> fields(qsizetype which, JsonView json, int depth) const
    {
        const Eip712Struct &type = m_schema.structAt(which);
        if (!json.isObject())
            return bad(u"an object is needed for "_s + type.name + u", not "_s + json.kindName());
        if (depth > Eip712Schema::maxValueDepth)
            return bad(u"the value is nested too deep"_s);
        AbiValue::List list;
        list.reserve(type.fields.size());
        qsizetype used = 0;
        auto next = json.begin(); // members mostly come in the order of the type
        for (size_t i = 0; i < type.fields.size(); ++i) {
            const QString &name = type.fields[i].name;
            std::optional<JsonView> member;
            if (next != json.end() && isName((*next).key(), name))
                member = *next++;
            else
                member = json.find(name.toLatin1());
            used += member ? 1 : 0;
            auto value = this->member(m_schema.fieldTypes(which)[i], member, depth);
            if (!value)
                return below(QString(u'.' + name), value.error());
            list.push_back(*std::move(value));
        }
        if (used != json.size())
            return strange(type, json);
        return list;
    }

private:
    Result<AbiValue> member(const Eip712FieldType &type, std::optional<JsonView> json, int depth) const
    {
        const bool mayBeAbsent = type.lengths.empty() && type.structIndex >= 0 && m_schema.isRecursive(type.structIndex);
        if (mayBeAbsent && (!json || json->isNull()))
            return AbiValue(AbiValue::List());
        if (!json)
            return bad(u"it is missing"_s);
        return value(type, 0, *json, depth + 1);
    }

    Result<AbiValue> value(const Eip712FieldType &type, size_t level, JsonView json, int depth) const
    {
        if (level < type.lengths.size())
            return array(type, level, json, depth);
        if (type.structIndex < 0)
            return abiValueFromJson(type.scalar, json);
        auto list = fields(type.structIndex, json, depth);
        if (!list)
            return std::unexpected(std::move(list.error()));
        return AbiValue(*std::move(list));
    }

    Result<AbiValue> array(const Eip712FieldType &type, size_t level, JsonView json, int depth) const
    {
        if (!json.isArray())
            return bad(u"an array is needed, not "_s + json.kindName());
        const qsizetype length = type.lengths[level];
        if (length != 0 && length != json.size())
            return bad(QString::number(length) + u" elements are needed, "_s + QString::number(json.size()) + u" given"_s);
        if (depth > Eip712Schema::maxValueDepth)
            return bad(u"the value is nested too deep"_s);
        AbiValue::List list;
        list.reserve(static_cast<size_t>(json.size()));
        for (const JsonView element : json) {
            auto item = value(type, level + 1, element, depth + 1);
            if (!item)
                return below(QString(u'[' + QString::number(list.size()) + u']'), item.error());
            list.push_back(*std::move(item));
        }
        return AbiValue(std::move(list));
    }

    static std::unexpected<Error> strange(const Eip712Struct &type, JsonView json)
    {
        for (const JsonView member : json) {
            const QString name = member.key().toString();
            if (std::ranges::find(type.fields, name, &Eip712Field::name) == type.fields.end())
                return bad(shown(member.key()) + u" is no member of "_s + type.name + u": it would not be signed"_s);
        }
        return bad(u"there are members that are not of "_s + type.name);
    }

    const Eip712Schema &m_schema;
};

} // namespace

Result<TypedData> TypedData::parse(QByteArray json, const JsonLimits &limits)
{
    const auto text = JsonText::parse(std::move(json), limits);
    if (!text)
        return std::unexpected(text.error());
    return fromJson(text->root());
}

Result<TypedData> TypedData::fromJson(JsonView json)
{
    if (!json.isObject())
        return bad(u"typed data is an object, not "_s + json.kindName());
    const auto types = json.find("types");
    const auto domain = json.find("domain");
    if (!types || !types->isObject())
        return bad(u"types: an object of structs is needed"_s);
    if (!domain || !domain->isObject())
        return bad(u"domain: an object is needed, be it empty"_s);
    auto primaryType = textMember(json, "primaryType"_L1);
    if (!primaryType)
        return std::unexpected(primaryType.error());
    auto schema = schemaFromJson(*types, *domain);
    if (!schema)
        return std::unexpected(schema.error());
    if (schema->indexOf(*primaryType) < 0)
        return bad(u"primaryType: types does not define "_s + primaryType->left(80));
    TypedData data(*std::move(schema), *std::move(primaryType));
    if (auto done = data.readDomain(*domain); !done)
        return below(u"domain"_s, done.error());
    if (auto done = data.readMessage(json.find("message")); !done)
        return below(u"message"_s, done.error());
    return data;
}

Result<void> TypedData::readDomain(JsonView domain)
{
    const qsizetype which = m_schema.indexOf(domainType);
    const Eip712Struct &type = m_schema.structAt(which);
    for (size_t i = 0; i < type.fields.size(); ++i) {
        const QString &name = type.fields[i].name;
        const auto member = domain.find(name.toLatin1());
        if (!member || member->isNull())
            return bad(name + u" is missing, but EIP712Domain has it"_s);
        auto value = abiValueFromJson(m_schema.fieldTypes(which)[i].scalar, *member);
        if (!value)
            return below(QString(u'.' + name), value.error());
        if (name == u"name")
            m_domain.name = *value->get<QString>();
        else if (name == u"version")
            m_domain.version = *value->get<QString>();
        else if (name == u"chainId")
            m_domain.chainId = *value->get<Uint256>();
        else if (name == u"verifyingContract")
            m_domain.verifyingContract = *value->get<Address>();
        else
            m_domain.salt = Hash32::fromDigest(*value->get<Bytes>());
        m_domainFields.push_back(*std::move(value));
    }
    for (const JsonView member : domain) {
        const QString name = member.key().toString();
        if (!member.isNull() && std::ranges::find(type.fields, name, &Eip712Field::name) == type.fields.end())
            return bad(shown(member.key()) + u" is no member of EIP712Domain: it would not be signed"_s);
    }
    auto hash = m_schema.hashStruct(domainType, m_domainFields);
    if (!hash)
        return std::unexpected(hash.error());
    m_domainHash = *hash;
    return {};
}

Result<void> TypedData::readMessage(std::optional<JsonView> message)
{
    if (m_primaryType == domainType) {
        // As eth-sig-util has it: 0x1901 and the domain, nothing behind.
        if (message && !message->isNull() && !(message->isObject() && message->size() == 0))
            return bad(u"the primary type is EIP712Domain: a message beside it would not be signed"_s);
        Bytes signedBytes("\x19\x01", 2);
        signedBytes += m_domainHash.view();
        m_digest = keccak256(signedBytes);
        return {};
    }
    if (!message)
        return bad(u"it is missing"_s);
    auto fields = ValueReader(m_schema).fields(m_schema.indexOf(m_primaryType), *message, 0);
    if (!fields)
        return std::unexpected(fields.error());
    const auto hash = m_schema.hashStruct(m_primaryType, *fields);
    if (!hash)
        return std::unexpected(hash.error());
    m_message = *std::move(fields);
    m_structHash = *hash;
    m_digest = eip712Digest(m_domainHash, *hash);
    return {};
}

QString TypedData::encodedType() const
{
    return *m_schema.encodeType(m_primaryType); // it is of this schema
}

Result<Bytes> TypedData::encodedData() const
{
    return m_schema.encodeData(m_primaryType, m_primaryType == domainType ? m_domainFields : m_message);
}

std::vector<TypedDataLine> TypedData::domainLines() const
{
    std::vector<TypedDataLine> lines;
    walk(m_schema.indexOf(domainType), m_domainFields, {}, 0, lines);
    return lines;
}

std::vector<TypedDataLine> TypedData::messageLines() const
{
    std::vector<TypedDataLine> lines;
    if (m_primaryType != domainType)
        walk(m_schema.indexOf(m_primaryType), m_message, {}, 0, lines);
    return lines;
}

void TypedData::walk(qsizetype type, const AbiValue::List &fields, const QString &prefix, int depth,
                     std::vector<TypedDataLine> &lines) const
{
    const Eip712Struct &named = m_schema.structAt(type);
    for (size_t i = 0; i < fields.size(); ++i) {
        const QString &name = named.fields[i].name;
        const QString path = prefix.isEmpty() ? name : QString(prefix + u'.' + name);
        walkField(m_schema.fieldTypes(type)[i], 0, fields[i], path, depth, lines);
    }
}

void TypedData::walkField(const Eip712FieldType &type, size_t level, const AbiValue &value, QString path, int depth,
                          std::vector<TypedDataLine> &lines) const
{
    QString typeText = type.structIndex >= 0 ? m_schema.structAt(type.structIndex).name : type.scalar.canonical();
    for (size_t i = type.lengths.size(); i-- > level;)
        typeText += type.lengths[i] == 0 ? u"[]"_s : QString(u'[' + QString::number(type.lengths[i]) + u']');
    const auto *list = value.get<AbiValue::List>();
    if (!list) {
        lines.push_back({.path = std::move(path), .type = typeText, .text = abiToText(type.scalar, value), .depth = depth});
        return;
    }
    const bool isArray = level < type.lengths.size();
    const bool isAbsent = !isArray && list->empty() && m_schema.isRecursive(type.structIndex);
    lines.push_back({.path = path, .type = typeText, .text = isAbsent ? u"null"_s : QString(), .depth = depth});
    if (!isArray) {
        walk(type.structIndex, *list, path, depth + 1, lines);
        return;
    }
    for (size_t i = 0; i < list->size(); ++i)
        walkField(type, level + 1, (*list)[i], path + u'[' + QString::number(i) + u']', depth + 1, lines);
}

} // namespace countersign
