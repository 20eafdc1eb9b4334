#include "backend/descriptors/descriptorformatter.h"

#include "backend/types/strings.h"

#include <QSet>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxLeaves = 4'096;
constexpr qsizetype maxIntent = 600;

// Every single value below a place: what must be shown for nothing to be hidden.
void appendLeaves(const AbiType &type, const AbiValue &value, const QString &place, QStringList &leaves)
{
    if (leaves.size() >= maxLeaves)
        return;
    const auto *list = value.get<AbiValue::List>();
    if (!list) {
        leaves.append(place);
        return;
    }
    const auto &components = type.components();
    for (size_t i = 0; i < list->size(); ++i) {
        if (type.kind() == AbiKind::Tuple && i < components.size())
            appendLeaves(components[i].type, (*list)[i], place + u'.' + components[i].name, leaves);
        else if (type.kind() != AbiKind::Tuple)
            appendLeaves(type.element(), (*list)[i], u"%1[%2]"_s.arg(place).arg(i), leaves);
    }
}

class Formatter final {
public:
    Formatter(const ValueSurroundings &around, const DescriptorFormat &format)
        : m_around(around)
        , m_format(format)
    {
    }

    Result<void> run()
    {
        for (const DescriptorField &field : m_format.fields) {
            if (auto done = add(field, std::nullopt, 0); !done)
                return done;
        }
        for (const auto *paths : {&m_format.required, &m_format.excluded}) {
            for (const DescriptorPath &path : *paths) {
                if (auto values = valuesAt(m_around, path); !values)
                    return std::unexpected(values.error());
            }
        }
        return {};
    }

    QList<HintField> fields() const { return m_fields; }
    QList<NameClaim> claims() const { return m_claims; }

    QString intent() const
    {
        const QString filled = interpolated();
        return filled.isEmpty() ? m_format.intent : filled;
    }

    QStringList hidden() const
    {
        QStringList leaves;
        for (size_t i = 0; i < m_around.parameters.size() && i < m_around.values.size(); ++i)
            appendLeaves(m_around.parameters[i].type, m_around.values[i], m_around.parameters[i].name, leaves);
        const auto isShown = [this](const QString &leaf) { return m_shown.contains(leaf); };
        leaves.removeIf(isShown);
        return leaves;
    }

private:
    Result<void> add(const DescriptorField &field, const std::optional<DescriptorPath> &parent, int depth)
    {
        std::optional<DescriptorPath> path = field.path;
        if (path && parent)
            path = path->below(*parent);
        if (!field.fields.empty()) {
            if (depth > Descriptor::maxGroupDepth)
                return fail(ErrorKind::Exhausted, u"groups are nested too deep"_s);
            for (const DescriptorField &inner : field.fields) {
                if (auto done = add(inner, path ? path : parent, depth + 1); !done)
                    return done;
            }
            return {};
        }
        if (!path) {
            if (!field.isHidden)
                append(field.label, field.literal.value_or(QString()), {});
            return {};
        }
        const auto values = valuesAt(m_around, *path);
        if (!values)
            return std::unexpected(values.error());
        qsizetype number = 0;
        for (const PathValue &value : *values) {
            if (auto done = addValue(field, value, values->size() > 1 ? ++number : 0); !done)
                return done;
        }
        return {};
    }

    Result<void> addValue(const DescriptorField &field, const PathValue &value, qsizetype number)
    {
        const QString exact = abiToText(value.type, value.value);
        const auto isSame = [&exact](const QString &text) { return text.compare(exact, Qt::CaseInsensitive) == 0; };
        if (!field.mustBe.isEmpty() && std::ranges::none_of(field.mustBe, isSame))
            return fail(ErrorKind::Invalid, u"it is not for calls in which %1 is %2"_s.arg(value.place, exact.left(80)));
        if (field.isHidden)
            return {};
        QStringList used;
        const QString text = formatted(m_around, field, value, used);
        append(number > 0 ? u"%1 %2"_s.arg(field.label).arg(number) : field.label, text, value.place);
        if (const auto address = addressIn(value.value))
            claim(field, *address, text);
        // A field that is left out for lack of room is not shown.
        if (value.isWhole && m_fields.size() < DescribedCall::maxFields) {
            show(value);
            for (const QString &place : std::as_const(used))
                m_shown.insert(place);
        }
        return {};
    }

    // A label that is a name, or an entry of an enumeration of addresses, tells people whose address it is.
    void claim(const DescriptorField &field, const Address &address, const QString &text)
    {
        if (!field.label.trimmed().isEmpty())
            m_claims.append({address, field.label.trimmed(), false});
        const qsizetype behind = text.lastIndexOf(" ("_L1);
        if (field.format == FieldFormat::Enum && behind > 0)
            m_claims.append({address, text.left(behind), true});
    }

