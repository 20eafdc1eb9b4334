#include "app/cli/review/describe.h"

#include "backend/evm/abilenient.h"
#include "backend/evm/metadatablob.h"
#include "backend/evm/proxycode.h"
#include "backend/evm/transactionjson.h"
#include "backend/evm/typeddata.h"
#include "backend/review/knowncalls.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safelibraries.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

using Node = Report::Node;
using Severity = Report::Severity;

struct FoundFunction {
    const AbiFunction *function = nullptr;
    bool isGiven = false; ///< by the interface that the person named; else the selector only fits
};

FoundFunction functionOf(Selector selector, const Interfaces &interfaces)
{
    if (interfaces.given) {
        if (const AbiFunction *function = interfaces.given->function(selector))
            return {function, true};
    }
    for (const JsonAbi *abi : {&safeAbi(), &safeLibraryAbi(), abiOfRole(ContractRole::Registry), abiOfRole(ContractRole::Vault), &commonAbi()}) {
        if (const AbiFunction *function = abi->function(selector))
            return {function, false};
    }
    return {};
}

void addArguments(Node &node, const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values)
{
    Node &list = node.list(u"arguments"_s);
    for (size_t i = 0; i < parameters.size(); ++i) {
        Node &argument = list.element(parameters[i].name.isEmpty() ? u"[%1]"_s.arg(i) : parameters[i].name);
        argument.add(u"type"_s, parameters[i].type.canonical());
        argument.add(u"value"_s, abiToText(parameters[i].type, values[i]));
    }
}

} // namespace

void addJson(Node &node, JsonView json)
{
    for (const JsonView member : json) {
        const QString key = member.key().toString();
        if (member.isArray() || member.isObject()) {
            Node &child = json.isArray() ? node.element() : node.group(key);
            child.isList = member.isArray();
            addJson(child, member);
        } else if (member.kind() == JsonView::Kind::Bool) {
            node.add(key, member.toBool() ? u"true"_s : u"false"_s);
        } else {
            node.add(key, member.isNull() ? u"none"_s : member.toString());
        }
    }
}

void describeCalldata(Report &report, Node &node, QByteArrayView data, const std::optional<Address> &to, const Interfaces &interfaces)
{
    if (data.isEmpty()) {
        node.add(u"call"_s, u"no data: a plain transfer"_s);
        return;
    }
    const auto selector = Selector::leading(data);
    if (!selector) {
        report.find(Severity::Warn, u"calldata.short"_s, u"%1 bytes are too few for a function's selector"_s.arg(data.size()));
        node.add(u"data"_s, toHex(data));
        return;
    }
    node.add(u"selector"_s, selector->toString());
    const FoundFunction found = functionOf(*selector, interfaces);
    if (!found.function) {
        report.find(Severity::Warn, u"calldata.unknown"_s,
            u"No interface known here has the selector %1: what the call does is not shown. Name its interface with --abi"_s.arg(selector->toString()));
        node.add(u"data"_s, toHex(data));
        return;
    }
    node.add(u"function"_s, found.function->signature());
    if (!found.isGiven)
        report.find(Severity::Info, u"calldata.guess"_s,
            u"%1 is read by its selector%2; other functions may share it"_s.arg(found.function->signature(), to ? u" at "_s + to->toString() : QString()));
    const auto lenient = abiDecodeLenient(found.function->inputs(), data.sliced(Selector::size));
    if (!lenient) {
        report.find(Severity::Block, u"calldata.malformed"_s,
            u"The arguments of %1 cannot be read: %2"_s.arg(found.function->signature(), lenient.error().message));
        return;
    }
    addArguments(node, found.function->inputs(), lenient->values);
    for (const AbiDeviation &deviation : lenient->deviations)
        report.find(Severity::Block, abiFaultCode(deviation.fault),
            u"The arguments of %1 are not the one encoding of these values (byte %2%3): something may be hidden in them"_s
                .arg(found.function->signature())
                .arg(deviation.position + Selector::size)
                .arg(deviation.path.isEmpty() ? QString() : u", "_s + deviation.path));
}

Result<void> describeRawTransaction(Report &report, QByteArrayView raw, const Interfaces &interfaces)
{
    const auto decoded = decodeTransaction(raw, {.strict = false, .intrinsicGas = true});
    if (!decoded)
        return std::unexpected(decoded.error());
    const auto json = JsonText::parse(transactionToJson(*decoded));
    if (!json)
        return std::unexpected(json.error());
    report.add(u"kind"_s, decoded->signature ? u"signed transaction"_s : u"unsigned transaction"_s);
    addJson(report.root(), json->root());
    for (const Error &problem : decoded->problems)
        report.find(Severity::Block, problem.detail, u"Nodes refuse it: "_s + problem.message);
    const Bytes data = json->root().find("data") ? bytesFromHex(json->root().find("data")->text()).value_or(Bytes()) : Bytes();
    const auto to = json->root().find("to");
    const auto target = to && to->isString() ? Address::parse(to->toString()) : Result<Address>(fail(ErrorKind::NotFound, {}));
    if (target)
        describeCalldata(report, report.root().group(u"call"_s), data, *target, interfaces);
    else
        report.find(Severity::Info, u"tx.creation"_s, u"It creates a contract from %1 bytes of code"_s.arg(data.size()));
    if (!decoded->signature)
        report.find(Severity::Info, u"tx.unsigned"_s, u"It is not signed"_s);
    return {};
}

