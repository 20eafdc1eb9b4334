#include "backend/proposals/memberreader.h"

#include "backend/types/strings.h"

#include <QJsonDocument>

#include <algorithm>
#include <limits>
#include <utility>

namespace countersign {

namespace {

constexpr int formatVersion = 2;

bool deceives(const QString &text)
{
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        const bool bidi
            = (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069) || u == 0x200e || u == 0x200f || u == 0x061c;
        const bool invisible = (u >= 0x200b && u <= 0x200d) || u == 0x2060 || u == 0xfeff || u == 0x00ad;
        const auto category = c.category();
        if (bidi || invisible || category == QChar::Other_Format || category == QChar::Separator_Line
            || category == QChar::Separator_Paragraph || (category == QChar::Other_Control && u != u'\n'))
            return true;
    }
    return false;
}

} // namespace

MemberReader::MemberReader(JsonView object, QString where)
    : m_object(object)
    , m_where(std::move(where))
{
    if (!m_object.isObject())
        note(u"%1 is not a JSON object"_s.arg(m_where.isEmpty() ? u"it"_s : m_where.chopped(1)));
}

std::optional<JsonView> MemberReader::member(QLatin1StringView name)
{
    m_read.push_back(name);
    return find(name);
}

QString MemberReader::text(QLatin1StringView name)
{
    const auto value = member(name);
    if (value && value->isString())
        return value->toString();
    note(u"%1%2 is not a text"_s.arg(m_where, name));
    return {};
}

namespace {

template <class T, class Parse>
T parsed(MemberReader &reader, QLatin1StringView name, const QString &where, Parse parse)
{
    const QString raw = reader.text(name);
    if (reader.problem())
        return {};
    auto value = parse(raw);
    if (value)
        return *std::move(value);
    reader.note(u"%1%2: %3"_s.arg(where, name, value.error().message));
    return {};
}

} // namespace

Address MemberReader::address(QLatin1StringView name)
{
    return parsed<Address>(*this, name, m_where, [](const QString &raw) { return Address::parse(raw); });
}

Hash32 MemberReader::hash(QLatin1StringView name)
{
    return parsed<Hash32>(*this, name, m_where, [](const QString &raw) { return Hash32::parse(raw); });
}

Uint256 MemberReader::number(QLatin1StringView name)
{
    return parsed<Uint256>(*this, name, m_where, [](const QString &raw) { return Uint256::parse(raw); });
}

quint64 MemberReader::number64(QLatin1StringView name)
{
    const auto value = number(name).toU64();
    if (!value)
        note(u"%1%2 is too large"_s.arg(m_where, name));
    return value.value_or(0);
}

Bytes MemberReader::bytes(QLatin1StringView name)
{
    return parsed<Bytes>(*this, name, m_where, [](const QString &raw) { return bytesFromHex(raw); });
}

Timestamp MemberReader::time(QLatin1StringView name)
{
    const auto micros = number(name).toU64();
    if (!micros || *micros > static_cast<quint64>(std::numeric_limits<qint64>::max()))
        note(u"%1%2 is not a time"_s.arg(m_where, name));
    return Timestamp::fromMicros(m_problem ? 0 : static_cast<qint64>(*micros));
}

ChainLink MemberReader::link()
{
    const ChainLink link{number64("sequence"_L1), hash("previous"_L1)};
    if (link.sequence < 1 || link.sequence > maxSequence)
        note(u"%1sequence is not from 1 to %2"_s.arg(m_where).arg(maxSequence));
    else if ((link.sequence == 1) != link.previous.isZero())
        note(u"%1sequence and %1previous do not agree on whether this is the author's first entry"_s.arg(m_where));
    return link;
}

std::vector<JsonView> MemberReader::list(QLatin1StringView name, qsizetype most)
{
    const auto value = member(name);
    if (!value || !value->isArray()) {
        note(u"%1%2 is not a list"_s.arg(m_where, name));
        return {};
    }
    if (value->size() > most) {
        note(u"%1%2 has more than %3 entries"_s.arg(m_where, name).arg(most));
        return {};
    }
    return {value->begin(), value->end()};
}

