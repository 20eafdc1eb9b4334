#include "backend/evm/proxycode.h"
#include "backend/safe/safecalls.h"
#include "backend/types/keccak.h"
#include "tests/backend/review/adversarialestate.h"

#include <QTest>

#include <memory>

using namespace countersign;
using namespace countersign::testing;

using Package = AdversarialEstate::Package;
using Make = AdversarialEstate::Make;

namespace {

constexpr qint64 packageTime = 1'800'000'000; // a Friday, 08:00 UTC

/// A policy that demands nothing but what is written into it; whole sections, which win.
QByteArray policy(const QByteArray &sections, const QByteArray &rules = {}, const QByteArray &otherwise = "allow")
{
    QByteArray text = "format: 1\nname: test\nversion: 1\n";
    if (!sections.contains("roles:"))
        text += "roles: {proposers: [anyone], approvers: [owners], executors: [anyone], proposerMayApprove: true, "
                "minimumApprovals: 1}\n";
    if (!sections.contains("coolingOff:"))
        text += "coolingOff: {otherwise: \"0\"}\n";
    text += sections;
    if (!rules.isEmpty())
        text += "rules:\n" + rules;
    return text + "default: " + otherwise + "\n";
}

QByteArray roles(const QByteArray &own)
{
    QByteArray text = "roles: {";
    for (const auto &[key, value] : {std::pair<QByteArray, QByteArray>("proposers", "[anyone]"), {"approvers", "[owners]"},
             {"executors", "[anyone]"}, {"proposerMayApprove", "true"}, {"minimumApprovals", "1"}}) {
        if (!own.contains(key))
            text += key + ": " + value + ", ";
    }
    return text + own + "}\n";
}

QByteArray quoted(const Address &address)
{
    return '"' + address.toString().toLatin1() + '"';
}

QByteArray quoted(const Hash32 &hash)
{
    return '"' + hash.toString().toLatin1() + '"';
}

Uint256 ether(quint64 tenths)
{
    return *Uint256(tenths).checkedMul(Uint256(100'000'000'000'000'000));
}

/// The revocation of a key, proposed by alice and about to be signed by bob.
Package revocation(AdversarialEstate &e, const QByteArray &yaml, const std::function<void(ProposalDraft &)> &change = {})
{
    Package package = e.package(e.registry, e.call(e.registryBuild, u"revokeKey", {AbiValue(e.party)}));
    AdversarialEstate::propose(package, e.alice, change);
    e.setPolicy(package, yaml);
    return package;
}

Package proposed(AdversarialEstate &e, Package package, const QByteArray &yaml)
{
    AdversarialEstate::propose(package, e.alice);
    e.setPolicy(package, yaml);
    return package;
}

void fund(AdversarialEstate &e)
{
    e.chain.chain().ask(u"anvil_setBalance"_s, {e.safe.toString(), u"0x8ac7230489e80000"_s}); // ten ether
}

Package payment(AdversarialEstate &e, quint64 tenths, const QByteArray &yaml)
{
    fund(e);
    Package package = e.package(e.carol.address(), {});
    package.subject.transaction.value = ether(tenths);
    return proposed(e, std::move(package), yaml);
}

SafeTransaction nextPayment(AdversarialEstate &e, quint64 tenths)
{
    SafeTransaction transaction = e.chain.next(e.safe, e.carol.address());
    transaction.value = ether(tenths);
    return transaction;
}

/// A payment of half an ether, an hour of the chain after the Safe has paid.
Package paymentAfter(AdversarialEstate &e, const std::function<void()> &before)
{
    fund(e);
    before();
    e.chain.chain().ask(u"evm_increaseTime"_s, {3600});
    e.chain.chain().ask(u"evm_mine"_s);
    Package package = payment(e, 5, policy("limits: [{chain: any, native: {per24h: \"2 ether\"}, otherTokens: info}]\n"));
    package.now = e.chainTime();
    AdversarialEstate::propose(package, e.alice, [&](ProposalDraft &draft) { draft.createdAt = package.now; });
    return package;
}

void override(Package &package, const TestKey &by, const QString &finding)
{
    Statement statement;
    statement.kind = StatementKind::Override;
    statement.chainId = package.subject.chainId;
    statement.safe = package.subject.safe;
    statement.author = by.address();
    statement.madeAt = Timestamp::fromSeconds(packageTime - 60);
    statement.safeTxHash = SafeChain::hash(package.subject.safe, package.subject.transaction);
    statement.finding = finding;
    statement.policy = package.policy->id();
    statement.text = u"The key is in the wrong hands now."_s;
    statement.signature = by.sign(statement.digest());
    package.subject.statements.append(statement);
}

/// Takes the statement at that place back, before or after it in the order of the exchange.
void retract(Package &package, const TestKey &by, qsizetype at, bool isFirst)
{
    Statement statement;
    statement.kind = StatementKind::Retraction;
    statement.chainId = package.subject.chainId;
    statement.safe = package.subject.safe;
    statement.author = by.address();
    statement.madeAt = Timestamp::fromSeconds(packageTime - 30);
    statement.safeTxHash = SafeChain::hash(package.subject.safe, package.subject.transaction);
    statement.retracts = package.subject.statements[at].digest();
    statement.text = u"The key was found."_s;
    statement.signature = by.sign(statement.digest());
    package.subject.statements.insert(isFirst ? 0 : package.subject.statements.size(), statement);
}

/// A proxy that answers every call by the code behind it, as EIP-1967 places that.
Address proxyTo(AdversarialEstate &e, const Address &implementation)
{
    // CALLDATACOPY all, DELEGATECALL to SLOAD(slot), RETURNDATACOPY all, RETURN or REVERT.
    const Bytes code = QByteArray::fromHex("365f5f375f5f365f7f") + ProxySlots::implementation().bytes()
        + QByteArray::fromHex("545af43d5f5f3e3d5f82603757fd5bf3");
    const Address proxy = e.chain.deployRuntime(code);
    e.chain.chain().ask(u"anvil_setStorageAt"_s,
        {proxy.toString(), ProxySlots::implementation().toString(), u"0x000000000000000000000000"_s + implementation.toLower().mid(2)});
    return proxy;
}

void setImplementation(AdversarialEstate &e, const Address &proxy, const Address &implementation)
{
    e.chain.chain().ask(u"anvil_setStorageAt"_s,
        {proxy.toString(), ProxySlots::implementation().toString(), u"0x000000000000000000000000"_s + implementation.toLower().mid(2)});
    e.chain.chain().ask(u"evm_mine"_s);
}

Address anotherRegistry(AdversarialEstate &e)
{
    return e.chain.chain().deploy(e.registryBuild.deploymentCode({}).value());
}

} // namespace

/// What a signing policy forbids, tried on a chain: the attack is blocked with the policy's code, its twin by nothing.
class TestAdversarialPolicy final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_estate = std::make_unique<AdversarialEstate>(); }
    void cleanupTestCase() { m_estate.reset(); }
    void attackIsBlockedAndItsTwinIsNot_data();
    void attackIsBlockedAndItsTwinIsNot()
    {
        QFETCH(QString, code);
        QFETCH(Make, make);
        verifyPackage(*m_estate, code, make);
    }

private:
    static void addPeople();
    static void addCode();
    static void addTimes();
    static void addAmounts();
    static void addOverrides();
    static void addProxies();
    static void row(const char *name, const QString &code, const Make &make) { QTest::newRow(name) << code << make; }

