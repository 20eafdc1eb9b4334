#include "backend/safe/safecontracts.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/integration/threeconsoles.h"
#include "tests/support/safeservice/safeservicemodel.h"

#include <QJsonArray>

using namespace countersign;
using namespace countersign::testing;

/// The story of tst_threeconsoles over a Safe transaction service for each chain: alice and bob share a folder as well,
/// carol has nothing but the service. What the service refuses goes by the folder, and the page says why; what carol sees
/// is described by nobody until she does; her proposals and signatures come back the same way.
class TestServiceConsoles final : public ThreeConsoles {
    Q_OBJECT

private slots:
    void initTestCase();
    void whatTheServiceRefusesGoesByTheFolder();
    void whatTheServiceTakesIsSignedByWhoHasNothingElse();
    void adaptersAreRegisteredOnAProposalThatCameByTheService();
    void aDelegateIsAddedAndRemoved();
    void ownershipIsHandedOverInTwoSteps();
    void aKeyIsRevoked();
    void theServiceHoldsWhatItCould();
    void cleanupTestCase()
    {
        tearDown();
        m_services.clear();
    }

private:
    void approveOverTheService(
        const QList<Hash32> &ids, const QString &first, const QString &second, const QString &executor);
    void executed(const Hash32 &id, const QString &executor);

    QTemporaryDir m_shared;
    std::vector<std::unique_ptr<SafeServiceModel>> m_services;
    Address m_vault;
    Address m_lending;
    Address m_treasury;
};

void TestServiceConsoles::initTestCase()
{
    build([this](Console &console) {
        if (console.name != u"carol"_s)
            console.environment.proposals = m_shared.filePath(u"proposals"_s);
        for (qsizetype i = 0; i < console.environment.chains.size(); ++i) {
            ChainSettings &chain = console.environment.chains[i];
            if (std::cmp_equal(m_services.size(), i)) {
                m_services.push_back(std::make_unique<SafeServiceModel>(chain.chainId, *chain.safe, owners()));
                // As the real one: batches of plain calls, and no other delegatecall.
                m_services.back()->allowedDelegatecalls
                    = {Address::parse(u"0x9641d764fc13c8B624c04430C7356C1C7C8102e2"_s).value()};
            }
            chain.safeService = m_services[static_cast<size_t>(i)]->url();
        }
    });
}

void TestServiceConsoles::executed(const Hash32 &id, const QString &executor)
{
    QVERIFY(sees(executor, id, ProposalStage::Ready));
    const std::optional<ExecutionReport> report = execute(executor, id);
    QVERIFY(report);
    QVERIFY(report->isAsPromised);
    QVERIFY(report->isVerified());
    for (const QString &who : {u"alice"_s, u"bob"_s})
        QVERIFY(sees(who, id, ProposalStage::Executed));
}

void TestServiceConsoles::approveOverTheService(
    const QList<Hash32> &ids, const QString &first, const QString &second, const QString &executor)
{
    QCOMPARE(ids.size(), chains().size());
    for (const Hash32 &id : ids) {
        for (const QString &who : {first, second}) {
            QVERIFY(describe(who, id, u"Seen at the service, and agreed by telephone."_s));
            QVERIFY(sign(who, id));
        }
        executed(id, executor);
        if (QTest::currentTestFailed())
            return;
        QVERIFY(sees(u"carol"_s, id, ProposalStage::Executed));
    }
}

