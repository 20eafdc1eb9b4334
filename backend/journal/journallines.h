#pragma once

#include "backend/journal/journalentry.h"

#include <QByteArrayView>
#include <QMetaType>
#include <QUtf8StringView>

#include <memory>

namespace countersign {

/// A row as it is listed, without evidence and hash. The texts are views into the JournalLines that it came from.
struct JournalLine {
    qint64 id = 0;
    Timestamp at;
    JournalKind kind = JournalKind::Other;
    QUtf8StringView actor;
    QUtf8StringView subject;
    QUtf8StringView text;
};

/// Many lines, a million in a second: the texts lie one after the other in a few large pieces of memory, and what
/// repeats from line to line is kept once. Copies are handles to the same lines; a line stays where it is read from as
/// long as a handle lives.
class JournalLines final {
public:
    JournalLines();

    void reserve(qsizetype lines);
    /// Copies the texts.
    void append(qint64 id, Timestamp at, JournalKind kind, QByteArrayView actor, QByteArrayView subject,
        QByteArrayView text);
    void append(const JournalRow &row);

    qsizetype size() const;
    bool isEmpty() const { return size() == 0; }
    const JournalLine *begin() const;
    const JournalLine *end() const { return begin() + size(); }
    const JournalLine &operator[](qsizetype index) const { return begin()[index]; }

private:
    class Store;
    std::shared_ptr<Store> m_store;
};

} // namespace countersign

Q_DECLARE_TYPEINFO(countersign::JournalLine, Q_RELOCATABLE_TYPE);
Q_DECLARE_METATYPE(countersign::JournalLines)