    std::unique_ptr<AdversarialEstate> m_estate;
};

void TestAdversarialPolicy::attackIsBlockedAndItsTwinIsNot_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<Make>("make");
    addPeople();
    addCode();
    addTimes();
    addAmounts();
    addOverrides();
    addProxies();
}

void TestAdversarialPolicy::addPeople()
{
    row("whoever proposes approves as well", u"policy.selfApproval"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(roles("proposerMayApprove: false")));
        p.actor.who = (attack ? e.alice : e.bob).address();
        return p;
    });
    row("somebody approves who may not", u"policy.role.approver"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(roles("approvers: [alice, bob]")));
        p.actor.who = (attack ? e.carol : e.bob).address();
        return p;
    });
    row("somebody proposes who may not", u"policy.role.proposer"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(roles("proposers: [alice]")));
        AdversarialEstate::propose(p, attack ? e.carol : e.alice);
        return p;
    });
    row("somebody executes who may not", u"policy.role.executor"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(roles("executors: [alice]")));
        AdversarialEstate::sign(p, {&e.alice, &e.bob});
        p.actor = {PolicyStage::Execute, (attack ? e.mallory : e.alice).address()};
        return p;
    });
    row("the Safe would take fewer approvals than the policy", u"policy.approvals"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(roles("minimumApprovals: 3")));
        AdversarialEstate::sign(p, {&e.alice, &e.bob});
        if (!attack)
            AdversarialEstate::sign(p, {&e.carol});
        p.actor = {PolicyStage::Execute, e.alice.address()};
        return p;
    });
    row("the same, where the policy will not have it at all", u"policy.threshold"_s, [](auto &e, bool attack) {
        return revocation(e, policy(roles(attack ? "minimumApprovals: 3" : "minimumApprovals: 2")
            + "severities: {policy.threshold: {severity: block}}\n"));
    });
    row("nobody else has seen it", u"policy.acknowledgements"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(roles("acknowledgements: 1")));
        p.past.acknowledgements = {(attack ? e.mallory : e.carol).address()};
        return p;
    });
    row("a second person is missing", u"policy.secondPerson"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy({}, "  - {name: two, when: {kinds: [keys]}, action: require, require: {secondPerson: true}}\n"));
        p.past.acknowledgements = {(attack ? e.alice : e.carol).address()};
        return p;
    });
    row("a rule forbids it", u"policy.rule"_s, [](auto &e, bool attack) {
        const QByteArray kind = attack ? "keys" : "adapters";
        return revocation(e, policy({}, "  - {name: never, when: {kinds: [" + kind + "]}, action: block}\n"));
    });
    row("no rule allows it", u"policy.default"_s, [](auto &e, bool attack) {
        const QByteArray kind = attack ? "adapters" : "keys";
        return revocation(e, policy({}, "  - {name: these, when: {kinds: [" + kind + "]}, action: allow}\n", "block"));
    });
}

