#pragma once

#include "backend/types/bytes.h"

#include <vector>

namespace countersign {

/// The modules of a QR symbol (ISO/IEC 18004), error correction level M, without the quiet zone around it.
class QrSymbol final {
public:
    static constexpr int quietZone = 4; ///< modules that have to stay light on every side

    /// Upper-case letters, digits and " $%*+-./:" take 5.5 bits each, anything else 8. Exhausted when the text is too
    /// long for a symbol, Invalid when it is empty or not ASCII.
    [[nodiscard]] static Result<QrSymbol> create(QByteArrayView text);

    int size() const { return m_size; } ///< modules a side, 21 to 177
    /// False outside of it, which is the quiet zone.
    bool isDark(int column, int row) const;

private:
    QrSymbol() = default;

    int m_size = 0;
    std::vector<bool> m_dark;
};

} // namespace countersign
