#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"
#include "backend/types/uint256.h"

#include <initializer_list>
#include <vector>

namespace countersign {

/// An item of Ethereum's recursive length prefix encoding: bytes, or a list of items.
class RlpItem final {
public:
    using List = std::vector<RlpItem>;

    RlpItem() = default;
    RlpItem(Bytes bytes) : m_bytes(std::move(bytes)) {}
    RlpItem(List items) : m_isList(true), m_items(std::move(items)) {}
    /// A list of these items. A list of one list is written so: List{List{…}} is a copy of the inner one.
    static List list(std::initializer_list<RlpItem> items) { return List(items.begin(), items.end()); }
    /// A number as RLP's users write it: big-endian without leading zeros, zero as no bytes.
    static RlpItem ofNumber(const Uint256 &number);

    bool isList() const { return m_isList; }
    const Bytes &bytes() const { return m_bytes; }
    const List &items() const { return m_items; }

    /// The inverse of ofNumber. Error Invalid for a list, a leading zero byte, or more than 32 bytes.
    Result<Uint256> toNumber() const;

    friend bool operator==(const RlpItem &, const RlpItem &) = default;

private:
    bool m_isList = false;
    Bytes m_bytes;
    List m_items;
};

struct RlpLimits {
    qsizetype maxBytes = 1024 * 1024;
    int maxDepth = 16;
    qsizetype maxItems = 65'536;
};

/// Ethereum yellow paper, appendix B.
Bytes rlpEncode(const RlpItem &item);

/// Exactly one item, in its only valid form: no long form where the short one fits, no leading zero in a length, no
/// single byte below 0x80 behind a prefix, nothing after the item. Error Invalid; detail "<code> at byte <n>".
Result<RlpItem> rlpDecodeStrict(QByteArrayView data, const RlpLimits &limits = {});

} // namespace countersign