void TestAdversarialPolicy::addCode()
{
    const auto upgrade = [](AdversarialEstate &e, const QByteArray &listed) {
        const AbiFunction function = AbiFunction::parse(u"upgradeTo(address)").value();
        const Address proxy = e.chain.deployRuntime(answeringCode({{function.selector().bytes(), Bytes()}}));
        return proposed(e, e.package(proxy, function.encodeCall({AbiValue(e.registry)}).value()),
            policy("allow: {implementations: [" + listed + "]}\n"));
    };
    const auto entry = [](const Address &address, const Hash32 &codeHash) {
        return "{name: ours, chain: 31337, address: " + quoted(address) + ", codeHash: " + quoted(codeHash) + "}";
    };
    const auto codeHash = [](AdversarialEstate &e, const Address &address) {
        return keccak256(QCoro::waitFor(e.chain.client().getCode(address)).value());
    };
    row("an upgrade to an address that is on no list", u"policy.code"_s, [=](auto &e, bool attack) {
        return upgrade(e, entry(attack ? e.vault : e.registry, codeHash(e, e.registry)));
    });
    row("an upgrade to a listed address with other code", u"policy.code"_s, [=](auto &e, bool attack) {
        return upgrade(e, entry(e.registry, attack ? keccak256("audited") : codeHash(e, e.registry)));
    });
    const auto batch = [](AdversarialEstate &e, const QByteArray &listed) {
        const std::vector<InnerCall> calls{{e.registry, e.call(e.registryBuild, u"revokeKey", {AbiValue(e.party)})}};
        return proposed(e, e.package(e.chain.contracts(u"1.4.1"_s).multiSendCallOnly, multiSendOf(calls), SafeOperation::DelegateCall),
            policy("allow: {delegatecalls: [" + listed + "]}\n"));
    };
    row("a delegatecall to a library that is on no list", u"policy.delegatecall"_s, [=](auto &e, bool attack) {
        return batch(e, attack ? "{published: CreateCall}" : "{published: MultiSendCallOnly}");
    });
    row("a delegatecall to a listed library with other code", u"policy.delegatecall"_s, [=](auto &e, bool attack) {
        const Address library = e.chain.contracts(u"1.4.1"_s).multiSendCallOnly;
        return batch(e, entry(library, attack ? keccak256("audited") : codeHash(e, library)));
    });
}

