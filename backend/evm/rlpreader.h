#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

namespace countersign {

/// Walks over items of RLP (Ethereum yellow paper, appendix B) where they lie, without copying them. Only the one valid
/// spelling of an item passes: no long form where the short one fits, no leading zero in a length, no single byte below
/// 0x80 behind a prefix, nothing that reaches beyond what holds it.
class RlpReader final {
public:
    struct Item {
        QByteArrayView whole; ///< with its prefix
        QByteArrayView content; ///< the bytes, or a list's items
        qsizetype offset = 0; ///< of `content` in the outermost data, for messages and for a reader of the list
        bool isList = false;
    };

    /// `offset` is where `data` begins in the outermost data.
    explicit RlpReader(QByteArrayView data, qsizetype offset = 0)
        : m_data(data)
        , m_offset(offset)
    {
    }

    bool atEnd() const { return m_at == m_data.size(); }
    /// Of the next item in the outermost data.
    qsizetype position() const { return m_offset + m_at; }
    /// The next item, and goes behind it. Error Invalid; detail "<code> at byte <n>".
    Result<Item> next();
    /// Counts the items from here to the end and stays where it is. Errors as next().
    Result<qsizetype> count() const;

private:
    Result<qsizetype> longLength(qsizetype bytes);

    QByteArrayView m_data;
    qsizetype m_offset = 0;
    qsizetype m_at = 0;
};

} // namespace countersign
