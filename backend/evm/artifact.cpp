#include "backend/evm/artifact.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace countersign {

namespace {

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, u"The artifact cannot be used: "_s + what, u"artifact"_s);
}

Result<std::vector<CodeRange>> rangesFromJson(const QJsonValue &value)
{
    std::vector<CodeRange> ranges;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &entry : array) {
        const qint64 start = entry.toObject().value("start"_L1).toInteger(-1);
        const qint64 length = entry.toObject().value("length"_L1).toInteger(-1);
        if (start < 0 || length < 1 || start > ContractArtifact::maxBytes || length > 32)
            return bad(u"a reference into the code has no sensible place"_s);
        ranges.push_back({.start = start, .length = length});
    }
    return ranges;
}

// Code with the linker's placeholders, which are no hex, read as zeros.
template<class Links>
Result<Bytes> codeFromJson(const QJsonValue &value, const Links &links)
{
    QString digits = value.toString();
    if (digits.startsWith(u"0x"))
        digits.remove(0, 2);
    for (const auto &link : links) {
        for (const CodeRange &range : link.ranges) {
            if (range.length != Address::size || (range.start + range.length) * 2 > digits.size())
                return bad(u"a link reference lies outside the code"_s);
            digits.replace(range.start * 2, range.length * 2, QString(range.length * 2, u'0'));
        }
    }
    auto code = bytesFromHex(QString(u"0x"_s + digits));
    if (!code)
        return bad(u"its code is no hex: "_s + code.error().message);
    return code;
}

} // namespace

Result<ContractArtifact> ContractArtifact::load(QByteArrayView json)
{
    if (json.size() > maxBytes)
        return fail(ErrorKind::Exhausted, u"The artifact is larger than this program reads"_s, u"artifact"_s);
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(json.toByteArray(), &error);
    if (!document.isObject())
        return bad(u"it is no JSON object: "_s + error.errorString());
    const QJsonObject object = document.object();

    ContractArtifact artifact;
    artifact.m_contractName = object.value("contractName"_L1).toString();
    artifact.m_sourceName = object.value("sourceName"_L1).toString();
    if (artifact.m_contractName.isEmpty())
        return bad(u"it names no contract"_s);
    auto abi = JsonAbi::fromJson(object.value("abi"_L1).toArray());
    if (!abi)
        return bad(abi.error().message);
    artifact.m_abi = *std::move(abi);

    const auto readLinks = [&object](QLatin1StringView member, std::vector<Link> &links) -> Result<void> {
        const QJsonObject files = object.value(member).toObject();
        for (auto file = files.begin(); file != files.end(); ++file) {
            const QJsonObject libraries = file.value().toObject();
            for (auto library = libraries.begin(); library != libraries.end(); ++library) {
                auto ranges = rangesFromJson(library.value());
                if (!ranges)
                    return std::unexpected(ranges.error());
                links.push_back({.library = file.key() + u':' + library.key(), .ranges = *std::move(ranges)});
            }
        }
        return {};
    };
    if (auto done = readLinks("linkReferences"_L1, artifact.m_links); !done)
        return std::unexpected(done.error());
    if (auto done = readLinks("deployedLinkReferences"_L1, artifact.m_runtimeLinks); !done)
        return std::unexpected(done.error());

    auto creation = codeFromJson(object.value("bytecode"_L1), artifact.m_links);
    if (!creation)
        return std::unexpected(creation.error());
    artifact.m_creationCode = *std::move(creation);
    auto runtime = codeFromJson(object.value("deployedBytecode"_L1), artifact.m_runtimeLinks);
    if (!runtime)
        return std::unexpected(runtime.error());
    artifact.m_runtimeCode = *std::move(runtime);

    const QJsonObject immutables = object.value("immutableReferences"_L1).toObject();
    for (auto entry = immutables.begin(); entry != immutables.end(); ++entry) {
        auto ranges = rangesFromJson(entry.value());
        if (!ranges)
            return std::unexpected(ranges.error());
        const bool inside = std::ranges::all_of(*ranges, [&](const CodeRange &range) {
            return range.start + range.length <= artifact.m_runtimeCode.size() && range.length == ranges->front().length;
        });
        if (!inside)
            return bad(u"an immutable lies outside the code"_s);
        artifact.m_immutables.insert(entry.key(), *std::move(ranges));
    }
    return artifact;
}

Result<ContractArtifact> ContractArtifact::loadFile(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return fail(ErrorKind::NotFound, u"There is no artifact "_s + path, u"artifact"_s);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Unavailable, path + u": "_s + file.errorString(), u"artifact"_s);
    const Bytes content = file.read(maxBytes + 1);
    auto artifact = load(content);
    if (!artifact)
        return fail(artifact.error().kind, path + u": "_s + artifact.error().message, artifact.error().detail);
    return artifact;
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
    for (const Link &link : m_links) {
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
    for (auto immutable = m_immutables.begin(); immutable != m_immutables.end(); ++immutable) {
        for (const CodeRange &range : immutable.value()) {
            const Bytes value = code.sliced(range.start, range.length).toByteArray();
            const auto known = values.constFind(immutable.key());
            if (known != values.constEnd() && *known != value)
                return differs(u"one immutable has two values"_s);
            values.insert(immutable.key(), value);
            filled.replace(range.start, range.length, value);
        }
    }
    for (const Link &link : m_runtimeLinks) {
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
