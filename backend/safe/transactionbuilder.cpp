#include "backend/safe/transactionbuilder.h"

#include "backend/evm/jsonabi.h"
#include "backend/safe/transactionbuilderchecksum.h"
#include "backend/safe/transactionbuildervalue.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype mostUnknown = 64;

std::unexpected<Error> bad(const QString &path, const QString &what)
{
    return fail(ErrorKind::Invalid, u"%1: %2"_s.arg(path, what), u"txbuilder."_s + path);
}

// Everything that follows reads one member, at a path for messages.
class Reader final {
public:
    explicit Reader(const TransactionBuilderLimits &limits)
        : m_limits(limits)
    {
    }

    Result<TransactionBuilderFile> read(JsonView root)
    {
        if (!root.isObject())
            return bad(u"file"_s, u"an object is expected."_s);
        noteUnknown(root, {}, {"version"_L1, "chainId"_L1, "createdAt"_L1, "meta"_L1, "transactions"_L1});
        const auto version = text(root, u"version"_s, u"version"_s);
        if (!version)
            return std::unexpected(version.error());
        if (*version != u"1.0")
            return bad(u"version"_s, u"only 1.0 is known."_s);
        const auto chain = text(root, u"chainId"_s, u"chainId"_s);
        if (!chain)
            return std::unexpected(chain.error());
        const auto chainNumber = decimal(*chain);
        if (!chainNumber || !chainNumber->toU64() || chainNumber->isZero())
            return bad(u"chainId"_s, u"a decimal number in quotes is expected."_s);
        m_file.chainId = ChainId(*chainNumber->toU64());
        const auto created = root.find("createdAt");
        const auto createdNumber = created && created->isNumber() ? decimal(created->toString()) : std::nullopt;
        if (!createdNumber || !createdNumber->toU64())
            return bad(u"createdAt"_s, u"a whole number of milliseconds is expected."_s);
        m_file.createdAt = *createdNumber->toU64();
        if (const auto meta = readMeta(root); !meta)
            return std::unexpected(meta.error());
        if (const auto transactions = readTransactions(root); !transactions)
            return std::unexpected(transactions.error());
        m_file.computedChecksum = transactionBuilderChecksum(root);
        return std::move(m_file);
    }

private:
    void noteUnknown(JsonView object, const QString &path, std::initializer_list<QLatin1StringView> known)
    {
        for (const JsonView member : object) {
            const QString name = member.key().toString();
            if (m_file.unknownMembers.size() < mostUnknown && std::ranges::find(known, name) == known.end())
                m_file.unknownMembers << path + name.first(qMin(name.size(), qsizetype(80)));
        }
    }

    static std::optional<Uint256> decimal(const QString &digits)
    {
        if (digits.startsWith(u"0x"))
            return std::nullopt;
        const auto number = Uint256::parse(digits);
        return number ? std::optional(*number) : std::nullopt;
    }

    static Result<QString> text(JsonView object, const QString &name, const QString &path)
    {
        const auto member = object.find(name.toUtf8());
        if (!member)
            return bad(path, u"it is missing."_s);
        if (!member->isString())
            return bad(path, u"a text is expected, not %1."_s.arg(member->kindName()));
        return member->toString();
    }

    // Absent, null and empty are all "nothing".
    static Result<QString> optionalText(JsonView object, const QString &name, const QString &path)
    {
        const auto member = object.find(name.toUtf8());
        return member && !member->isNull() ? text(object, name, path) : QString();
    }

    template<class Value>
    static Result<std::optional<Value>> optionalValue(JsonView object, const QString &name, const QString &path)
    {
        const auto written = optionalText(object, name, path);
        if (!written)
            return std::unexpected(written.error());
        if (written->isEmpty())
            return std::optional<Value>();
        const auto value = Value::parse(*written);
        if (!value)
            return bad(path, value.error().message);
        return std::optional(*value);
    }

