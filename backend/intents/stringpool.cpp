#include "backend/intents/stringpool.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <numeric>

namespace countersign {

StringPool::StringPool(quint32 capacity)
    : m_capacity(capacity)
{
    m_texts.append(QString());
    m_codes.insert(QString(), 0);
}

quint32 StringPool::intern(const QString &text)
{
    if (const auto found = m_codes.constFind(text); found != m_codes.constEnd())
        return *found;
    if (size() + 1 >= m_capacity) {
        if (size() < m_capacity)
            m_texts.append(u"(too many to tell apart)"_s);
        return size() - 1;
    }
    const quint32 code = size();
    m_texts.append(text);
    m_codes.insert(text, code);
    return code;
}

std::optional<quint32> StringPool::find(const QString &text) const
{
    const auto found = m_codes.constFind(text);
    return found == m_codes.constEnd() ? std::nullopt : std::optional(*found);
}

const QVector<quint32> &StringPool::ranks() const
{
    if (m_ranks.size() != m_texts.size()) {
        QVector<quint32> order(m_texts.size());
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::sort(order, [this](quint32 a, quint32 b) {
            const int byText = m_texts[a].compare(m_texts[b], Qt::CaseInsensitive);
            return byText != 0 ? byText < 0 : a < b;
        });
        m_ranks.resize(m_texts.size());
        for (qsizetype i = 0; i < order.size(); ++i)
            m_ranks[order[i]] = static_cast<quint32>(i);
    }
    return m_ranks;
}

} // namespace countersign
