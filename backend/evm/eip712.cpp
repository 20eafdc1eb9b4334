#include "backend/evm/eip712.h"

#include "backend/evm/abi.h"
#include "backend/evm/abitextparser.h"
#include "backend/types/keccak.h"

#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxArrayLength = 1'000'000'000;

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"eip712"_s);
}

// "[2][]" of "Person[2][]": the lengths from the outermost in, which is from the last on; 0 for a free one.
Result<std::vector<qsizetype>> arrayLengths(QStringView suffix)
{
    std::vector<qsizetype> lengths;
    while (!suffix.isEmpty()) {
        const qsizetype end = suffix.indexOf(u']');
        if (!suffix.startsWith(u'[') || end < 0)
            return bad(suffix.toString() + u" is no array"_s);
        qsizetype length = 0;
        const QStringView digits = suffix.first(end).sliced(1);
        for (const QChar c : digits) {
            if (c < u'0' || c > u'9' || (length == 0 && c == u'0') || length > maxArrayLength)
                return bad(suffix.toString() + u" is no array"_s);
            length = length * 10 + (c.unicode() - u'0');
        }
        lengths.push_back(length);
        suffix = suffix.sliced(end + 1);
        if (lengths.size() > static_cast<size_t>(AbiType::maxDepth))
            return bad(u"arrays are nested too deep"_s);
    }
    std::ranges::reverse(lengths);
    return lengths;
}

} // namespace

Result<Eip712Schema> Eip712Schema::create(std::vector<Eip712Struct> structs)
{
    if (structs.empty() || static_cast<qsizetype>(structs.size()) > maxStructs)
        return bad(u"A schema has 1 to "_s + QString::number(maxStructs) + u" structs"_s);
    Eip712Schema schema(std::move(structs));
    if (auto done = schema.checkNames(); !done)
        return std::unexpected(done.error());
    const size_t count = schema.m_structs.size();
    schema.m_resolved.resize(count);
    qsizetype length = 0;
    for (size_t i = 0; i < count; ++i) {
        if (auto done = schema.resolve(i); !done)
            return std::unexpected(done.error());
        length += schema.m_resolved[i].text.size();
        if (length > maxTextLength)
            return fail(ErrorKind::Exhausted, u"The types are longer than this program reads"_s, u"eip712"_s);
    }
    for (size_t i = 0; i < count; ++i)
        schema.m_resolved[i].typeHash = keccak256(schema.typeText(i, &schema.m_resolved[i].isRecursive));
    return schema;
}

Result<void> Eip712Schema::checkNames() const
{
    for (size_t i = 0; i < m_structs.size(); ++i) {
        const QString &name = m_structs[i].name;
        if (!AbiTextParser::isIdentifier(name))
            return bad(u'"' + name.left(80) + u"\" is no name of a struct"_s);
        if (AbiTextParser::named(name))
            return bad(name + u" is the name of an elementary type"_s);
        if (indexOf(name) != static_cast<qsizetype>(i))
            return bad(name + u" is defined twice"_s);
    }
    return {};
}

Result<void> Eip712Schema::resolve(size_t which)
{
    const Eip712Struct &type = m_structs[which];
    Resolved &resolved = m_resolved[which];
    if (static_cast<qsizetype>(type.fields.size()) > maxFields)
        return bad(type.name + u" has more than "_s + QString::number(maxFields) + u" fields"_s);
    resolved.fields.reserve(type.fields.size());
    resolved.text = type.name.toLatin1() + '(';
    for (size_t i = 0; i < type.fields.size(); ++i) {
        const Eip712Field &field = type.fields[i];
        if (!AbiTextParser::isIdentifier(field.name))
            return bad(type.name + u": \""_s + field.name.left(80) + u"\" is no name of a field"_s);
        const auto before = std::span(type.fields).first(i);
        if (std::ranges::find(before, field.name, &Eip712Field::name) != before.end())
            return bad(type.name + u": "_s + field.name + u" is there twice"_s);
        auto fieldType = resolve(field.type);
        if (!fieldType)
            return bad(type.name + u'.' + field.name + u": "_s + fieldType.error().message);
        if (fieldType->structIndex >= 0) {
            const auto referred = static_cast<size_t>(fieldType->structIndex);
            if (std::ranges::find(resolved.referred, referred) == resolved.referred.end())
                resolved.referred.push_back(referred);
        }
        resolved.fields.push_back(*std::move(fieldType));
        if (i > 0)
            resolved.text += ',';
        resolved.text += field.type.toLatin1() + ' ' + field.name.toLatin1();
    }
    resolved.text += ')';
    return {};
}

