#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"
#include "backend/types/timestamp.h"

#include <QString>

#include <map>
#include <optional>
#include <set>

namespace countersign {

/// When this console first saw each proposal, by its safeTxHash and by the console's own clock.
using FirstSights = std::map<Hash32, Timestamp>;

inline constexpr size_t maxSightings = 10'000;
inline constexpr qsizetype maxSightingBytes = 4 * 1024 * 1024;

/// JSON in the form of proposaljson.h. Errors Invalid, Exhausted.
Result<FirstSights> sightingsFromJson(QByteArrayView file);
Bytes sightingsToJson(const FirstSights &sights);

/// What stands after something was remembered.
struct RememberedSights {
    FirstSights sights;
    QString lost; ///< what was not kept, or was lost before, for people; empty: nothing
};

/// The first sights as a file of this console, outside of what others can write. Consoles that share it take turns, and
/// the earlier time stands. What it loses counts as never seen, which makes people wait longer and never shorter.
/// Blocking.
class SightingMemory final {
public:
    /// \a folder is made when its parent exists.
    explicit SightingMemory(QString folder)
        : m_folder(std::move(folder))
    {
    }

    /// Where a console keeps it: beside its \a journal, a path; absent without one.
    static std::optional<SightingMemory> besideJournal(const QString &journal);

    /// Empty when there is none yet. Corrupt when there is one that cannot be read; and the errors of the folder.
    Result<FirstSights> load() const;
    /// Adds \a seen. A file that cannot be read is set aside, and a new one begun. When there is no room, those that
    /// are not \a present go first, the oldest first; then the youngest. The errors of the folder.
    Result<RememberedSights> remember(const FirstSights &seen, const std::set<Hash32> &present) const;

private:
    QString m_folder;
};

} // namespace countersign