Result<void> describeTypedData(Report &report, JsonView json)
{
    const auto data = TypedData::fromJson(json);
    if (!data)
        return std::unexpected(data.error());
    report.add(u"kind"_s, u"typed data (EIP-712)"_s);
    report.add(u"primaryType"_s, data->primaryType());
    const auto add = [&report](const QString &key, const std::vector<TypedDataLine> &lines) {
        Node &list = report.root().list(key);
        for (const TypedDataLine &line : lines) {
            Node &entry = list.element(QString(line.depth * 2, u' ') + line.path);
            entry.add(u"path"_s, line.path);
            entry.add(u"type"_s, line.type);
            if (!line.text.isEmpty())
                entry.add(u"value"_s, line.text);
        }
    };
    add(u"domain"_s, data->domainLines());
    add(u"message"_s, data->messageLines());
    report.add(u"domainHash"_s, data->domainHash().toString());
    if (data->structHash())
        report.add(u"structHash"_s, data->structHash()->toString());
    report.add(u"digest"_s, data->digest().toString());
    report.add(u"encodedType"_s, data->encodedType());
    if (!data->domain().chainId)
        report.find(Severity::Warn, u"eip712.chain"_s, u"The domain names no chain: the signature may be valid on others"_s);
    if (!data->domain().verifyingContract)
        report.find(Severity::Warn, u"eip712.contract"_s, u"The domain names no contract"_s);
    static constexpr std::array permits{u"Permit", u"PermitSingle", u"PermitBatch", u"PermitTransferFrom", u"PermitBatchTransferFrom",
        u"PermitWitnessTransferFrom"};
    for (const char16_t *permit : permits) {
        if (data->primaryType() == QStringView(permit))
            report.find(Severity::Warn, u"eip712.permit"_s, u"A permit lets its spender take tokens, as an approval does"_s);
    }
    return {};
}

void describeCode(Report &report, QByteArrayView code)
{
    constexpr qsizetype largestRuntime = 24'576; // EIP-170
    constexpr qsizetype largestInit = 49'152; // EIP-3860
    report.add(u"kind"_s, u"bytecode"_s);
    report.add(u"bytes"_s, QString::number(code.size()));
    const Hash32 hash = keccak256(code);
    report.add(u"codeHash"_s, hash.toString());
    if (code.size() > largestInit)
        report.find(Severity::Block, u"code.initcode"_s, u"More than 49,152 bytes: no chain takes it as creation code (EIP-3860)"_s);
    else if (code.size() > largestRuntime)
        report.find(Severity::Info, u"code.runtime"_s, u"More than 24,576 bytes: it cannot be deployed code (EIP-170)"_s);
    if (const auto known = knownSafeContractByCode(hash)) {
        report.add(u"known"_s, u"%1 %2 (%3)"_s.arg(safeContractName(known->contract), known->version.toString(), safeBuildName(known->build)));
        report.find(Severity::Info, u"code.safe"_s, u"This is a published contract of Safe"_s);
    }
    if (const auto proxy = proxyOfCode(code)) {
        Node &node = report.root().group(u"proxy"_s);
        node.add(u"kind"_s, proxyKindName(proxy->kind));
        if (proxy->implementation)
            node.add(u"implementation"_s, proxy->implementation->toString());
        report.find(Severity::Warn, u"code.proxy"_s, u"The code only passes calls on: what it does stands elsewhere"_s);
    }
    Node &list = report.root().list(u"metadata"_s);
    for (const MetadataBlob &blob : findMetadata(code)) {
        Node &entry = list.element(u"at byte %1"_s.arg(blob.range.start));
        entry.add(u"position"_s, QString::number(blob.range.start));
        entry.add(u"bytes"_s, QString::number(blob.range.length));
        if (!blob.compiler.isEmpty())
            entry.add(u"solc"_s, blob.compiler);
        if (!blob.hash.isEmpty())
            entry.add(blob.hashKind == MetadataBlob::HashKind::Ipfs ? u"ipfs"_s : u"bzzr"_s, toHex(blob.hash));
    }
}

} // namespace countersign
