#pragma once

#include "backend/types/bytes.h"
#include "backend/types/uint256.h"

#include <QVarLengthArray>

namespace countersign {

/// Writes RLP (Ethereum yellow paper, appendix B) front to back into one buffer; lists get their prefix when they end.
class RlpWriter final {
public:
    /// `start` stands before the items as it is: the type byte of a transaction.
    explicit RlpWriter(Bytes start = {})
        : m_out(std::move(start))
    {
    }

    void bytes(QByteArrayView bytes);
    /// A number as RLP's users write it: big-endian without leading zeros, zero as no bytes.
    void number(quint64 number);
    void number(const Uint256 &number);
    /// The same for a number in big-endian bytes, with or without leading zeros.
    void bigEndian(QByteArrayView number);
    /// An item that is encoded already.
    void encoded(QByteArrayView item) { m_out.append(item); }
    void beginList() { m_lists.append(m_out.size()); }
    void endList();
    void reserve(qsizetype size) { m_out.reserve(size); }

    /// What was written; every list has ended.
    Bytes take();

private:
    Bytes m_out;
    QVarLengthArray<qsizetype, 8> m_lists; // where the open lists begin
};

} // namespace countersign
