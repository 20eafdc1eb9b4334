#pragma once

#include "backend/proposals/proposal.h"
#include "backend/types/clock.h"

#include <QList>
#include <QString>

namespace countersign {

/// A draft at rest: on this machine only, signed by nobody, in ProposalStage::Draft.
struct StoredDraft {
    QString id; ///< of this store; stays when the draft is edited
    ProposalDraft draft;
};

/// The drafts of this console, one file each (draftToJson), written as a whole or not at all. Blocking, small.
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
    Result<QString> add(const ProposalDraft &draft) const;
    /// NotFound when it is not there.
    Result<void> edit(const QString &id, const ProposalDraft &draft) const;
    /// A copy with the present time, and no edit or replacement of anything; the value is its id.
    Result<QString> clone(const QString &id) const;
    Result<void> discard(const QString &id) const;

    /// A draft that begins an edit of a published proposal: the same transaction, and it names the envelope before.
    static ProposalDraft editOf(const Proposal &proposal, Timestamp now);
    /// A draft that is to stand in for a published proposal at the same nonce.
    static ProposalDraft replacementOf(const Proposal &proposal, Timestamp now);

private:
    Result<ProposalDraft> read(const QString &id) const;

    QString m_folder;
    const Clock &m_clock;
};

} // namespace countersign