    Result<void> readMeta(JsonView root)
    {
        const auto meta = root.find("meta");
        if (!meta || !meta->isObject())
            return bad(u"meta"_s, u"an object is expected."_s);
        noteUnknown(*meta, u"meta."_s,
                    {"name"_L1, "description"_L1, "txBuilderVersion"_L1, "createdFromSafeAddress"_L1, "createdFromOwnerAddress"_L1, "checksum"_L1});
        const std::initializer_list<std::pair<QString, QString *>> texts = {
            {u"name"_s, &m_file.name}, {u"description"_s, &m_file.description}, {u"txBuilderVersion"_s, &m_file.builderVersion}};
        for (const auto &entry : texts) {
            auto value = optionalText(*meta, entry.first, u"meta."_s + entry.first);
            if (!value)
                return std::unexpected(value.error());
            *entry.second = *std::move(value);
        }
        const auto safe = optionalValue<Address>(*meta, u"createdFromSafeAddress"_s, u"meta.createdFromSafeAddress"_s);
        if (!safe)
            return std::unexpected(safe.error());
        const auto owner = optionalValue<Address>(*meta, u"createdFromOwnerAddress"_s, u"meta.createdFromOwnerAddress"_s);
        if (!owner)
            return std::unexpected(owner.error());
        const auto checksum = optionalValue<Hash32>(*meta, u"checksum"_s, u"meta.checksum"_s);
        if (!checksum)
            return std::unexpected(checksum.error());
        m_file.createdFromSafe = *safe;
        m_file.createdFromOwner = *owner;
        m_file.checksum = *checksum;
        return {};
    }

    Result<void> readTransactions(JsonView root)
    {
        const auto list = root.find("transactions");
        if (!list || !list->isArray())
            return bad(u"transactions"_s, u"a list is expected."_s);
        if (list->size() > m_limits.maxTransactions)
            return fail(ErrorKind::Exhausted, u"The file has more transactions than this program reads."_s, u"txbuilder.limit"_s);
        m_file.transactions.reserve(static_cast<size_t>(list->size()));
        for (const JsonView entry : *list) {
            const QString path = u"transactions[%1]"_s.arg(m_file.transactions.size());
            auto transaction = readTransaction(entry, path);
            if (!transaction)
                return std::unexpected(transaction.error());
            m_file.transactions.push_back(*std::move(transaction));
        }
        return {};
    }

    Result<BuilderTransaction> readTransaction(JsonView entry, const QString &path)
    {
        if (!entry.isObject())
            return bad(path, u"an object is expected."_s);
        noteUnknown(entry, path + u'.',
                    {"to"_L1, "value"_L1, "data"_L1, "contractMethod"_L1, "contractInputsValues"_L1, "operation"_L1});
        if (const auto operation = entry.find("operation"); operation && !operation->isNull() && operation->toString() != u"0")
            return bad(path + u".operation"_s, u"the format knows plain calls only."_s);
        BuilderTransaction transaction;
        const auto to = text(entry, u"to"_s, path + u".to"_s);
        if (!to)
            return std::unexpected(to.error());
        const auto address = Address::parse(*to);
        if (!address)
            return bad(path + u".to"_s, address.error().message);
        transaction.to = *address;
        const auto value = text(entry, u"value"_s, path + u".value"_s);
        if (!value)
            return std::unexpected(value.error());
        const auto number = decimal(*value);
        if (!number)
            return bad(path + u".value"_s, u"a decimal number in quotes is expected."_s);
        transaction.value = *number;
        const auto data = optionalText(entry, u"data"_s, path + u".data"_s);
        if (!data)
            return std::unexpected(data.error());
        if (!data->isEmpty()) {
            auto bytes = bytesFromHex(*data);
            if (!bytes)
                return bad(path + u".data"_s, bytes.error().message);
            transaction.hasData = true;
            transaction.data = *std::move(bytes);
        }
        if (const auto method = readMethod(transaction, entry, path); !method)
            return std::unexpected(method.error());
        return transaction;
    }

