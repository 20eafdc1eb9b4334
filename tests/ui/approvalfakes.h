#pragma once

#include "backend/types/strings.h"
#include "models/approvals/approvaldesk.h"
#include "models/approvals/composedesk.h"
#include "models/approvals/exchangedesk.h"
#include "tests/ui/delegationfake.h"
#include "tests/ui/publicationfake.h"
#include "ui/widgets/prompter.h"

#include <QStringList>

#include <functional>
#include <optional>
#include <utility>

namespace countersign {

/// A desk that notes what it was asked, and answers what the test says.
class FakeDesk final : public ApprovalDesk {
public:
    QList<DeskHolder> holders() const override { return {{u"alice"_s, address, true}, {u"bob"_s, {}, false}}; }
    QString holder() const override { return name; }
    void chooseHolder(const QString &chosen) override
    {
        name = chosen;
        emit holderChanged();
    }
    KeyEvidence evidence() const override
    {
        KeyEvidence evidence;
        evidence.custody = KeyCustody::HardwareBound;
        evidence.address = address;
        return evidence;
    }
    QString pinHint() const override { return {}; }
    void review(const Hash32 &id) override
    {
        if (onReview)
            onReview(id);
    }
    void prepareSigner() override
    {
        ++prepared;
        emit signerPrepared({need});
    }
    void propose(const QList<ProposalDraft> &drafts, const QList<Bytes> &documents, SecretBuffer pin) override
    {
        proposedDocuments = documents;
        proposedDrafts = drafts;
        proposedReason = drafts.first().rationale;
        pinLength = pin.size();
    }
    void sign(const Hash32 &id, const Hash32 &shown, const DeviceComparison &comparison, SecretBuffer pin) override
    {
        ++signs;
        signedId = id;
        shownId = shown;
        compared = comparison;
        pinLength = pin.size();
        isRight = pin.view() == QByteArrayView("1234");
    }
    void signSealed(const Hash32 &id, const Hash32 &shown, const DeviceComparison &comparison,
        const DeskExecutor &executor, SecretBuffer pin) override
    {
        sealedFor = executor.address;
        sign(id, shown, comparison, std::move(pin));
    }
    QList<DeskExecutor> executors(const Hash32 &) const override { return possibleExecutors; }
    QStringList sealedProblems(const Hash32 &) const override { return unopened; }
    QList<DeskKeyPlace> keyPlaces() const override { return places; }
    void announceKey(ChainId chain, SecretBuffer pin) override
    {
        announcedFor = chain;
        saidKind = StatementKind::EncryptionKey;
        pinLength = pin.size();
    }
    void quote(const Hash32 &) override { emit quoted({fees}); }
    void amend(ExecutionAct act, SecretBuffer pin) override
    {
        acts.append(act);
        pinLength = pin.size();
    }
    void say(StatementKind kind, const Hash32 &, const QString &text, SecretBuffer pin) override
    {
        saidKind = kind;
        saidText = text;
        pinLength = pin.size();
    }
    PublicationDesk &publication() override { return sources; }
    DelegateDesk &delegates() override { return delegation; }
    void acknowledge(ChainId, const Address &safe, const QList<LaneHead> &heads, SecretBuffer pin) override
    {
        saidKind = StatementKind::Acknowledgement;
        saidText = safe.toString();
        acknowledged = heads;
        pinLength = pin.size();
    }
    void overrideFinding(const Hash32 &, const QString &finding, const QString &reason, SecretBuffer pin) override
    {
        saidKind = StatementKind::Override;
        overridden = finding;
        saidText = reason;
        pinLength = pin.size();
    }
    void retract(const Hash32 &, const Hash32 &override, const QString &reason, SecretBuffer pin) override
    {
        saidKind = StatementKind::Retraction;
        retracted = override;
        saidText = reason;
        pinLength = pin.size();
    }
    QStringList deletableAt(const Hash32 &) const override { return deletable; }
    void withdraw(const Hash32 &, const QString &text, bool deletes, SecretBuffer pin) override
    {
        saidKind = StatementKind::Withdrawal;
        saidText = text;
        isDeleted = deletes;
        pinLength = pin.size();
    }
    void reportMismatch(
        const Hash32 &, const QString &shownByDevice, const QString &, std::optional<SecretBuffer> pin) override
    {
        saidKind = StatementKind::MismatchReport;
        saidText = shownByDevice;
        isSigned = pin.has_value();
    }
    void acknowledgeIncidents(const Hash32 &, const QString &) override { }
    QList<Hash32> siblings(const Hash32 &) const override { return {}; }
    QList<ApprovalRecord> records(const Hash32 &) const override { return {}; }
    void execute(const Hash32 &, SecretBuffer pin) override { pinLength = pin.size(); }
    void readAttachment(const Hash32 &) override { emit attachmentRead({attachment}); }
    void findDeployments(const Hash32 &) override { emit deploymentsFound({deployments}); }
    QString environmentFile() const override { return profile; }
    void noteEnvironment(const Hash32 &, const QString &what, const QString &) override { noted.append(what); }
    bool isBusy() const override { return false; }
    void refresh() override { ++refreshes; }

