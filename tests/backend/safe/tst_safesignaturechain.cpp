#include "backend/safe/safecalls.h"
#include "backend/safe/safeevents.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safenested.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safesignaturereader.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

/// Every kind of signature, executed by real Safes of each version.
class TestSafeSignatureChain final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SafeChain> m_safes;
    TestKey m_alice{11};
    TestKey m_bob{12};
    TestKey m_carol{13};
    TestKey m_dave{14};
    Address m_counter;

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }

    Uint256 count() { return Uint256::fromBigEndian(m_safes->storageAt(m_counter, 0).view()).value(); }

    // The transaction of these tests: one call to the counter.
    SafeTransaction tick(const Address &safe) { return m_safes->next(safe, m_counter); }

    // Executed, event and state verified; the local check has no fault either.
    void executes(const Address &safe, const SafeTransaction &transaction, const Bytes &signatures, const TestKey *sender = nullptr)
    {
        const Hash32 hash = SafeChain::hash(safe, transaction);
        const SafeState before = m_safes->state(safe);
        const auto threshold = static_cast<qsizetype>(before.threshold.toU64().value());
        const auto decoded = decodeSafeSignatures(signatures, threshold);
        QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().message));
        const auto check = checkSafeSignatures(*decoded, hash, before.owners, threshold);
        QVERIFY2(check.fault == SafeSignatureFault::None, qPrintable(check.message));

        const auto read = readSafeSignatures(signatures, {.safeTxHash = hash, .threshold = threshold, .version = safeVersion(), .owners = before.owners}).value();
        QVERIFY2(read.errors.empty() && read.wellOrdered, qPrintable(read.errors.empty() ? QString() : read.errors.front().message));

        const Uint256 counted = count();
        const auto receipt = sender ? m_safes->executeFrom(*sender, safe, encodeExecTransaction(transaction, signatures))
                                    : m_safes->execute(safe, transaction, signatures);
        QVERIFY2(receipt.succeeded, qPrintable(m_safes->refusal(safe, transaction, signatures)));
        const auto event = findSafeExecution(receipt.logs, safe, hash);
        QVERIFY(event.has_value());
        QCOMPARE(event->outcome, SafeExecution::Success);
        QCOMPARE(count(), counted.checkedAdd(1).value());
        QCOMPARE(m_safes->state(safe).nonce, before.nonce.checkedAdd(1).value());
    }

    static Bytes blob(const std::vector<SafeSignature> &signatures, const Hash32 &hash)
    {
        return encodeSafeSignatures(signatures, hash).value();
    }

    static SafeVersion safeVersion() { return SafeVersion::parse(version()).value(); }
    static SafeHashes hashesOf(const Address &safe, const SafeTransaction &transaction)
    {
        return safeHashes(safeVersion(), SafeChain::chainId(), safe, transaction);
    }
    // What the parent's owners sign for the child.
    static Hash32 parentsDigest(const Address &parent, const Address &child, const SafeTransaction &transaction)
    {
        return nestedSignatureHashes(safeVersion(), hashesOf(child, transaction), {.safe = parent, .version = safeVersion(), .chain = SafeChain::chainId()}).safeTxHash;
    }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase()
    {
        m_safes = std::make_unique<SafeChain>();
        m_counter = m_safes->deployRuntime(counterCode());
    }

    void ecdsaExecutes()
    {
        const Address safe = m_safes->createSafe(version(), {m_alice.address(), m_bob.address(), m_carol.address()}, 2);
        const auto transaction = tick(safe);
        executes(safe, transaction, SafeChain::sign(safe, transaction, {&m_carol, &m_alice}));
    }

    void bothParitiesOccurAndExecute()
    {
        const Address safe = m_safes->createSafe(version(), {m_alice.address()}, 1);
        std::array<bool, 2> seen{};
        while (!seen[0] || !seen[1]) {
            const auto transaction = tick(safe);
            const Bytes signature = SafeChain::sign(safe, transaction, {&m_alice});
            seen.at(signature.back() == 28 ? 1 : 0) = true;
            executes(safe, transaction, signature);
        }
    }

    void ethSignExecutes()
    {
        const Address safe = m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 2);
        const auto transaction = tick(safe);
        const Hash32 hash = SafeChain::hash(safe, transaction);
        const Hash32 wrapped = safeEthSignHash(hash);
        const Bytes signatures = blob({SafeSignature::ethSign(m_alice.sign(wrapped)), SafeSignature::ethSign(m_bob.sign(wrapped))}, hash);
        QVERIFY(signatures.back() == 31 || signatures.back() == 32);
        executes(safe, transaction, signatures);
    }

    void approvalOnChainExecutesAndEndsWithItsHash()
    {
        const Address safe = m_safes->createSafe(version(), {m_alice.address()}, 1);
        const auto transaction = tick(safe);
        const Hash32 hash = SafeChain::hash(safe, transaction);
        const Bytes signatures = blob({SafeSignature::approved(m_alice.address())}, hash);
        QCOMPARE(m_safes->refusal(safe, transaction, signatures), u"GS025"_s);
        const auto receipt = m_safes->executeFrom(m_alice, safe, encodeApproveHash(hash));
        QVERIFY(receipt.succeeded);
        const auto event = safeEvents().decodeLog(receipt.logs.at(0)).value();
        QCOMPARE(event.name, u"ApproveHash"_s);
        QVERIFY(*event.value(u"approvedHash") == AbiValue(hash));
        QVERIFY(*event.value(u"owner") == AbiValue(m_alice.address()));
        executes(safe, transaction, signatures);
        QCOMPARE(m_safes->refusal(safe, tick(safe), signatures), u"GS025"_s);
    }

    void senderNeedsNoSignature()
    {
        const Address safe = m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 2);
        const auto transaction = tick(safe);
        const Hash32 hash = SafeChain::hash(safe, transaction);
        const Bytes signatures = blob({SafeSignature::approved(m_alice.address()), SafeSignature::ecdsa(m_bob.sign(hash))}, hash);
        QCOMPARE(m_safes->refusal(safe, transaction, signatures), u"GS025"_s);
        QCOMPARE(m_safes->refusal(safe, transaction, signatures, m_alice.address()), QString());
        executes(safe, transaction, signatures, &m_alice);
    }

    void contractOwnerIsAsked()
    {
        const Address owner = m_safes->deployRuntime(acceptingOwnerCode());
        const Address safe = m_safes->createSafe(version(), {owner}, 1);
        const auto transaction = tick(safe);
        const Hash32 hash = SafeChain::hash(safe, transaction);
        QCOMPARE(m_safes->refusal(safe, transaction, blob({SafeSignature::contract(owner, {})}, hash)), u"GS024"_s);
        executes(safe, transaction, blob({SafeSignature::contract(owner, hex(u"c0ffee"))}, hash));
    }

    void parentSafeSignsByItsOwners()
    {
        const Address parent = m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 2);
        const Address child = m_safes->createSafe(version(), {parent, m_carol.address()}, 2);
        const auto transaction = tick(child);
        const Hash32 hash = SafeChain::hash(child, transaction);
        const Hash32 digest = parentsDigest(parent, child, transaction);
        const auto with = [&](const TestKey &second, const Hash32 &signedDigest) {
            const Bytes inner = blob({SafeSignature::ecdsa(m_alice.sign(signedDigest)), SafeSignature::ecdsa(second.sign(signedDigest))}, signedDigest);
            return blob({nestedSignature(parent, inner), SafeSignature::ecdsa(m_carol.sign(hash))}, hash);
        };
        QCOMPARE(m_safes->refusal(child, transaction, with(m_dave, digest)), u"GS026"_s); // no owner of the parent
        QCOMPARE(m_safes->refusal(child, transaction, with(m_bob, hash)), u"GS026"_s);    // the child's hash is not what the parent signs
        executes(child, transaction, with(m_bob, digest));
    }

    void parentOfALaterVersionAnswersOnlyItsOwnQuestion()
    {
        // A child up to 1.4.1 asks with the pre-image, which the handler of 1.5.0 does not answer any more.
        const Address parent = m_safes->createSafe(u"1.5.0"_s, {m_alice.address()}, 1);
        const Address child = m_safes->createSafe(version(), {parent}, 1);
        const auto transaction = tick(child);
        const Hash32 hash = SafeChain::hash(child, transaction);
        const ParentSafe parentSafe{.safe = parent, .version = SafeVersion::v150(), .chain = SafeChain::chainId()};
        const Hash32 digest = nestedSignatureHashes(safeVersion(), hashesOf(child, transaction), parentSafe).safeTxHash;
        const Bytes signatures = blob({nestedSignature(parent, blob({SafeSignature::ecdsa(m_alice.sign(digest))}, digest))}, hash);
        const auto problem = nestedSignatureProblem(safeVersion(), SafeVersion::v150());
        QCOMPARE(problem.has_value(), version() != u"1.5.0");
        if (problem)
            QVERIFY(!m_safes->refusal(child, transaction, signatures).isEmpty());
        else
            executes(child, transaction, signatures);
    }

    void parentSafeApprovesOnChain()
    {
        const Address parent = m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 2);
        const Address child = m_safes->createSafe(version(), {parent}, 1);
        const auto transaction = tick(child);
        const Hash32 hash = SafeChain::hash(child, transaction);
        m_safes->require(parent, nestedApproval(child, hash, m_safes->state(parent).nonce), {&m_alice, &m_bob});
        executes(child, transaction, blob({SafeSignature::approved(parent)}, hash));
    }

    void parentSafeSpeaksThroughSignMessageLib()
    {
        // An empty signature is accepted when the parent marked the message on chain before.
        const Address parent = m_safes->createSafe(version(), {m_alice.address()}, 1);
        const Address child = m_safes->createSafe(version(), {parent}, 1);
        const auto transaction = tick(child);
        const Hash32 hash = SafeChain::hash(child, transaction);
        const Bytes message = safeVersion().asksContractsByHash() ? hash.bytes() : safePreimage(hashesOf(child, transaction));
        const Bytes signatures = blob({SafeSignature::contract(parent, {})}, hash);
        QCOMPARE(m_safes->refusal(child, transaction, signatures), u"Hash not approved"_s);
        const Bytes mark = AbiFunction::parse(u"signMessage(bytes)").value().encodeCall({AbiValue(message)}).value();
        const auto receipt = m_safes->require(
            parent, m_safes->next(parent, m_safes->contracts(version()).signMessageLib, mark, SafeOperation::DelegateCall), {&m_alice});
        const auto marked = std::ranges::find_if(receipt.logs, [&](const EvmLog &log) { return log.topics.at(0) == keccakOfSignMsg(); });
        QVERIFY(marked != receipt.logs.end());
        QCOMPARE(marked->topics.at(1), parentsDigest(parent, child, transaction));
        executes(child, transaction, signatures);
    }

    void allKindsTogetherExecute()
    {
        const Address contractOwner = m_safes->deployRuntime(acceptingOwnerCode());
        const Address parent = m_safes->createSafe(version(), {m_alice.address()}, 1);
        const TestKey erin(15);
        const Address safe = m_safes->createSafe(
            version(), {m_alice.address(), m_bob.address(), m_carol.address(), m_dave.address(), erin.address(), contractOwner, parent}, 7);
        const auto transaction = tick(safe);
        const Hash32 hash = SafeChain::hash(safe, transaction);
        const Hash32 digest = parentsDigest(parent, safe, transaction);
        QVERIFY(m_safes->executeFrom(m_carol, safe, encodeApproveHash(hash)).succeeded);
        const std::vector<SafeSignature> signatures{
            nestedSignature(parent, blob({SafeSignature::ecdsa(m_alice.sign(digest))}, digest)),
            SafeSignature::ecdsa(m_alice.sign(hash)),
            SafeSignature::ethSign(m_bob.sign(safeEthSignHash(hash))),
            SafeSignature::approved(m_carol.address()),
            SafeSignature::approved(m_dave.address()),
            SafeSignature::ecdsa(erin.sign(hash)),
            SafeSignature::contract(contractOwner, hex(u"01")),
        };
        QCOMPARE(m_safes->refusal(safe, transaction, blob(signatures, hash)), u"GS025"_s); // dave is not the sender
        executes(safe, transaction, blob(signatures, hash), &m_dave);
    }

    void highSIsAccepted()
    {
        // n - s with the other parity is a second signature for the same key: why signatures are told apart by owner.
        const Address safe = m_safes->createSafe(version(), {m_alice.address()}, 1);
        const auto transaction = tick(safe);
        const EvmSignature low = m_alice.sign(SafeChain::hash(safe, transaction));
        const Uint256 order = Uint256::parse(u"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").value();
        const Uint256 s = order.checkedSub(Uint256::fromBigEndian(low.s.view()).value()).value();
        const EvmSignature high{.r = low.r, .s = Hash32::fromDigest(s.toBigEndian()), .yParity = !low.yParity};
        QVERIFY(!high.isLowS());
        executes(safe, transaction, SafeSignature::ecdsa(high).staticPart());
    }

private:
    static const Hash32 &keccakOfSignMsg()
    {
        static const Hash32 topic = safeEvents().event(u"SignMsg")->topic();
        return topic;
    }
};

QTEST_GUILESS_MAIN(TestSafeSignatureChain)
#include "tst_safesignaturechain.moc"