void MemberReader::note(const QString &problem)
{
    if (!m_problem)
        m_problem = problem;
}

void MemberReader::finish()
{
    if (!m_object.isObject())
        return;
    for (const JsonView member : m_object) {
        const QString key = member.key().toString();
        if (std::ranges::none_of(m_read, [&key](QLatin1StringView name) { return key == name; }))
            note(
                u"it has a member “%1%2” that this version does not know: it may mean something that would not be shown"_s
                    .arg(m_where, key));
    }
}

void MemberReader::finish(MemberReader &part)
{
    part.finish();
    if (part.m_problem)
        note(*part.m_problem);
}

Result<JsonText> exchangeText(QByteArrayView file, qsizetype limit)
{
    if (file.size() > limit)
        return fail(
            ErrorKind::Exhausted, u"the file has %1 bytes, more than the %2 allowed"_s.arg(file.size()).arg(limit));
    auto text = JsonText::parse(file.toByteArray(), {.maxBytes = limit, .maxDepth = 8, .maxValues = 4000});
    if (!text)
        return fail(text.error().kind, u"not whole JSON: %1"_s.arg(text.error().message), text.error().detail);
    return text;
}

void readFrame(MemberReader &reader, QLatin1StringView kind)
{
    if (reader.problem())
        return;
    if (reader.text("kind"_L1) != kind) {
        reader.note(u"its kind is not %1"_s.arg(kind));
        return;
    }
    const auto version = reader.member("version"_L1);
    const QString written = version && version->isNumber() ? version->toString() : QString();
    if (written == "1"_L1)
        reader.note(u"its version is 1, which is no longer read: version %1 binds an entry to its author's log"_s.arg(
            formatVersion));
    else if (written != QString::number(formatVersion))
        reader.note(u"its version is not %1"_s.arg(formatVersion));
}

QJsonObject frameOf(QLatin1StringView kind)
{
    return {{u"kind"_s, QString(kind)}, {u"version"_s, formatVersion}};
}

void insertLink(QJsonObject &object, const ChainLink &link)
{
    object.insert("sequence"_L1, QString::number(link.sequence));
    object.insert("previous"_L1, link.previous.toString());
}

QString decimal(Timestamp time)
{
    return QString::number(std::max<qint64>(time.micros(), 0));
}

Bytes canonicalJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

Result<void> checkText(const QString &text, qsizetype limit, const QString &what)
{
    if (text.size() > limit)
        return fail(ErrorKind::Exhausted, u"%1 is longer than %2 characters"_s.arg(what).arg(limit));
    // EIP-712 hashes UTF-8: half a surrogate pair has none, and the text would be signed over nothing.
    if (!text.isValidUtf16() || deceives(text))
        return fail(ErrorKind::Invalid, u"%1 contains characters that do not show"_s.arg(what));
    return {};
}

Result<EvmSignature> signatureOf(const Hash32 &digest, QByteArrayView bytes, const Address &author)
{
    const auto parts = EvmSignature::fromBytes65(bytes);
    const auto signer = parts ? recoverAddress(digest, *parts) : Result<Address>(std::unexpected(parts.error()));
    if (!signer)
        return fail(ErrorKind::Invalid, u"its signature is not valid: %1"_s.arg(signer.error().message));
    // Anybody can turn a signature into its twin with high s: the same entry would have two files.
    if (!parts->isLowS())
        return fail(ErrorKind::Invalid, u"its signature is not in the form with low s"_s);
    if (*signer != author)
        return fail(ErrorKind::Invalid,
            u"it is not signed by %1, whom it names as its author: it was changed after it was signed"_s.arg(
                author.toString()));
    return *parts;
}

} // namespace countersign
