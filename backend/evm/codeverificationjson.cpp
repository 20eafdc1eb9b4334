#include "backend/evm/codeverificationjson.h"

#include "backend/evm/abijson.h"
#include "backend/evm/buildoutput.h"

namespace countersign {

namespace {

std::unexpected<Error> bad(const QString &member, const QString &what)
{
    return fail(ErrorKind::Invalid, member + u": "_s + what, u"code.verify"_s);
}

Result<std::optional<Bytes>> optionalBytes(JsonView request, QUtf8StringView member)
{
    const auto value = request.find(member);
    if (!value || value->isNull())
        return std::nullopt;
    if (!value->isString())
        return bad(member.toString(), u"bytes are text with 0x"_s);
    auto bytes = bytesFromHex(value->toString());
    if (!bytes)
        return bad(member.toString(), bytes.error().message);
    return *std::move(bytes);
}

Result<Address> addressOf(JsonView value)
{
    return value.isString() ? Address::parse(value.toString()) : Result<Address>(fail(ErrorKind::Invalid, u"an address is text with 0x"_s));
}

Result<ContractArtifact> artifactOf(JsonView request)
{
    const auto value = request.find("artifact");
    if (!value || !value->isObject())
        return bad(u"artifact"_s, u"an object is due"_s);
    if (!BuildOutput::isBuildOutput(*value))
        return ContractArtifact::fromJson(*value);
    const auto build = BuildOutput::fromJson(*value);
    if (!build)
        return std::unexpected(build.error());
    if (const auto contract = request.find("contract"))
        return build->artifact(contract->toString());
    const auto names = build->contractNames();
    if (names.size() != 1)
        return bad(u"contract"_s, u"the artifact is a whole build; name one of its "_s + QString::number(names.size()) + u" contracts as source:Name"_s);
    return build->artifact(names.front());
}

void appendMember(QByteArray &json, QUtf8StringView name, const QString &text)
{
    if (!json.endsWith('{'))
        json += ',';
    appendJsonString(json, name);
    json += ':';
    appendJsonString(json, text.toUtf8());
}

} // namespace

Result<CodeVerdict> verifyCodeFromJson(JsonView request, const AbiValuesReader &readValues)
{
    const auto artifact = artifactOf(request);
    if (!artifact)
        return std::unexpected(artifact.error());
    CodeQuestion question;
    auto deployed = optionalBytes(request, "deployed");
    if (!deployed)
        return std::unexpected(deployed.error());
    question.deployed = *std::move(deployed);
    auto initCode = optionalBytes(request, "initCode");
    if (!initCode)
        return std::unexpected(initCode.error());
    question.initCode = *std::move(initCode);

    const auto arguments = request.find("constructorArgs");
    if (arguments && arguments->isString()) {
        auto bytes = optionalBytes(request, "constructorArgs");
        if (!bytes)
            return std::unexpected(bytes.error());
        question.constructorArguments = **std::move(bytes);
    } else if (arguments && !arguments->isNull()) {
        const auto &inputs = artifact->abi().constructorInputs();
        auto values = readValues ? readValues(inputs, *arguments) : abiValuesFromJson(inputs, *arguments);
        if (!values)
            return bad(u"constructorArgs"_s, values.error().message);
        question.constructorArguments = *std::move(values);
    }

    if (const auto libraries = request.find("libraries"); libraries && !libraries->isNull()) {
        if (!libraries->isObject())
            return bad(u"libraries"_s, u"an object {\"source:Name\": address} is due"_s);
        for (const JsonView library : *libraries) {
            const auto address = addressOf(library);
            if (!address)
                return bad(u"libraries."_s + library.key().toString(), address.error().message);
            question.libraries.insert(library.key().toString(), *address);
        }
    }
    if (const auto value = request.find("address"); value && !value->isNull()) {
        const auto address = addressOf(*value);
        if (!address)
            return bad(u"address"_s, address.error().message);
        question.address = *address;
    }
    return verifyCode(*artifact, question);
}

QByteArray toJson(const CodeVerdict &verdict)
{
    QByteArray json = "{\"match\":\"";
    json += codeMatchName(verdict.match).latin1();
    json += "\",\"immutables\":{";
    for (const ImmutableValue &immutable : verdict.immutables)
        appendMember(json, immutable.id.toUtf8(), toHex(immutable.value));
    json += "},\"variables\":{";
    for (const ImmutableValue &immutable : verdict.immutables) {
        if (immutable.name.isEmpty())
            continue;
        if (!json.endsWith('{'))
            json += ',';
        appendJsonString(json, immutable.id.toUtf8());
        json += ":{";
        appendMember(json, "name", immutable.name);
        appendMember(json, "type", immutable.type);
        appendMember(json, "value", immutable.text.isEmpty() ? toHex(immutable.value) : immutable.text);
        json += '}';
    }
    json += "},\"reasons\":[";
    for (const CodeReason &reason : verdict.reasons) {
        json += json.endsWith('[') ? "{" : ",{";
        appendMember(json, "code", reason.code);
        appendMember(json, "text", reason.text);
        if (reason.position)
            appendMember(json, "position", QString::number(*reason.position));
        json += '}';
    }
    json += ']';
    if (verdict.libraryAddress)
        appendMember(json, "libraryAddress", verdict.libraryAddress->toString());
    json += '}';
    return json;
}

} // namespace countersign
