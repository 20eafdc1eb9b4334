#include "backend/evm/headchain.h"

#include <algorithm>

namespace countersign {

std::optional<BlockHeader> HeadChain::tip() const
{
    return m_held.empty() ? std::nullopt : std::optional(m_held.back().header);
}

std::optional<BlockHeader> HeadChain::oldest() const
{
    return m_held.empty() ? std::nullopt : std::optional(m_held.front().header);
}

const BlockHeader *HeadChain::at(BlockNumber number) const
{
    if (m_held.empty() || number < m_held.front().header.number || number > m_held.back().header.number)
        return nullptr;
    return &m_held[number.value() - m_held.front().header.number.value()].header;
}

bool HeadChain::isLinked(const std::vector<BlockHeader> &headers)
{
    const auto broken = std::ranges::adjacent_find(headers, [](const BlockHeader &older, const BlockHeader &newer) {
        return newer.parentHash != older.hash || newer.number.value() != older.number.value() + 1;
    });
    return broken == headers.end();
}

void HeadChain::append(std::vector<BlockHeader> headers, const std::vector<EvmLog> &logs)
{
    if (headers.empty())
        return;
    const bool follows = !m_held.empty() && headers.front().parentHash == m_held.back().header.hash;
    if (!follows)
        m_held.clear();
    const size_t first = m_held.size();
    for (const BlockHeader &header : headers)
        m_held.push_back({.header = header, .logs = {}});
    for (const EvmLog &log : logs) {
        const auto block = std::find_if(m_held.begin() + static_cast<qsizetype>(first), m_held.end(),
                                        [&log](const Held &held) { return held.header.hash == log.blockHash; });
        if (block != m_held.end())
            block->logs.push_back(log);
    }
    while (static_cast<qsizetype>(m_held.size()) > m_keep)
        m_held.pop_front();
}

std::vector<HeadChain::Held> HeadChain::removeAbove(std::optional<BlockNumber> ancestor)
{
    std::vector<Held> removed;
    while (!m_held.empty() && (!ancestor || m_held.back().header.number > *ancestor)) {
        removed.push_back(std::move(m_held.back()));
        m_held.pop_back();
    }
    return removed;
}

} // namespace countersign
