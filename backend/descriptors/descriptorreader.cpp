#include "backend/descriptors/descriptorreader.h"

#include "backend/types/strings.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

constexpr qsizetype maxText = 400;

std::unexpected<Error> bad(const QString &what, QUtf8StringView where = {})
{
    return fail(ErrorKind::Invalid, where.isEmpty() ? what : u"%1 (\"%2\")"_s.arg(what, where.toString().left(80)));
}

// What is not in the list could change what is shown.
Result<void> onlyKnown(JsonView object, std::initializer_list<const char *> known)
{
    if (!object.isObject())
        return bad(u"an object is expected"_s, object.key());
    for (const JsonView member : object) {
        const auto isThis = [&member](const char *name) { return member.key() == QUtf8StringView(name); };
        if (std::ranges::none_of(known, isThis))
            return bad(u"a member is not known here"_s, member.key());
    }
    return {};
}

// A text that is shown: of one line, and without the characters that turn or hide others.
Result<QString> shownText(JsonView value)
{
    const QString text = value.toString();
    const auto isHarmless = [](QChar c) {
        return c.category() != QChar::Other_Control && c.category() != QChar::Other_Format && c.category() != QChar::Separator_Line
            && c.category() != QChar::Separator_Paragraph;
    };
    if (!value.isString() || text.size() > maxText || !std::ranges::all_of(text, isHarmless))
        return bad(u"a text that is to be shown is none, is too long or has characters that cannot be seen"_s, value.key());
    return text;
}

Result<void> takeText(JsonView object, QUtf8StringView name, QString &to)
{
    const auto value = object.find(name);
    if (!value)
        return {};
    auto text = shownText(*value);
    if (!text)
        return std::unexpected(text.error());
    to = *std::move(text);
    return {};
}

// Null, a number, a truth or a text, as it is written.
Result<QString> scalarText(JsonView value)
{
    if (value.isString())
        return shownText(value);
    if (value.kind() == JsonView::Kind::Bool)
        return value.toBool() ? u"true"_s : u"false"_s;
    if (value.isNumber() && value.text().size() <= 100)
        return value.toString();
    if (value.isNull())
        return QString();
    return bad(u"a value is neither text, number nor truth"_s, value.key());
}

Result<QStringList> scalarList(JsonView value)
{
    QStringList texts;
    if (!value.isArray()) {
        auto text = scalarText(value);
        if (!text)
            return std::unexpected(text.error());
        return QStringList{*std::move(text)};
    }
    for (const JsonView element : value) {
        auto text = scalarText(element);
        if (!text)
            return std::unexpected(text.error());
        texts.append(*std::move(text));
    }
    return texts;
}

Result<FieldFormat> formatNamed(JsonView name)
{
    struct Named {
        const char *name;
        FieldFormat format;
    };
    static constexpr std::array formats{Named{"raw", FieldFormat::Raw}, Named{"addressName", FieldFormat::AddressName},
        Named{"interoperableAddressName", FieldFormat::AddressName}, Named{"tokenTicker", FieldFormat::TokenTicker},
        Named{"amount", FieldFormat::Amount}, Named{"tokenAmount", FieldFormat::TokenAmount},
        Named{"nftName", FieldFormat::NftName}, Named{"date", FieldFormat::Date}, Named{"duration", FieldFormat::Duration},
        Named{"unit", FieldFormat::Unit}, Named{"enum", FieldFormat::Enum}, Named{"calldata", FieldFormat::Calldata},
        Named{"chainId", FieldFormat::ChainId}};
    for (const Named &known : formats) {
        if (name.isString() && name.text() == QUtf8StringView(known.name))
            return known.format;
    }
    return bad(u"a field has a format that is not known here"_s, name.text());
}

Result<QHash<QString, QStringList>> parametersOf(JsonView parameters)
{
    const auto known = onlyKnown(parameters,
        {"types", "sources", "senderAddress", "callee", "calleePath", "selector", "selectorPath", "amount", "amountPath",
            "spender", "spenderPath", "chainId", "chainIdPath", "token", "tokenPath", "nativeCurrencyAddress", "threshold",
            "message", "collection", "collectionPath", "encoding", "base", "decimals", "prefix", "$ref"});
    if (!known)
        return std::unexpected(known.error());
    QHash<QString, QStringList> read;
    for (const JsonView parameter : parameters) {
        auto texts = scalarList(parameter);
        if (!texts)
            return std::unexpected(texts.error());
        read.insert(parameter.key().toString(), *std::move(texts));
    }
    return read;
}

