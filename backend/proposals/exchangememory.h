#pragma once

#include "backend/proposals/exchangelog.h"

#include <QString>

#include <set>

namespace countersign {

/// What a console must not forget about an exchange: the last entry that it saw of each log, and the alarms that a
/// person has looked into.
struct ExchangeRecord {
    LaneHeads heads;
    std::set<Hash32> accepted; ///< ids of alarms
    friend bool operator==(const ExchangeRecord &, const ExchangeRecord &) = default;
};

inline constexpr qsizetype maxRecordBytes = 4 * 1024 * 1024;
inline constexpr qsizetype maxRecordLanes = 5'000;
inline constexpr qsizetype maxAcceptedAlarms = 2'000;

/// JSON in the form of proposaljson.h. Errors Invalid, Exhausted.
Result<ExchangeRecord> recordFromJson(QByteArrayView file);
Bytes recordToJson(const ExchangeRecord &record);

/// The record as a file of this console, outside of what others can write. Consoles that share it (two windows of one
/// person) take turns and never turn it back. Blocking.
class ExchangeMemory final {
public:
    /// \a folder is made when its parent exists; \a name tells several exchanges apart.
    ExchangeMemory(QString folder, QString name)
        : m_folder(std::move(folder))
        , m_name(std::move(name))
    {
    }

    /// Empty when there is none yet. Corrupt when there is one that cannot be read: what was seen is then unknown,
    /// which is for a person to judge; and the errors of the folder.
    Result<ExchangeRecord> load() const;
    /// Adds what is new: heads move up only, accepted alarms are joined. The value is what stands afterwards.
    Result<ExchangeRecord> remember(const ExchangeRecord &record) const;
    /// Puts a head where it is, up or down, and accepts an alarm: after a person said so. \a head null: forgets the
    /// log.
    Result<ExchangeRecord> accept(const Hash32 &alarm, const ExchangeLane &lane, const LaneHead *head) const;
    /// Sets a record that cannot be read aside and begins anew.
    Result<void> restart() const;

private:
    QString fileName() const { return m_name + QStringLiteral(".heads.json"); }

    QString m_folder;
    QString m_name;
};

} // namespace countersign