void TestServiceConsoles::whatTheServiceRefusesGoesByTheFolder()
{
    const auto ids = propose(u"alice"_s,
        {DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, u"Treasury desk"_s}}},
        u"The settlement desk gets a vault of its own."_s);
    QCOMPARE(ids.size(), chains().size());
    m_vault = m_creations.first().address;
    for (const Hash32 &id : ids) {
        QVERIFY(sign(u"alice"_s, id));
        QVERIFY(sign(u"bob"_s, id));
        executed(id, u"bob"_s);
        if (QTest::currentTestFailed())
            return;
        QVERIFY(!console(u"carol"_s).deciding->exchange().find(id));
    }
    for (const auto &service : m_services)
        QCOMPARE(service->transactionCount(), size_t(0));
    const auto explained = [this] {
        for (const DeskCarrier &carrier : console(u"alice"_s).deciding->exchanging().carriers()) {
            if (carrier.name.contains("service"_L1) && carrier.detail.contains("delegatecall"_L1, Qt::CaseInsensitive))
                return true;
        }
        return false;
    };
    QTRY_VERIFY2(explained(), "the page does not say why the service has it not");
    enterVault(u"settlement"_s, m_vault);
}

void TestServiceConsoles::whatTheServiceTakesIsSignedByWhoHasNothingElse()
{
    const auto ids = propose(u"bob"_s,
        {DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {u"settlement"_s, u"1000000"_s}, .method = CreateMethod::Arachnid},
            DeployAction{.artifact = u"TreasuryAdapter"_s, .arguments = {u"settlement"_s, u"5000"_s}, .method = CreateMethod::Arachnid}},
        u"Its two adapters."_s);
    QCOMPARE(m_creations.size(), 2);
    m_lending = m_creations[0].address;
    m_treasury = m_creations[1].address;
    approveOverTheService(ids, u"bob"_s, u"carol"_s, u"alice"_s);
}

void TestServiceConsoles::adaptersAreRegisteredOnAProposalThatCameByTheService()
{
    const auto ids = propose(u"carol"_s,
        {RegisterAdapterAction{u"settlement"_s, u"lending"_s, m_lending.toString()},
            RegisterAdapterAction{u"settlement"_s, u"treasury"_s, m_treasury.toString()}},
        u"The adapters were verified."_s);
    QCOMPARE(ids.size(), chains().size());
    QVERIFY(!console(u"alice"_s).deciding->exchange().find(ids.first()));
    approveOverTheService(ids, u"carol"_s, u"alice"_s, u"bob"_s);
    if (QTest::currentTestFailed())
        return;
    for (const ChainSettings &chain : chains())
        QCOMPARE(addressAt(chain.chainId, m_vault, u"adapters(bytes32)", keccak256("lending").bytes()).toString(),
            m_lending.toString());
}

