#pragma once

#include <QHash>
#include <QString>
#include <QVector>

#include <optional>

namespace countersign {

/// Gives every different text a small number, once. Code 0 is the empty text. When the pool is full, further texts share the last code,
/// whose text says so: what is shown is then vague, never wrong.
class StringPool final
{
public:
    explicit StringPool(quint32 capacity = 65'535);

    quint32 intern(const QString &text);
    std::optional<quint32> find(const QString &text) const;
    const QString &text(quint32 code) const { return m_texts.at(code); }
    quint32 size() const { return static_cast<quint32>(m_texts.size()); }

    /// Position of each code in the order of the texts, for sorting by a code column. Changes when the pool grows.
    const QVector<quint32> &ranks() const;

private:
    quint32 m_capacity;
    QVector<QString> m_texts;
    QHash<QString, quint32> m_codes;
    mutable QVector<quint32> m_ranks;
};

} // namespace countersign