    Result<void> readMethod(BuilderTransaction &transaction, JsonView entry, const QString &path)
    {
        const auto method = entry.find("contractMethod");
        if (!method || method->isNull())
            return {};
        if (!method->isObject())
            return bad(path + u".contractMethod"_s, u"an object is expected."_s);
        const auto name = text(*method, u"name"_s, path + u".contractMethod.name"_s);
        if (!name)
            return std::unexpected(name.error());
        // The builder's own names for calls without a method.
        if (*name == u"receive" || *name == u"fallback") {
            transaction.computed = Bytes();
            transaction.disagrees = transaction.hasData && !transaction.data.isEmpty();
            return {};
        }
        // Read by the one reader of JSON interfaces, as an entry that says nothing but this.
        QByteArray abi = R"([{"type":"function","name":)";
        appendJsonString(abi, method->find("name")->text());
        const auto payable = method->find("payable");
        abi += payable && payable->toBool() ? R"(,"stateMutability":"payable")" : R"(,"stateMutability":"nonpayable")";
        const auto inputs = method->find("inputs");
        if (inputs && !inputs->isArray())
            return bad(path + u".contractMethod.inputs"_s, u"a list is expected."_s);
        abi += R"(,"inputs":)" + (inputs ? inputs->toJson() : QByteArray("[]")) + "}]";
        const auto loaded = JsonAbi::load(abi);
        if (!loaded || loaded->functions().size() != 1)
            return bad(path + u".contractMethod"_s, loaded ? u"it is no function."_s : loaded.error().message);
        transaction.method = loaded->functions().front();

        const auto values = entry.find("contractInputsValues");
        if (values && !values->isNull() && !values->isObject())
            return bad(path + u".contractInputsValues"_s, u"an object is expected."_s);
        if (values && values->isObject()) {
            for (const JsonView value : *values) {
                if (!value.isString())
                    return bad(path + u".contractInputsValues."_s + value.key().toString(), u"a text is expected."_s);
                transaction.inputs.emplace_back(value.key().toString(), value.toString());
            }
        }
        auto computed = computeBuilderData(*transaction.method, transaction.inputs);
        if (computed) {
            transaction.disagrees = transaction.hasData && *computed != transaction.data;
            transaction.computed = *std::move(computed);
            if (!transaction.hasData)
                transaction.data = *transaction.computed;
        } else if (transaction.hasData) {
            transaction.problem = computed.error().message;
        } else {
            return bad(path, computed.error().message);
        }
        return {};
    }

    TransactionBuilderLimits m_limits;
    TransactionBuilderFile m_file;
};

void appendMember(QByteArray &out, QByteArrayView name, const QString &value)
{
    out += out.endsWith('{') ? "\"" : ",\"";
    out += name;
    out += "\":";
    appendJsonString(out, value.toUtf8());
}

void appendParameters(QByteArray &out, const std::vector<AbiParameter> &parameters);

void appendParameter(QByteArray &out, const AbiParameter &parameter)
{
    // "tuple[2][]", with the tuple's components beside.
    const AbiType *base = &parameter.type;
    while (base->kind() == AbiKind::Array || base->kind() == AbiKind::FixedArray)
        base = &base->element();
    QString type = parameter.type.canonical();
    if (base->kind() == AbiKind::Tuple)
        type = u"tuple"_s + type.sliced(base->canonical().size());
    out += '{';
    if (!parameter.internalType.isEmpty())
        appendMember(out, "internalType", parameter.internalType);
    appendMember(out, "name", parameter.name);
    appendMember(out, "type", type);
    if (base->kind() == AbiKind::Tuple) {
        out += R"(,"components":)";
        appendParameters(out, base->components());
    }
    out += '}';
}