void TestServiceConsoles::aDelegateIsAddedAndRemoved()
{
    Deciding &carol = *console(u"carol"_s).deciding;
    DelegateDesk &desk = carol.delegates();
    SafeServiceModel &service = *m_services.front();
    const auto carriers = carol.exchanging().carriers();
    const auto carrier = std::ranges::find(carriers, true, &DeskCarrier::hasDelegates);
    QVERIFY(carrier != carriers.end());
    const auto delegate = Address::parse(u"0x1111111111111111111111111111111111111111").value();
    std::optional<Result<QString>> sent;
    connect(&desk, &DelegateDesk::sent, this, [&sent](const auto &outcome) { sent = outcome.result; });
    const auto send = [&](const DelegateRequest &request) {
        sent.reset();
        QByteArray pin = "1234";
        desk.send(request, SecretBuffer::takeFrom(pin.data(), pin.size()));
        return QTest::qWaitFor([&sent] { return sent.has_value(); }, 30'000);
    };
    QCOMPARE(desk.request(carrier->name, {delegate, {}, {}, {}, {}}, false).error().kind, ErrorKind::Invalid);
    const auto request = desk.request(carrier->name, {delegate, {}, {}, u"assistant"_s, {}}, false);
    QVERIFY2(request, qPrintable(request ? QString() : request.error().message));
    QVERIFY(request->words.contains(request->digest.toString()));
    QVERIFY(request->words.contains(delegate.toString()));
    DelegateRequest stale = *request;
    stale.digest = keccak256("another hour");
    QVERIFY(send(stale));
    QVERIFY2(!*sent && sent->error().kind == ErrorKind::Conflict, "signed is what was shown");
    QVERIFY(service.delegates.empty());

    QVERIFY(send(*request));
    QVERIFY2(*sent, qPrintable(*sent ? QString() : sent->error().message));
    QCOMPARE(service.delegates.size(), size_t(1));
    QCOMPARE(service.delegates.front().delegator, console(u"carol"_s).address);
    QTRY_COMPARE_WITH_TIMEOUT(desk.delegates(carrier->name).delegates.size(), 1, 30'000);
    const DeskDelegate claimed = desk.delegates(carrier->name).delegates.first();
    QVERIFY(claimed.isMine);
    QCOMPARE(claimed.owner, u"carol"_s);

    // Another holder sees the claim, and cannot end it.
    DelegateDesk &others = console(u"alice"_s).deciding->delegates();
    QCOMPARE(others.request(carrier->name, claimed.claim, true).error().kind, ErrorKind::Denied);
    const auto removal = desk.request(carrier->name, claimed.claim, true);
    QVERIFY(removal);
    QVERIFY(send(*removal));
    QVERIFY2(*sent, qPrintable(*sent ? QString() : sent->error().message));
    QVERIFY(service.delegates.empty());
    QTRY_COMPARE_WITH_TIMEOUT(desk.delegates(carrier->name).delegates.size(), 0, 30'000);
}

void TestServiceConsoles::ownershipIsHandedOverInTwoSteps()
{
    const QString outside = console(u"carol"_s).address.toString();
    const auto given = propose(u"alice"_s, {TransferOwnershipAction{u"settlement"_s, outside}}, u"To carol's account."_s);
    approveOverTheService(given, u"alice"_s, u"carol"_s, u"bob"_s);
    if (QTest::currentTestFailed())
        return;
    for (const ChainSettings &chain : chains()) {
        rpc(chain.chainId, u"anvil_impersonateAccount"_s, {outside});
        for (const QString &data : {toHex(Selector::ofSignature(u"acceptOwnership()").bytes()),
                 toHex(Selector::ofSignature(u"transferOwnership(address)").bytes() + Bytes(12, '\0') + chain.safe->bytes())})
            rpc(chain.chainId, u"eth_sendTransaction"_s,
                {QJsonObject{{u"from"_s, outside}, {u"to"_s, m_vault.toString()}, {u"data"_s, data}}});
        QCOMPARE(addressAt(chain.chainId, m_vault, u"owner()").toString(), outside);
    }
    const auto accepted = propose(u"carol"_s, {AcceptOwnershipAction{u"settlement"_s}}, u"It goes back."_s);
    approveOverTheService(accepted, u"carol"_s, u"bob"_s, u"alice"_s);
    for (const ChainSettings &chain : chains())
        QCOMPARE(addressAt(chain.chainId, m_vault, u"owner()").toString(), chain.safe->toString());
}

void TestServiceConsoles::aKeyIsRevoked()
{
    const auto ids = propose(u"carol"_s, {RevokeKeyAction{{}, u"Treasury desk"_s}}, u"The laptop was lost."_s);
    approveOverTheService(ids, u"carol"_s, u"bob"_s, u"bob"_s);
    if (QTest::currentTestFailed())
        return;
    const Hash32 party = console(u"alice"_s).environment.parties.first().partyId;
    for (const ChainSettings &chain : chains())
        QVERIFY(addressAt(chain.chainId, *chain.registry, u"cantonPartyToKey(bytes32)", party.bytes()).isZero());
}

void TestServiceConsoles::theServiceHoldsWhatItCould()
{
    for (const auto &service : m_services)
        QCOMPARE(service->transactionCount(), size_t(5));
    for (const QString &who : {u"alice"_s, u"bob"_s, u"carol"_s})
        QVERIFY(console(who).deciding->exchange().snapshot().alarms.isEmpty());
}

QTEST_MAIN(TestServiceConsoles)
#include "tst_serviceconsoles.moc"
