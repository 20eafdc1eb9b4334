#pragma once

#include <QDateTime>
#include <QHashFunctions>
#include <QMetaType>

#include <chrono>
#include <compare>

namespace countersign {

/// A moment in UTC, in microseconds since 1970: the resolution of Canton's record time.
class Timestamp final {
public:
    constexpr Timestamp() = default;
    [[nodiscard]] static constexpr Timestamp fromMicros(qint64 micros) { return Timestamp(micros); }
    [[nodiscard]] static constexpr Timestamp fromMillis(qint64 millis) { return Timestamp(millis * 1000); }
    [[nodiscard]] static constexpr Timestamp fromSeconds(qint64 seconds) { return Timestamp(seconds * 1'000'000); }
    [[nodiscard]] static Timestamp fromDateTime(const QDateTime &time) { return fromMillis(time.toMSecsSinceEpoch()); }

    [[nodiscard]] constexpr qint64 micros() const { return m_micros; }
    [[nodiscard]] constexpr qint64 millis() const { return m_micros / 1000; }
    [[nodiscard]] constexpr bool isNull() const { return m_micros == 0; }
    [[nodiscard]] QDateTime toDateTime() const { return QDateTime::fromMSecsSinceEpoch(millis(), Qt::UTC); }
    [[nodiscard]] QString toIsoString() const { return toDateTime().toString(Qt::ISODateWithMs); }

    friend constexpr auto operator<=>(const Timestamp &, const Timestamp &) = default;
    friend constexpr std::chrono::microseconds operator-(Timestamp a, Timestamp b) { return std::chrono::microseconds(a.m_micros - b.m_micros); }
    friend constexpr Timestamp operator+(Timestamp a, std::chrono::microseconds d) { return Timestamp(a.m_micros + d.count()); }
    friend constexpr Timestamp operator-(Timestamp a, std::chrono::microseconds d) { return Timestamp(a.m_micros - d.count()); }
    friend size_t qHash(Timestamp time, size_t seed = 0) noexcept { return ::qHash(time.m_micros, seed); }

private:
    constexpr explicit Timestamp(qint64 micros)
        : m_micros(micros)
    {
    }

    qint64 m_micros = 0;
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::Timestamp)
