#pragma once

#include "backend/proposals/compose/composition.h"
#include "backend/types/clock.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace countersign {

/// A draft at rest: what was typed so far, on this machine only, signed by nobody.
struct StoredDraft {
    QString id; ///< of this store; stays when the draft is edited
    Timestamp createdAt;
    ComposeRequest request;
};

/// The drafts of this console, one file each (composerequestjson.h), written as a whole or not at all. Blocking, small.
class DraftStore final {
public:
    static constexpr qsizetype maxDrafts = 500;

    struct Contents {
        QList<StoredDraft> drafts; ///< by creation, oldest first
        QStringList unreadable; ///< files that are no draft, with the reason: left alone
    };

    /// \a folder is made when its parent exists. \a clock outlives the store.
    DraftStore(QString folder, const Clock &clock)
        : m_folder(std::move(folder))
        , m_clock(clock)
    {
    }

    Result<Contents> load() const;
    /// Keeps a new draft; the value is its id. Exhausted when there are too many, Invalid when it could not be read
    /// again.
    Result<QString> add(const ComposeRequest &request) const;
    /// NotFound when it is not there.
    Result<void> edit(const QString &id, const ComposeRequest &request) const;
    Result<void> discard(const QString &id) const;

private:
    Result<ComposeRequest> read(const QString &id) const;

    QString m_folder;
    const Clock &m_clock;
};

// What a published proposal begins anew. Error Rejected where the transaction pays gas from the Safe, which is never
// composed here.

/// The same transaction under other words: an edit of its envelope.
Result<ComposeRequest> editOf(const Proposal &proposal);
/// Something that stands in for it at the same nonce; begins as a copy.
Result<ComposeRequest> replacementOf(const Proposal &proposal);
/// Its nonce used up by nothing.
ComposeRequest cancellationOf(const Proposal &proposal);
/// A copy for the next free nonce.
Result<ComposeRequest> copyOf(const Proposal &proposal);

} // namespace countersign
