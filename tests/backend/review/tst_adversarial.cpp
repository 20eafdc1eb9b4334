#include "backend/evm/create2.h"
#include "backend/safe/safecreate.h"
#include "backend/safe/safemanagement.h"
#include "backend/types/keccak.h"
#include "tests/backend/review/adversarialestate.h"

#include <QTest>

#include <memory>

using namespace countersign;
using namespace countersign::testing;

using Package = AdversarialEstate::Package;
using Make = AdversarialEstate::Make;

namespace {

Bytes manage(const SafeManagementCall &call)
{
    return encodeManagementCall(call);
}

/// An address that begins like the one given and ends otherwise.
Address lookAlike(const Address &address)
{
    Bytes bytes = address.bytes();
    for (qsizetype i = 2; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
    return Address::fromBytes(bytes).value();
}

} // namespace

class TestAdversarial final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_estate = std::make_unique<AdversarialEstate>(); }
    void cleanupTestCase() { m_estate.reset(); }
    void attackIsBlockedAndItsTwinIsNot_data();
    void attackIsBlockedAndItsTwinIsNot();

private:
    std::unique_ptr<AdversarialEstate> m_estate;
};

void TestAdversarial::attackIsBlockedAndItsTwinIsNot_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<Make>("make");
    const auto row = [](const char *name, const QString &code, const Make &make) { QTest::newRow(name) << code << make; };
    const auto revoke = [](AdversarialEstate &e) { return e.call(e.registryBuild, u"revokeKey", {AbiValue(e.party)}); };

    // 1, 2, 3: identity
    row("for a chain that we do not have", u"chain.unknown"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        if (attack)
            p.subject.chainId = ChainId(1);
        return p;
    });
    row("the node serves another chain", u"chain.mismatch"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        if (attack)
            p.subject.chainId = p.environment.chains.first().chainId = ChainId(10);
        return p;
    });
    row("for a Safe that is not ours", u"safe.foreign"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        if (attack)
            p.subject.safe = e.chain.createSafe(u"1.4.1"_s, {e.mallory.address()}, 1);
        return p;
    });
    row("no Safe stands there", u"safe.unread"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        if (attack)
            p.environment.chains.first().safe = p.subject.safe = e.vault;
        return p;
    });
    row("the proxy's code has one other byte", u"safe.code"_s, [=](auto &e, bool attack) {
        if (attack) {
            Bytes code = QCoro::waitFor(e.chain.client().getCode(e.safe)).value();
            code.back() = static_cast<char>(code.back() ^ 1);
            e.setCode(e.safe, code);
        }
        return e.package(e.registry, revoke(e));
    });
    row("the singleton was replaced (WazirX)", u"safe.code"_s, [=](auto &e, bool attack) {
        if (attack)
            e.setCode(e.chain.contracts(u"1.4.1"_s).singletonL2,
                QCoro::waitFor(e.chain.client().getCode(e.chain.contracts(u"1.4.1"_s).singletonL2)).value() + Bytes(1, '\0'));
        return e.package(e.registry, revoke(e));
    });
    row("the file names another hash", u"hash.claim"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        p.subject.claimedHash = attack ? keccak256("another") : SafeChain::hash(e.safe, p.subject.transaction);
        return p;
    });

    // 4: signatures
    row("a signature in somebody else's name", u"signature.invalid"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        const Hash32 hash = SafeChain::hash(e.safe, p.subject.transaction);
        p.subject.signatures
            = {{hash, SafeSignature::ecdsa((attack ? e.mallory : e.bob).sign(hash)), e.bob.address(), Timestamp()}};
        return p;
    });
    row("a signature for another transaction", u"signature.foreign"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        const Hash32 hash = attack ? keccak256("another") : SafeChain::hash(e.safe, p.subject.transaction);
        p.subject.signatures = {{hash, SafeSignature::ecdsa(e.bob.sign(hash)), e.bob.address(), Timestamp()}};
        return p;
    });

    // 8: delegatecalls
    row("Bybit: a transfer of nothing by delegatecall", u"operation.delegatecall"_s, [](auto &e, bool attack) {
        // The attacker's contract writes its first argument into slot 0: PUSH1 4 CALLDATALOAD PUSH0 SSTORE.
        const Address code = e.chain.deployRuntime(QByteArray::fromHex("6004355f55"));
        const Bytes data = AbiFunction::parse(u"transfer(address,uint256)")
                               ->encodeCall({AbiValue(attack ? e.mallory.address() : e.carol.address()), AbiValue(Uint256())})
                               .value();
        return e.package(code, data, attack ? SafeOperation::DelegateCall : SafeOperation::Call);
    });
    row("other code at the address of a library", u"operation.code"_s, [=](auto &e, bool attack) {
        const Address library = e.chain.contracts(u"1.4.1"_s).multiSendCallOnly;
        if (attack)
            e.setCode(library, counterCode());
        const std::vector<InnerCall> calls{{e.registry, revoke(e)}};
        return e.package(library, multiSendOf(calls), SafeOperation::DelegateCall);
    });

    // 9: batches
    const auto batch = [](AdversarialEstate &e, const Bytes &bytes, const QString &version = u"1.4.1"_s) {
        return e.package(e.chain.contracts(version).multiSend, multiSendOf(bytes), SafeOperation::DelegateCall);
    };
    row("a truncated batch", u"call.malformed"_s, [=](auto &e, bool attack) {
        const std::vector<InnerCall> calls{{e.registry, revoke(e)}};
        return batch(e, attack ? packed(calls).chopped(1) : packed(calls));
    });
    row("bytes behind the last entry", u"call.malformed"_s, [=](auto &e, bool attack) {
        const std::vector<InnerCall> calls{{e.registry, revoke(e)}};
        return batch(e, attack ? packed(calls) + Bytes(31, '\xee') : packed(calls));
    });
    row("the zero address that means the Safe", u"multisend.zero"_s, [=](auto &e, bool attack) {
        // 1.5.0 turns the zero address into the Safe itself: a hidden call of changeThreshold.
        const std::vector<InnerCall> calls{
            {attack ? Address() : e.safe, manage(SetFallbackHandler{e.chain.contracts(u"1.5.0"_s).handler})}};
        return batch(e, packed(calls), u"1.5.0"_s);
    });
    row("a delegatecall inside a batch", u"multisend.delegatecall"_s, [=](auto &e, bool attack) {
        const std::vector<InnerCall> calls{
            {e.registry, revoke(e), attack ? SafeOperation::DelegateCall : SafeOperation::Call}};
        return batch(e, packed(calls));
    });
    row("a batch by a plain call", u"batch.call"_s, [=](auto &e, bool attack) {
        const std::vector<InnerCall> calls{{e.registry, revoke(e)}};
        return e.package(e.chain.contracts(u"1.4.1"_s).multiSendCallOnly, multiSendOf(calls),
            attack ? SafeOperation::Call : SafeOperation::DelegateCall);
    });
    row("nested deeper than is read", u"call.malformed"_s, [=](auto &e, bool attack) {
        Bytes data = revoke(e);
        Address to = e.registry;
        for (int depth = 0; depth < (attack ? 12 : 1); ++depth) {
            const std::vector<InnerCall> calls{{to, data, depth ? SafeOperation::DelegateCall : SafeOperation::Call}};
            data = multiSendOf(calls);
            to = e.chain.contracts(u"1.4.1"_s).multiSend;
        }
        return e.package(to, data, SafeOperation::DelegateCall);
    });

    // 10 to 14
    row("a call of an account without code", u"target.nocode"_s, [=](auto &e, bool attack) {
        return e.package(attack ? e.carol.address() : e.registry, revoke(e));
    });
    row("a refund in a token", u"gas.refund"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        if (attack) {
            p.subject.transaction.gasPrice = Uint256(1);
            p.subject.transaction.baseGas = Uint256(1'000'000);
            p.subject.transaction.gasToken = e.otherVault;
        }
        return p;
    });
    row("a failure that burns the nonce", u"gas.burn"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        p.subject.transaction.safeTxGas = Uint256(attack ? 45'746 : 0);
        return p;
    });
    row("a function that our contract does not have", u"call.unknown"_s, [=](auto &e, bool attack) {
        return e.package(e.registry, attack ? Bytes("\xde\xad\xbe\xef") : revoke(e));
    });
    row("dirty padding", u"call.dirty"_s, [](auto &e, bool attack) {
        Bytes data = e.call(e.registryBuild, u"registerKey", {AbiValue(e.party), AbiValue(e.partyKey)});
        if (attack)
            data[4 + 32] = '\1';
        return e.package(e.registry, data);
    });
    row("trailing bytes", u"call.dirty"_s,
        [=](auto &e, bool attack) { return e.package(e.registry, revoke(e) + Bytes(attack ? 4 : 0, '\7')); });

    // 15: proxies
    row("a proxy to nothing", u"proxy.empty"_s, [](auto &e, bool attack) {
        const Address behind = attack ? e.carol.address() : e.registry;
        const Address proxy = e.chain.deployRuntime(QByteArray::fromHex("363d3d373d3d3d363d73") + behind.bytes()
            + QByteArray::fromHex("5af43d82803e903d91602b57fd5bf3"));
        return e.package(proxy, e.call(e.registryBuild, u"cantonPartyToKey", {AbiValue(e.party)}));
    });

    // 17, 18: control and code
    row("Radiant: the ownership goes to the attacker", u"ownership.unknown"_s, [](auto &e, bool attack) {
        const Address to = attack ? e.mallory.address() : e.carol.address();
        return e.package(e.registry, e.call(e.registryBuild, u"transferOwnership", {AbiValue(to)}));
    });
    row("nobody is to own it", u"ownership.lost"_s, [](auto &e, bool attack) {
        return e.package(e.registry, attack ? e.call(e.registryBuild, u"renounceOwnership")
                                            : e.call(e.registryBuild, u"transferOwnership", {AbiValue(e.carol.address())}));
    });
    row("an ownership that was not offered", u"ownership.notoffered"_s, [](auto &e, bool attack) {
        if (!attack)
            e.chain.chain().execute(e.otherVault, e.call(e.vaultBuild, u"transferOwnership", {AbiValue(e.safe)}));
        return e.package(e.otherVault, e.call(e.vaultBuild, u"acceptOwnership"));
    });
    const auto upgrade = [](AdversarialEstate &e, const Address &implementation) {
        const AbiFunction function = AbiFunction::parse(u"upgradeTo(address)").value();
        const Address proxy = e.chain.deployRuntime(answeringCode({{function.selector().bytes(), Bytes()}}));
        return e.package(proxy, function.encodeCall({AbiValue(implementation)}).value());
    };
    row("an upgrade to unknown code", u"upgrade.unknown"_s,
        [=](auto &e, bool attack) { return upgrade(e, attack ? e.chain.deployRuntime(counterCode()) : e.registry); });
    row("an upgrade to nothing", u"upgrade.nocode"_s,
        [=](auto &e, bool attack) { return upgrade(e, attack ? e.carol.address() : e.registry); });

    // 19, 20: adapters and keys
    const auto registerAdapter = [](AdversarialEstate &e, const Address &adapter) {
        return e.package(e.vault, e.call(e.vaultBuild, u"registerAdapter", {AbiValue(e.newAdapterId), AbiValue(adapter)}));
    };
    row("an adapter of unknown code", u"adapter.unknown"_s,
        [=](auto &e, bool attack) { return registerAdapter(e, attack ? e.chain.deployRuntime(counterCode()) : e.adapter); });
    row("an adapter of another vault", u"adapter.vault"_s,
        [=](auto &e, bool attack) { return registerAdapter(e, attack ? e.foreignAdapter : e.adapter); });
    row("an adapter that is the vault", u"adapter.invalid"_s,
        [=](auto &e, bool attack) { return registerAdapter(e, attack ? e.vault : e.adapter); });
    row("an adapter that is there already", u"adapter.registered"_s, [](auto &e, bool attack) {
        return e.package(e.vault, e.call(e.vaultBuild, u"registerAdapter",
            {AbiValue(attack ? e.adapterId : e.newAdapterId), AbiValue(e.adapter)}));
    });
    row("an adapter that is not there", u"adapter.absent"_s, [](auto &e, bool attack) {
        return e.package(e.vault, e.call(e.vaultBuild, u"removeAdapter", {AbiValue(attack ? e.newAdapterId : e.adapterId)}));
    });
    row("a key of the attacker's", u"key.unknown"_s, [](auto &e, bool attack) {
        return e.package(e.registry, e.call(e.registryBuild, u"registerKey",
            {AbiValue(e.party), AbiValue(attack ? e.mallory.address() : e.partyKey)}));
    });
    row("the zero key", u"key.zero"_s, [](auto &e, bool attack) {
        return e.package(e.registry, e.call(e.registryBuild, u"registerKey",
            {AbiValue(e.party), AbiValue(attack ? Address() : e.partyKey)}));
    });
    row("a key that is not there", u"key.absent"_s, [](auto &e, bool attack) {
        return e.package(e.registry, e.call(e.registryBuild, u"revokeKey", {AbiValue(attack ? e.partyWithoutKey : e.party)}));
    });
    row("a registry that is not the Safe's", u"registry.owner"_s, [=](auto &e, bool attack) {
        const Address other = attack ? e.chain.chain().deploy(e.registryBuild.deploymentCode({}).value()) : e.registry;
        Package p = e.package(other, revoke(e));
        p.environment.chains.first().registry = other;
        return p;
    });
    row("a registry that is none", u"registry.unread"_s, [=](auto &e, bool attack) {
        const Address other = attack ? e.chain.deployRuntime(counterCode()) : e.registry;
        Package p = e.package(other, revoke(e));
        p.environment.chains.first().registry = other;
        return p;
    });

    // 22: look-alikes
    row("an address that looks like a holder's", u"address.lookalike"_s, [](auto &e, bool attack) {
        const Address to = attack ? lookAlike(e.carol.address()) : e.carol.address();
        return e.package(e.registry, e.call(e.registryBuild, u"transferOwnership", {AbiValue(to)}));
    });

    // 23: deployments
    const auto creation = [](AdversarialEstate &e, const Bytes &initCode, SafeOperation operation, std::optional<Hash32> salt = {}) {
        return e.package(e.chain.contracts(u"1.4.1"_s).createCall, encodeCreateCall({Uint256(), initCode, salt}), operation);
    };
    row("a contract that is orphaned at birth", u"create.orphan"_s, [=](auto &e, bool attack) {
        return creation(e, e.registryBuild.deploymentCode({}).value(), attack ? SafeOperation::Call : SafeOperation::DelegateCall);
    });
    row("an owner by msg.sender through a shared deployer", u"create.orphan"_s, [](auto &e, bool attack) {
        const std::vector<AbiValue> arguments{AbiValue(e.vault), AbiValue(Uint256(5))};
        const Bytes initCode = attack ? e.registryBuild.deploymentCode({}).value() : e.adapterBuild.deploymentCode(arguments).value();
        return e.package(deployerAddress(DeterministicDeployer::Arachnid), encodeDeployment({keccak256("salt"), initCode}));
    });
    row("one byte of the creation code", u"deploy.mismatch"_s, [=](auto &e, bool attack) {
        Bytes initCode = e.registryBuild.deploymentCode({}).value();
        if (attack)
            initCode[initCode.size() / 2] = static_cast<char>(initCode[initCode.size() / 2] ^ 1);
        return creation(e, initCode, SafeOperation::DelegateCall);
    });
    row("creation code that nobody knows", u"deploy.unknown"_s, [=](auto &e, bool attack) {
        return creation(e, attack ? SafeChain::creationOf(counterCode()) : e.registryBuild.deploymentCode({}).value(), SafeOperation::DelegateCall);
    });
    row("creation code that no chain takes", u"deploy.size"_s, [=](auto &e, bool attack) {
        Bytes initCode = e.registryBuild.deploymentCode({}).value();
        return creation(e, attack ? initCode + Bytes(50'000, '\0') : initCode, SafeOperation::DelegateCall);
    });
    row("an address that is taken", u"deploy.occupied"_s, [=](auto &e, bool attack) {
        const Bytes initCode = e.registryBuild.deploymentCode({}).value();
        const Hash32 salt = keccak256("taken");
        e.executeAsSafe(e.chain.contracts(u"1.4.1"_s).createCall, encodeCreateCall({Uint256(), initCode, salt}), SafeOperation::DelegateCall);
        return creation(e, initCode, SafeOperation::DelegateCall, attack ? salt : keccak256("free"));
    });

    // 26 to 30
    row("a nonce that is past", u"nonce.used"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        if (attack)
            p.subject.transaction.nonce = Uint256();
        return p;
    });
    row("a proposal that expired", u"time.expired"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice, [&](ProposalDraft &draft) {
            draft.expiresAt = Timestamp::fromSeconds(attack ? 1'799'999'999 : 1'800'000'001);
        });
        return p;
    });
    row("a proposal before its time", u"time.early"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice, [&](ProposalDraft &draft) {
            draft.notBefore = Timestamp::fromSeconds(attack ? 1'800'000'001 : 1'799'999'999);
        });
        return p;
    });
    const auto stated = [](Package p, const TestKey &author, StatementKind kind) {
        Statement statement;
        statement.kind = kind;
        statement.chainId = p.subject.chainId;
        statement.safe = p.subject.safe;
        statement.author = author.address();
        statement.madeAt = Timestamp::fromSeconds(1'799'995'000);
        statement.safeTxHash = SafeChain::hash(p.subject.safe, p.subject.transaction);
        statement.text = u"It was asked for by mistake."_s;
        statement.signature = author.sign(statement.digest());
        p.subject.statements = {statement};
        return p;
    };
    row("a proposal that was taken back", u"proposer.withdrawn"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice);
        return stated(p, attack ? e.alice : e.bob, StatementKind::Withdrawal);
    });
    row("a proposal whose proposer put another in its stead", u"proposer.replaced"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice);
        if (attack)
            p.subject.replacedBy = keccak256("the other one");
        return p;
    });
    row("a device that showed another hash", u"incident.reported"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice);
        return stated(p, e.bob, attack ? StatementKind::MismatchReport : StatementKind::Note);
    });
    row("a guard's veto", u"simulation.failed"_s, [=](auto &e, bool attack) {
        const SafeContracts &contracts = e.chain.contracts(u"1.4.1"_s);
        e.executeAsSafe(e.safe, manage(SetGuard{contracts.guard}));
        const std::vector<InnerCall> calls{{e.registry, revoke(e)}};
        return attack ? e.package(contracts.multiSendCallOnly, multiSendOf(calls), SafeOperation::DelegateCall)
                      : e.package(e.registry, revoke(e));
    });
    row("an effect that was not promised so", u"effect.broken"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice, [&](ProposalDraft &draft) {
            draft.promises = {{u"CantonKeyRegistry.cantonPartyToKey(%1)"_s.arg(e.party.toString()), e.partyKey.toString(),
                attack ? e.partyKey.toString() : u"none"_s}};
        });
        return p;
    });
    row("an effect that was promised and does not come", u"effect.missing"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice, [&](ProposalDraft &draft) {
            draft.promises = {{u"CantonKeyRegistry.cantonPartyToKey(%1)"_s.arg((attack ? e.partyWithoutKey : e.party).toString()),
                e.partyKey.toString(), u"none"_s}};
        });
        return p;
    });
    row("an effect from another beginning", u"effect.stale"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice, [&](ProposalDraft &draft) {
            draft.promises = {{u"CantonKeyRegistry.cantonPartyToKey(%1)"_s.arg(e.party.toString()),
                attack ? e.carol.address().toString() : e.partyKey.toString(), u"none"_s}};
        });
        return p;
    });
    row("the Safe's storage behind a harmless call", u"effect.safe"_s, [](auto &e, bool attack) {
        const Address code = e.chain.deployRuntime(QByteArray::fromHex("6004355f55"));
        const Bytes data = AbiFunction::parse(u"transfer(address,uint256)")->encodeCall({AbiValue(e.carol.address()), AbiValue(Uint256())}).value();
        return e.package(code, data, attack ? SafeOperation::DelegateCall : SafeOperation::Call);
    });
    row("foreign code runs as the Safe", u"effect.delegatecall"_s, [](auto &e, bool attack) {
        const Address code = e.chain.deployRuntime(counterCode());
        return e.package(code, Bytes(4, '\1'), attack ? SafeOperation::DelegateCall : SafeOperation::Call);
    });
    row("the code behind a contract is replaced in passing", u"effect.proxy"_s, [](auto &e, bool attack) {
        // CALLDATALOAD(4), PUSH32 slot, SSTORE: what a hidden upgrade of an EIP-1967 proxy does.
        const Bytes slot = attack ? ProxySlots::implementation().bytes() : Bytes(32, '\7');
        const Address code = e.chain.deployRuntime(QByteArray::fromHex("6004357f") + slot + QByteArray::fromHex("55"));
        return e.package(code, AbiFunction::parse(u"transfer(address,uint256)")->encodeCall({AbiValue(e.carol.address()), AbiValue(Uint256())}).value());
    });
    row("a vault that is not the Safe's", u"target.owner"_s, [](auto &e, bool attack) {
        Package p = e.package(attack ? e.otherVault : e.vault, e.call(e.vaultBuild, u"setEmergencyContact", {AbiValue(e.carol.address())}));
        p.environment.chains.first().vaults.append({u"other"_s, e.otherVault});
        return p;
    });
    row("to unpause what is not paused", u"target.paused"_s, [](auto &e, bool attack) {
        return e.package(e.vault, e.call(e.vaultBuild, attack ? u"unpause" : u"pause"));
    });

    // 34: the proposer
    row("an envelope that was changed", u"proposer.signature"_s, [=](auto &e, bool attack) {
        Package p = e.package(e.registry, revoke(e));
        AdversarialEstate::propose(p, e.alice);
        if (attack)
            p.subject.envelope->title = u"Another title"_s;
        return p;
    });
}

void TestAdversarial::attackIsBlockedAndItsTwinIsNot()
{
    QFETCH(QString, code);
    QFETCH(Make, make);
    verifyPackage(*m_estate, code, make);
}

QTEST_GUILESS_MAIN(TestAdversarial)
#include "tst_adversarial.moc"
