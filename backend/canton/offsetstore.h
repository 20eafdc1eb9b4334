#pragma once

#include "backend/types/ids.h"

#include <QHash>
#include <QString>

#include <optional>

namespace countersign {

/// Where a follower leaves the offset up to which everything was delivered. Who keeps derived data in a store writes
/// both in one transaction; who keeps nothing uses MemoryOffsetStore and starts from the active contracts each time.
class OffsetStore {
public:
    OffsetStore() = default;
    OffsetStore(const OffsetStore &) = delete;
    OffsetStore &operator=(const OffsetStore &) = delete;
    virtual ~OffsetStore() = default;

    [[nodiscard]] virtual std::optional<Offset> load(const QString &stream) const = 0;
    virtual void save(const QString &stream, Offset offset) = 0;
    virtual void clear(const QString &stream) = 0;
};

class MemoryOffsetStore final : public OffsetStore {
public:
    [[nodiscard]] std::optional<Offset> load(const QString &stream) const override
    {
        const auto found = m_offsets.constFind(stream);
        return found == m_offsets.cend() ? std::nullopt : std::optional(*found);
    }
    void save(const QString &stream, Offset offset) override { m_offsets.insert(stream, offset); }
    void clear(const QString &stream) override { m_offsets.remove(stream); }

private:
    QHash<QString, Offset> m_offsets;
};

} // namespace countersign