// Type texts enter hashes as they are written, so only the canonical spelling is accepted: "uint" or "uint256 " would
// hash to something that no contract has.
Result<Eip712FieldType> Eip712Schema::resolve(QStringView type) const
{
    const qsizetype bracket = type.indexOf(u'[');
    const QStringView base = bracket < 0 ? type : type.first(bracket);
    if (!AbiTextParser::isIdentifier(base))
        return bad(u'"' + type.left(80).toString() + u"\" is no type of EIP-712"_s);
    Eip712FieldType resolved;
    if (bracket >= 0) {
        auto lengths = arrayLengths(type.sliced(bracket));
        if (!lengths)
            return std::unexpected(lengths.error());
        resolved.lengths = *std::move(lengths);
    }
    auto scalar = AbiTextParser::named(base);
    if (scalar && scalar->kind() != AbiKind::Function && base != u"uint" && base != u"int") {
        resolved.scalar = *std::move(scalar);
        return resolved;
    }
    resolved.structIndex = indexOf(base);
    if (resolved.structIndex < 0)
        return bad(base.left(80).toString() + u" is neither a type of EIP-712 nor one of its structs"_s);
    return resolved;
}

// Schemas have few structs: comparing their names one by one takes less than a table.
qsizetype Eip712Schema::indexOf(QStringView name) const
{
    for (size_t i = 0; i < m_structs.size(); ++i) {
        if (m_structs[i].name == name)
            return static_cast<qsizetype>(i);
    }
    return -1;
}

// The struct itself first, then what it refers to, by name.
std::vector<size_t> Eip712Schema::reachableFrom(size_t which, bool *isRecursive) const
{
    std::vector<bool> seen(m_structs.size());
    seen[which] = true;
    std::vector<size_t> reached = {which};
    for (size_t i = 0; i < reached.size(); ++i) {
        for (const size_t referred : m_resolved[reached[i]].referred) {
            if (referred == which && isRecursive)
                *isRecursive = true;
            if (!seen[referred])
                reached.push_back(referred);
            seen[referred] = true;
        }
    }
    std::sort(reached.begin() + 1, reached.end(), [this](size_t a, size_t b) { return m_structs[a].name < m_structs[b].name; });
    return reached;
}

QByteArray Eip712Schema::typeText(size_t which, bool *isRecursive) const
{
    QByteArray text;
    for (const size_t type : reachableFrom(which, isRecursive))
        text += m_resolved[type].text;
    return text;
}

Result<size_t> Eip712Schema::existing(QStringView name) const
{
    const qsizetype found = indexOf(name);
    if (found < 0)
        return fail(ErrorKind::NotFound, u"The schema has no struct "_s + name.left(80).toString(), u"eip712"_s);
    return static_cast<size_t>(found);
}

Result<QString> Eip712Schema::encodeType(QStringView name) const
{
    const auto which = existing(name);
    if (!which)
        return std::unexpected(which.error());
    return QString::fromLatin1(typeText(*which));
}

Result<Hash32> Eip712Schema::typeHash(QStringView name) const
{
    const auto which = existing(name);
    if (!which)
        return std::unexpected(which.error());
    return m_resolved[*which].typeHash;
}

Result<Bytes> Eip712Schema::encodeData(QStringView name, const AbiValue::List &fields) const
{
    const auto which = existing(name);
    if (!which)
        return std::unexpected(which.error());
    return encode(*which, fields, 0);
}

Result<Hash32> Eip712Schema::hashStruct(QStringView name, const AbiValue::List &fields) const
{
    const auto data = encodeData(name, fields);
    if (!data)
        return std::unexpected(data.error());
    return keccak256(*data);
}

