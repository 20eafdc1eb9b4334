#pragma once

#include "backend/types/error.h"

#include <QHashFunctions>
#include <QMetaType>
#include <QStringView>

#include <compare>

namespace countersign {

/// A Canton party: "hint::fingerprint", where the fingerprint names the namespace that owns it. Two parties may share a hint, so a hint is
/// never an identity.
class PartyId final {
public:
    PartyId() = default;

    /// The hint is 1 to 185 characters of [A-Za-z0-9:_ -] without "::", the fingerprint "1220" and 64 hexadecimal digits.
    [[nodiscard]] static Result<PartyId> parse(QStringView text);

    [[nodiscard]] const QString &toString() const { return m_text; }
    [[nodiscard]] QStringView hint() const { return QStringView(m_text).first(m_separator); }
    [[nodiscard]] QStringView fingerprint() const { return QStringView(m_text).sliced(m_separator + (m_text.isEmpty() ? 0 : 2)); }
    [[nodiscard]] bool isEmpty() const { return m_text.isEmpty(); }

    friend bool operator==(const PartyId &a, const PartyId &b) { return a.m_text == b.m_text; }
    friend std::strong_ordering operator<=>(const PartyId &a, const PartyId &b) { return QString::compare(a.m_text, b.m_text) <=> 0; }
    friend size_t qHash(const PartyId &party, size_t seed = 0) noexcept { return qHash(party.m_text, seed); }

private:
    QString m_text;
    qsizetype m_separator = 0;
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::PartyId)