Result<std::vector<DescriptorPath>> pathsOf(JsonView list)
{
    std::vector<DescriptorPath> paths;
    if (!list.isArray())
        return bad(u"a list of paths is none"_s, list.key());
    for (const JsonView element : list) {
        auto path = DescriptorPath::parse(element.toString());
        if (!path)
            return std::unexpected(path.error());
        paths.push_back(*std::move(path));
    }
    return paths;
}

// "transfer(address to, uint256 amount)", also as people write it: with "tuple" and places of data.
Result<AbiFunction> functionOfKey(QString key)
{
    static const QRegularExpression tuple(u"\\btuple\\s*\\("_s);
    static const QRegularExpression place(u"\\s(memory|calldata|storage)\\b"_s);
    key.replace(tuple, u"("_s);
    key.remove(place);
    return AbiFunction::parse(key);
}

} // namespace

Result<void> DescriptorReader::read(JsonView root)
{
    if (auto known = onlyKnown(root, {"$schema", "$comment", "includes", "context", "metadata", "display"}); !known)
        return known;
    if (const auto context = root.find("context")) {
        if (auto done = readContext(*context); !done)
            return done;
    }
    if (const auto metadata = root.find("metadata")) {
        if (auto done = readMetadata(*metadata); !done)
            return done;
    }
    const auto display = root.find("display");
    return display ? readDisplay(*display) : Result<void>();
}

Result<void> DescriptorReader::readContext(JsonView context)
{
    if (auto known = onlyKnown(context, {"$id", "contract", "eip712"}); !known)
        return known;
    if (context.find("eip712"))
        return fail(ErrorKind::NotFound, u"it describes typed data, not calls"_s);
    if (auto taken = takeText(context, "$id", m_descriptor.id); !taken)
        return taken;
    const auto contract = context.find("contract");
    if (!contract)
        return {};
    // A factory or a matcher binds to contracts that the file does not name: those are left alone.
    if (auto known = onlyKnown(*contract, {"abi", "deployments", "addressMatcher", "factory"}); !known)
        return known;
    if (const auto abi = contract->find("abi"); abi && abi->isArray()) {
        auto read = JsonAbi::load(abi->toJson());
        if (!read)
            return std::unexpected(read.error());
        m_descriptor.abi = *std::move(read);
    }
    const auto deployments = contract->find("deployments");
    return deployments ? readDeployments(*deployments) : Result<void>();
}

Result<void> DescriptorReader::readDeployments(JsonView deployments)
{
    if (!deployments.isArray() || deployments.size() > Descriptor::maxDeployments)
        return bad(u"the deployments are no list, or too many"_s);
    m_descriptor.deployments.clear();
    for (const JsonView entry : deployments) {
        if (auto known = onlyKnown(entry, {"chainId", "address"}); !known)
            return known;
        const auto chain = entry.find("chainId");
        const auto address = entry.find("address");
        bool isNumber = false;
        const quint64 number = chain && chain->isNumber() ? chain->toString().toULongLong(&isNumber) : 0;
        const auto place = address && address->isString() ? Address::parse(address->toString()) : Result<Address>(bad(QString()));
        if (!isNumber || number == 0 || !place)
            return bad(u"a deployment has no chain or no address"_s);
        m_descriptor.deployments.append({ChainId(number), *place});
    }
    return {};
}