Result<Bytes> Eip712Schema::encode(size_t which, const AbiValue::List &fields, int depth) const
{
    const Eip712Struct &type = m_structs[which];
    const Resolved &resolved = m_resolved[which];
    if (depth > maxValueDepth)
        return bad(u"The value is nested too deep"_s);
    if (fields.size() != type.fields.size())
        return bad(type.name + u" has "_s + QString::number(type.fields.size()) + u" fields, "_s + QString::number(fields.size())
                   + u" given"_s);
    Bytes data;
    data.reserve(static_cast<qsizetype>(fields.size() + 1) * 32);
    data += resolved.typeHash.view();
    for (size_t i = 0; i < fields.size(); ++i) {
        if (auto done = appendField(resolved.fields[i], 0, fields[i], depth, data); !done)
            return bad(type.name + u'.' + type.fields[i].name + u": "_s + done.error().message);
    }
    return data;
}

// One word of encodeData: an elementary value itself, the hash of everything else. `level` counts the arrays around.
Result<void> Eip712Schema::appendField(const Eip712FieldType &type, size_t level, const AbiValue &value, int depth, Bytes &out) const
{
    if (depth > maxValueDepth)
        return bad(u"The value is nested too deep"_s);
    if (level < type.lengths.size()) {
        const auto *list = value.get<AbiValue::List>();
        if (!list)
            return bad(u"a list is needed"_s);
        const qsizetype length = type.lengths[level];
        if (length != 0 && length != static_cast<qsizetype>(list->size()))
            return bad(QString::number(length) + u" elements are needed"_s);
        Bytes contents;
        contents.reserve(static_cast<qsizetype>(list->size()) * 32);
        for (const AbiValue &element : *list) {
            if (auto done = appendField(type, level + 1, element, depth + 1, contents); !done)
                return done;
        }
        out += keccak256(contents).view();
        return {};
    }
    if (type.structIndex >= 0) {
        const auto *fields = value.get<AbiValue::List>();
        if (!fields)
            return bad(u"a struct is needed"_s);
        const auto which = static_cast<size_t>(type.structIndex);
        if (fields->empty() && m_resolved[which].isRecursive) {
            out.append(32, '\0');
            return {};
        }
        const auto data = encode(which, *fields, depth + 1);
        if (!data)
            return std::unexpected(data.error());
        out += keccak256(*data).view();
        return {};
    }
    if (type.scalar.kind() == AbiKind::Bytes) {
        const auto *bytes = value.get<Bytes>();
        if (!bytes)
            return bad(u"bytes are needed"_s);
        out += keccak256(*bytes).view();
        return {};
    }
    if (type.scalar.kind() == AbiKind::String) {
        const auto *text = value.get<QString>();
        if (!text || !text->isValidUtf16())
            return bad(u"text is needed"_s);
        out += keccak256(text->toUtf8()).view();
        return {};
    }
    return abiAppendWord(type.scalar, value, out);
}

QString Eip712Domain::encodeType() const
{
    QStringList members;
    if (name)
        members += u"string name"_s;
    if (version)
        members += u"string version"_s;
    if (chainId)
        members += u"uint256 chainId"_s;
    if (verifyingContract)
        members += u"address verifyingContract"_s;
    if (salt)
        members += u"bytes32 salt"_s;
    return u"EIP712Domain("_s + members.join(u',') + u')';
}

Hash32 Eip712Domain::separator() const
{
    Bytes data = keccak256(encodeType().toUtf8()).bytes();
    if (name)
        data += keccak256(name->toUtf8()).view();
    if (version)
        data += keccak256(version->toUtf8()).view();
    if (chainId)
        data += chainId->toBigEndian();
    if (verifyingContract) {
        data.append(12, '\0');
        data += verifyingContract->view();
    }
    if (salt)
        data += salt->view();
    return keccak256(data);
}

Hash32 eip712Digest(const Hash32 &domainSeparator, const Hash32 &structHash)
{
    Bytes data("\x19\x01", 2);
    data += domainSeparator.view();
    data += structHash.view();
    return keccak256(data);
}

} // namespace countersign
