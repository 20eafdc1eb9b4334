#include "backend/descriptors/descriptorvalue.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QDateTime>
#include <QTimeZone>

namespace countersign {

namespace {

constexpr qsizetype maxShown = 400;
constexpr int nativeDecimals = 18;

QString named(const ValueSurroundings &around, const Address &address)
{
    const QString name = around.nameOf ? around.nameOf(address) : QString();
    return name.isEmpty() ? address.toString() : u"%1 (%2)"_s.arg(name, address.toString());
}

// A whole number as it is with so many decimals behind the point, exactly.
QString withDecimals(QString digits, int decimals)
{
    const bool isNegative = digits.startsWith(u'-');
    if (isNegative)
        digits = digits.mid(1);
    if (decimals > 0) {
        digits = digits.rightJustified(decimals + 1, u'0');
        digits.insert(digits.size() - decimals, u'.');
        while (digits.endsWith(u'0'))
            digits.chop(1);
        if (digits.endsWith(u'.'))
            digits.chop(1);
    }
    return isNegative ? u'-' + digits : digits;
}

QString raw(const PathValue &value)
{
    const QString text = abiToText(value.type, value.value);
    return text.size() <= maxShown ? text : text.left(maxShown) + u'…';
}

std::optional<quint64> smallNumber(const PathValue &value)
{
    const auto *number = value.value.get<Uint256>();
    return number ? number->toU64() : std::nullopt;
}

// A parameter of a field that may be a value, a constant's path ("$.…") or, with "Path" behind its name, one in the call.
std::optional<PathValue> parameterValue(
    const ValueSurroundings &around, const DescriptorField &field, const QString &name, QStringList &used)
{
    const QString byPath = field.parameters.value(name + u"Path"_s).value(0);
    const QString byText = field.parameters.value(name).value(0);
    const QString text = byPath.isEmpty() ? byText : byPath;
    if (text.isEmpty())
        return std::nullopt;
    if (byPath.isEmpty() && !text.startsWith(u'$') && !text.startsWith(u'#') && !text.startsWith(u'@'))
        return PathValue{AbiType::makeString(), AbiValue(text), {}};
    const auto path = DescriptorPath::parse(text);
    const auto values = path ? valuesAt(around, *path) : Result<std::vector<PathValue>>(std::unexpected(path.error()));
    if (!values || values->size() != 1)
        return std::nullopt;
    if (path->root() == DescriptorPath::Root::Data && values->front().isWhole)
        used.append(values->front().place);
    return values->front();
}

std::optional<Address> parameterAddress(
    const ValueSurroundings &around, const DescriptorField &field, const QString &name, QStringList &used)
{
    const auto value = parameterValue(around, field, name, used);
    return value ? addressIn(value->value) : std::nullopt;
}

std::optional<Uint256> numberIn(const PathValue &value)
{
    if (const auto *number = value.value.get<Uint256>())
        return *number;
    const auto *text = value.value.get<QString>();
    const auto parsed = text ? Uint256::parse(*text) : Uint256::parse(u"");
    return parsed ? std::optional(*parsed) : std::nullopt;
}

QString tokenAmount(const ValueSurroundings &around, const DescriptorField &field, const PathValue &value, QStringList &used)
{
    QStringList named_;
    const auto token = parameterAddress(around, field, u"token"_s, named_);
    const QString units = raw(value);
    QString text;
    const QStringList natives = field.parameters.value(u"nativeCurrencyAddress"_s);
    const auto isNative = [&](const QString &entry) {
        const auto path = entry.startsWith(u'$') ? DescriptorPath::parse(entry) : Result<DescriptorPath>(fail(ErrorKind::NotFound, {}));
        const auto constant = path ? valuesAt(around, *path) : Result<std::vector<PathValue>>(fail(ErrorKind::NotFound, {}));
        const auto address = constant && constant->size() == 1 ? addressIn(constant->front().value) : addressIn(AbiValue(entry));
        return token && address == token;
    };
    used += named_;
    if (std::ranges::any_of(natives, isNative)) {
        text = withDecimals(units, nativeDecimals) + u" of the chain's coin"_s;
    } else if (!token) {
        text = units + u" of an unknown token's smallest unit"_s;
    } else if (around.descriptor.token && *token == around.call.to) {
        const DescriptorToken &claimed = *around.descriptor.token;
        text = u"%1 %2 of %3"_s.arg(withDecimals(units, claimed.decimals), claimed.ticker, named(around, *token));
    } else {
        text = u"%1 of the smallest unit of %2"_s.arg(units, named(around, *token));
    }
    const auto threshold = parameterValue(around, field, u"threshold"_s, used);
    const auto limit = threshold ? numberIn(*threshold) : std::nullopt;
    const auto *number = value.value.get<Uint256>();
    if (limit && number && *number >= *limit)
        text = u"%1 (%2)"_s.arg(field.parameter("message"_L1).isEmpty() ? u"Unlimited"_s : field.parameter("message"_L1), text);
    return text;
}

QString date(const DescriptorField &field, const PathValue &value)
{
    const auto number = smallNumber(value);
    if (!number)
        return raw(value);
    if (field.parameter("encoding"_L1) == "blockheight"_L1)
        return u"block %1"_s.arg(*number);
    constexpr quint64 lastYear = 253'402'300'799; // of four digits
    if (*number > lastYear)
        return raw(value);
    return QDateTime::fromSecsSinceEpoch(static_cast<qint64>(*number), QTimeZone::utc()).toString(u"yyyy-MM-dd HH:mm:ss 'UTC'");
}

QString duration(const PathValue &value)
{
    const auto number = smallNumber(value);
    if (!number)
        return raw(value) + u" s"_s;
    return u"%1:%2:%3"_s.arg(*number / 3600, 2, 10, QChar(u'0')).arg(*number / 60 % 60, 2, 10, QChar(u'0')).arg(*number % 60, 2, 10, QChar(u'0'));
}

QString unit(const DescriptorField &field, const PathValue &value)
{
    const int decimals = field.parameter("decimals"_L1).toInt();
    return withDecimals(raw(value), decimals >= 0 && decimals <= 77 ? decimals : 0) + field.parameter("base"_L1);
}

QString enumeration(const ValueSurroundings &around, const DescriptorField &field, const PathValue &value)
{
    constexpr auto prefix = "$.metadata.enums."_L1;
    const QString reference = field.parameter("$ref"_L1);
    const auto found = around.descriptor.enums.constFind(reference.startsWith(prefix) ? reference.mid(prefix.size()) : QString());
    const QString exact = raw(value);
    if (found == around.descriptor.enums.constEnd())
        return exact;
    const QString text = found->value(exact, found->value(exact.toLower()));
    return text.isEmpty() ? exact : u"%1 (%2)"_s.arg(text, exact);
}

QString calldata(const ValueSurroundings &around, const DescriptorField &field, const PathValue &value, QStringList &used)
{
    const auto *bytes = value.value.get<Bytes>();
    if (!bytes)
        return raw(value);
    const auto callee = parameterAddress(around, field, u"callee"_s, used);
    return u"%1 bytes%2, keccak256 %3"_s.arg(bytes->size())
        .arg(callee ? u" to %1"_s.arg(named(around, *callee)) : QString(), keccak256(*bytes).toString());
}

} // namespace

std::optional<Address> addressIn(const AbiValue &value)
{
    if (const auto *address = value.get<Address>())
        return *address;
    if (const auto *text = value.get<QString>()) {
        const auto parsed = Address::parse(*text);
        return parsed ? std::optional(*parsed) : std::nullopt;
    }
    Bytes bytes;
    if (const auto *part = value.get<Bytes>())
        bytes = *part;
    else if (const auto *number = value.get<Uint256>())
        bytes = number->toBigEndian();
    constexpr qsizetype padding = Hash32::size - Address::size;
    if (bytes.size() == Hash32::size && bytes.left(padding) == Bytes(padding, '\0'))
        bytes = bytes.mid(padding);
    const auto address = Address::fromBytes(bytes);
    return address ? std::optional(*address) : std::nullopt;
}

Result<std::vector<PathValue>> valuesAt(const ValueSurroundings &around, const DescriptorPath &path)
{
    const auto missing = fail(ErrorKind::Invalid, u"there is no %1"_s.arg(path.text()));
    const std::vector<QString> names = path.names();
    switch (path.root()) {
    case DescriptorPath::Root::Data:
        return path.valuesIn(around.parameters, around.values);
    case DescriptorPath::Root::Container: {
        const QString name = names.size() == 1 ? names.front() : QString();
        const AbiType number = *AbiType::makeUint(256);
        if (name == "value"_L1)
            return std::vector{PathValue{number, AbiValue(around.call.value), path.text()}};
        if (name == "from"_L1)
            return std::vector{PathValue{AbiType::makeAddress(), AbiValue(around.call.from), path.text()}};
        if (name == "to"_L1)
            return std::vector{PathValue{AbiType::makeAddress(), AbiValue(around.call.to), path.text()}};
        if (name == "chainId"_L1)
            return std::vector{PathValue{number, AbiValue(Uint256(around.call.chainId.value())), path.text()}};
        return missing;
    }
    case DescriptorPath::Root::Descriptor:
        break;
    }
    if (names.size() != 3 || names[0] != "metadata"_L1 || names[1] != "constants"_L1 || !around.descriptor.constants.contains(names[2]))
        return missing;
    return std::vector{PathValue{AbiType::makeString(), AbiValue(around.descriptor.constants.value(names[2])), path.text()}};
}

QString formatted(const ValueSurroundings &around, const DescriptorField &field, const PathValue &value, QStringList &used)
{
    const auto address = addressIn(value.value);
    switch (field.format) {
    case FieldFormat::AddressName:
    case FieldFormat::TokenTicker:
        return address ? named(around, *address) : raw(value);
    case FieldFormat::Amount:
        return value.value.get<Uint256>() ? withDecimals(raw(value), nativeDecimals) + u" of the chain's coin"_s : raw(value);
    case FieldFormat::TokenAmount:
        return value.value.get<Uint256>() ? tokenAmount(around, field, value, used) : raw(value);
    case FieldFormat::NftName: {
        const auto collection = parameterAddress(around, field, u"collection"_s, used);
        return collection ? u"number %1 of %2"_s.arg(raw(value), named(around, *collection)) : raw(value);
    }
    case FieldFormat::Date:
        return date(field, value);
    case FieldFormat::Duration:
        return duration(value);
    case FieldFormat::Unit:
        return unit(field, value);
    case FieldFormat::Enum:
        return enumeration(around, field, value);
    case FieldFormat::Calldata:
        return calldata(around, field, value, used);
    case FieldFormat::ChainId:
        return u"chain %1"_s.arg(raw(value));
    case FieldFormat::Raw:
        break;
    }
    // A constant is shown as a text, not in quotes.
    const auto *text = value.value.get<QString>();
    return text && value.place.startsWith(u'$') ? *text : raw(value);
}

} // namespace countersign
