#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::participant {

/// The Daml types that the simulator's templates use.
enum class DamlType { Party, Text, Int64, Numeric, Timestamp };

/// Name of a type as Daml writes it, for error texts.
[[nodiscard]] std::string_view damlTypeName(DamlType type);

/// One value: `text` for Party, Text and Numeric, `number` for Int64 and Timestamp (microseconds since 1970).
struct DamlScalar {
    DamlType type = DamlType::Text;
    std::string text {};
    std::int64_t number = 0;

    friend bool operator==(const DamlScalar &, const DamlScalar &) = default;
};

[[nodiscard]] DamlScalar damlParty(std::string party);
[[nodiscard]] DamlScalar damlText(std::string text);
[[nodiscard]] DamlScalar damlInt(std::int64_t number);
[[nodiscard]] DamlScalar damlNumeric(std::string decimal);
[[nodiscard]] DamlScalar damlTimestamp(std::int64_t micros);

struct FieldSpec {
    std::string label;
    DamlType type = DamlType::Text;
};

/// Values in the order of the fields' declaration.
using DamlRecord = std::vector<DamlScalar>;

/// A decimal as Canton answers it, with 10 digits after the point ("1" becomes "1.0000000000"); nothing when it is no Numeric 10
/// (more than 28 digits before the point or 10 after it, or anything but digits, one sign and one point).
[[nodiscard]] std::optional<std::string> normalisedNumeric(std::string_view text);

/// Whether a text may be a party id: 1 to 255 of [A-Za-z0-9:_ -] (Daml-LF's PartyId).
[[nodiscard]] bool isPartyText(std::string_view text);

} // namespace countersign::participant
