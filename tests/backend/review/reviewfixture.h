#pragma once

#include "backend/review/reviewcontext.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safetrust.h"
#include "tests/backend/proposals/drafts.h"
#include "tests/backend/proposals/testkey.h"

namespace countersign {

inline const TestKey alice(1);
inline const TestKey bob(2);
inline const TestKey carol(3);
inline const TestKey mallory(4);
inline const Address testVault = *Address::parse(u"0x7a11000000000000000000000000000000007a11");

inline Hash32 codeHash(SafeCodeKind kind)
{
    for (const SafeCode &code : knownSafeCode()) {
        if (code.kind == kind && code.version == "1.4.1"_L1)
            return code.codeHash;
    }
    return {};
}

/// An environment and a chain on which the test draft is flawless; each test spoils one thing.
struct ReviewFixture {
    Environment environment;
    ExchangeItem item{alice.propose(testDraft()), {}};
    ReviewContext context;

    ReviewFixture()
    {
        ChainSettings chain;
        chain.name = u"ethereum"_s;
        chain.chainId = ChainId(testChain);
        chain.rpc = {QUrl(u"http://127.0.0.1:1"_s)};
        chain.safe = testSafe;
        chain.registry = testRegistry;
        chain.vaults = {{u"treasury"_s, testVault}};
        environment.chains = {chain};
        environment.parties = {{testParty, u"Treasury desk"_s, testPartyKey}};
        environment.holders
            = {{u"alice"_s, alice.address(), {}}, {u"bob"_s, bob.address(), {}}, {u"carol"_s, carol.address(), {}}};

        context.rpcChainId = ChainId(testChain);
        context.endpoint = u"http://127.0.0.1:1"_s;
        context.second = SecondOpinion{u"http://127.0.0.1:2"_s, {}, {}};
        context.artifacts = &ArtifactStore::ours();
        ContractFacts registry;
        registry.code = "\x60\x80";
        registry.codeHash = keccak256(registry.code);
        registry.owner = testSafe;
        registry.pendingOwner = Address();
        context.contracts.insert(testRegistry, registry);
        context.now = Timestamp::fromSeconds(1'700'000'500);
        SafeState &safe = context.safe;
        safe.safe = testSafe;
        safe.chainId = ChainId(testChain);
        safe.blockNumber = BlockNumber(100);
        safe.blockHash = keccak256("block 100");
        safe.owners = {alice.address(), bob.address(), carol.address()};
        safe.threshold = Uint256(2);
        safe.nonce = Uint256(2);
        safe.version = u"1.4.1"_s;
        safe.singleton = *Address::parse(u"0x29fcB43b46531BcA003ddC8FCB67FFE91900C762");
        safe.proxyCodeHash = codeHash(SafeCodeKind::Proxy);
        safe.singletonCodeHash = codeHash(SafeCodeKind::SingletonL2);
        safe.domainSeparator = safeDomainHash(safe.chainId, testSafe);
        context.registries
            = {RegistryFacts{testRegistry, testSafe, testParty, testPartyKey, {{u"treasury"_s, testVault, true, true}}}};
        refresh();
    }

    /// After a change of the item: what chain and simulation would then say.
    void refresh()
    {
        context.environment = &environment;
        context.contractHash = item.proposal.safeTxHash();
        SimulationFacts simulation;
        simulation.succeeded = true;
        simulation.keyAfter = Address();
        simulation.hasChanges = true;
        simulation.method = u"eth_simulateV1"_s;
        context.simulation = simulation;
    }
    void propose(const ProposalDraft &draft)
    {
        item = {alice.propose(draft), {}};
        refresh();
    }
};

} // namespace countersign
