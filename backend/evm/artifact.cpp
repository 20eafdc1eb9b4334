#include "backend/evm/artifact.h"

#include "backend/types/keccak.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <charconv>

namespace countersign {

namespace {

constexpr qsizetype mostReferences = 10'000; // of one contract; its code has no room for more
constexpr qsizetype placeholderDigits = 40;

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, u"The artifact cannot be used: "_s + what, u"artifact"_s);
}

std::optional<JsonView> memberOf(const std::optional<JsonView> &object, QUtf8StringView name)
{
    return object ? object->find(name) : std::nullopt;
}

QString textOf(const std::optional<JsonView> &value)
{
    return value && value->isString() ? value->toString() : QString();
}

qsizetype numberOf(const std::optional<JsonView> &value)
{
    qint64 number = -1;
    if (value && value->isNumber()) {
        const QUtf8StringView text = value->text();
        const char *end = text.data() + text.size();
        if (const auto read = std::from_chars(text.data(), end, number); read.ec != std::errc() || read.ptr != end)
            number = -1;
    }
    return number;
}

Result<std::vector<CodeRange>> rangesFromJson(JsonView value)
{
    if (!value.isArray() || value.size() > mostReferences)
        return bad(u"references into the code are no list"_s);
    std::vector<CodeRange> ranges;
    ranges.reserve(static_cast<size_t>(value.size()));
    for (const JsonView entry : value) {
        const qsizetype start = numberOf(entry.find("start"));
        const qsizetype length = numberOf(entry.find("length"));
        if (start < 0 || length < 1 || start > ContractArtifact::maxBytes || length > 32)
            return bad(u"a reference into the code has no sensible place"_s);
        ranges.push_back({.start = start, .length = length});
    }
    return ranges;
}

Result<std::vector<CodeLink>> linksFromJson(const std::optional<JsonView> &files)
{
    std::vector<CodeLink> links;
    if (!files)
        return links;
    for (const JsonView file : *files) {
        for (const JsonView library : file) {
            auto ranges = rangesFromJson(library);
            if (!ranges)
                return std::unexpected(ranges.error());
            if (static_cast<qsizetype>(links.size()) >= mostReferences)
                return bad(u"it has more libraries than code has room for"_s);
            links.push_back({.library = file.key().toString() + u':' + library.key().toString(), .ranges = *std::move(ranges)});
        }
    }
    return links;
}

// "__$" with the first 34 digits of keccak("source:Name") and "$__"; compilers before 0.5 wrote the name itself.
Result<void> checkPlaceholder(QStringView placeholder, const QString &library)
{
    if (!placeholder.startsWith(u"__"))
        return bad(u"where "_s + library + u" is to be linked stands no placeholder"_s);
    if (!placeholder.startsWith(u"__$"))
        return {};
    const QString digits = toHex(keccak256(library.toUtf8()).view().first(17));
    if (placeholder.sliced(3, 34) != QStringView(digits).sliced(2))
        return bad(u"a placeholder is not that of the library "_s + library);
    return {};
}

// Code with the linker's placeholders, which are no hex, read as zeros.
Result<Bytes> codeFromJson(const std::optional<JsonView> &value, const std::vector<CodeLink> &links)
{
    if (!value || !value->isString())
        return bad(u"it has no code"_s);
    QString digits = value->toString();
    if (!digits.startsWith(u"0x"))
        digits.prepend(u"0x");
    for (const CodeLink &link : links) {
        for (const CodeRange &range : link.ranges) {
            const qsizetype at = 2 + range.start * 2;
            if (range.length != Address::size || at + placeholderDigits > digits.size())
                return bad(u"a link reference lies outside the code"_s);
            if (auto done = checkPlaceholder(QStringView(digits).sliced(at, placeholderDigits), link.library); !done)
                return std::unexpected(done.error());
            std::fill_n(digits.begin() + at, placeholderDigits, u'0');
        }
    }
    auto code = bytesFromHex(digits);
    if (!code)
        return bad(u"its code is no hex: "_s + code.error().message);
    return code;
}

// "compilationTarget" of the metadata, {"source": "Name"}. solc writes the metadata as text, Foundry as an object.
void namesFromMetadata(const std::optional<JsonView> &metadata, QString &sourceName, QString &contractName)
{
    if (!metadata)
        return;
    if (metadata->isString()) {
        const auto text = JsonText::parse(metadata->text().toString().toUtf8(), ContractArtifact::jsonLimits());
        if (text && text->root().isObject())
            namesFromMetadata(text->root(), sourceName, contractName);
        return;
    }
    const auto target = memberOf(metadata->find("settings"), "compilationTarget");
    if (!target || !target->isObject() || target->size() != 1)
        return;
    const JsonView name = *target->begin();
    if (sourceName.isEmpty())
        sourceName = name.key().toString();
    if (contractName.isEmpty())
        contractName = name.toString();
}

