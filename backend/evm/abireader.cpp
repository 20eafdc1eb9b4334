#include "backend/evm/abireader.h"

#include "backend/evm/utf8text.h"

#include <QtEndian>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

bool allZero(QByteArrayView bytes)
{
    return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

} // namespace

Result<AbiLenient> AbiReader::read(std::span<const AbiType> types)
{
    m_types = types;
    return readAll([types](size_t i) -> const AbiType & { return types[i]; }, types.size());
}

Result<AbiLenient> AbiReader::read(const std::vector<AbiParameter> &parameters)
{
    m_parameters = &parameters;
    return readAll([&parameters](size_t i) -> const AbiType & { return parameters[i].type; }, parameters.size());
}

template<class TypeAt>
Result<AbiLenient> AbiReader::readAll(TypeAt typeAt, size_t count)
{
    if (m_data.size() > m_limits.maxBytes)
        return abiFail(AbiFault::TooLarge, m_data.size());
    if (!sequence(typeAt, count, 0, m_result.values))
        return std::unexpected(std::move(m_error));
    if (m_isLenient)
        judgeCoverage();
    else if (m_next != m_data.size())
        return abiFail(AbiFault::TrailingBytes, m_next);
    return std::move(m_result);
}

// A list whose heads begin at `base`. What its offsets lead to is read where m_next stands.
template<class TypeAt>
bool AbiReader::sequence(TypeAt typeAt, size_t count, qsizetype base, AbiValue::List &out)
{
    if (!chargeValues(count))
        return false;
    qsizetype head = 0;
    for (size_t i = 0; i < count; ++i) {
        head += typeAt(i).headSize();
        if (head > m_data.size() - base)
            return stop(AbiFault::Truncated, m_data.size());
    }
    if (base == m_next) { // else it stands in a head that was counted already
        cover(base, base + head);
        m_next = base + head;
    }
    out.reserve(count);
    const size_t depth = m_depth++;
    qsizetype at = base;
    for (size_t i = 0; i < count; ++i) {
        m_path[depth] = i;
        const AbiType &type = typeAt(i);
        if (!(type.isDynamic() ? behindOffset(type, at, base, head, out) : inPlace(type, at, out)))
            return false;
        at += type.headSize();
    }
    m_depth = depth;
    return true;
}

bool AbiReader::behindOffset(const AbiType &type, qsizetype at, qsizetype base, qsizetype head, AbiValue::List &out)
{
    const auto offset = small(at, m_data.size() - base);
    if (!offset)
        return stop(AbiFault::OffsetTooLarge, at);
    const qsizetype target = base + *offset;
    if (target == m_next)
        return dynamic(type, out);
    m_shares = m_shares || target < m_next;
    const AbiFault fault = *offset < head  ? AbiFault::OffsetCycle
                           : target < m_next ? AbiFault::OffsetBackward
                                             : AbiFault::OffsetGap;
    if (!deviate(fault, at))
        return false;
    // What stands elsewhere is judged by itself: its own offsets count from there.
    const qsizetype next = std::exchange(m_next, target);
    if (!dynamic(type, out))
        return false;
    m_next = std::max(m_next, next);
    return true;
}

// A value without dynamic parts; its head was checked to lie within the data.
bool AbiReader::inPlace(const AbiType &type, qsizetype at, AbiValue::List &out)
{
    if (!type.isWord())
        return composite(type, at, out);
    AbiWord word = abiReadWord(type, m_data.sliced(at, 32));
    if (word.fault && !deviate(*word.fault, at))
        return false;
    out.push_back(std::move(word.value));
    return true;
}

bool AbiReader::dynamic(const AbiType &type, AbiValue::List &out)
{
    const qsizetype at = m_next;
    if (type.kind() == AbiKind::Tuple || type.kind() == AbiKind::FixedArray)
        return composite(type, at, out);
    if (m_data.size() - at < 32)
        return stop(AbiFault::Truncated, m_data.size());
    const qsizetype body = at + 32;
    const qsizetype rest = m_data.size() - body;
    const bool isArray = type.kind() == AbiKind::Array;
    const auto length = small(at, isArray ? rest / type.element().headSize() : rest);
    if (!length)
        return stop(AbiFault::LengthTooLarge, at);
    cover(at, body);
    m_next = body;
    if (!isArray)
        return content(type, *length, body, out);
    const AbiType *const element = &type.element();
    AbiValue::List list;
    if (!sequence([element](size_t) -> const AbiType & { return *element; }, static_cast<size_t>(*length), body, list))
        return false;
    out.emplace_back(std::move(list));
    return true;
}

