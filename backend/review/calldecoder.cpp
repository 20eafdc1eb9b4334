#include "backend/review/calldecoder.h"

#include "backend/review/knowncalls.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

const AbiValue *argument(const ReadCall &call, QStringView parameter)
{
    for (size_t i = 0; i < call.parameters.size() && i < call.values.size(); ++i) {
        if (call.parameters[i].name == parameter)
            return &call.values[i];
    }
    return nullptr;
}

void collect(const AbiValue &value, QList<Address> &addresses)
{
    if (const auto *address = value.get<Address>())
        addresses.append(*address);
    if (const auto *list = value.get<AbiValue::List>()) {
        for (const AbiValue &element : *list)
            collect(element, addresses);
    }
}

QString knownAbout(const AbiParameter &parameter, const AbiValue &value, const AddressBook &book)
{
    if (const auto *address = value.get<Address>()) {
        if (address->isZero())
            return u"the zero address"_s;
        return book.name(*address);
    }
    if (const auto *bytes = value.get<Bytes>();
        bytes && parameter.type.kind() == AbiKind::FixedBytes && bytes->size() == Hash32::size)
        return book.partyName(Hash32::fromDigest(*bytes));
    return {};
}

} // namespace

std::optional<Hash32> ReadCall::hashArgument(QStringView parameter) const
{
    const AbiValue *value = argument(*this, parameter);
    const auto *bytes = value ? value->get<Bytes>() : nullptr;
    if (!bytes || bytes->size() != Hash32::size)
        return std::nullopt;
    return Hash32::fromDigest(*bytes);
}

std::optional<Address> ReadCall::addressArgument(QStringView parameter) const
{
    const AbiValue *value = argument(*this, parameter);
    const auto *address = value ? value->get<Address>() : nullptr;
    return address ? std::optional(*address) : std::nullopt;
}

std::optional<Uint256> ReadCall::numberArgument(QStringView parameter) const
{
    const AbiValue *value = argument(*this, parameter);
    const auto *number = value ? value->get<Uint256>() : nullptr;
    return number ? std::optional(*number) : std::nullopt;
}

std::optional<bool> ReadCall::boolArgument(QStringView parameter) const
{
    const AbiValue *value = argument(*this, parameter);
    const auto *truth = value ? value->get<bool>() : nullptr;
    return truth ? std::optional(*truth) : std::nullopt;
}

QList<Address> ReadCall::addresses() const
{
    QList<Address> found;
    for (const AbiValue &value : values)
        collect(value, found);
    return found;
}

ReadCall readCall(const SafeTransaction &transaction, const AddressBook &book)
{
    ReadCall call;
    DecodedCall &decoded = call.decoded;
    decoded.to = transaction.to;
    decoded.toName = book.name(transaction.to);
    decoded.data = transaction.data;
    decoded.value = transaction.value;
    decoded.isDelegate = transaction.operation == SafeOperation::DelegateCall;
    if (transaction.data.isEmpty()) {
        call.reading = CallReading::Empty;
        decoded.isDecoded = true;
        return call;
    }
    const auto selector = Selector::leading(transaction.data);
    if (!selector)
        return call;
    // A delegate call runs foreign code as the Safe: the target's role says nothing about what its code would do.
    const JsonAbi *ours = decoded.isDelegate ? nullptr : abiOfRole(book.role(transaction.to));
    const AbiFunction *function = ours ? ours->function(*selector) : nullptr;
    const bool known = function != nullptr;
    if (!ours)
        function = commonAbi().function(*selector);
    if (!function)
        return call;
    decoded.function = function->name();
    decoded.signature = function->signature();
    auto values = function->decodeCall(transaction.data);
    if (!values) {
        call.reading = CallReading::Dirty;
        call.problem = values.error().detail.isEmpty() ? values.error().message : values.error().detail;
        return call;
    }
    const auto again = function->encodeCall(*values);
    if (!again || *again != transaction.data) {
        call.reading = CallReading::Dirty;
        call.problem = u"encoding the decoded arguments gives other bytes"_s;
        return call;
    }
    call.reading = known ? CallReading::Known : CallReading::Guessed;
    call.name = function->name();
    call.parameters = function->inputs();
    call.values = *std::move(values);
    decoded.isDecoded = true;
    for (size_t i = 0; i < call.parameters.size(); ++i) {
        const AbiParameter &parameter = call.parameters[i];
        decoded.arguments.append({parameter.name, parameter.type.canonical(), abiToText(parameter.type, call.values[i]),
            knownAbout(parameter, call.values[i], book)});
    }
    return call;
}

} // namespace countersign
