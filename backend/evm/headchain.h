#pragma once

#include "backend/evm/chaintypes.h"

#include <deque>
#include <optional>
#include <vector>

namespace countersign {

/// The newest headers of a chain as we hold them, linked by parent hash without a gap, and the logs that stood on them.
/// Pure: what BlockFollower decides from, without a node.
class HeadChain final {
public:
    struct Held {
        BlockHeader header;
        std::vector<EvmLog> logs;
    };

    explicit HeadChain(qsizetype keep) : m_keep(keep) {}

    bool isEmpty() const { return m_held.empty(); }
    std::optional<BlockHeader> tip() const;
    std::optional<BlockHeader> oldest() const;
    /// The header that we hold at a height.
    const BlockHeader *at(BlockNumber number) const;

    /// Everything held, oldest first.
    std::vector<Held> all() const { return {m_held.begin(), m_held.end()}; }

    /// Whether `headers` link to each other, each to the hash before.
    static bool isLinked(const std::vector<BlockHeader> &headers);

    /// Appends linked headers and the logs on them; headers that do not follow the tip replace everything held (a gap
    /// that is wider than we keep). Logs of blocks not among the headers are ignored. The oldest beyond `keep` are let go.
    void append(std::vector<BlockHeader> headers, const std::vector<EvmLog> &logs);

    /// Removes what stands above `ancestor`, or everything; newest first.
    std::vector<Held> removeAbove(std::optional<BlockNumber> ancestor);

private:
    qsizetype m_keep;
    std::deque<Held> m_held;
};

} // namespace countersign
