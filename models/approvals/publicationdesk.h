#pragma once

#include "backend/proposals/execution/executionreport.h"
#include "backend/proposals/flowstep.h"
#include "models/approvals/tokendesk.h"

#include <QList>
#include <QStringList>

namespace countersign {

/// A server on which the environment lets sources be published.
struct DeskPublisher {
    QString id; ///< within the environment
    QString name; ///< "the Sourcify server https://sourcify.dev/server"
    QString keyOrigin; ///< whose API key it wants; empty: none
    friend bool operator==(const DeskPublisher &, const DeskPublisher &) = default;
};

/// What a server made of what was sent.
struct PublishedSources {
    int verified = 0; ///< contracts that it found these sources to make
    int known = 0; ///< contracts whose sources it had already
    QStringList entries; ///< where each is found there
};

/// Publishing the sources of what an execution created. The keys that it takes are API keys of block explorers.
class PublicationDesk : public TokenDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PublicationDesk)

public:
    explicit PublicationDesk(QObject *parent = nullptr)
        : TokenDesk(parent)
    {
    }

    /// For the chain of that proposal; empty: nowhere, which is how it comes.
    virtual QList<DeskPublisher> publishers(const Hash32 &id) const = 0;
    /// Why nothing of that proposal can be published; empty when it can.
    virtual QString hindrance(const Hash32 &id) const = 0;
    /// Asks the keychain whether it has the key; ends in tokenLookedUp().
    virtual void lookUpToken(const QString &origin) = 0;
    /// What would leave this machine, a line each. Errors when one of the contracts is none of ours, or not verified.
    virtual Result<QStringList> contents(const ExecutionReport &report, const DeskPublisher &publisher) const = 0;
    /// What an executed proposal created, from the chain again; ends in found().
    virtual void find(const Hash32 &id) = 0;
    /// Recorded, then sent; ends in published().
    virtual void publish(const ExecutionReport &report, const DeskPublisher &publisher) = 0;
    /// No longer waits; what was sent stays sent. Ends the run in published().
    virtual void stop() = 0;

signals:
    void stepChanged(const countersign::FlowStep &step);
    void tokenLookedUp(const QString &origin);
    void found(const countersign::Outcome<countersign::ExecutionReport> &outcome);
    void published(const countersign::Outcome<countersign::PublishedSources> &outcome);
};

} // namespace countersign
