#pragma once

#include "backend/proposals/exchangedirectory.h"
#include "backend/proposals/proposal.h"
#include "backend/proposals/proposalfolder.h"

#include <QHash>
#include <QList>
#include <QString>

#include <variant>

namespace countersign {

/// Reads the exchange folder again and again, and only what changed since the last time. Blocking; belongs to one
/// thread.
class ExchangeScan final {
public:
    static constexpr qsizetype maxFiles = 10'000;
    /// A file younger than this that cannot be parsed may still be on its way through a synchronising folder: it is
    /// looked at again.
    static constexpr qint64 settleNanoseconds = 2'000'000'000;

    explicit ExchangeScan(QString path)
        : m_path(std::move(path))
    {
    }

    /// Items in order of creation, and the files refused in this run.
    Result<ExchangeSnapshot> run();
    /// Writes a new file. With \a existingIsGood a name that is taken is success.
    Result<QString> write(const QString &name, const Bytes &content, bool existingIsGood);

    static QString proposalFileName(const Hash32 &safeTxHash);
    static QString signatureFileName(const Hash32 &safeTxHash, const Address &owner);

private:
    struct Cached {
        ExchangeDirectory::Identity identity;
        std::variant<Proposal, CollectedSignature> content;
    };
    static Result<std::variant<Proposal, CollectedSignature>> decode(const QString &name, const Bytes &bytes);

    QString m_path;
    QHash<QString, Cached> m_cache; // by file name
};

} // namespace countersign
