#include "app/console/deciding.h"

#include "backend/proposals/compose/siblings.h"
#include "backend/proposals/execution/dependencies.h"
#include "backend/proposals/flowjournal.h"
#include "backend/proposals/incidents.h"
#include "backend/proposals/policypastreading.h"
#include "backend/proposals/proposeflow.h"
#include "backend/proposals/signingflow.h"
#include "backend/proposals/statementflow.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <algorithm>

namespace countersign {

Deciding::Deciding(
    const Environment &environment, Journal &journal, const Clock &clock, SecretStore *secrets, QObject *parent)
    : ApprovalDesk(parent)
    , m_environment(environment)
    , m_journal(journal)
    , m_clock(clock)
    , m_keys(environment)
    , m_setup(environment)
    , m_sightings(m_setup.exchange(), SightingMemory::besideJournal(environment.journal), clock)
    , m_board(environment, m_setup.exchange(), clock)
    , m_sealing(environment, m_setup, m_board, secrets)
    , m_reader(environment, clock)
    , m_composing(environment, m_setup.exchange(), m_reader, clock)
    , m_exchanging(environment, m_setup, m_composing, m_sealing, clock)
    , m_executing(environment, journal, m_board, m_sealing)
    , m_publishing(environment, journal, m_board, m_executing, secrets)
    , m_delegating(environment, m_setup, m_keys, journal, clock)
    , m_queue(m_board)
    , m_discussion(environment)
    , m_lanes(environment, m_board, m_setup.exchange(), clock)
    , m_notices(m_setup.exchange())
    , m_acknowledgements(environment, m_board, m_setup.exchange())
{
    if (secrets) {
        m_tokens = std::make_unique<ServiceTokens>(m_setup.services(), *secrets);
        m_exchanging.setTokens(*m_tokens);
    }
    // SoftHSM reads its configuration from here and nowhere else.
    if (environment.practice)
        qputenv("SOFTHSM2_CONF", environment.practice->softhsmConfig.toLocal8Bit());
    const auto policy = Policy::loadFor(environment);
    if (policy)
        m_policy = policy->id();
    m_reader.setPolicy(policy);
    m_reader.setPast([this](ReviewSubject subject, ReviewActor actor) {
        return readPolicyPast(m_setup.exchange(), m_sightings, m_journal, m_environment, std::move(subject), actor);
    });
    m_reader.setDocuments([this](const Hash32 &hash) { return m_setup.exchange().attachment(hash); });
    m_setup.follow(m_board);
    connect(&m_sealing, &Sealing::changed, this, &ApprovalDesk::sealedChanged);
    m_composing.setOpen([this](const Hash32 &id) {
        const BoardEntry *entry = m_board.find(id);
        return entry && isOpen(entry->standing.stage);
    });
    connect(&m_board, &ProposalBoard::changed, this, &Deciding::reviewAgainWhenChanged);
    connect(&m_publishing, &PublicationDesk::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(&m_delegating, &DelegateDesk::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(&m_executing, &Executing::quoted, this, &ApprovalDesk::quoted);
    connect(&m_executing, &Executing::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(&m_executing, &Executing::reviewed, &m_review, &ReviewModel::setReview);
    connect(&m_executing, &Executing::dropped, this, &ApprovalDesk::dropped);
    connect(&m_executing, &Executing::included, this, &ApprovalDesk::included);
    connect(&m_executing, &Executing::amended, this, &ApprovalDesk::amended);
    connect(&m_executing, &Executing::executed, this, [this](const auto &outcome) {
        endFlow();
        emit executed(outcome);
    });
}

Deciding::~Deciding() = default;

void Deciding::start()
{
    m_setup.start();
    if (m_tokens)
        m_tokens->start();
    m_board.refresh();
    m_executing.noteSubmissions();
    if (m_holder.isEmpty()) {
        const QList<DeskHolder> all = holders();
        const auto own = std::ranges::find(all, true, &DeskHolder::hasToken);
        if (own != all.end())
            chooseHolder(own->name);
    }
}

QList<DeskHolder> Deciding::holders() const
{
    QList<DeskHolder> all;
    for (const HolderSettings &holder : m_environment.holders)
        all.append({holder.name, holder.address, holder.pkcs11.has_value()});
    return all;
}

const HolderSettings *Deciding::holderSettings() const
{
    return m_keys.settings(m_holder);
}

void Deciding::chooseHolder(const QString &name)
{
    if (isBusy() || name == m_holder)
        return;
    m_holder = name;
    const HolderSettings *chosen = holderSettings();
    const std::optional<Address> address = chosen ? std::optional(chosen->address) : std::nullopt;
    m_board.setHolder(address);
    m_sealing.setHolder(address);
    m_publishing.setHolder(name);
    m_delegating.setHolder(name);
    m_review.setHolder(address);
    m_composing.setAuthor(address.value_or(Address()), m_policy);
    emit holderChanged();
    if (m_reviewed) // a policy says other things to another person
        review(*m_reviewed);
}

KeyEvidence Deciding::evidence() const
{
    return m_keys.evidence(m_holder);
}

QString Deciding::pinHint() const
{
    return m_environment.practice ? tr("The PINs of the practice tokens stand in %1.").arg(m_environment.practice->pins)
                                  : QString();
}

Result<Signer *> Deciding::signer()
{
    return m_keys.signer(m_holder);
}

void Deciding::prepareSigner()
{
    spawn(runPrepare());
}

QCoro::Task<> Deciding::runPrepare()
{
    const std::stop_token stop = m_scope.token();
    const Result<Signer *> key = signer();
    if (!key) {
        emit signerPrepared({std::unexpected(key.error())});
        co_return;
    }
    const Result<UnlockNeed> need = co_await (*key)->prepare();
    if (stop.stop_requested())
        co_return;
    emit signerPrepared({need});
}

QList<ExchangeItem> Deciding::othersThan(const Hash32 &id) const
{
    QList<ExchangeItem> others;
    for (const ExchangeItem &item : m_setup.exchange().snapshot().items) {
        if (item.id() != id)
            others.append(item);
    }
    return others;
}

Deciding::Aspects Deciding::aspectsOf(const BoardEntry &entry) const
{
    const ExchangeSet &set = *m_setup.exchange().snapshot().set;
    const auto documents = std::ranges::count_if(entry.item.proposal.attachments,
        [&set](const Attachment &attachment) { return set.attachments().contains(attachment.contentHash); });
    return {entry.item.envelope(), entry.item.statements.size(), acknowledgersOf(set, entry.item.proposal).size(), documents, entry.standing.have,
        entry.standing.stage};
}

ReviewActor Deciding::actorFor(const ExchangeItem &item) const
{
    const HolderSettings *chosen = holderSettings();
    const BoardEntry *entry = m_board.find(item.id());
    const SafeFacts *facts = m_board.facts(item.proposal.chainId);
    if (!chosen || !entry || !facts)
        return {};
    const bool mayStillSign = facts->state.isOwner(chosen->address)
        && std::ranges::none_of(item.signatures,
            [&](const CollectedSignature &signature) { return signature.owner == chosen->address; });
    const bool isReady = entry->standing.stage == ProposalStage::Ready || entry->standing.stage == ProposalStage::Executing;
    if (isReady && (!mayStillSign || item.proposal.proposer == chosen->address))
        return {PolicyStage::Execute, chosen->address};
    return {PolicyStage::Sign, mayStillSign ? std::optional(chosen->address) : std::nullopt};
}

void Deciding::review(const Hash32 &id)
{
    m_reviewed = id;
    if (const BoardEntry *entry = m_board.find(id))
        m_reviewedAs = aspectsOf(*entry);
    spawn(runReview(id));
}

QCoro::Task<> Deciding::runReview(Hash32 id)
{
    m_reviewScope.restart();
    const std::stop_token stop = m_reviewScope.token();
    const ExchangeItem *item = m_setup.exchange().find(id);
    if (!item) {
        m_review.setFailed({ErrorKind::NotFound, tr("This proposal is no longer in the exchange."), {}});
        co_return;
    }
    if (const QString outcome = m_executing.outcome(id); !outcome.isEmpty()) {
        const QList<ApprovalRecord> kept = m_executing.records(id);
        const auto executed = std::ranges::find(kept, RecordedAct::Executed, &ApprovalRecord::act);
        if (!kept.isEmpty()) {
            m_review.setExecuted((executed == kept.end() ? kept.constFirst() : *executed).review, outcome);
            co_return;
        }
    }
    m_review.setLoading();
    const Result<Review> review
        = co_await m_reader.review(m_sealing.here(*item), othersThan(id), stop, actorFor(*item));
    if (stop.stop_requested())
        co_return;
    if (!review)
        m_review.setFailed(review.error());
    else if (const QString outcome = m_executing.outcome(id); !outcome.isEmpty())
        m_review.setExecutedElsewhere(*review, outcome);
    else
        m_review.setReview(*review);
}

void Deciding::reviewAgainWhenChanged()
{
    // The chain's head moves all the time; a review is renewed when what it is about has moved.
    if (!m_reviewed || isBusy())
        return;
    const BoardEntry *entry = m_board.find(*m_reviewed);
    if (entry && aspectsOf(*entry) != m_reviewedAs)
        review(*m_reviewed);
}

void Deciding::endFlow()
{
    // The flow is still on the stack of its own signal.
    if (m_flow)
        m_flow.release()->deleteLater();
    m_setup.exchange().refresh();
    m_board.refresh();
    if (m_reviewed)
        review(*m_reviewed);
}

void Deciding::propose(const QList<ProposalDraft> &drafts, const QList<Bytes> &documents, SecretBuffer pin)
{
    const Result<Signer *> key = signer();
    if (!key || isBusy() || drafts.isEmpty()) {
        emit proposed({key ? fail(ErrorKind::Conflict, tr("Another step is running.")) : std::unexpected(key.error())});
        return;
    }
    auto flow = std::make_unique<ProposeFlow>(m_setup.exchange(), m_journal, **key, m_holder);
    connect(flow.get(), &ProposeFlow::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(flow.get(), &ProposeFlow::finished, this, [this](const auto &result) {
        endFlow();
        emit proposed({result});
    });
    ProposeFlow *running = flow.get();
    m_flow = std::move(flow);
    running->start(drafts, std::move(pin), documents);
}

void Deciding::sign(
    const Hash32 &id, const Hash32 &shownHash, const DeviceComparison &comparison, SecretBuffer pin)
{
    startSigning(id, shownHash, comparison, std::nullopt, std::move(pin));
}

void Deciding::signSealed(const Hash32 &id, const Hash32 &shownHash, const DeviceComparison &comparison,
    const DeskExecutor &executor, SecretBuffer pin)
{
    startSigning(id, shownHash, comparison, MemberKey{executor.address, executor.key, {}}, std::move(pin));
}

void Deciding::startSigning(const Hash32 &id, const Hash32 &shownHash, const DeviceComparison &comparison,
    const std::optional<MemberKey> &executor, SecretBuffer pin)
{
    const Result<Signer *> key = signer();
    const ExchangeItem *item = m_setup.exchange().find(id);
    if (!key || !item || isBusy()) {
        emit signatureCollected(
            {!key ? std::unexpected(key.error())
                  : fail(ErrorKind::Conflict, item ? tr("Another step is running.") : tr("The proposal is gone."))});
        return;
    }
    auto flow = std::make_unique<SigningFlow>(m_reader, m_setup.exchange(), m_journal, **key, m_clock, m_holder);
    connect(flow.get(), &SigningFlow::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(flow.get(), &SigningFlow::reviewed, &m_review, &ReviewModel::setReview);
    connect(flow.get(), &SigningFlow::finished, this, [this](const auto &result) {
        endFlow();
        emit signatureCollected({result});
    });
    if (executor)
        flow->sealFor(*executor);
    SigningFlow *running = flow.get();
    m_flow = std::move(flow);
    running->start(*item, shownHash, comparison, std::move(pin));
}

void Deciding::quote(const Hash32 &id)
{
    m_executing.dropQuote();
    const ExchangeItem *item = m_setup.exchange().find(id);
    const HolderSettings *chosen = holderSettings();
    if (item && chosen)
        m_executing.quote(*item, chosen->address);
    else
        emit quoted({fail(ErrorKind::NotFound, item ? tr("No holder is chosen.") : tr("The proposal is gone."))});
}

void Deciding::execute(const Hash32 &id, SecretBuffer pin)
{
    const Result<Signer *> key = signer();
    const ExchangeItem *item = m_setup.exchange().find(id);
    if (!key || !item || isBusy()) {
        emit executed(
            {!key ? std::unexpected(key.error())
                  : fail(ErrorKind::Conflict, item ? tr("Another step is running.") : tr("The proposal is gone."))});
        return;
    }
    auto flow = std::make_unique<ExecutionFlow>(m_environment, m_reader, m_journal, **key, m_clock, m_holder);
    flow->setOthers(othersThan(id));
    ExecutionFlow *running = flow.get();
    m_flow = std::move(flow);
    m_executing.start(*running, *item, std::move(pin));
}

void Deciding::amend(ExecutionAct act, SecretBuffer pin)
{
    m_executing.amend(act, std::move(pin));
}

void Deciding::say(StatementKind kind, const Hash32 &id, const QString &text, SecretBuffer pin)
{
    const ExchangeItem *item = m_setup.exchange().find(id);
    if (!item)
        emit said({fail(ErrorKind::NotFound, tr("The proposal is gone."))});
    else
        state(draftStatement(kind, item->proposal, text), std::move(pin));
}

void Deciding::acknowledge(ChainId chain, const Address &safe, const QList<LaneHead> &heads, SecretBuffer pin)
{
    state(draftAcknowledgement(chain, safe, heads), std::move(pin));
}

void Deciding::overrideFinding(const Hash32 &id, const QString &finding, const QString &reason, SecretBuffer pin)
{
    const ExchangeItem *item = m_setup.exchange().find(id);
    if (!item)
        emit said({fail(ErrorKind::NotFound, tr("The proposal is gone."))});
    else
        state(draftOverride(item->proposal, finding, m_policy, reason), std::move(pin));
}

void Deciding::retract(const Hash32 &id, const Hash32 &override, const QString &reason, SecretBuffer pin)
{
    const ExchangeItem *item = m_setup.exchange().find(id);
    const HolderSettings *chosen = holderSettings();
    const QList<Statement> own = item && chosen ? standingOverrides(item->statements, chosen->address) : QList<Statement>();
    const auto found = std::ranges::find(own, override, &Statement::digest);
    if (found == own.end())
        emit said({fail(ErrorKind::NotFound, tr("%1 has no such override here that could be taken back.").arg(m_holder))});
    else
        state(draftRetraction(*found, reason), std::move(pin));
}

QStringList Deciding::deletableAt(const Hash32 &id) const
{
    QStringList carriers;
    if (const HolderSettings *chosen = holderSettings()) {
        for (const DeletionOffer &offer : m_setup.exchange().deletionOffers(id, chosen->address, m_clock.now()))
            carriers.append(offer.carrier);
    }
    return carriers;
}

void Deciding::withdraw(const Hash32 &id, const QString &text, bool deletes, SecretBuffer pin)
{
    const ExchangeItem *item = m_setup.exchange().find(id);
    if (!item)
        emit said({fail(ErrorKind::NotFound, tr("The proposal is gone."))});
    else
        state(draftStatement(StatementKind::Withdrawal, item->proposal, text), std::move(pin), deletes);
}

void Deciding::reportMismatch(
    const Hash32 &id, const QString &shownByDevice, const QString &text, std::optional<SecretBuffer> pin)
{
    const ExchangeItem *item = m_setup.exchange().find(id);
    if (!item)
        emit said({fail(ErrorKind::NotFound, tr("The proposal is gone."))});
    else
        state(draftMismatchReport(item->proposal, DeviceComparison::mismatch(shownByDevice), text), std::move(pin), false,
            DeviceComparison::mismatch(shownByDevice));
}

void Deciding::state(const Statement &statement, std::optional<SecretBuffer> pin, bool deletes,
    const std::optional<DeviceComparison> &mismatch)
{
    const Result<Signer *> key = signer();
    const bool needsKey = statement.kind != StatementKind::MismatchReport;
    if (isBusy() || (!key && needsKey)) {
        emit said({key ? fail(ErrorKind::Conflict, tr("Another step is running.")) : std::unexpected(key.error())});
        return;
    }
    auto flow = std::make_unique<StatementFlow>(
        m_setup.exchange(), m_journal, key ? *key : nullptr, m_clock, m_holder);
    connect(flow.get(), &StatementFlow::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(flow.get(), &StatementFlow::finished, this, [this](const auto &result) {
        endFlow();
        emit said({result});
    });
    const ExchangeItem *item = m_setup.exchange().find(statement.safeTxHash);
    const HolderSettings *chosen = holderSettings();
    const std::optional<Review> &shown = m_review.review();
    if (mismatch && item && chosen && shown && shown->hashes.safeTx == item->id())
        flow->setShown(*item, *shown, *mismatch, chosen->address);
    StatementFlow *running = flow.get();
    m_flow = std::move(flow);
    if (deletes && pin)
        running->startAndDelete(statement, *std::move(pin));
    else
        running->start(statement, std::move(pin));
}

void Deciding::acknowledgeIncidents(const Hash32 &id, const QString &reason)
{
    spawn(runAcknowledge(id, reason));
}

QCoro::Task<> Deciding::runAcknowledge(Hash32 id, QString reason)
{
    const std::stop_token stop = m_scope.token();
    const Result<void> done = co_await countersign::acknowledgeIncidents(m_journal, m_holder, id, reason);
    if (stop.stop_requested())
        co_return;
    emit incidentsAcknowledged({done ? Result<Hash32>(id) : std::unexpected(done.error())});
}

void Deciding::readAttachment(const Hash32 &contentHash)
{
    spawn(runReadAttachment(contentHash));
}

QCoro::Task<> Deciding::runReadAttachment(Hash32 contentHash)
{
    const std::stop_token stop = m_scope.token();
    const auto reading = m_setup.exchange().attachment(contentHash);
    const Result<Bytes> content = co_await reading;
    if (!stop.stop_requested())
        emit attachmentRead({content});
}

void Deciding::findDeployments(const Hash32 &id)
{
    const ExchangeItem *item = m_setup.exchange().find(id);
    const ChainSettings *chain = item ? m_environment.chain(item->proposal.chainId) : nullptr;
    if (chain && !chain->rpc.isEmpty())
        spawn(runFindDeployments(*item, *chain));
    else
        emit deploymentsFound({fail(ErrorKind::NotFound, item ? tr("The environment has no such chain.") : tr("The proposal is gone."))});
}

QCoro::Task<> Deciding::runFindDeployments(ExchangeItem item, ChainSettings chain)
{
    const std::stop_token stop = m_scope.token();
    const QList<ExchangeItem> none;
    const ReviewBuilds builds = co_await m_reader.builds(ReviewSubject::of(item), none, {}, stop);
    if (stop.stop_requested())
        co_return;
    const auto deployments = co_await executedDeployments(chain, item, *builds.store, stop);
    if (!stop.stop_requested())
        emit deploymentsFound({deployments});
}

void Deciding::noteEnvironment(const Hash32 &id, const QString &what, const QString &diff)
{
    spawn(runNote(JournalEntry::make(JournalKind::Operation, m_holder, id.toString(), what,
        {{u"file"_s, m_environment.file}, {u"lines"_s, diff}})));
}

QCoro::Task<> Deciding::runNote(JournalEntry entry)
{
    static_cast<void>(co_await record(m_journal, std::move(entry)));
}

QList<Hash32> Deciding::siblings(const Hash32 &id) const
{
    QList<Hash32> ids;
    const ExchangeSnapshot &snapshot = m_setup.exchange().snapshot();
    if (const ExchangeItem *item = snapshot.find(id)) {
        for (const ExchangeItem &sibling : siblingsOf(snapshot, *item, m_environment))
            ids.append(sibling.id());
    }
    return ids;
}

void Deciding::announceKey(ChainId chain, SecretBuffer pin)
{
    spawn(runAnnounceKey(chain, std::move(pin)));
}

QCoro::Task<> Deciding::runAnnounceKey(ChainId chain, SecretBuffer pin)
{
    const std::stop_token stop = m_scope.token();
    const Result<Statement> statement = co_await m_sealing.makeAnnouncement(chain);
    if (stop.stop_requested())
        co_return;
    if (statement)
        state(*statement, std::move(pin));
    else
        emit said({std::unexpected(statement.error())});
}

void Deciding::refresh()
{
    m_sealing.look();
    m_setup.exchange().refresh();
    m_board.refresh();
}

} // namespace countersign
