#include "backend/evm/eip712.h"

#include "backend/evm/abi.h"
#include "backend/types/keccak.h"

#include <QSet>

#include <algorithm>

namespace countersign {

namespace {

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"eip712"_s);
}

bool isIdentifier(QStringView name)
{
    const auto isLetter = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_' || c == u'$';
    };
    return !name.isEmpty() && isLetter(name.front())
        && std::ranges::all_of(name, [&](QChar c) { return isLetter(c) || (c >= u'0' && c <= u'9'); });
}

// "Person" of "Person[2][]".
QStringView baseOf(QStringView type)
{
    const qsizetype bracket = type.indexOf(u'[');
    return bracket < 0 ? type : type.first(bracket);
}

QString encodeOne(const Eip712Struct &type)
{
    QString text = type.name + u'(';
    for (const Eip712Field &field : type.fields) {
        if (!text.endsWith(u'('))
            text += u',';
        text += field.type + u' ' + field.name;
    }
    text += u')';
    return text;
}

// Type texts enter hashes as they are written, so only the canonical spelling is accepted: "uint" or "uint256 " would
// hash to something that no contract has.
Result<void> checkFieldType(const Eip712Field &field, bool isStruct)
{
    const QStringView base = baseOf(field.type);
    const QString stand = (isStruct ? u"bool"_s : base.toString()) + field.type.sliced(base.size());
    const auto type = AbiType::parse(stand);
    if (!type)
        return bad(field.name + u": "_s + type.error().message);
    if (type->canonical() != stand || stand.contains(u'('))
        return bad(field.name + u": "_s + field.type + u" is not a type of EIP-712"_s);
    return {};
}

} // namespace

Result<Eip712Schema> Eip712Schema::create(std::vector<Eip712Struct> structs)
{
    if (structs.empty() || static_cast<qsizetype>(structs.size()) > maxStructs)
        return bad(u"A schema has 1 to "_s + QString::number(maxStructs) + u" structs"_s);
    Eip712Schema schema(std::move(structs));
    for (size_t i = 0; i < schema.m_structs.size(); ++i) {
        const QString &name = schema.m_structs[i].name;
        if (!isIdentifier(name))
            return bad(u"\""_s + name + u"\" is no name of a struct"_s);
        if (AbiType::parse(name))
            return bad(name + u" is the name of an elementary type"_s);
        if (schema.m_index.contains(name))
            return bad(name + u" is defined twice"_s);
        schema.m_index.insert(name, static_cast<qsizetype>(i));
    }
    for (const Eip712Struct &type : schema.m_structs) {
        QSet<QString> names;
        for (const Eip712Field &field : type.fields) {
            if (!isIdentifier(field.name))
                return bad(type.name + u": \""_s + field.name + u"\" is no name of a field"_s);
            if (names.contains(field.name))
                return bad(type.name + u": "_s + field.name + u" is there twice"_s);
            names.insert(field.name);
            if (auto checked = checkFieldType(field, schema.find(baseOf(field.type)) != nullptr); !checked)
                return bad(type.name + u'.' + checked.error().message);
        }
    }
    return schema;
}

const Eip712Struct *Eip712Schema::find(QStringView name) const
{
    const auto found = m_index.constFind(name.toString());
    return found == m_index.constEnd() ? nullptr : &m_structs[static_cast<size_t>(*found)];
}

Result<QString> Eip712Schema::encodeType(QStringView name) const
{
    const Eip712Struct *primary = find(name);
    if (!primary)
        return fail(ErrorKind::NotFound, u"The schema has no struct "_s + name.toString(), u"eip712"_s);
    std::vector<const Eip712Struct *> reached = {primary};
    for (size_t i = 0; i < reached.size(); ++i) {
        for (const Eip712Field &field : reached[i]->fields) {
            const Eip712Struct *referred = find(baseOf(field.type));
            if (referred && std::ranges::find(reached, referred) == reached.end())
                reached.push_back(referred);
        }
    }
    std::sort(reached.begin() + 1, reached.end(), [](const auto *a, const auto *b) { return a->name < b->name; });
    QString text;
    for (const Eip712Struct *type : reached)
        text += encodeOne(*type);
    return text;
}

Result<Hash32> Eip712Schema::typeHash(QStringView name) const
{
    const auto text = encodeType(name);
    if (!text)
        return std::unexpected(text.error());
    return keccak256(text->toUtf8());
}

Result<Bytes> Eip712Schema::encodeData(QStringView name, const AbiValue::List &fields) const
{
    const Eip712Struct *type = find(name);
    if (!type)
        return fail(ErrorKind::NotFound, u"The schema has no struct "_s + name.toString(), u"eip712"_s);
    return encodeData(*type, fields, 0);
}

Result<Hash32> Eip712Schema::hashStruct(QStringView name, const AbiValue::List &fields) const
{
    const auto data = encodeData(name, fields);
    if (!data)
        return std::unexpected(data.error());
    return keccak256(*data);
}

Result<Bytes> Eip712Schema::encodeData(const Eip712Struct &type, const AbiValue::List &fields, int depth) const
{
    if (depth > maxValueDepth)
        return bad(u"The value is nested too deep"_s);
    if (fields.size() != type.fields.size())
        return bad(type.name + u" has "_s + QString::number(type.fields.size()) + u" fields, "_s + QString::number(fields.size())
                   + u" given"_s);
    Bytes data = typeHash(type.name)->bytes();
    for (size_t i = 0; i < fields.size(); ++i) {
        const auto word = encodeField(type.fields[i].type, fields[i], depth);
        if (!word)
            return bad(type.name + u'.' + type.fields[i].name + u": "_s + word.error().message);
        data += *word;
    }
    return data;
}

// One word of encodeData: an elementary value itself, the hash of everything else.
Result<Bytes> Eip712Schema::encodeField(QStringView type, const AbiValue &value, int depth) const
{
    if (depth > maxValueDepth)
        return bad(u"The value is nested too deep"_s);
    if (type.endsWith(u']')) {
        const qsizetype bracket = type.lastIndexOf(u'[');
        const QStringView length = type.sliced(bracket + 1).chopped(1);
        const auto *list = value.get<AbiValue::List>();
        if (!list)
            return bad(u"a list is needed"_s);
        if (!length.isEmpty() && length.toULongLong() != list->size())
            return bad(length.toString() + u" elements are needed"_s);
        Bytes contents;
        for (const AbiValue &element : *list) {
            const auto word = encodeField(type.first(bracket), element, depth + 1);
            if (!word)
                return word;
            contents += *word;
        }
        return keccak256(contents).bytes();
    }
    if (const Eip712Struct *nested = find(type)) {
        const auto *fields = value.get<AbiValue::List>();
        if (!fields)
            return bad(u"a struct is needed"_s);
        const auto data = encodeData(*nested, *fields, depth + 1);
        if (!data)
            return data;
        return keccak256(*data).bytes();
    }
    const auto elementary = AbiType::parse(type);
    if (!elementary)
        return std::unexpected(elementary.error());
    if (elementary->kind() == AbiKind::Bytes) {
        const auto *bytes = value.get<Bytes>();
        if (!bytes)
            return bad(u"bytes are needed"_s);
        return keccak256(*bytes).bytes();
    }
    if (elementary->kind() == AbiKind::String) {
        const auto *text = value.get<QString>();
        if (!text || !text->isValidUtf16())
            return bad(u"text is needed"_s);
        return keccak256(text->toUtf8()).bytes();
    }
    return abiEncodeWord(*elementary, value);
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