using ImmutablesById = QHash<QString, CodeImmutable *>;

ImmutablesById byId(std::vector<CodeImmutable> &immutables)
{
    ImmutablesById map;
    for (CodeImmutable &immutable : immutables)
        map.insert(immutable.id, &immutable);
    return map;
}

void nameImmutable(CodeImmutable *immutable, const std::optional<JsonView> &name, const std::optional<JsonView> &type)
{
    if (!immutable)
        return;
    immutable->name = textOf(name);
    immutable->type = textOf(type);
}

void nameDeclarations(JsonView node, const ImmutablesById &immutables)
{
    if (node.isObject()) {
        const auto mutability = node.find("mutability");
        if (mutability && mutability->text() == QUtf8StringView("immutable")) {
            const auto id = node.find("id");
            nameImmutable(immutables.value(id ? id->toString() : QString()), node.find("name"),
                          memberOf(node.find("typeDescriptions"), "typeString"));
        }
    } else if (!node.isArray()) {
        return;
    }
    for (const JsonView child : node)
        nameDeclarations(child, immutables);
}

} // namespace

Result<ContractArtifact> ContractArtifact::load(QByteArrayView json)
{
    const auto text = JsonText::parse(json.toByteArray(), jsonLimits());
    if (!text)
        return fail(text.error().kind, u"The artifact cannot be used: "_s + text.error().message, text.error().detail);
    return fromJson(text->root());
}

Result<ContractArtifact> ContractArtifact::fromJson(JsonView object, const QString &sourceName, const QString &contractName)
{
    if (!object.isObject())
        return bad(u"it is no JSON object"_s);
    ContractArtifact artifact;
    artifact.m_contractName = textOf(object.find("contractName"));
    artifact.m_sourceName = textOf(object.find("sourceName"));
    if (artifact.m_contractName.isEmpty() && sourceName.isEmpty())
        namesFromMetadata(object.find("metadata"), artifact.m_sourceName, artifact.m_contractName);
    if (artifact.m_contractName.isEmpty()) {
        artifact.m_contractName = contractName;
        artifact.m_sourceName = sourceName;
    }
    if (artifact.m_contractName.isEmpty())
        return bad(u"it names no contract"_s);
    const auto abi = object.find("abi");
    if (!abi)
        return bad(u"it has no ABI"_s);
    auto interface = JsonAbi::load(abi->toJson());
    if (!interface)
        return bad(interface.error().message);
    artifact.m_abi = *std::move(interface);
    const auto evm = object.find("evm"); // solc's own form has its code in there
    if (auto done = artifact.readCode(evm && evm->isObject() ? *evm : object); !done)
        return std::unexpected(done.error());

    if (const auto ast = object.find("ast"))
        artifact.nameImmutables(*ast);
    if (const auto named = object.find("immutables")) { // ours
        const ImmutablesById known = byId(artifact.m_immutables);
        for (const JsonView declaration : *named)
            nameImmutable(known.value(declaration.key().toString()), declaration.find("name"), declaration.find("type"));
    }
    return artifact;
}

Result<void> ContractArtifact::readCode(JsonView holder)
{
    auto creationText = holder.find("bytecode");
    auto runtimeText = holder.find("deployedBytecode");
    auto creationLinks = holder.find("linkReferences");
    auto runtimeLinks = holder.find("deployedLinkReferences");
    auto immutables = holder.find("immutableReferences");
    if (creationText && creationText->isObject()) { // solc and Foundry
        creationLinks = creationText->find("linkReferences");
        creationText = creationText->find("object");
    }
    if (runtimeText && runtimeText->isObject()) {
        runtimeLinks = runtimeText->find("linkReferences");
        immutables = runtimeText->find("immutableReferences");
        runtimeText = runtimeText->find("object");
    }
    auto links = linksFromJson(creationLinks);
    if (!links)
        return std::unexpected(links.error());
    m_links = *std::move(links);
    links = linksFromJson(runtimeLinks);
    if (!links)
        return std::unexpected(links.error());
    m_runtimeLinks = *std::move(links);
    auto code = codeFromJson(creationText, m_links);
    if (!code)
        return std::unexpected(code.error());
    m_creationCode = *std::move(code);
    code = codeFromJson(runtimeText, m_runtimeLinks);
    if (!code)
        return std::unexpected(code.error());
    m_runtimeCode = *std::move(code);

    m_knowsImmutables = immutables.has_value();
    if (!immutables || !immutables->isObject())
        return {};
    for (const JsonView entry : *immutables) {
        auto ranges = rangesFromJson(entry);
        if (!ranges)
            return std::unexpected(ranges.error());
        const bool inside = std::ranges::all_of(*ranges, [&](const CodeRange &range) {
            return range.start + range.length <= m_runtimeCode.size() && range.length == ranges->front().length;
        });
        if (!inside)
            return bad(u"an immutable lies outside the code"_s);
        if (static_cast<qsizetype>(m_immutables.size()) >= mostReferences)
            return bad(u"it has more immutables than code has room for"_s);
        m_immutables.push_back({.id = entry.key().toString(), .ranges = *std::move(ranges)});
    }
    return {};
}

