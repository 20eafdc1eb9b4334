#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace countersign {

/// Writes encoded Daml values (com.daml.ledger.api.v2.Value) as the text that LedgerEvent documents. False: malformed,
/// or deeper than 32.
[[nodiscard]] bool appendDamlScalarOrJson(QByteArrayView encodedValue, QByteArray &out, int depth);

/// What kind of value an encoded Value holds: the number of its oneof field, 0 when it holds nothing, -1 when it is
/// malformed. The content of a length-delimited one is left in \a content, the number of another in \a number.
[[nodiscard]] int openDamlValue(QByteArrayView encodedValue, QByteArrayView &content, quint64 &number);

inline constexpr int damlDepthLimit = 32;
inline constexpr int damlOptional = 10; ///< field numbers of Value's oneof
inline constexpr int damlRecord = 14;

} // namespace countersign