void TestAdversarialPolicy::addTimes()
{
    const auto at = [](qint64 seconds) { return Timestamp::fromSeconds(packageTime + seconds); };
    row("signed in a hurry", u"policy.coolingOff"_s, [=](auto &e, bool attack) {
        return revocation(e, policy("coolingOff: {otherwise: \"0\", keys: 4h}\n"),
            [&](ProposalDraft &draft) { draft.createdAt = at(attack ? -3 * 3600 : -5 * 3600); });
    });
    row("a proposal that is dated back", u"policy.coolingOff"_s, [=](auto &e, bool attack) {
        Package p = revocation(e, policy("coolingOff: {otherwise: \"0\", keys: 4h}\n"),
            [&](ProposalDraft &draft) { draft.createdAt = at(-30 * 86'400); });
        p.past.firstSeenAt = at(attack ? -3 * 3600 : -5 * 3600);
        return p;
    });
    row("only its author knows since when it is known", u"policy.firstSeen"_s, [=](auto &e, bool attack) {
        Package p = revocation(e, policy("coolingOff: {otherwise: \"0\", keys: 4h}\nseverities: {policy.firstSeen: {severity: block}}\n"),
            [&](ProposalDraft &draft) { draft.createdAt = at(-5 * 3600); });
        if (attack)
            p.past.firstSeenAt.reset();
        return p;
    });
    row("a proposal that is dated ahead to last longer", u"policy.postdated"_s, [=](auto &e, bool attack) {
        return revocation(e, policy("expiry: {otherwise: 7d}\n"),
            [&](ProposalDraft &draft) { draft.createdAt = at(attack ? 30 * 86'400 : 60); });
    });
    row("a proposal that nobody took up", u"policy.expired"_s, [=](auto &e, bool attack) {
        return revocation(e, policy("expiry: {otherwise: 7d}\n"),
            [&](ProposalDraft &draft) { draft.createdAt = at((attack ? -8 : -6) * 86'400); });
    });
    row("a proposal that is good for a year", u"policy.expiry"_s, [=](auto &e, bool attack) {
        return revocation(e, policy("expiry: {longest: 30d}\n"),
            [&](ProposalDraft &draft) { draft.expiresAt = at((attack ? 365 : 20) * 86'400); });
    });
    row("outside of the change window", u"policy.window"_s, [](auto &e, bool attack) {
        const QByteArray day = attack ? "sat" : "fri";
        return revocation(e, policy("changeWindows: {kinds: [keys], windows: [{days: [" + day + "], from: \"08:00\", to: \"16:00\"}]}\n"));
    });
    row("one who approves and approves", u"policy.fatigue"_s, [=](auto &e, bool attack) {
        Package p = revocation(e, policy("fatigue: {approvals: 2, within: 10m}\nseverities: {policy.fatigue: {severity: block}}\n"));
        p.past.recentApprovals = QList<Timestamp>{at(attack ? -60 : -3600), at(-120)};
        return p;
    });
    row("nobody knows what was approved lately", u"policy.fact"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy("fatigue: {approvals: 2, within: 10m}\n"));
        if (attack)
            p.past.recentApprovals.reset();
        return p;
    });
}

void TestAdversarialPolicy::addAmounts()
{
    row("too much at once", u"policy.limit.transaction"_s, [](auto &e, bool attack) {
        return payment(e, attack ? 11 : 10, policy("limits: [{chain: any, native: {perTransaction: \"1 ether\"}, otherTokens: info}]\n"));
    });
    row("too much in a day", u"policy.limit.window"_s, [](auto &e, bool attack) {
        return paymentAfter(e, [&] { e.chain.require(e.safe, nextPayment(e, attack ? 16 : 15), {&e.alice, &e.bob}); });
    });
    row("too much in a day, in a batch", u"policy.limit.window"_s, [](auto &e, bool attack) {
        return paymentAfter(e, [&] {
            const std::vector<InnerCall> calls{{e.carol.address(), {}, SafeOperation::Call, ether(8)},
                {e.carol.address(), {}, SafeOperation::Call, ether(attack ? 8 : 7)}};
            e.chain.require(e.safe, e.chain.next(e.safe, e.chain.contracts(u"1.4.1"_s).multiSendCallOnly, multiSendOf(calls), SafeOperation::DelegateCall),
                {&e.alice, &e.bob});
        });
    });
    row("too much with what is signed already", u"policy.limit.window"_s, [](auto &e, bool attack) {
        Package p = paymentAfter(e, [] {});
        Package other = e.package(e.carol.address(), {});
        other.subject.transaction = nextPayment(e, 16);
        other.subject.transaction.nonce = *other.subject.transaction.nonce.checkedAdd(Uint256(1));
        AdversarialEstate::propose(other, e.alice);
        AdversarialEstate::sign(other, {&e.alice});
        if (attack)
            AdversarialEstate::sign(other, {&e.bob});
        p.others = {{*other.subject.envelope, other.subject.signatures}};
        return p;
    });
    row("a payment that nobody can look up", u"policy.fact"_s, [](auto &e, bool attack) {
        return paymentAfter(e, [&] {
            const SafeTransaction paid = nextPayment(e, 1);
            const Bytes call = encodeExecTransaction(paid, SafeChain::sign(e.safe, paid, {&e.alice, &e.bob}));
            // CALLDATACOPY all, CALL the Safe with it: what was executed stands in no calldata of the Safe.
            const Address relay = e.chain.deployRuntime(
                QByteArray::fromHex("365f5f375f5f365f5f73") + e.safe.bytes() + QByteArray::fromHex("5af100"));
            e.chain.chain().execute(attack ? relay : e.safe, call);
        });
    });
    row("a token without limits", u"policy.limit.token"_s, [](auto &e, bool attack) {
        const AbiFunction function = AbiFunction::parse(u"transfer(address,uint256)").value();
        const Address token = e.chain.deployRuntime(answeringCode({{function.selector().bytes(), Uint256(1).toBigEndian()}}));
        const QByteArray listed = quoted(attack ? e.vault : token);
        return proposed(e, e.package(token, function.encodeCall({AbiValue(e.carol.address()), AbiValue(Uint256(5))}).value()),
            policy("limits: [{chain: any, tokens: [{asset: " + listed + ", name: USD, decimals: 6, perTransaction: \"100\"}], otherTokens: block}]\n"));
    });
    row("whoever executes is paid", u"policy.fee"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy("limits: [{chain: any, maxFee: \"0\", otherTokens: info}]\n"));
        if (attack) {
            p.subject.transaction.gasPrice = Uint256(1);
            p.subject.transaction.baseGas = Uint256(1'000'000);
            AdversarialEstate::propose(p, e.alice);
        }
        return p;
    });
}

void TestAdversarialPolicy::addOverrides()
{
    static const QByteArray hurry = "coolingOff: {otherwise: \"0\", keys: 4h}\noverrides: [policy.coolingOff]\n";
    row("one person overrides twice", u"policy.coolingOff"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(hurry));
        override(p, e.alice, u"policy.coolingOff"_s);
        override(p, attack ? e.alice : e.carol, u"policy.coolingOff"_s);
        return p;
    });
    row("one of the two does not approve here", u"policy.coolingOff"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(hurry));
        override(p, e.alice, u"policy.coolingOff"_s);
        override(p, attack ? e.mallory : e.bob, u"policy.coolingOff"_s);
        return p;
    });
    for (const bool isFirst : {false, true}) {
        row(isFirst ? "an override that was taken back, read before it" : "an override that was taken back", u"policy.coolingOff"_s,
            [isFirst](auto &e, bool attack) {
                Package p = revocation(e, policy(hurry));
                for (const TestKey *by : {&e.alice, &e.carol})
                    override(p, *by, u"policy.coolingOff"_s);
                // Of the twin's override somebody else says that it is taken back.
                retract(p, attack ? e.carol : e.bob, 1, isFirst);
                return p;
            });
    }
    row("an override of another transaction", u"policy.coolingOff"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(hurry));
        for (const TestKey *by : {&e.alice, &e.carol})
            override(p, *by, u"policy.coolingOff"_s);
        if (attack) {
            p.subject.transaction.nonce = *p.subject.transaction.nonce.checkedAdd(Uint256(1));
            AdversarialEstate::propose(p, e.alice);
        }
        return p;
    });
    row("an override under another policy", u"policy.coolingOff"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(attack ? hurry + "contacts: []\nfatigue: {approvals: 9, within: 1m}\n" : hurry));
        for (const TestKey *by : {&e.alice, &e.carol})
            override(p, *by, u"policy.coolingOff"_s);
        e.setPolicy(p, policy(hurry));
        return p;
    });
    row("an override of what nobody may override", u"policy.override.refused"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(hurry + "severities: {policy.override.refused: {severity: block}}\n"));
        for (const TestKey *by : {&e.alice, &e.carol}) {
            override(p, *by, u"policy.coolingOff"_s);
            if (attack)
                override(p, *by, u"policy.limit.window"_s);
        }
        return p;
    });
    row("an override where there are to be none", u"policy.override.used"_s, [](auto &e, bool attack) {
        Package p = revocation(e, policy(hurry + "severities: {policy.override.used: {severity: block}}\n"),
            [&](ProposalDraft &draft) { draft.createdAt = Timestamp::fromSeconds(packageTime - 5 * 3600); });
        override(p, e.alice, u"policy.coolingOff"_s);
        if (attack)
            override(p, e.carol, u"policy.coolingOff"_s);
        return p;
    });
}

