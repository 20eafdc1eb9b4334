#include "backend/descriptors/descriptorpath.h"

#include "backend/types/strings.h"

#include <QList>

#include <algorithm>

namespace countersign {

namespace {

using Step = DescriptorPath::Step;

std::unexpected<Error> bad(QStringView text)
{
    return fail(ErrorKind::Invalid, u"\"%1\" is no path"_s.arg(text.left(80)));
}

std::unexpected<Error> misfit(const QString &place)
{
    return fail(ErrorKind::Invalid, u"the call has no %1"_s.arg(place));
}

Result<std::optional<qint64>> boundOf(QStringView text)
{
    if (text.isEmpty())
        return std::nullopt;
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    if (!isNumber || text.size() > 10 || text.startsWith(u'+'))
        return bad(text);
    return std::optional(number);
}

// "[]", "[3]", "[-1]", "[0:20]", "[-20:]"
Result<Step> bracketStep(QStringView inside)
{
    const qsizetype colon = inside.indexOf(u':');
    const auto first = boundOf(colon < 0 ? inside : inside.left(colon));
    const auto last = boundOf(colon < 0 ? QStringView() : inside.mid(colon + 1));
    if (!first || !last)
        return bad(inside);
    const bool isIndex = colon < 0 && *first;
    return Step{isIndex ? Step::Kind::Index : Step::Kind::Slice, {}, *first, *last};
}

Result<void> appendSteps(std::vector<Step> &steps, QStringView part)
{
    const qsizetype bracket = part.indexOf(u'[');
    const QStringView name = bracket < 0 ? part : part.left(bracket);
    if (part.isEmpty())
        return bad(part);
    const auto isNamed = [](QChar c) { return c.isLetterOrNumber() || c == u'_' || c == u'$' || c == u'-'; };
    if (!std::ranges::all_of(name, isNamed))
        return bad(part);
    if (!name.isEmpty())
        steps.push_back({Step::Kind::Member, name.toString()});
    QStringView rest = bracket < 0 ? QStringView() : part.mid(bracket);
    while (!rest.isEmpty()) {
        const qsizetype close = rest.indexOf(u']');
        if (!rest.startsWith(u'[') || close < 0)
            return bad(part);
        auto step = bracketStep(rest.mid(1, close - 1));
        if (!step)
            return std::unexpected(step.error());
        steps.push_back(*std::move(step));
        rest = rest.mid(close + 1);
    }
    return {};
}

struct Bounds {
    qsizetype first = 0;
    qsizetype last = 0; // behind the last
};

qsizetype placed(qint64 index, qsizetype size)
{
    return static_cast<qsizetype>(std::clamp<qint64>(index < 0 ? index + size : index, 0, size));
}

Bounds boundsOf(const Step &step, qsizetype size)
{
    if (step.kind == Step::Kind::Index) {
        const qint64 index = *step.first < 0 ? *step.first + size : *step.first;
        if (index < 0 || index >= size)
            return {};
        return {static_cast<qsizetype>(index), static_cast<qsizetype>(index) + 1};
    }
    Bounds bounds{placed(step.first.value_or(0), size), placed(step.last.value_or(size), size)};
    bounds.last = std::max(bounds.first, bounds.last);
    return bounds;
}

// The bytes of a value that may be sliced.
std::optional<Bytes> bytesOf(const PathValue &from)
{
    if (const auto *bytes = from.value.get<Bytes>())
        return *bytes;
    if (const auto *number = from.value.get<Uint256>())
        return number->toBigEndian();
    if (const auto *text = from.value.get<QString>())
        return text->toUtf8();
    return std::nullopt;
}

Result<void> takeMember(const PathValue &from, const QString &name, std::vector<PathValue> &to)
{
    const QString place = from.place + u'.' + name;
    const auto *list = from.value.get<AbiValue::List>();
    const auto &components = from.type.components();
    const auto found = std::ranges::find(components, name, &AbiParameter::name);
    if (!list || found == components.end())
        return misfit(place);
    const auto index = static_cast<size_t>(found - components.begin());
    to.push_back({found->type, list->at(index), place, from.isWhole});
    return {};
}

Result<void> takeElements(const PathValue &from, const Step &step, std::vector<PathValue> &to)
{
    const bool isArray = from.type.kind() == AbiKind::Array || from.type.kind() == AbiKind::FixedArray;
    const auto *list = from.value.get<AbiValue::List>();
    if (isArray && list) {
        const Bounds bounds = boundsOf(step, static_cast<qsizetype>(list->size()));
        for (qsizetype i = bounds.first; i < bounds.last; ++i) {
            if (to.size() >= DescriptorPath::maxValues)
                return fail(ErrorKind::Exhausted, u"%1 has more elements than are shown"_s.arg(from.place));
            to.push_back({from.type.element(), list->at(static_cast<size_t>(i)), u"%1[%2]"_s.arg(from.place).arg(i), from.isWhole});
        }
        return {};
    }
    const auto bytes = isArray ? std::nullopt : bytesOf(from);
    if (!bytes || step.kind != Step::Kind::Slice)
        return misfit(from.place + u"[]"_s);
    const Bounds bounds = boundsOf(step, bytes->size());
    const bool isWhole = bounds.first == 0 && bounds.last == bytes->size();
    to.push_back({AbiType::makeBytes(), AbiValue(bytes->mid(bounds.first, bounds.last - bounds.first)),
        u"%1[%2:%3]"_s.arg(from.place).arg(bounds.first).arg(bounds.last), from.isWhole && isWhole});
    return {};
}

} // namespace

Result<DescriptorPath> DescriptorPath::parse(QStringView text)
{
    DescriptorPath path;
    path.m_text = text.toString();
    if (text.isEmpty() || text.size() > maxTextLength)
        return bad(text);
    const QChar mark = text.front();
    if (mark == u'#' || mark == u'@' || mark == u'$') {
        path.m_root = mark == u'#' ? Root::Data : mark == u'@' ? Root::Container : Root::Descriptor;
        path.m_isRooted = true;
        text = text.mid(1);
        if (!text.startsWith(u'.'))
            return bad(path.m_text);
        text = text.mid(1);
    }
    const auto parts = text.split(u'.');
    for (const QStringView part : parts) {
        if (auto done = appendSteps(path.m_steps, part); !done)
            return std::unexpected(done.error());
    }
    if (path.m_steps.size() > maxSteps)
        return fail(ErrorKind::Exhausted, u"A path has more steps than are looked at"_s);
    return path;
}

DescriptorPath DescriptorPath::below(const DescriptorPath &parent) const
{
    if (m_isRooted)
        return *this;
    DescriptorPath path = parent;
    path.m_steps.insert(path.m_steps.end(), m_steps.begin(), m_steps.end());
    path.m_text = parent.m_text + u'.' + m_text;
    return path;
}

std::vector<QString> DescriptorPath::names() const
{
    std::vector<QString> names;
    for (const Step &step : m_steps) {
        if (step.kind != Step::Kind::Member)
            return {};
        names.push_back(step.name);
    }
    return names;
}

Result<std::vector<PathValue>> DescriptorPath::valuesIn(
    const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values) const
{
    if (m_root != Root::Data || m_steps.empty() || m_steps.front().kind != Step::Kind::Member)
        return bad(m_text);
    const QString &first = m_steps.front().name;
    const auto parameter = std::ranges::find(parameters, first, &AbiParameter::name);
    const auto index = static_cast<size_t>(parameter - parameters.begin());
    if (parameter == parameters.end() || index >= values.size())
        return misfit(first);
    std::vector<PathValue> found{{parameter->type, values[index], first}};
    for (size_t i = 1; i < m_steps.size(); ++i) {
        const Step &step = m_steps[i];
        std::vector<PathValue> next;
        for (const PathValue &from : found) {
            const auto taken = step.kind == Step::Kind::Member ? takeMember(from, step.name, next) : takeElements(from, step, next);
            if (!taken)
                return std::unexpected(taken.error());
        }
        found = std::move(next);
    }
    return found;
}

} // namespace countersign
