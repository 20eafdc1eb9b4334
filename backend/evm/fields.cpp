#include "backend/evm/fields.h"

#include "backend/evm/jsonscalar.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

bool same(QUtf8StringView a, QUtf8StringView b)
{
    return QByteArrayView(a.data(), a.size()) == QByteArrayView(b.data(), b.size());
}

} // namespace

Fields::Fields(JsonView object, QString place)
    : m_object(object)
    , m_place(std::move(place))
{
    if (!object.isObject())
        m_error = Error{ErrorKind::Invalid, u"%1An object is needed, this is %2"_s.arg(m_place.isEmpty() ? m_place : m_place + u": "_s, object.kindName()), {}};
}

QString Fields::pathOf(QUtf8StringView name) const
{
    return m_place.isEmpty() ? name.toString() : m_place + u'.' + name.toString();
}

void Fields::refuse(QUtf8StringView name, const QString &what)
{
    if (!m_error)
        m_error = Error{ErrorKind::Invalid, pathOf(name) + u": "_s + what, {}};
}

void Fields::refuse(QUtf8StringView name, const Error &error)
{
    if (!m_error)
        m_error = Error{error.kind, pathOf(name) + u": "_s + error.message, error.detail};
}

Result<void> Fields::done()
{
    if (m_error)
        return std::unexpected(*m_error);
    for (const JsonView member : m_object) {
        const bool isAsked = std::ranges::any_of(m_asked, [&](QUtf8StringView name) { return same(name, member.key()); });
        if (!isAsked)
            return fail(ErrorKind::Invalid, u"\"%1\" is no member of this request"_s.arg(pathOf(member.key())));
    }
    return {};
}

std::optional<JsonView> Fields::optional(QUtf8StringView name)
{
    m_asked.push_back(name);
    const auto found = m_object.find(name);
    return found && !found->isNull() ? found : std::nullopt;
}

bool Fields::has(QUtf8StringView name)
{
    return optional(name).has_value();
}

std::optional<JsonView> Fields::value(QUtf8StringView name)
{
    auto found = optional(name);
    if (!found)
        refuse(name, u"it is missing"_s);
    return found;
}

Bytes Fields::bytes(QUtf8StringView name)
{
    const auto member = value(name);
    if (!member)
        return {};
    auto read = bytesFromJson(*member);
    if (!read)
        return refuse(name, read.error()), Bytes();
    return *std::move(read);
}

Hash32 Fields::hash(QUtf8StringView name)
{
    const auto member = value(name);
    if (!member)
        return {};
    const auto read = bytes32FromJson(*member);
    if (!read)
        return refuse(name, read.error()), Hash32();
    return *read;
}

Address Fields::address(QUtf8StringView name)
{
    const auto member = value(name);
    if (!member)
        return {};
    const auto read = accountFromJson(*member);
    if (!read)
        return refuse(name, read.error()), Address();
    return *read;
}

Uint256 Fields::number(QUtf8StringView name)
{
    const auto member = value(name);
    if (!member)
        return {};
    const auto read = uintFromJson(*member);
    if (!read)
        return refuse(name, read.error()), Uint256();
    return *read;
}

quint64 Fields::small(QUtf8StringView name)
{
    const auto read = number(name).toU64();
    if (!read)
        return refuse(name, u"it does not fit 64 bits"_s), 0;
    return *read;
}

QString Fields::text(QUtf8StringView name)
{
    const auto member = value(name);
    if (!member)
        return {};
    if (!member->isString())
        return refuse(name, u"a text is needed, this is %1"_s.arg(member->kindName())), QString();
    return member->toString();
}

bool Fields::flag(QUtf8StringView name, bool otherwise)
{
    const auto member = optional(name);
    if (!member)
        return otherwise;
    if (member->kind() != JsonView::Kind::Bool)
        return refuse(name, u"true or false is needed, this is %1"_s.arg(member->kindName())), otherwise;
    return member->toBool();
}

std::vector<JsonView> Fields::list(QUtf8StringView name)
{
    const auto member = value(name);
    if (!member)
        return {};
    if (!member->isArray())
        return refuse(name, u"an array is needed, this is %1"_s.arg(member->kindName())), std::vector<JsonView>();
    return {member->begin(), member->end()};
}

} // namespace countersign