    void append(const QString &label, const QString &text, const QString &place)
    {
        if (m_fields.size() < DescribedCall::maxFields)
            m_fields.append({label, text, place});
    }

    void show(const PathValue &value)
    {
        QStringList leaves;
        // The place of a slice that is the whole has the slice behind it.
        const QString place = value.place.endsWith(u']') && value.place.contains(u':') ? value.place.left(value.place.lastIndexOf(u'[')) : value.place;
        appendLeaves(value.type, value.value, place, leaves);
        for (const QString &leaf : std::as_const(leaves))
            m_shown.insert(leaf);
    }

    // "Send {amount} to {to}"; empty when a part has no value: then the plain intent is shown.
    QString interpolated() const
    {
        QString text;
        const QString &pattern = m_format.interpolatedIntent;
        for (qsizetype at = 0; at < pattern.size();) {
            const QChar c = pattern.at(at);
            if (c != u'{' && c != u'}') {
                text += c;
                ++at;
                continue;
            }
            if (at + 1 < pattern.size() && pattern.at(at + 1) == c) {
                text += c;
                at += 2;
                continue;
            }
            const qsizetype close = pattern.indexOf(u'}', at);
            QString place = close < 0 || c == u'}' ? QString() : pattern.mid(at + 1, close - at - 1);
            if (place.startsWith("#."_L1))
                place = place.mid(2);
            const auto field = std::ranges::find(m_fields, place, &HintField::path);
            if (place.isEmpty() || field == m_fields.end())
                return {};
            text += field->value;
            at = close + 1;
        }
        return text.left(maxIntent);
    }

    const ValueSurroundings &m_around;
    const DescriptorFormat &m_format;
    QList<HintField> m_fields;
    QList<NameClaim> m_claims;
    QSet<QString> m_shown;
};

bool isNamed(const AbiFunction &function)
{
    return std::ranges::none_of(function.inputs(), [](const AbiParameter &input) { return input.name.isEmpty(); });
}

// By whose names the paths go: the key's own, those of the file's interface, or ours.
Result<AbiFunction> functionOf(const Descriptor &descriptor, const DescriptorFormat &format, const CallToDescribe &call)
{
    const AbiFunction *given = descriptor.abi ? descriptor.abi->function(*format.selector) : nullptr;
    if (descriptor.abi && !given)
        return fail(ErrorKind::Invalid, u"its own interface has no such function"_s);
    if (given && format.function && given->signature() != format.function->signature())
        return fail(ErrorKind::Invalid, u"its own interface has %1 instead"_s.arg(given->signature()));
    const QString said = format.function ? format.function->signature() : given ? given->signature() : QString();
    if (call.parameters && !said.isEmpty() && said != call.signature)
        return fail(ErrorKind::Invalid, u"the call is %1"_s.arg(call.signature));
    if (format.function && isNamed(*format.function))
        return *format.function;
    if (given)
        return *given;
    if (call.parameters)
        return AbiFunction(call.signature.left(call.signature.indexOf(u'(')), *call.parameters);
    return fail(ErrorKind::Invalid, u"it does not name the function's arguments"_s);
}

} // namespace

DescribedCall describeCall(const Descriptor &descriptor, const CallToDescribe &call, const HintNames &nameOf)
{
    DescribedCall described;
    const auto selector = Selector::leading(call.data);
    const DescriptorFormat *format = selector ? descriptor.format(*selector) : nullptr;
    if (!format)
        return described;
    const auto function = functionOf(descriptor, *format, call);
    if (!function) {
        described.mismatch = function.error().message;
        return described;
    }
    const auto values = function->decodeCall(call.data);
    const auto again = values ? function->encodeCall(*values) : Result<Bytes>(std::unexpected(values.error()));
    if (!again || *again != call.data) {
        described.mismatch = u"the call's data is no %1"_s.arg(function->signature());
        return described;
    }
    const ValueSurroundings around{descriptor, call, function->inputs(), *values, nameOf};
    Formatter formatter(around, *format);
    if (const auto done = formatter.run(); !done) {
        described.mismatch = done.error().message;
        return described;
    }
    described.hint = CallHint{descriptor.name, descriptor.hash.toString(), descriptor.owner, formatter.intent(), formatter.fields()};
    described.hidden = formatter.hidden();
    described.claims = formatter.claims();
    if (!descriptor.contractName.isEmpty())
        described.claims.append({call.to, descriptor.contractName, false});
    return described;
}

} // namespace countersign
