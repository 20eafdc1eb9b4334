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

// Fills in what the function says of the data; empty when the data is not its canonical encoding.
static Result<std::vector<AbiValue>> canonicalValues(const AbiFunction &function, const Bytes &data)
{
    auto values = function.decodeCall(data);
    if (!values)
        return values;
    const auto again = function.encodeCall(*values);
    if (!again || *again != data)
        return fail(ErrorKind::Invalid, u"encoding the decoded arguments gives other bytes"_s);
    return values;
}

static void take(ReadCall &call, const AbiFunction &function, std::vector<AbiValue> values, const AddressBook &book)
{
    call.name = function.name();
    call.parameters = function.inputs();
    call.values = std::move(values);
    call.decoded.function = function.name();
    call.decoded.signature = function.signature();
    call.decoded.isDecoded = true;
    for (size_t i = 0; i < call.parameters.size(); ++i) {
        const AbiParameter &parameter = call.parameters[i];
        call.decoded.arguments.append({parameter.name, parameter.type.canonical(),
            abiToText(parameter.type, call.values[i]), knownAbout(parameter, call.values[i], book)});
    }
}

static void guess(ReadCall &call, Selector selector, const AddressBook &book)
{
    QString problem;
    for (const AbiFunction *function : guessesFor(selector)) {
        auto values = canonicalValues(*function, call.decoded.data);
        if (call.reading == CallReading::Guessed) {
            if (values)
                call.decoded.collisions.append(function->signature());
        } else if (values) {
            call.reading = CallReading::Guessed;
            call.decoded.isGuess = true;
            take(call, *function, *std::move(values), book);
        } else if (problem.isEmpty()) {
            call.decoded.function = function->name();
            call.decoded.signature = function->signature();
            call.decoded.isGuess = true;
            problem = values.error().detail.isEmpty() ? values.error().message : values.error().detail;
        }
    }
    if (call.reading == CallReading::Unknown && !problem.isEmpty()) {
        call.reading = CallReading::Dirty;
        call.problem = problem;
    }
}

ReadCall readCall(const CallToRead &question, const KnownInterface &known, const AddressBook &book)
{
    ReadCall call;
    DecodedCall &decoded = call.decoded;
    decoded.to = question.to;
    decoded.toName = book.name(question.to);
    decoded.data = question.data;
    decoded.value = question.value;
    decoded.isDelegate = question.isDelegate;
    if (question.data.isEmpty()) {
        call.reading = CallReading::Empty;
        decoded.isDecoded = true;
        return call;
    }
    const auto selector = Selector::leading(question.data);
    if (!selector)
        return call;
    if (!known.abi || known.isClaimed)
        guess(call, *selector, book);
    if (!known.abi || call.reading != CallReading::Unknown)
        return call;
    call.source = known.source;
    if (known.isClaimed) {
        decoded.isGuess = true;
        if (decoded.toName.isEmpty())
            decoded.toName = known.source;
    }
    const AbiFunction *function = known.abi->function(*selector);
    if (!function)
        return call;
    auto values = canonicalValues(*function, question.data);
    if (!values) {
        decoded.function = function->name();
        decoded.signature = function->signature();
        call.reading = CallReading::Dirty;
        call.problem = values.error().detail.isEmpty() ? values.error().message : values.error().detail;
        return call;
    }
    call.reading = known.isClaimed ? CallReading::Claimed : CallReading::Known;
    take(call, *function, *std::move(values), book);
    return call;
}

} // namespace countersign