    QString name = u"alice"_s;
    Address address = Address::fromBytes(QByteArray(20, '\x11')).value();
    Result<FeeQuote> fees = cheap();
    DeviceComparison compared;
    QList<ExecutionAct> acts;
    StatementKind saidKind = StatementKind::Acknowledgement;
    QString saidText;
    QString overridden;
    Hash32 retracted;
    QList<LaneHead> acknowledged;
    bool isSigned = false;
    bool isDeleted = false;
    FakePublication sources;
    FakeDelegation delegation;
    QStringList deletable;
    Result<UnlockNeed> need = UnlockNeed{UnlockNeed::Kind::Pin, PinTries::Normal, u"alice's token"_s, {}};
    static FeeQuote cheap()
    {
        FeeQuote quote;
        quote.worstCase = Uint256(2);
        quote.balance = Uint256(3);
        return quote;
    }
    std::optional<Address> sealedFor;
    QList<DeskExecutor> possibleExecutors;
    QStringList unopened;
    QList<DeskKeyPlace> places{{ChainId(1), u"ethereum"_s, {}}, {ChainId(137), u"polygon"_s, {}}};
    ChainId announcedFor;
    int prepared = 0;
    int refreshes = 0;
    std::function<void(const Hash32 &)> onReview;
    int signs = 0;
    Hash32 signedId;
    Hash32 shownId;
    qsizetype pinLength = -1;
    bool isRight = false;
    QString proposedReason;
    QList<ProposalDraft> proposedDrafts;
    Result<Bytes> attachment;
    QString profile; ///< file of the environment
    Result<QList<DeploymentVerification>> deployments;
    QStringList noted;
    QList<Bytes> proposedDocuments;
};

/// Asks nobody.
class SilentPrompter final : public Prompter {
public:
    void askSaveFile(QWidget *, const SaveRequest &, std::function<void(const QString &)> done) override
    {
        if (!save.isEmpty())
            done(save);
    }
    void askOpenFiles(QWidget *, const OpenRequest &, std::function<void(const QStringList &)> done) override
    {
        if (!open.isEmpty())
            done(open);
    }
    void tell(QWidget *, const QString &, const QString &) override { }
    void confirm(QWidget *, const ConfirmRequest &, std::function<void(bool)> done) override { done(true); }

    QString save; ///< what the person chooses; empty: nothing
    QStringList open;
};

/// Carries nothing, and notes what it was given.
class FakeExchangeDesk final : public ExchangeDesk {
public:
    QList<DeskCarrier> carriers() const override { return known; }
    void refresh() override { }
    void level() override { ++levels; }
    void accept(const ExchangeAlarm &alarm) override { accepted.append(alarm); }
    Result<Bytes> pack(const QList<Hash32> &proposals) const override { return proposals.first().toString().toUtf8(); }
    Result<DeskPackage> packForOwners(const Hash32 &proposal) const override
    {
        return DeskPackage{proposal.toString().toUtf8(), unreachable};
    }
    void take(const Bytes &content, const QString &from) override
    {
        contents.append(content);
        takenFrom = from;
    }
    void keepToken(const QString &origin, SecretBuffer token) override
    {
        tokenOrigin = origin;
        tokenLength = token.size();
        emit tokenKept({u"In use."_s});
    }
    void removeToken(const QString &origin) override
    {
        tokenOrigin = origin;
        tokenLength = 0;
        emit tokenKept({u"Removed."_s});
    }

    QList<DeskCarrier> known{{u"folder /srv/proposals"_s, Tone::Good, u"live"_s, u"Read a second ago."_s, 0}};
    QList<ExchangeAlarm> accepted;
    QList<Bytes> contents;
    QString takenFrom;
    QStringList unreachable;
    QString tokenOrigin;
    qsizetype tokenLength = -1;
    int levels = 0;
};

/// Composes what the test says, and keeps drafts in memory.
class FakeComposer final : public ComposeDesk {
public:
    QList<DeskChain> chains() const override { return {{ChainId(1), u"ethereum"_s}, {ChainId(137), u"polygon"_s}}; }
    QList<DeskDependency> openProposals() const override { return open; }
    QStringList artifacts() const override { return {u"TreasuryAdapter"_s}; }
    QList<DeskParameter> parameters(const QString &artifact, const QByteArray &) const override
    {
        return artifact.isEmpty() ? QList<DeskParameter>()
                                  : QList<DeskParameter>{{u"vault_"_s, u"address"_s}, {u"limit_"_s, u"uint256"_s}};
    }
    QStringList suggestions(FieldKind) const override { return {u"Settlement"_s}; }
    void compose(const ComposeRequest &request) override
    {
        ++composes;
        asked = request;
        emit composed({answer});
    }
    void stopComposing() override { }
    QList<DeskDraft> drafts() const override { return kept; }
    Result<QString> keepDraft(const QString &id, const ComposeRequest &request) override
    {
        kept = {{id.isEmpty() ? u"one"_s : id, request}};
        emit draftsChanged();
        return kept.first().id;
    }
    Result<void> discardDraft(const QString &) override
    {
        kept.clear();
        return {};
    }

    QList<DeskDependency> open;
    int composes = 0;
    ComposeRequest asked;
    Result<Composition> answer = Composition{};
    QList<DeskDraft> kept;
};

inline Composition goodComposition()
{
    ComposedProposal proposal;
    proposal.chainId = ChainId(1);
    proposal.draft.title = u"Revoke the key of Settlement"_s;
    proposal.draft.promises = {{u"CantonKeyRegistry.cantonPartyToKey(0x22)"_s, u"0xaa"_s, u"none"_s}};
    return {{proposal}, {}};
}

inline Review someReview(const FakeDesk &desk)
{
    Review review;
    review.sentence = u"Revoke the key of Settlement."_s;
    review.chainName = u"ethereum"_s;
    review.threshold = 2;
    review.hashes.safeTx
        = Hash32::parse(u"0x00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"_s).value();
    review.signers = {{desk.address, u"alice"_s, false, {}}, {Address(), u"bob"_s, false, {}}};
    review.effects = {{u"Canton key of Settlement"_s, u"CantonKeyRegistry.cantonPartyToKey(0x22)"_s, u"0xaa"_s,
        u"none"_s, u"none"_s}};
    return review;
}

} // namespace countersign
