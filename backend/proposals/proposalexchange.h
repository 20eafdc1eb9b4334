#pragma once

#include "backend/proposals/exchangesnapshot.h"
#include "backend/evm/signature.h"
#include "backend/types/error.h"

#include <QFuture>
#include <QObject>

#include <optional>

namespace countersign {

/// How an exchange is doing.
struct ExchangeStatus {
    bool hasRead = false; ///< the snapshot is of a reading, not of the beginning
    std::optional<Error> error; ///< of the last reading; the last good snapshot stays
    Timestamp readAt; ///< of the last good reading
    bool remembers = false; ///< heads are kept from one start to the next, so that a rollback shows
    QStringList warnings; ///< what weakens it, one sentence each
    friend bool operator==(const ExchangeStatus &, const ExchangeStatus &) = default;
};

/// Own entries are checked against what is there; copies of others' are taken as they are.
enum class Publishing { Own, Copy };

/// How a carrier stands to an entry.
enum class Carriage {
    Held, ///< it has it, or what of it the carrier can have
    Wanted, ///< it lacks it, and may take it
    Declined, ///< it cannot carry such a thing: publish() says why, without asking anybody
    Elsewhere, ///< of a Safe that is not its business
};

/// A carrier that would take something off again, on the word of whoever put it there.
struct DeletionOffer {
    QString carrier; ///< its name
    Hash32 safeTxHash;
    Hash32 digest; ///< what they sign; it does not hold for long
    friend bool operator==(const DeletionOffer &, const DeletionOffer &) = default;
};

/// What carries proposals, signatures and statements between the members of a Safe: a folder, a service, a QR code. A
/// carrier is never believed: every entry is checked here, and the union of all carriers is the exchange.
class ProposalExchange : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProposalExchange)

public:
    explicit ProposalExchange(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    virtual QString name() const = 0; ///< for people: "folder /srv/proposals"
    virtual const ExchangeSnapshot &snapshot() const = 0;
    virtual ExchangeStatus status() const = 0;
    virtual void refresh() = 0;
    const ExchangeItem *find(const Hash32 &safeTxHash) const { return snapshot().find(safeTxHash); }

    /// \a entryHash is that of \a entry, which callers have.
    virtual Carriage carriageOf(const Hash32 &entryHash, const ExchangeEntry & /*entry*/) const
    {
        return snapshot().set->contains(entryHash) ? Carriage::Held : Carriage::Wanted;
    }

    virtual bool carriesAttachments() const { return true; }

    /// Where the transaction can be deleted by \a author, now. Folders and files forget nothing: what is withdrawn
    /// there stays, with the withdrawal beside it.
    virtual QList<DeletionOffer> deletionOffers(const Hash32 & /*safeTxHash*/, const Address & /*author*/, Timestamp /*now*/) const
    {
        return {};
    }
    /// \a signature over the offer's digest. Success: it is not there any more. Errors of sending.
    virtual QFuture<Result<QString>> remove(DeletionOffer offer, EvmSignature signature);

    /// Where the author's next entry stands, after a fresh look and after what this console remembers. For the content
    /// that is to be signed. Errors of reading.
    virtual QFuture<Result<ChainLink>> nextLink(ExchangeLane lane) = 0;
    /// The value names the entry for people (a file name). What is there already is success and changes nothing.
    /// Conflict, for Own: the transaction has a proposal already and this is no edit of it, or the author's log has
    /// moved on since nextLink(): sign anew. Errors of writing.
    virtual QFuture<Result<QString>> publish(Proposal proposal, Publishing how = Publishing::Own) = 0;
    /// Own: the place in the log is given here, because no signature covers it; one signature an owner and hash.
    virtual QFuture<Result<QString>> publish(CollectedSignature signature, Publishing how = Publishing::Own) = 0;
    virtual QFuture<Result<QString>> publish(Statement statement, Publishing how = Publishing::Own) = 0;
    /// A transaction that nobody described; where an envelope is here, it says nothing.
    virtual QFuture<Result<QString>> publish(ImportedTransaction import, Publishing how = Publishing::Copy) = 0;
    /// Exhausted above maxAttachmentBytes.
    virtual QFuture<Result<QString>> publishAttachment(Bytes content) = 0;
    /// The content, checked against its hash. NotFound when it is not here.
    virtual QFuture<Result<Bytes>> attachment(Hash32 contentHash) = 0;

signals:
    void changed();
    void fileRejected(const countersign::RejectedFile &file);
    /// It cannot be read; the last good snapshot stays.
    void failed(const countersign::Error &error);
    /// A new alarm, once.
    void alarmed(const countersign::ExchangeAlarm &alarm);
};

} // namespace countersign