Result<void> DescriptorReader::readMetadata(JsonView metadata)
{
    if (!metadata.isObject())
        return bad(u"the metadata is no object"_s);
    if (metadata.find("maps"))
        return bad(u"maps are not known here"_s);
    for (const auto &[name, to] : {std::pair("owner", &m_descriptor.owner), std::pair("contractName", &m_descriptor.contractName)}) {
        if (auto taken = takeText(metadata, name, *to); !taken)
            return taken;
    }
    if (const auto constants = metadata.find("constants")) {
        for (const JsonView constant : *constants) {
            auto text = scalarText(constant);
            if (!text)
                return std::unexpected(text.error());
            m_descriptor.constants.insert(constant.key().toString(), *std::move(text));
        }
    }
    if (const auto enums = metadata.find("enums")) {
        for (const JsonView entry : *enums) {
            QHash<QString, QString> texts;
            for (const JsonView value : entry) { // a URL has no members, and is not fetched
                auto text = shownText(value);
                if (!text)
                    return std::unexpected(text.error());
                texts.insert(value.key().toString(), *std::move(text));
            }
            m_descriptor.enums.insert(entry.key().toString(), texts);
        }
    }
    if (const auto token = metadata.find("token")) {
        DescriptorToken read;
        if (auto taken = takeText(*token, "ticker", read.ticker); !taken)
            return taken;
        const auto decimals = token->find("decimals");
        bool isNumber = false;
        read.decimals = decimals && decimals->isNumber() ? decimals->toString().toInt(&isNumber) : 0;
        if (!isNumber || read.decimals < 0 || read.decimals > 77 || read.ticker.isEmpty())
            return bad(u"the token has no ticker or no decimals"_s);
        m_descriptor.token = read;
    }
    return {};
}

Result<void> DescriptorReader::readDisplay(JsonView display)
{
    if (auto known = onlyKnown(display, {"definitions", "formats"}); !known)
        return known;
    if (const auto definitions = display.find("definitions")) {
        for (const JsonView definition : *definitions)
            m_definitions.insert(definition.key().toString(), definition);
    }
    const auto formats = display.find("formats");
    if (!formats)
        return {};
    if (!formats->isObject() || formats->size() + static_cast<qsizetype>(m_descriptor.formats.size()) > Descriptor::maxFormats)
        return bad(u"the formats are no object, or too many"_s);
    for (const JsonView format : *formats) {
        if (auto done = readFormat(format); !done)
            return done;
    }
    return {};
}

Result<void> DescriptorReader::readFormat(JsonView json)
{
    if (auto known = onlyKnown(json, {"$id", "intent", "interpolatedIntent", "fields", "required", "excluded", "screens"}); !known)
        return known;
    DescriptorFormat format;
    format.key = json.key().toString();
    if (format.key.startsWith("0x"_L1)) {
        const auto bytes = bytesFromHex(QUtf8StringView(json.key()));
        const auto selector = bytes ? Selector::fromBytes(*bytes) : Result<Selector>(std::unexpected(bytes.error()));
        if (!selector)
            return bad(u"a format's key is neither a function nor a selector"_s, json.key());
        format.selector = *selector;
    } else {
        auto function = functionOfKey(format.key);
        if (!function)
            return bad(u"a format's key is neither a function nor a selector"_s, json.key());
        format.selector = function->selector();
        format.function = *std::move(function);
    }
    const auto included = std::ranges::find(m_descriptor.formats, format.selector, &DescriptorFormat::selector);
    const bool isOver = included != m_descriptor.formats.end();
    if (isOver) {
        const QString key = format.key;
        auto function = format.function;
        format = *included;
        format.key = key;
        format.function = function ? std::move(function) : format.function;
    }
    if (const auto intent = json.find("intent")) {
        const auto texts = intent->isObject() ? Result<QStringList>(QStringList()) : scalarList(*intent);
        if (!texts)
            return std::unexpected(texts.error());
        format.intent = texts->join(u", "_s);
        QStringList parts;
        for (const JsonView part : *intent) {
            auto text = shownText(part);
            if (!text)
                return std::unexpected(text.error());
            parts.append(u"%1: %2"_s.arg(part.key().toString().left(maxText), *text));
        }
        if (intent->isObject())
            format.intent = parts.join(u", "_s);
    }
    if (auto taken = takeText(json, "interpolatedIntent", format.interpolatedIntent); !taken)
        return taken;
    for (const auto &[name, to] : {std::pair("required", &format.required), std::pair("excluded", &format.excluded)}) {
        const auto list = json.find(name);
        if (!list || list->isNull())
            continue;
        auto paths = pathsOf(*list);
        if (!paths)
            return std::unexpected(paths.error());
        *to = *std::move(paths);
    }
    if (const auto fields = json.find("fields")) {
        auto read = readFields(*fields, 0);
        if (!read)
            return std::unexpected(read.error());
        for (DescriptorField &field : *read) {
            const auto same = std::ranges::find_if(format.fields,
                [&field](const DescriptorField &other) { return field.path.has_value() && other.path == field.path; });
            if (isOver && same != format.fields.end())
                *same = std::move(field);
            else
                format.fields.push_back(std::move(field));
        }
    }
    if (isOver)
        *included = std::move(format);
    else
        m_descriptor.formats.push_back(std::move(format));
    return {};
}