bool AbiReader::content(const AbiType &type, qsizetype length, qsizetype body, AbiValue::List &out)
{
    if (!chargeBytes(length))
        return false;
    const qsizetype rest = m_data.size() - body;
    qsizetype padded = (length + 31) / 32 * 32;
    if (padded > rest) {
        if (!deviate(AbiFault::PaddingMissing, m_data.size()))
            return false;
        padded = rest;
    }
    if (!allZero(m_data.sliced(body + length, padded - length)) && !deviate(AbiFault::BytesPadding, body + length))
        return false;
    cover(body, body + padded);
    m_next = body + padded;
    const QByteArrayView bytes = m_data.sliced(body, length);
    if (type.kind() == AbiKind::Bytes) {
        out.emplace_back(bytes.toByteArray());
        return true;
    }
    auto text = exactUtf8(bytes);
    if (!text) {
        if (!deviate(AbiFault::TextNotUtf8, body))
            return false;
        text = nearestUtf8(bytes);
    }
    out.emplace_back(*std::move(text));
    return true;
}

bool AbiReader::composite(const AbiType &type, qsizetype at, AbiValue::List &out)
{
    const auto count = static_cast<size_t>(type.length());
    AbiValue::List list;
    bool done = false;
    if (type.kind() == AbiKind::Tuple) {
        done = sequence([&type](size_t i) -> const AbiType & { return type.components()[i].type; }, count, at, list);
    } else {
        const AbiType *const element = &type.element();
        done = sequence([element](size_t) -> const AbiType & { return *element; }, count, at, list);
    }
    if (done)
        out.emplace_back(std::move(list));
    return done;
}

// The word at `at` as a number up to `most`.
std::optional<qsizetype> AbiReader::small(qsizetype at, qsizetype most) const
{
    const char *word = m_data.data() + at;
    if (!allZero({word, 24}))
        return std::nullopt;
    const auto value = qFromBigEndian<quint64>(word + 24);
    if (value > static_cast<quint64>(most))
        return std::nullopt;
    return static_cast<qsizetype>(value);
}

bool AbiReader::chargeValues(size_t count)
{
    m_valueCount += static_cast<qsizetype>(count);
    return m_valueCount <= m_limits.maxValues || tooLarge();
}

bool AbiReader::chargeBytes(qsizetype count)
{
    m_byteCount += count;
    return m_byteCount <= m_limits.maxBytes || tooLarge();
}

bool AbiReader::tooLarge()
{
    return stop(m_shares ? AbiFault::Amplified : AbiFault::TooLarge, m_next);
}

bool AbiReader::stop(AbiFault fault, qsizetype position)
{
    m_error = abiFail(fault, position, path()).error();
    return false;
}

bool AbiReader::deviate(AbiFault fault, qsizetype position)
{
    if (!m_isLenient)
        return stop(fault, position);
    if (static_cast<qsizetype>(m_result.deviations.size()) >= m_limits.maxDeviations)
        ++m_result.moreDeviations;
    else
        note(fault, position, path());
    return true;
}

void AbiReader::note(AbiFault fault, qsizetype position, const QString &path)
{
    if (static_cast<qsizetype>(m_result.deviations.size()) >= m_limits.maxDeviations)
        ++m_result.moreDeviations;
    else
        m_result.deviations.push_back({.fault = fault, .position = position, .path = path});
}

// Canonical data is read from front to back, and stays one range.
void AbiReader::cover(qsizetype begin, qsizetype end)
{
    if (!m_isLenient || begin == end)
        return;
    if (!m_ranges.empty() && m_ranges.back().end == begin)
        m_ranges.back().end = end;
    else
        m_ranges.push_back({.begin = begin, .end = end});
}

void AbiReader::judgeCoverage()
{
    std::ranges::sort(m_ranges, {}, &Range::begin);
    qsizetype reach = 0;
    qsizetype told = -1; // end of the overlap that was told last: one that goes on is the same
    for (const Range &range : m_ranges) {
        if (range.begin > reach) {
            note(AbiFault::UnusedBytes, reach, {});
        } else if (range.begin < reach) {
            if (range.begin > told)
                note(AbiFault::Overlap, range.begin, {});
            told = std::max(told, std::min(range.end, reach));
        }
        reach = std::max(reach, range.end);
    }
    if (reach < m_data.size())
        note(AbiFault::TrailingBytes, reach, {});
}

// Only made when there is something to tell.
QString AbiReader::path() const
{
    QString text;
    const AbiType *type = nullptr;
    const auto enter = [&text](const QString &name, size_t index) {
        if (name.isEmpty())
            text += u'[' + QString::number(index) + u']';
        else
            text += text.isEmpty() ? name : QString(u'.' + name);
    };
    for (size_t level = 0; level < m_depth; ++level) {
        const size_t index = m_path[level];
        if (!type) {
            enter(m_parameters ? (*m_parameters)[index].name : QString(), index);
            type = m_parameters ? &(*m_parameters)[index].type : &m_types[index];
        } else if (type->kind() == AbiKind::Tuple) {
            const AbiParameter &component = type->components()[index];
            enter(component.name, index);
            type = &component.type;
        } else {
            enter({}, index);
            type = &type->element();
        }
    }
    return text;
}

} // namespace countersign
