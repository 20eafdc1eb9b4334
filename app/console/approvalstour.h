#pragma once

#include "app/console/application.h"
#include "app/console/toursteps.h"
#include "backend/safe/safetransaction.h"

namespace countersign {

/// The tour's way through the page Approvals. On a practice network it really proposes, signs, executes, quarrels and
/// tampers, so that each picture is of the state it is named after; anywhere else it opens what is there and changes
/// nothing.
class ApprovalsTour final : public TourSteps {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalsTour)

public:
    using TourSteps::TourSteps;

    QVector<TourStop> stops();

private:
    enum Made { Revocation, Vault, Burnt, First, Second, Instead, Late }; ///< proposals

    void planComposing();
    void planReview();
    void planSaying();
    void planSigning();
    void planExecution();
    void planSiblings();
    void planOverriding();
    void planSealing();
    void planFailure();
    void planAfterwards();
    void planBurning();
    void planRivals();
    void planEndings();
    void planAlarm();

    /// A request to pause a vault of the first chain.
    ComposeRequest pause(qsizetype vault) const;
    ComposeRequest pauseBoth() const;
    /// A picture of the reviewed proposal when it stands so.
    void standing(const QString &name, int id, ProposalStage stage);
    static DeskCarrier madeUpService();
    /// What another tool made: its call fails, and uses the nonce up all the same.
    SafeTransaction burning() const;
    JsonRpcCall sendFrom(const Address &owner, const Bytes &data) const;
    QString party(bool last) const;
    const ChainSettings &chain() const { return m_application.environment().chains.constFirst(); }

    bool m_overrides = false; ///< there was something to override
    SafeTransaction m_burning;
};

} // namespace countersign