Result<std::vector<DescriptorField>> DescriptorReader::readFields(JsonView fields, int depth)
{
    if (!fields.isArray() || depth > Descriptor::maxGroupDepth)
        return bad(u"fields are no list, or nested too deep"_s);
    std::vector<DescriptorField> read;
    for (const JsonView field : fields) {
        if (++m_fields > Descriptor::maxFields)
            return fail(ErrorKind::Exhausted, u"it has more fields than are looked at"_s);
        auto one = readField(field, depth);
        if (!one)
            return std::unexpected(one.error());
        read.push_back(*std::move(one));
    }
    return read;
}

Result<DescriptorField> DescriptorReader::readField(JsonView json, int depth)
{
    const auto known = onlyKnown(json,
        {"$id", "path", "value", "visible", "label", "format", "params", "separator", "$ref", "fields", "iteration"});
    if (!known)
        return std::unexpected(known.error());
    DescriptorField field;
    if (const auto reference = json.find("$ref")) {
        constexpr auto prefix = "$.display.definitions."_L1;
        const QString name = reference->toString();
        const auto definition = m_definitions.constFind(name.startsWith(prefix) ? name.mid(prefix.size()) : QString());
        if (definition == m_definitions.constEnd() || !definition->isObject() || definition->find("$ref") || definition->find("fields"))
            return bad(u"a field refers to a definition that the file does not have"_s, reference->text());
        auto defined = readField(*definition, depth);
        if (!defined)
            return defined;
        field = *std::move(defined);
    }
    if (const auto path = json.find("path")) {
        auto parsed = path->isString() ? DescriptorPath::parse(path->toString()) : Result<DescriptorPath>(bad(u"a path is no text"_s));
        if (!parsed)
            return std::unexpected(parsed.error());
        field.path = *std::move(parsed);
    }
    if (const auto value = json.find("value")) {
        auto text = scalarText(*value);
        if (!text)
            return std::unexpected(text.error());
        field.literal = *std::move(text);
    }
    if (auto taken = takeText(json, "label", field.label); !taken)
        return std::unexpected(taken.error());
    if (const auto format = json.find("format")) {
        const auto named = formatNamed(*format);
        if (!named)
            return std::unexpected(named.error());
        field.format = *named;
    }
    if (const auto parameters = json.find("params")) {
        const auto read = parametersOf(*parameters);
        if (!read)
            return std::unexpected(read.error());
        field.parameters.insert(*read);
    }
    if (const auto rule = json.find("visible")) {
        if (auto done = readVisibility(*rule, field); !done)
            return std::unexpected(done.error());
    }
    if (const auto fields = json.find("fields")) {
        auto read = readFields(*fields, depth + 1);
        if (!read)
            return std::unexpected(read.error());
        field.fields = *std::move(read);
    } else if (json.key().isEmpty() && field.path.has_value() == field.literal.has_value()) { // a definition has a key, and may have neither
        return bad(u"a field must have either a path or a value"_s, json.find("label") ? json.find("label")->text() : QUtf8StringView());
    }
    return field;
}

Result<void> DescriptorReader::readVisibility(JsonView rule, DescriptorField &field) const
{
    if (rule.isString()) {
        const QUtf8StringView word = rule.text();
        if (word != QUtf8StringView("always") && word != QUtf8StringView("never") && word != QUtf8StringView("optional"))
            return bad(u"a field's visibility is not known here"_s, word);
        field.isHidden = word == QUtf8StringView("never");
        return {};
    }
    if (auto known = onlyKnown(rule, {"ifNotIn", "mustBe"}); !known)
        return known;
    // What would be hidden for some values is shown here for all.
    if (const auto values = rule.find("mustBe")) {
        auto texts = scalarList(*values);
        if (!texts)
            return std::unexpected(texts.error());
        field.mustBe = *std::move(texts);
    }
    return {};
}

} // namespace countersign