void appendParameters(QByteArray &out, const std::vector<AbiParameter> &parameters)
{
    out += '[';
    for (const AbiParameter &parameter : parameters) {
        if (!out.endsWith('['))
            out += ',';
        appendParameter(out, parameter);
    }
    out += ']';
}

void appendTransaction(QByteArray &out, const BuilderTransaction &transaction)
{
    out += '{';
    appendMember(out, "to", transaction.to.toString());
    appendMember(out, "value", transaction.value.toDecimal());
    appendMember(out, "data", toHex(transaction.data));
    if (!transaction.method) {
        out += R"(,"contractMethod":null,"contractInputsValues":null})";
        return;
    }
    out += R"(,"contractMethod":{"inputs":)";
    appendParameters(out, transaction.method->inputs());
    appendMember(out, "name", transaction.method->name());
    out += transaction.method->mutability() == StateMutability::Payable ? R"(,"payable":true},"contractInputsValues":{)"
                                                                       : R"(,"payable":false},"contractInputsValues":{)";
    for (const auto &input : transaction.inputs)
        appendMember(out, input.first.toUtf8(), input.second);
    out += "}}";
}

QByteArray written(const TransactionBuilderFile &file, const std::optional<Hash32> &checksum)
{
    QByteArray out = R"({"version":"1.0")";
    appendMember(out, "chainId", QString::number(file.chainId.value()));
    out += R"(,"createdAt":)" + QByteArray::number(file.createdAt) + R"(,"meta":{)";
    appendMember(out, "name", file.name);
    appendMember(out, "description", file.description);
    appendMember(out, "txBuilderVersion", file.builderVersion);
    appendMember(out, "createdFromSafeAddress", file.createdFromSafe ? file.createdFromSafe->toString() : QString());
    appendMember(out, "createdFromOwnerAddress", file.createdFromOwner ? file.createdFromOwner->toString() : QString());
    if (checksum)
        appendMember(out, "checksum", checksum->toString());
    out += R"(},"transactions":[)";
    for (const BuilderTransaction &transaction : file.transactions) {
        if (!out.endsWith('['))
            out += ',';
        appendTransaction(out, transaction);
    }
    out += "]}";
    return out;
}

} // namespace

Result<TransactionBuilderFile> readTransactionBuilderFile(const QByteArray &utf8, const TransactionBuilderLimits &limits)
{
    const auto json = JsonText::parse(utf8, {.maxBytes = limits.maxBytes, .maxDepth = 40, .maxValues = 200'000});
    if (!json)
        return std::unexpected(json.error());
    return Reader(limits).read(json->root());
}

QByteArray writeTransactionBuilderFile(const TransactionBuilderFile &file)
{
    const auto bare = JsonText::parse(written(file, std::nullopt));
    // Our own JSON is read back unless it is beyond the limits of files; then the checksum is left out, as it may be.
    return bare ? written(file, transactionBuilderChecksum(bare->root())) : written(file, std::nullopt);
}

Result<Bytes> computeBuilderData(const AbiFunction &method, const std::vector<std::pair<QString, QString>> &inputs)
{
    std::vector<AbiValue> arguments;
    arguments.reserve(method.inputs().size());
    for (const AbiParameter &input : method.inputs()) {
        const QString name = input.name.isEmpty() ? QString::number(arguments.size()) : input.name;
        const auto given = std::ranges::find(inputs, name, &std::pair<QString, QString>::first);
        if (given == inputs.end())
            return fail(ErrorKind::Invalid, u"No value is given for %1 of %2."_s.arg(name, method.name()), u"txbuilder.input"_s);
        auto value = parseBuilderValue(input.type, given->second);
        if (!value)
            return fail(ErrorKind::Invalid, u"%1 of %2: %3"_s.arg(name, method.name(), value.error().message), value.error().detail);
        arguments.push_back(*std::move(value));
    }
    return method.encodeCall(arguments);
}

} // namespace countersign
