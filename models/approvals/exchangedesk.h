#pragma once

#include "backend/proposals/exchangelog.h"
#include "backend/proposals/proposal.h"
#include "backend/types/error.h"
#include "models/approvals/outcome.h"
#include "models/approvals/tokendesk.h"
#include "models/sources/tone.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace countersign {

/// A carrier of the exchange, as the page shows it.
struct DeskCarrier {
    QString name; ///< "folder /srv/proposals"
    Tone tone = Tone::Neutral;
    QString state; ///< one or two words
    QString detail; ///< when it was read, what weakens it, what it refused; may have several lines
    int lacking = 0; ///< entries and documents that others have and this one has not
    std::optional<DeskToken> token = {}; ///< of those that take one
    bool hasDelegates = false; ///< owners may let others propose there
};

/// What is handed over encrypted.
struct DeskPackage {
    Bytes content;
    QStringList without; ///< owners who cannot read it, because they have announced no key
};

/// What came of something that was imported.
struct TakenReport {
    QString text; ///< one sentence: what it was, and what came of it
    QStringList refused; ///< what was not taken, with the reason
    QList<Hash32> proposals; ///< safeTxHashes that it is about
    QStringList drafts; ///< ids of drafts that it became
};

/// How proposals and signatures come and go: verbs in, facts out. The application puts the carriers behind it.
class ExchangeDesk : public TokenDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExchangeDesk)

public:
    explicit ExchangeDesk(QObject *parent = nullptr)
        : TokenDesk(parent)
    {
    }

    virtual QList<DeskCarrier> carriers() const = 0;
    std::optional<DeskToken> token(const QString &origin) const override
    {
        for (const DeskCarrier &carrier : carriers()) {
            if (carrier.token && carrier.token->origin == origin)
                return carrier.token;
        }
        return std::nullopt;
    }
    /// Reads all carriers again.
    virtual void refresh() = 0;
    /// Gives each carrier what it lacks; ends in levelled().
    virtual void level() = 0;
    /// A person has looked into the alarm.
    virtual void accept(const ExchangeAlarm &alarm) = 0;
    /// All there is about these proposals, as another console or countersign-cli takes it.
    virtual Result<Bytes> pack(const QList<Hash32> &proposals) const = 0;
    /// The same for one proposal, encrypted to the owners of its Safe who have announced keys. NotFound when none has.
    virtual Result<DeskPackage> packForOwners(const Hash32 &proposal) const = 0;
    /// A packed proposal, also one that is encrypted to a key of this console, an envelope, a transaction-builder file, or a bare transaction; ends in taken(). \a from
    /// says where it came from.
    virtual void take(const Bytes &content, const QString &from) = 0;

signals:
    void carriersChanged();
    void levelled(const QString &text);
    void taken(const countersign::Outcome<countersign::TakenReport> &outcome);
};

} // namespace countersign