void TestAdversarialPolicy::addProxies()
{
    row("the implementation was replaced after the first signature", u"proxy.replaced"_s, [](auto &e, bool attack) {
        const Address proxy = proxyTo(e, e.registry);
        e.chain.chain().ask(u"evm_mine"_s);
        const BlockHeader reviewed = QCoro::waitFor(e.chain.client().getBlock(BlockRef::latest())).value();
        const Address other = anotherRegistry(e);
        setImplementation(e, proxy, attack ? other : e.registry);
        Package p = e.package(proxy, e.call(e.registryBuild, u"cantonPartyToKey", {AbiValue(e.party)}));
        AdversarialEstate::propose(p, e.alice);
        AdversarialEstate::sign(p, {&e.alice});
        p.subject.signatures.last().reviewed = ReviewedBlock{reviewed.number, reviewed.hash};
        return p;
    });
    row("behind our contract runs what the policy does not list", u"proxy.unlisted"_s, [](auto &e, bool attack) {
        const Address proxy = proxyTo(e, attack ? e.otherVault : e.vault);
        for (quint64 slot = 0; slot < 10; ++slot) // owner and settings, as an initializer would leave them
            e.chain.chain().ask(u"anvil_setStorageAt"_s,
                {proxy.toString(), Hash32::fromDigest(Uint256(slot).toBigEndian()).toString(), e.chain.storageAt(e.vault, slot).toString()});
        e.chain.chain().ask(u"evm_mine"_s);
        Package p = e.package(proxy, e.call(e.vaultBuild, u"setEmergencyContact", {AbiValue(e.carol.address())}));
        AdversarialEstate::propose(p, e.alice);
        p.environment.chains.first().vaults.append({u"behind a proxy"_s, proxy});
        const Hash32 code = keccak256(QCoro::waitFor(e.chain.client().getCode(e.vault)).value());
        e.setPolicy(p, policy("allow: {implementations: [{name: ours, chain: 31337, address: " + quoted(e.vault) + ", codeHash: " + quoted(code) + "}]}\n"));
        return p;
    });
}

QTEST_GUILESS_MAIN(TestAdversarialPolicy)
#include "tst_adversarialpolicy.moc"
