#pragma once

#include "backend/proposals/entrycipher.h"
#include "backend/proposals/exchangedirectory.h"
#include "backend/proposals/exchangememory.h"
#include "backend/proposals/exchangesnapshot.h"
#include "backend/proposals/proposalexchange.h"
#include "backend/types/clock.h"

#include <QHash>
#include <QList>
#include <QString>

#include <memory>
#include <optional>
#include <variant>

namespace countersign {

/// Reads and writes the exchange folder: only what changed since the last time is read. Blocking; belongs to one
/// thread.
class ExchangeScan final {
public:
    static constexpr qsizetype maxFiles = 10'000;
    /// A file younger than this that cannot be parsed may still be on its way through a synchronising folder: it is
    /// looked at again.
    static constexpr qint64 settleNanoseconds = 2'000'000'000;
    static constexpr std::chrono::seconds sweepAge = std::chrono::hours(24);

    /// Without \a memory nothing is remembered from one start to the next.
    ExchangeScan(QString path, std::optional<ExchangeMemory> memory)
        : m_path(std::move(path))
        , m_memory(std::move(memory))
    {
    }

    /// What is there, with the files refused since the last run.
    Result<ExchangeSnapshot> run();
    /// After a fresh look: the place behind all that is there and all that was seen.
    Result<ChainLink> nextLink(const ExchangeLane &lane);
    /// The value is the file's name. Errors of ProposalExchange::publish.
    Result<QString> publish(ExchangeEntry entry, Publishing how);
    Result<QString> publishAttachment(const Bytes &content);
    Result<Bytes> attachment(const Hash32 &contentHash) const;
    /// A person has looked into an alarm: it stays, marked, and what is here now is what is remembered of that log.
    Result<void> accept(const ExchangeAlarm &alarm);

    QStringList warnings() const { return m_warnings; }

    /// What was closed is tried again.
    void setCipher(std::shared_ptr<const EntryCipher> cipher);

private:
    struct HeldAttachment {
        Hash32 contentHash;
        qint64 size = 0;
    };
    struct Closed {}; ///< encrypted to others
    using Content = std::variant<ExchangeEntry, HeldAttachment, Closed>;
    struct Cached {
        ExchangeDirectory::Identity identity;
        Content content;
        Hash32 entryHash; ///< zero for an attachment
    };
    using Files = QHash<QString, Cached>; // by file name
    Result<Content> decode(const QString &name, const Bytes &bytes) const;
    Result<Content> decodeSealed(const Bytes &bytes) const;
    bool isWrittenClosed(const ExchangeEntry &entry) const;
    Result<void> read();
    void readFile(const ExchangeDirectory &directory, const QString &name, Files &seen);
    void refuse(const ExchangeDirectory &directory, const QString &name, const QString &reason, RejectionCause cause);
    void restoreMisnamed(const ExchangeDirectory &directory, Files &seen);
    void rebuild();
    void compareWithMemory(const ExchangeLog &log);
    ChainLink linkBehind(const ExchangeLane &lane) const;
    Result<void> checkOwn(const ExchangeEntry &entry) const;
    const CollectedSignature *twinOf(const CollectedSignature &signature) const;

    QString m_path;
    std::optional<ExchangeMemory> m_memory;
    SystemClock m_clock; // files have the machine's time as well
    Files m_cache;
    QList<ExchangeEntry> m_misnamed; // of the run that is under way
    QList<RejectedFile> m_rejected; // not handed out yet
    ExchangeRecord m_record;
    std::optional<ExchangeSnapshot> m_last; // without its rejected files
    QHash<Hash32, Timestamp> m_since; // of alarms
    QStringList m_warnings;
    std::shared_ptr<const EntryCipher> m_cipher; // null: nothing is encrypted, and nothing can be opened
    bool m_hasSwept = false;
};

} // namespace countersign
