#pragma once

#include "backend/types/timestamp.h"

#include <QByteArrayView>

#include <array>
#include <optional>

namespace countersign {

/// What is known of the lines that begin in one block of a file: between which times they lie, and which groups of three
/// bytes occur in them. 4 KiB for 256 KiB of log.
class LogBlock final {
public:
    static constexpr qint64 size = 256 * 1024; ///< bytes of a file

    /// \a lines: whole lines.
    explicit LogBlock(QByteArrayView lines);

    /// False: the word is in none of its lines. \a word in lower case.
    [[nodiscard]] bool mayContain(QByteArrayView word) const;
    /// False: none of its lines lies in [from, until). Lines are not always in order: half a minute is given.
    [[nodiscard]] bool mayLieIn(const std::optional<Timestamp> &from, const std::optional<Timestamp> &until) const;
    [[nodiscard]] const std::optional<Timestamp> &last() const { return m_last; }

private:
    static constexpr size_t bits = 32'768;

    std::array<quint64, bits / 64> m_groups{};
    std::optional<Timestamp> m_first; // absent: not known
    std::optional<Timestamp> m_last;
};

/// The time of a line without reading the line: of its first "timestamp".
[[nodiscard]] std::optional<Timestamp> timeOfLogLine(QByteArrayView line);

} // namespace countersign
