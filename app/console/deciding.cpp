#include "app/console/deciding.h"

#include "backend/proposals/compose/siblings.h"
#include "backend/proposals/execution/dependencies.h"
#include "backend/proposals/execution/executionquote.h"
#include "backend/proposals/execution/explorerpublication.h"
#include "backend/proposals/execution/sourcepublication.h"
#include "backend/proposals/execution/submissionjournal.h"
#include "backend/proposals/flowjournal.h"
#include "backend/proposals/incidents.h"
#include "backend/proposals/policypastreading.h"
#include "backend/proposals/proposeflow.h"
#include "backend/proposals/signingflow.h"
#include "backend/proposals/statementflow.h"
#include "backend/records/recordfile.h"
#include "backend/records/recordfolder.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace countersign {

Deciding::Deciding(
    const Environment &environment, Journal &journal, const Clock &clock, SecretStore *secrets, QObject *parent)
    : ApprovalDesk(parent)
    , m_environment(environment)
    , m_journal(journal)
    , m_clock(clock)
    , m_setup(environment)
    , m_board(environment, m_setup.exchange(), clock)
    , m_sealing(environment, m_setup, m_board, secrets)
    , m_reader(environment, clock)
    , m_composing(environment, m_setup.exchange(), m_reader, clock)
    , m_exchanging(environment, m_setup, m_composing, m_sealing, clock)
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
        return readPolicyPast(m_setup.exchange(), m_journal, m_environment, std::move(subject), actor);
    });
    m_reader.setDocuments([this](const Hash32 &hash) { return m_setup.exchange().attachment(hash); });
    m_setup.follow(m_board);
    connect(&m_sealing, &Sealing::changed, this, &ApprovalDesk::sealedChanged);
    m_composing.setOpen([this](const Hash32 &id) {
        const BoardEntry *entry = m_board.find(id);
        return entry && isOpen(entry->standing.stage);
    });
    connect(&m_board, &ProposalBoard::changed, this, &Deciding::reviewAgainWhenChanged);
    connect(&m_journal, &Journal::statusChanged, this, [this] { spawn(noteSubmissions()); });
}

Deciding::~Deciding() = default;

void Deciding::start()
{
    m_setup.start();
    if (m_tokens)
        m_tokens->start();
    m_board.refresh();
    spawn(noteSubmissions());
    if (m_holder.isEmpty()) {
        const QList<DeskHolder> all = holders();
        const auto own = std::ranges::find(all, true, &DeskHolder::hasToken);
        if (own != all.end())
            chooseHolder(own->name);
    }
}

QCoro::Task<> Deciding::noteSubmissions()
{
    const std::stop_token stop = m_scope.token();
    if (m_hasNotedSubmissions || m_journal.status().state != JournalStatus::State::Ready)
        co_return;
    m_hasNotedSubmissions = true;
    const auto pending = co_await pendingSubmissions(m_journal, stop);
    if (stop.stop_requested())
        co_return;
    m_hasNotedSubmissions = pending.has_value();
    for (const Submission &submission : pending.value_or(QList<Submission>()))
        m_board.noteSent(submission.chainId, submission.safeTxHash, submission.sent.last().hash);
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
    const auto found = std::ranges::find(m_environment.holders, m_holder, &HolderSettings::name);
    return found == m_environment.holders.end() ? nullptr : &*found;
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
    m_review.setHolder(address);
    m_composing.setAuthor(address.value_or(Address()), m_policy);
    emit holderChanged();
    if (m_reviewed) // a policy says other things to another person
        review(*m_reviewed);
}

KeyEvidence Deciding::evidence() const
{
    const auto found = m_signers.constFind(m_holder);
    return found == m_signers.cend() ? KeyEvidence{} : (*found)->evidence();
}

QString Deciding::pinHint() const
{
    return m_environment.practice ? tr("The PINs of the practice tokens stand in %1.").arg(m_environment.practice->pins)
                                  : QString();
}

