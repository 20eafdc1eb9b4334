#pragma once

#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/json.h"
#include "backend/types/uint256.h"

#include <QString>

#include <optional>
#include <vector>

namespace countersign {

/// Reads the members of a JSON object by name and keeps the first thing that is wrong, so that an operation asks for
/// all that it needs and looks once whether it got it. A member that is null is absent.
class Fields final {
public:
    /// \a place names the object in messages ("tx"); empty for the request itself.
    explicit Fields(JsonView object, QString place = {});

    /// Whether every member asked for was there and right, and no other member is there.
    Result<void> done();
    JsonView object() const { return m_object; }
    bool isGood() const { return !m_error; }
    const std::optional<Error> &firstError() const { return m_error; }
    /// Notes what a caller found wrong with a member.
    void refuse(QUtf8StringView name, const Error &error);
    /// Takes over what was wrong with an object inside, which names its own place.
    void adopt(const Error &error)
    {
        if (!m_error)
            m_error = error;
    }

    std::optional<JsonView> optional(QUtf8StringView name);
    std::optional<JsonView> value(QUtf8StringView name);
    Bytes bytes(QUtf8StringView name);
    Hash32 hash(QUtf8StringView name);
    Address address(QUtf8StringView name);
    Uint256 number(QUtf8StringView name);
    quint64 small(QUtf8StringView name);
    QString text(QUtf8StringView name);
    bool flag(QUtf8StringView name, bool otherwise);
    std::vector<JsonView> list(QUtf8StringView name);
    bool has(QUtf8StringView name);

private:
    QString pathOf(QUtf8StringView name) const;
    void refuse(QUtf8StringView name, const QString &what);

    JsonView m_object;
    QString m_place;
    std::vector<QUtf8StringView> m_asked;
    std::optional<Error> m_error;
};

} // namespace countersign
