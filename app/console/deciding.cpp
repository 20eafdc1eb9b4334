#include "app/console/deciding.h"

#include "backend/evm/abifunction.h"
#include "backend/evm/chainclient.h"
#include "backend/proposals/execution/submissionjournal.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/proposaldrafts.h"
#include "backend/proposals/proposeflow.h"
#include "backend/proposals/signingflow.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QFileInfo>

#include <algorithm>

namespace countersign {

namespace {

// Beside the journal: what this console has seen is no business of the shared folder.
std::optional<ExchangeMemory> memoryOf(const Environment &environment)
{
    if (environment.journal.isEmpty())
        return std::nullopt;
    return ExchangeMemory(QFileInfo(environment.journal).absolutePath() + u"/exchange"_s, u"folder"_s);
}

} // namespace

Deciding::Deciding(const Environment &environment, Journal &journal, const Clock &clock, QObject *parent)
    : ApprovalDesk(parent)
    , m_environment(environment)
    , m_journal(journal)
    , m_clock(clock)
    , m_folder(environment.proposals, memoryOf(environment))
    , m_board(environment, m_folder, clock)
    , m_reader(environment, clock)
    , m_queue(m_board)
{
    // SoftHSM reads its configuration from here and nowhere else.
    if (environment.practice)
        qputenv("SOFTHSM2_CONF", environment.practice->softhsmConfig.toLocal8Bit());
    m_reader.setPolicy(Policy::loadFor(environment));
    connect(&m_board, &ProposalBoard::changed, this, &Deciding::reviewAgainWhenChanged);
    connect(&m_journal, &Journal::statusChanged, this, [this] { spawn(noteSubmissions()); });
}

Deciding::~Deciding() = default;

void Deciding::start()
{
    m_folder.start();
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

QList<DeskParty> Deciding::parties() const
{
    QList<DeskParty> all;
    for (const PartySettings &party : m_environment.parties)
        all.append({party.partyId, party.name, party.key});
    return all;
}

QStringList Deciding::chains() const
{
    QStringList names;
    for (const ChainSettings &chain : m_environment.chains) {
        if (chain.safe && chain.registry)
            names.append(chain.name);
    }
    return names;
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
    m_review.setHolder(address);
    emit holderChanged();
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
    for (const ExchangeItem &item : m_folder.snapshot().items) {
        if (item.id() != id)
            others.append(item);
    }
    return others;
}

void Deciding::review(const Hash32 &id)
{
    m_reviewed = id;
    if (const BoardEntry *entry = m_board.find(id)) {
        m_reviewedSignatures = entry->standing.have;
        m_reviewedStage = entry->standing.stage;
    }
    spawn(runReview(id));
}

QCoro::Task<> Deciding::runReview(Hash32 id)
{
    m_reviewScope.restart();
    const std::stop_token stop = m_reviewScope.token();
    const ExchangeItem *item = m_folder.find(id);
    if (!item) {
        m_review.setFailed({ErrorKind::NotFound, tr("This proposal is no longer in the exchange."), {}});
        co_return;
    }
    m_review.setLoading();
    const Result<Review> review = co_await m_reader.review(*item, othersThan(id), stop);
    if (stop.stop_requested())
        co_return;
    if (review)
        m_review.setReview(*review);
    else
        m_review.setFailed(review.error());
}

void Deciding::reviewAgainWhenChanged()
{
    // The chain's head moves all the time; a review is renewed when what it is about has moved.
    if (!m_reviewed || isBusy())
        return;
    const BoardEntry *entry = m_board.find(*m_reviewed);
    if (entry && (entry->standing.have != m_reviewedSignatures || entry->standing.stage != m_reviewedStage))
        review(*m_reviewed);
}

void Deciding::draftRevocation(const QString &chain, const Hash32 &partyId, const QString &rationale)
{
    spawn(runDraft(chain, partyId, rationale));
}

QCoro::Task<> Deciding::runDraft(QString chainName, Hash32 partyId, QString rationale)
{
    m_draftScope.restart(); // an older answer must not come after a newer one
    const std::stop_token stop = m_draftScope.token();
    const ChainSettings *chain = m_environment.chain(chainName);
    if (!chain || !chain->safe || !chain->registry) {
        emit drafted(
            {fail(ErrorKind::NotFound, tr("The environment names no Safe and registry on %1.").arg(chainName))});
        co_return;
    }
    const SafeFacts *facts = m_board.facts(chain->chainId);
    if (!facts) {
        const auto problem = m_board.problem(chain->chainId);
        emit drafted({fail(ErrorKind::Unavailable,
            problem ? problem->message : tr("The Safe on %1 has not been read yet.").arg(chainName))});
        co_return;
    }
    RevokeKeyRequest request;
    request.chainId = chain->chainId;
    request.safe = *chain->safe;
    request.registry = *chain->registry;
    request.partyId = partyId;
    request.rationale = rationale;
    request.now = m_clock.now();
    if (const PartySettings *party = m_environment.party(partyId))
        request.partyName = party->name;
    // The first nonce that no owner's proposal has: two on one nonce exclude each other, and a stranger's file must not
    // push ours to where it can never be executed.
    request.nonce = facts->state.nonce;
    const auto isTaken = [&](const Uint256 &nonce) {
        return std::ranges::any_of(m_board.entries(), [&](const BoardEntry &entry) {
            const Proposal &other = entry.item.proposal;
            return isOpen(entry.standing.stage) && other.chainId == chain->chainId && other.safe == *chain->safe
                && other.transaction.nonce == nonce && facts->state.isOwner(other.proposer);
        });
    };
    while (isTaken(request.nonce))
        request.nonce = request.nonce.checkedAdd(Uint256(1)).value_or(Uint256());

    const auto rpc = std::make_shared<JsonRpcClient>(chain->rpc.first());
    const auto client = std::make_shared<ChainClient>(*rpc);
    const auto reader = AbiFunction::parse(u"function cantonPartyToKey(bytes32) view returns (address)"_s);
    CallRequest call;
    call.to = *chain->registry;
    const auto data = reader ? reader->encodeCall({AbiValue(partyId.bytes())}) : std::unexpected(reader.error());
    if (!data) {
        emit drafted({std::unexpected(data.error())});
        co_return;
    }
    call.data = *data;
    const Result<Bytes> answer = co_await client->call(call, BlockRef::latest(), {}, stop);
    if (stop.stop_requested())
        co_return;
    if (!answer) {
        emit drafted({std::unexpected(answer.error())});
        co_return;
    }
    const auto key = answer->size() == 32 ? Address::fromBytes(QByteArrayView(*answer).last(20))
                                          : fail(ErrorKind::Corrupt, tr("The registry's answer is no address."));
    if (!key) {
        emit drafted({std::unexpected(key.error())});
        co_return;
    }
    if (key->isZero()) {
        emit drafted(
            {fail(ErrorKind::Conflict, tr("This party has no key in the registry: there is nothing to revoke."))});
        co_return;
    }
    request.currentKey = *key;
    emit drafted({draftRevokeKey(request)});
}

void Deciding::endFlow()
{
    // The flow is still on the stack of its own signal.
    if (m_flow)
        m_flow.release()->deleteLater();
    m_folder.refresh();
    m_board.refresh();
    if (m_reviewed)
        review(*m_reviewed);
}

void Deciding::propose(const ProposalDraft &draft, SecretBuffer pin)
{
    const Result<Signer *> key = signer();
    if (!key || isBusy()) {
        emit proposed({key ? fail(ErrorKind::Conflict, tr("Another step is running.")) : std::unexpected(key.error())});
        return;
    }
    auto flow = std::make_unique<ProposeFlow>(m_folder, m_journal, **key, m_holder);
    connect(flow.get(), &ProposeFlow::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(flow.get(), &ProposeFlow::finished, this, [this](const auto &result) {
        endFlow();
        emit proposed({result});
    });
    ProposeFlow *running = flow.get();
    m_flow = std::move(flow);
    running->start(draft, std::move(pin));
}

void Deciding::sign(const Hash32 &id, const Hash32 &shownHash, SecretBuffer pin)
{
    const Result<Signer *> key = signer();
    const ExchangeItem *item = m_folder.find(id);
    if (!key || !item || isBusy()) {
        emit signatureCollected(
            {!key ? std::unexpected(key.error())
                  : fail(ErrorKind::Conflict, item ? tr("Another step is running.") : tr("The proposal is gone."))});
        return;
    }
    auto flow = std::make_unique<SigningFlow>(m_reader, m_folder, m_journal, **key, m_clock, m_holder);
    connect(flow.get(), &SigningFlow::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(flow.get(), &SigningFlow::reviewed, &m_review, &ReviewModel::setReview);
    connect(flow.get(), &SigningFlow::finished, this, [this](const auto &result) {
        endFlow();
        emit signatureCollected({result});
    });
    SigningFlow *running = flow.get();
    m_flow = std::move(flow);
    running->start(*item, shownHash, std::move(pin));
}

void Deciding::execute(const Hash32 &id, SecretBuffer pin)
{
    const Result<Signer *> key = signer();
    const ExchangeItem *item = m_folder.find(id);
    if (!key || !item || isBusy()) {
        emit executed(
            {!key ? std::unexpected(key.error())
                  : fail(ErrorKind::Conflict, item ? tr("Another step is running.") : tr("The proposal is gone."))});
        return;
    }
    auto flow = std::make_unique<ExecutionFlow>(m_environment, m_reader, m_journal, **key, m_clock, m_holder);
    connect(flow.get(), &ExecutionFlow::stepChanged, this, &ApprovalDesk::stepChanged);
    connect(flow.get(), &ExecutionFlow::reviewed, &m_review, &ReviewModel::setReview);
    flow->setOthers(othersThan(id));
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
    ExecutionFlow *running = flow.get();
    m_flow = std::move(flow);
    running->start(*item, std::move(pin));
}

void Deciding::refresh()
{
    m_folder.refresh();
    m_board.refresh();
}

} // namespace countersign
