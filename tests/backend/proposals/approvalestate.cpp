#include "tests/backend/proposals/approvalestate.h"

#include "backend/evm/abifunction.h"
#include "backend/evm/chainclient.h"
#include "backend/proposals/proposeflow.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/devicetext.h"
#include "backend/types/strings.h"

#include <QCoroTask>
#include <QJsonDocument>

#include <algorithm>

namespace countersign::testing {

namespace {

const Bytes keyId("\x01", 1);

} // namespace

ApprovalEstate::Holder ApprovalEstate::makeHolder(const QString &name)
{
    Holder holder;
    holder.name = name;
    holder.token = initialiseToken(*m_module, name, secret("12345678"), secret("1234")).value();
    // Carol's key is of the kind that wants the PIN for each signature.
    const auto authentication = name == "carol"_L1 ? KeyAuthentication::EverySignature : KeyAuthentication::Login;
    holder.address
        = generateSecp256k1Key(*m_module, holder.token.serial, secret("1234"), keyId, name, authentication).value();
    holder.signer = std::make_unique<Pkcs11Signer>(
        m_module, Pkcs11KeyReference{holder.token.serial, keyId, holder.address}, SoftwareTokens::Allow);
    return holder;
}

void ApprovalEstate::initTestCase()
{
    m_module = m_hsm.module();
    for (const QString &name : {u"alice"_s, u"bob"_s, u"carol"_s, u"mallory"_s})
        m_holders.push_back(makeHolder(name));
    m_estate.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_estate.start(u"node"_s,
        {QString::fromUtf8(ESTATE_SCRIPT), holder(u"alice"_s).address.toString(), holder(u"bob"_s).address.toString(),
            holder(u"carol"_s).address.toString()});
    QVERIFY(m_estate.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(m_estate.canReadLine() || m_estate.state() == QProcess::NotRunning, 60'000);
    m_facts = QJsonDocument::fromJson(m_estate.readLine()).object();
    QVERIFY2(m_facts.contains(u"safe"_s), "the chain of the test does not stand");
}

void ApprovalEstate::cleanupTestCase()
{
    m_estate.closeWriteChannel();
    if (!m_estate.waitForFinished(10'000))
        m_estate.kill();
    m_estate.waitForFinished();
    m_holders.clear();
}

void ApprovalEstate::init()
{
    ChainSettings chain;
    chain.name = u"ethereum"_s;
    chain.chainId = ChainId(static_cast<quint64>(m_facts.value(u"chainId"_s).toInt()));
    chain.rpc = {QUrl(m_facts.value(u"url"_s).toString())};
    chain.confirmations = 0; // it mines when something is sent; tests of finality say otherwise
    chain.safe = Address::parse(m_facts.value(u"safe"_s).toString()).value();
    chain.registry = Address::parse(m_facts.value(u"registry"_s).toString()).value();
    chain.vaults = {{u"treasury"_s, Address::parse(m_facts.value(u"vault"_s).toString()).value()}};
    m_environment = {};
    m_environment.chains = {chain};
    m_environment.parties = {{Hash32::parse(m_facts.value(u"party"_s).toString()).value(), u"Treasury desk"_s,
        Address::parse(m_facts.value(u"key"_s).toString()).value()}};
    for (const Holder &holder : m_holders)
        m_environment.holders.append({holder.name, holder.address, {}});

    m_snapshot = rpc(u"evm_snapshot"_s).toString();
    m_folder = std::make_unique<QTemporaryDir>();
    m_exchange = std::make_unique<ProposalFolder>(m_folder->filePath(u"proposals"_s));
    m_sightings = std::make_unique<Sightings>(
        *m_exchange, SightingMemory(m_folder->filePath(u"exchange"_s)), m_clock);
    m_exchange->start();
    m_record.reset();
    m_recordPath.clear();
    startJournal();
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    QTRY_COMPARE(m_journal->status().state, JournalStatus::State::Ready);
}

void ApprovalEstate::startJournal()
{
    m_journal.reset();
    m_journal = std::make_unique<Journal>(m_folder->filePath(u"journal.sqlite"_s), m_clock);
    m_journal->open();
}

void ApprovalEstate::cleanup()
{
    m_hsm.inject(u"");
    m_reader.reset();
    m_journal.reset();
    m_sightings.reset();
    m_exchange.reset();
    rpc(u"anvil_dropAllTransactions"_s);
    rpc(u"evm_setAutomine"_s, {true});
    QVERIFY(rpc(u"evm_revert"_s, {m_snapshot}).toBool());
}

ApprovalEstate::Holder &ApprovalEstate::holder(const QString &name)
{
    return *std::ranges::find(m_holders, name, &Holder::name);
}

ProposalDraft ApprovalEstate::draft(quint64 nonce) const
{
    const ChainSettings &chain = m_environment.chains.first();
    const PartySettings &party = m_environment.parties.first();
    return draftRevokeKey({chain.chainId, *chain.safe, *chain.registry, party.partyId, party.name, *party.key,
        Uint256(nonce), u"The machine that holds the key was lost."_s, m_clock.now()});
}

Result<Proposal> ApprovalEstate::propose(const QString &name, const ProposalDraft &draft)
{
    ProposeFlow flow(*m_exchange, *m_journal, *holder(name).signer, name);
    flow.start({draft}, secret("1234"));
    const auto outcome = finish<QList<Proposal>>(flow);
    if (outcome && *outcome) {
        const bool seen = QTest::qWaitFor([&] { return m_exchange->find(draft.safeTxHash()) != nullptr; });
        if (!seen)
            return fail(ErrorKind::Timeout, u"the proposal did not come back from the folder"_s);
    }
    if (!outcome)
        return fail(ErrorKind::Timeout, u"the flow did not end"_s);
    return *outcome ? Result<Proposal>((*outcome)->first()) : std::unexpected(outcome->error());
}

DeviceComparison ApprovalEstate::typed(const Hash32 &hash)
{
    const QString digits = deviceText(hash);
    return DeviceComparison::of(ComparedHash::SafeTx, digits.sliced(2, 4), digits.last(4));
}

Result<CollectedSignature> ApprovalEstate::sign(
    const QString &name, const Hash32 &id, const QByteArray &pin, std::optional<Hash32> shown)
{
    return runSigning(name, id, shown.value_or(id), typed(id), pin);
}

Result<CollectedSignature> ApprovalEstate::sign(
    const QString &name, const Hash32 &id, const DeviceComparison &comparison, const QByteArray &pin)
{
    return runSigning(name, id, id, comparison, pin);
}

Result<CollectedSignature> ApprovalEstate::runSigning(const QString &name, const Hash32 &id, const Hash32 &shown,
    const DeviceComparison &comparison, const QByteArray &pin)
{
    SigningFlow flow(*m_reader, *m_exchange, *m_journal, *holder(name).signer, m_clock, name);
    connect(&flow, &SigningFlow::recorded, this, &ApprovalEstate::keep);
    flow.start(item(id), shown, comparison, secret(pin));
    const auto outcome = finish<CollectedSignature>(flow);
    if (outcome && *outcome) {
        const Address owner = holder(name).address;
        const bool seen = QTest::qWaitFor([&] {
            return std::ranges::any_of(
                item(id).signatures, [&owner](const CollectedSignature &one) { return one.owner == owner; });
        });
        if (!seen)
            return fail(ErrorKind::Timeout, u"the signature did not come back from the folder"_s);
    }
    return outcome.value_or(fail(ErrorKind::Timeout, u"the flow did not end"_s));
}

Result<StatementOutcome> ApprovalEstate::say(
    const QString &name, const Statement &statement, const std::optional<QByteArray> &pin)
{
    StatementFlow flow(*m_exchange, *m_journal, holder(name).signer.get(), m_clock, name);
    std::optional<Result<StatementOutcome>> outcome; // a flow that refuses ends at once
    connect(&flow, &StatementFlow::finished, this, [&outcome](const auto &result) { outcome = result; });
    flow.start(statement, pin ? std::optional(secret(*pin)) : std::nullopt);
    if (!QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 20'000))
        return fail(ErrorKind::Timeout, u"the flow did not end"_s);
    return *outcome;
}

void ApprovalEstate::keep(const ApprovalRecord &record, const QString &path)
{
    m_record = record;
    m_recordPath = path;
}

Result<ExecutionReport> ApprovalEstate::execute(const QString &name, const Hash32 &id)
{
    ExecutionFlow flow(m_environment, *m_reader, *m_journal, *holder(name).signer, m_clock, name);
    connect(&flow, &ExecutionFlow::recorded, this, &ApprovalEstate::keep);
    flow.setOthers(m_exchange->snapshot().items);
    flow.start(item(id), secret("1234"));
    return finish<ExecutionReport>(flow).value_or(fail(ErrorKind::Timeout, u"the flow did not end"_s));
}

ExchangeItem ApprovalEstate::item(const Hash32 &id)
{
    const ExchangeItem *found = m_exchange->find(id);
    return found ? *found : ExchangeItem();
}

QList<JournalRow> ApprovalEstate::rows()
{
    auto future = m_journal->load(1, 1'000);
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }) || !future.result())
        return {};
    return *future.result();
}

int ApprovalEstate::count(JournalKind kind)
{
    const auto all = rows();
    return static_cast<int>(std::ranges::count(all, kind, &JournalRow::kind));
}

QJsonValue ApprovalEstate::rpc(const QString &method, const QJsonArray &parameters)
{
    JsonRpcClient client(QUrl(m_facts.value(u"url"_s).toString()));
    return QCoro::waitFor(client.call(method, parameters)).value_or(QJsonValue());
}

Address ApprovalEstate::registryKey()
{
    JsonRpcClient client(QUrl(m_facts.value(u"url"_s).toString()));
    ChainClient chain(client);
    const AbiFunction getter = AbiFunction::parse(u"cantonPartyToKey(bytes32) view returns (address)").value();
    CallRequest request;
    request.to = m_environment.chains.first().registry;
    request.data = getter.encodeCall({AbiValue(m_environment.parties.first().partyId)}).value();
    const Bytes answer = QCoro::waitFor(chain.call(request)).value();
    return *getter.decodeOutput(answer).value().front().get<Address>();
}

} // namespace countersign::testing