Result<Signer *> Deciding::signer()
{
    const HolderSettings *chosen = holderSettings();
    if (!chosen)
        return fail(
            ErrorKind::NotFound, tr("No holder is chosen. Choose whose key you use with the key button on top."));
    if (!chosen->pkcs11)
        return fail(
            ErrorKind::NotFound, tr("The environment names no token for %1 on this machine.").arg(chosen->name));
    if (const auto found = m_signers.constFind(chosen->name); found != m_signers.cend())
        return found->get();
    std::shared_ptr<Pkcs11Module> &module = m_modules[chosen->pkcs11->module];
    if (!module) {
        auto loaded = Pkcs11Module::load(chosen->pkcs11->module);
        if (!loaded)
            return std::unexpected(loaded.error());
        module = std::move(*loaded);
    }
    const auto policy
        = m_environment.kind == EnvironmentKind::Production ? SoftwareTokens::Refuse : SoftwareTokens::Allow;
    auto made = std::make_shared<Pkcs11Signer>(
        module, Pkcs11KeyReference{chosen->pkcs11->serial, chosen->pkcs11->id, chosen->address}, policy);
    m_signers.insert(chosen->name, made);
    return made.get();
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
    if (const QString outcome = executionOutcome(id); !outcome.isEmpty()) {
        const QList<ApprovalRecord> kept = records(id);
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
    else if (const QString outcome = executionOutcome(id); !outcome.isEmpty())
        m_review.setExecutedElsewhere(*review, outcome);
    else
        m_review.setReview(*review);
}

QString Deciding::executionOutcome(const Hash32 &id) const
{
    const BoardEntry *entry = m_board.find(id);
    const bool isDone
        = entry && (entry->standing.stage == ProposalStage::Executed || entry->standing.stage == ProposalStage::Failed);
    return isDone ? entry->standing.reason : QString();
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
    m_quoteScope.restart();
    const ExchangeItem *item = m_setup.exchange().find(id);
    const HolderSettings *chosen = holderSettings();
    if (item && chosen)
        spawn(runQuote(m_sealing.here(*item), chosen->address));
    else
        emit quoted({fail(ErrorKind::NotFound, item ? tr("No holder is chosen.") : tr("The proposal is gone."))});
}

QCoro::Task<> Deciding::runQuote(ExchangeItem item, Address submitter)
{
    const std::stop_token stop = m_quoteScope.token();
    const Result<FeeQuote> quote = co_await quoteExecution(m_environment, item, submitter, {}, stop);
    if (!stop.stop_requested())
        emit quoted({quote});
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
    connect(flow.get(), &ExecutionFlow::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(flow.get(), &ExecutionFlow::reviewed, &m_review, &ReviewModel::setReview);
    connect(flow.get(), &ExecutionFlow::dropped, this, &ApprovalDesk::dropped);
    connect(flow.get(), &ExecutionFlow::included, this, &ApprovalDesk::included);
    connect(flow.get(), &ExecutionFlow::amended, this, [this](const auto &result) { emit amended({result}); });
    const ChainId chain = item->proposal.chainId;
    connect(flow.get(), &ExecutionFlow::sent, this, [this, chain](const Hash32 &safeTxHash, const Hash32 &transaction) {
        m_board.noteSent(chain, safeTxHash, transaction);
    });
    connect(flow.get(), &ExecutionFlow::finished, this, [this, chain, id](const auto &result) {
        // Not found in a block in time is not failed: it may still be mined.
        if (result || result.error().kind != ErrorKind::Timeout)
            m_board.noteSent(chain, id, std::nullopt);
        endFlow();
        emit executed({result});
    });
    m_execution = flow.get();
    m_flow = std::move(flow);
    m_execution->start(m_sealing.here(*item), std::move(pin));
}

void Deciding::amend(ExecutionAct act, SecretBuffer pin)
{
    if (!m_execution)
        return;
    switch (act) {
    case ExecutionAct::RaiseFee:
        m_execution->replaceWithHigherFee(std::move(pin));
        return;
    case ExecutionAct::CallBack:
        m_execution->cancelSubmission(std::move(pin));
        return;
    case ExecutionAct::SendAgain:
        m_execution->sendAgain();
        return;
    case ExecutionAct::StopWaiting:
        m_execution->stopWaiting();
        return;
    }
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

QString Deciding::publicationServer(const Hash32 &id) const
{
    const ExchangeItem *item = m_setup.exchange().find(id);
    const ChainSettings *chain = item ? m_environment.chain(item->proposal.chainId) : nullptr;
    return chain && chain->publishSources ? chain->publishSources->toString() : QString();
}

Result<QStringList> Deciding::publicationContents(const ExecutionReport &report) const
{
    QStringList lines;
    for (const DeploymentVerification &deployment : report.deployments) {
        const auto contents = countersign::publicationContents(deployment);
        if (!contents)
            return std::unexpected(contents.error());
        lines.append(tr("%1 at %2").arg(deployment.contract, deployment.address.toString()));
        lines.append(*contents);
    }
    return lines;
}

void Deciding::publishSources(const ExecutionReport &report)
{
    const ExchangeItem *item = m_setup.exchange().find(report.safeTxHash);
    const ChainSettings *chain = item ? m_environment.chain(item->proposal.chainId) : nullptr;
    if (!chain || !chain->publishSources)
        emit sourcesPublished({fail(ErrorKind::Denied, tr("The environment names no server for the sources of this chain."))});
    else
        spawn(runPublish(*chain, report));
}

// Recorded before it is sent: what has left the machine is never without an entry.
QCoro::Task<> Deciding::runPublish(ChainSettings chain, ExecutionReport report)
{
    const std::stop_token stop = m_scope.token();
    Result<QStringList> entries = QStringList();
    for (const DeploymentVerification &deployment : std::as_const(report.deployments)) {
        const QString server = chain.publishSources->toString();
        auto entry = JournalEntry::make(JournalKind::Operation, m_holder, report.safeTxHash.toString(),
            u"Sends the sources of %1 at %2 to %3"_s.arg(deployment.contract, deployment.address.toString(), server),
            {{u"contract"_s, deployment.contract}, {u"address"_s, deployment.address.toString()}, {u"server"_s, server}});
        const Result<void> recorded = co_await record(m_journal, std::move(entry));
        if (stop.stop_requested())
            co_return;
        if (!recorded) {
            entries = std::unexpected(recorded.error());
            break;
        }
        emit stepChanged({FlowStep::Kind::Publishing, deployment.contract});
        const auto published = co_await countersign::publishSources(chain, deployment, report.transactionHash, stop);
        if (stop.stop_requested())
            co_return;
        if (!published) {
            entries = std::unexpected(published.error());
            break;
        }
        entries->append(u"%1/v2/contract/%2/%3"_s.arg(server, QString::number(chain.chainId.value()), deployment.address.toString()));
    }
    emit sourcesPublished({entries});
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

QList<ApprovalRecord> Deciding::records(const Hash32 &id) const
{
    QList<ApprovalRecord> found;
    const QDir folder(RecordFolder::besideJournal(m_journal.path()).path());
    for (const QFileInfo &file : folder.entryInfoList(QDir::Files, QDir::Time)) {
        QFile content(file.filePath());
        if (file.size() > maxApprovalRecordBytes || !content.open(QIODevice::ReadOnly))
            continue;
        const auto read = approvalRecordFromJson(content.readAll());
        if (read && read->record.review.hashes.safeTx == id)
            found.append(read->record);
    }
    return found;
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