Result<ContractArtifact> ContractArtifact::loadFile(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return fail(ErrorKind::NotFound, u"There is no artifact "_s + path, u"artifact"_s);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Unavailable, path + u": "_s + file.errorString(), u"artifact"_s);
    const auto text = JsonText::parse(file.read(maxBytes + 1), jsonLimits());
    // Foundry may write a file without metadata; the file is then named after the contract.
    auto artifact = text ? fromJson(text->root(), {}, QFileInfo(path).completeBaseName()) : Result<ContractArtifact>(std::unexpected(text.error()));
    if (!artifact)
        return fail(artifact.error().kind, path + u": "_s + artifact.error().message, artifact.error().detail);
    return artifact;
}

void ContractArtifact::nameImmutables(JsonView syntaxTree)
{
    if (!m_immutables.empty())
        nameDeclarations(syntaxTree, byId(m_immutables));
}

Result<Bytes> ContractArtifact::creationCode() const
{
    if (needsLinking())
        return fail(ErrorKind::Conflict, m_contractName + u" needs the library "_s + m_links.front().library, u"artifact.link"_s);
    return m_creationCode;
}

Result<Bytes> ContractArtifact::linkedCreationCode(const QHash<QString, Address> &libraries) const
{
    Bytes code = m_creationCode;
    for (const CodeLink &link : m_links) {
        const auto address = libraries.constFind(link.library);
        if (address == libraries.constEnd())
            return fail(ErrorKind::NotFound, m_contractName + u" needs the library "_s + link.library, u"artifact.link"_s);
        for (const CodeRange &range : link.ranges)
            code.replace(range.start, range.length, address->bytes());
    }
    return code;
}

Result<Bytes> ContractArtifact::deploymentCode(std::span<const AbiValue> constructorArguments) const
{
    auto code = creationCode();
    if (!code)
        return code;
    const auto arguments = m_abi.encodeConstructor(constructorArguments);
    if (!arguments)
        return fail(arguments.error().kind, m_contractName + u" constructor: "_s + arguments.error().message, arguments.error().detail);
    return *code + *arguments;
}

Result<QMap<QString, Bytes>> ContractArtifact::immutablesIn(QByteArrayView code) const
{
    const auto differs = [this](const QString &what) {
        return fail(ErrorKind::Conflict, u"The code is not that of "_s + m_contractName + u": "_s + what, u"artifact.runtime"_s);
    };
    if (code.size() != m_runtimeCode.size())
        return differs(u"it has "_s + QString::number(code.size()) + u" bytes, not "_s + QString::number(m_runtimeCode.size()));
    QMap<QString, Bytes> values;
    Bytes filled = m_runtimeCode;
    for (const CodeImmutable &immutable : m_immutables) {
        for (const CodeRange &range : immutable.ranges) {
            const Bytes value = code.sliced(range.start, range.length).toByteArray();
            const auto known = values.constFind(immutable.id);
            if (known != values.constEnd() && *known != value)
                return differs(u"one immutable has two values"_s);
            values.insert(immutable.id, value);
            filled.replace(range.start, range.length, value);
        }
    }
    for (const CodeLink &link : m_runtimeLinks) {
        for (const CodeRange &range : link.ranges)
            filled.replace(range.start, range.length, code.sliced(range.start, range.length).toByteArray());
    }
    if (filled != code)
        return differs(u"its bytes differ"_s);
    return values;
}

bool ContractArtifact::matchesRuntime(QByteArrayView code) const
{
    return immutablesIn(code).has_value();
}

} // namespace countersign
