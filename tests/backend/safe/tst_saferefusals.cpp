#include "backend/safe/safecalls.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safesignaturereader.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

/// What the contracts' own specifications say must be refused: refused by real Safes of each version, and by our own
/// reading of the same bytes, for the same reason.
class TestSafeRefusals final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SafeChain> m_safes;
    // Sorted by address.
    std::vector<TestKey> m_owners;
    TestKey m_stranger{99};
    std::map<QString, Address> m_safeOf;

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }

    // Two of three.
    Address safe() const { return m_safeOf.at(version()); }
    const TestKey &owner(size_t index) const { return m_owners.at(index); }
    std::vector<Address> ownerAddresses() const
    {
        std::vector<Address> addresses;
        for (const TestKey &key : m_owners)
            addresses.push_back(key.address());
        return addresses;
    }
    SafeTransaction transaction() { return m_safes->next(safe(), m_stranger.address()); }
    Bytes ecdsa(const TestKey &key, const Hash32 &hash) const { return SafeSignature::ecdsa(key.sign(hash)).staticPart(); }
    Bytes ethSign(const TestKey &key, const Hash32 &hash) const { return SafeSignature::ethSign(key.sign(safeEthSignHash(hash))).staticPart(); }
    static Bytes word(const Uint256 &number) { return number.toBigEndian(); }
    static Bytes contractPart(const Address &owner, const Uint256 &offset)
    {
        return Bytes(12, '\0') + owner.bytes() + offset.toBigEndian() + '\0';
    }

    SafeSignatureReading reading(const Bytes &blob, const Hash32 &hash, qsizetype threshold) const
    {
        return readSafeSignatures(blob, {.safeTxHash = hash, .threshold = threshold, .version = SafeVersion::parse(version()).value(), .owners = ownerAddresses()})
            .value();
    }
    // The code that the contract will give, found without it; empty when we find nothing wrong, "chain" when only the
    // chain can tell.
    QString foundHere(const Bytes &blob, const Hash32 &hash, qsizetype threshold) const
    {
        const SafeSignatureReading read = reading(blob, hash, threshold);
        return !read.errors.empty() ? QString(read.errors.front().code) : read.needsChain ? u"chain"_s : QString();
    }
    // The strict form, in which signatures are exchanged, takes nothing that the contract refuses.
    bool isExchanged(const Bytes &blob, const Hash32 &hash, qsizetype threshold) const
    {
        const auto signatures = decodeSafeSignatures(blob, threshold);
        return signatures && checkSafeSignatures(*signatures, hash, ownerAddresses(), threshold).fault == SafeSignatureFault::None;
    }
    static QStringList reasons(const std::vector<SafeSignatureFinding> &findings)
    {
        QStringList list;
        for (const SafeSignatureFinding &finding : findings)
            list.append(finding.reason);
        return list;
    }

    void isRefused(const Bytes &blob, const QString &byContract, const QString &byUs)
    {
        const auto t = transaction();
        QCOMPARE(m_safes->refusal(safe(), t, blob), byContract);
        QCOMPARE(foundHere(blob, SafeChain::hash(safe(), t), 2), byUs);
        QCOMPARE(isExchanged(blob, SafeChain::hash(safe(), t), 2), byUs == u"chain");
        if (byContract.startsWith(u"GS"_s))
            QVERIFY(!safeErrorMeaning(byContract).isEmpty());
    }
    void isRefused(const Bytes &blob, const QString &code) { isRefused(blob, code, code); }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase()
    {
        m_safes = std::make_unique<SafeChain>();
        for (const quint64 secret : {21U, 22U, 23U})
            m_owners.emplace_back(secret);
        std::ranges::sort(m_owners, {}, &TestKey::address);
        for (const QString &release : {u"1.3.0"_s, u"1.4.1"_s, u"1.5.0"_s})
            m_safeOf.emplace(release, m_safes->createSafe(release, ownerAddresses(), 2));
    }

    void controlExecutes()
    {
        const auto t = transaction();
        const Hash32 hash = SafeChain::hash(safe(), t);
        const Bytes blob = ecdsa(owner(0), hash) + ecdsa(owner(1), hash);
        QCOMPARE(foundHere(blob, hash, 2), QString());
        QCOMPARE(m_safes->refusal(safe(), t, blob), QString());
    }

    void signedForAnotherChain()
    {
        const Hash32 elsewhere = safeTxHash(ChainId(1), safe(), transaction());
        isRefused(ecdsa(owner(0), elsewhere) + ecdsa(owner(1), elsewhere), u"GS026"_s);
    }

    void signedForAnotherSafe()
    {
        const Hash32 elsewhere = SafeChain::hash(m_stranger.address(), transaction());
        isRefused(ecdsa(owner(0), elsewhere) + ecdsa(owner(1), elsewhere), u"GS026"_s);
    }

    void signedForAnotherNonce()
    {
        auto later = transaction();
        later.nonce = later.nonce.checkedAdd(1).value();
        const Hash32 hash = SafeChain::hash(safe(), later);
        isRefused(ecdsa(owner(0), hash) + ecdsa(owner(1), hash), u"GS026"_s);
    }

    void personalMessageClaimedAsPlain()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        const Hash32 wrapped = safeEthSignHash(hash);
        isRefused(ecdsa(owner(0), wrapped) + ecdsa(owner(1), wrapped), u"GS026"_s);
        isRefused(SafeSignature::ethSign(owner(0).sign(hash)).staticPart() + SafeSignature::ethSign(owner(1).sign(hash)).staticPart(), u"GS026"_s);
    }

    void oneOwnerTwice()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        isRefused(ecdsa(owner(0), hash) + ecdsa(owner(0), hash), u"GS026"_s);
        isRefused(ecdsa(owner(0), hash) + ethSign(owner(0), hash), u"GS026"_s);
        isRefused(ethSign(owner(1), hash) + ecdsa(owner(1), hash), u"GS026"_s);
    }

    void oneOwnerTwiceByApproval()
    {
        const auto t = transaction();
        const Hash32 hash = SafeChain::hash(safe(), t);
        const Bytes blob = ecdsa(owner(0), hash) + SafeSignature::approved(owner(0).address()).staticPart();
        QCOMPARE(m_safes->refusal(safe(), t, blob, owner(0).address()), u"GS026"_s); // approved by being the sender
        QCOMPARE(foundHere(blob, hash, 2), u"GS026"_s);
    }

    void wrongOrder()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        isRefused(ecdsa(owner(1), hash) + ecdsa(owner(0), hash), u"GS026"_s);
    }

    void notAnOwner()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        const bool isLast = m_stranger.address() > owner(0).address();
        isRefused(isLast ? ecdsa(owner(0), hash) + ecdsa(m_stranger, hash) : ecdsa(m_stranger, hash) + ecdsa(owner(0), hash), u"GS026"_s);
    }

    void sentinelAndZeroAreNoOwners()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        const auto sentinel = Address::fromBytes(word(1).last(20)).value();
        // Approved by being the sender: what is left is the question whether that is an owner.
        for (const Address &nobody : {sentinel, Address()}) {
            const Bytes blob = SafeSignature::approved(nobody).staticPart() + ecdsa(owner(0), hash);
            QCOMPARE(m_safes->refusal(safe(), transaction(), blob, nobody), u"GS026"_s);
            QCOMPARE(foundHere(blob, hash, 2), u"GS026"_s);
        }
    }

    void signatureOutOfRange()
    {
        // ecrecover answers zero, which is no owner.
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        isRefused(Bytes(64, '\xff') + char(27) + ecdsa(owner(0), hash), u"GS026"_s);
        isRefused(Bytes(64, '\0') + char(28) + ecdsa(owner(0), hash), u"GS026"_s);
    }

    void typeThatNoVersionKnows()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        for (const char v : {char(2), char(3), char(26), char(29), char(30)}) {
            Bytes first = ecdsa(owner(0), hash);
            first[64] = v;
            isRefused(first + ecdsa(owner(1), hash), u"GS026"_s);
        }
    }

    void fewerThanTheThreshold()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        isRefused({}, u"GS020"_s);
        isRefused(ecdsa(owner(0), hash), u"GS020"_s);
        isRefused(ecdsa(owner(0), hash) + ecdsa(owner(1), hash).chopped(1), u"GS020"_s);
    }

    void notApproved()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        isRefused(SafeSignature::approved(owner(0).address()).staticPart() + ecdsa(owner(1), hash), u"GS025"_s, u"chain"_s);
    }

    void contractSignaturePointsIntoTheStaticPart()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        for (const quint64 offset : {0U, 65U, 129U})
            isRefused(contractPart(owner(0).address(), offset) + ecdsa(owner(1), hash), u"GS021"_s);
    }

    void contractSignatureWithoutData()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        const Bytes parts = contractPart(owner(0).address(), 130) + ecdsa(owner(1), hash);
        isRefused(parts, u"GS022"_s);                              // no length
        isRefused(parts + word(0).first(31), u"GS022"_s);          // a part of one
        isRefused(parts + word(1), u"GS023"_s);                    // a length, no data
        isRefused(parts + word(20) + Bytes(19, 'x'), u"GS023"_s);  // too short
    }

    void contractSignaturePointsBeyondTheEnd()
    {
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        isRefused(contractPart(owner(0).address(), 1000) + ecdsa(owner(1), hash), u"GS022"_s);
        // The sum overflows; SafeMath stops without a reason.
        isRefused(contractPart(owner(0).address(), Uint256::max()) + ecdsa(owner(1), hash), u"no reason"_s, u"GS022"_s);
        const Bytes parts = contractPart(owner(0).address(), 130) + ecdsa(owner(1), hash);
        isRefused(parts + Uint256::max().toBigEndian(), u"no reason"_s, u"GS023"_s);
    }

    void contractThatSaysNo()
    {
        const Address contract = m_safes->deployRuntime(acceptingOwnerCode());
        const Address parent = m_safes->createSafe(version(), {contract}, 1);
        const auto t = m_safes->next(parent, m_stranger.address());
        const Hash32 hash = SafeChain::hash(parent, t);
        const Bytes blob = encodeSafeSignatures({SafeSignature::contract(contract, {})}, hash).value();
        QCOMPARE(m_safes->refusal(parent, t, blob), u"GS024"_s);
        const std::array owners{contract};
        const auto check = checkSafeSignatures(decodeSafeSignatures(blob, 1).value(), hash, owners, 1);
        QVERIFY(check.fault == SafeSignatureFault::None && check.needsChain);
    }

    void keyThatClaimsToBeAContract()
    {
        // Nobody answers there, so the Safe reverts without a reason of its own.
        const Hash32 hash = SafeChain::hash(safe(), transaction());
        isRefused(contractPart(owner(0).address(), 130) + ecdsa(owner(1), hash) + word(0), u"no reason"_s, u"chain"_s);
    }

    void preimageOfSomethingElse()
    {
        // execTransaction always hands the right one over; asked directly, 1.4.1 alone looks at it.
        const auto t = transaction();
        const Hash32 hash = SafeChain::hash(safe(), t);
        const Bytes blob = contractPart(owner(0).address(), 130) + ecdsa(owner(1), hash) + word(0);
        const Bytes wrong("not the pre-image");
        const Bytes asked = AbiFunction::parse(u"checkSignatures(bytes32,bytes,bytes)").value().encodeCall({AbiValue(hash), AbiValue(wrong), AbiValue(blob)}).value();
        QCOMPARE(m_safes->refusalOfCall(m_stranger.address(), safe(), asked), version() == u"1.4.1" ? u"GS027"_s : u"no reason"_s);
        const auto read = readSafeSignatures(blob, {.safeTxHash = hash, .threshold = 2, .version = SafeVersion::parse(version()).value(), .preimage = wrong});
        QCOMPARE(read->errors.empty() ? QString() : QString(read->errors.front().code), version() == u"1.4.1" ? u"GS027"_s : QString());
    }

    void safeWithoutThreshold()
    {
        const Address bare = m_safes->createBareProxy(version());
        const SafeTransaction t{.to = m_stranger.address()};
        const Hash32 hash = SafeChain::hash(bare, t);
        QCOMPARE(m_safes->refusal(bare, t, ecdsa(owner(0), hash)), u"GS001"_s);
        const std::array one{SafeSignature::ecdsa(owner(0).sign(hash))};
        QCOMPARE(checkSafeSignatures(one, hash, {}, 0).fault, SafeSignatureFault::TooFew);
    }

    void approvalByAStranger()
    {
        const Bytes approve = encodeApproveHash(SafeChain::hash(safe(), transaction()));
        QCOMPARE(m_safes->refusalOfCall(m_stranger.address(), safe(), approve), u"GS030"_s);
        QCOMPARE(m_safes->refusalOfCall(owner(0).address(), safe(), approve), QString());
    }

    void managementByAnybodyButTheSafe()
    {
        for (const Bytes &call : {safeCall(u"changeThreshold", {Uint256(1)}), safeCall(u"enableModule", {m_stranger.address()}),
                                  safeCall(u"setGuard", {Address()}), safeCall(u"setFallbackHandler", {Address()}),
                                  safeCall(u"addOwnerWithThreshold", {m_stranger.address(), Uint256(1)})})
            QCOMPARE(m_safes->refusalOfCall(owner(0).address(), safe(), call), u"GS031"_s);
    }

    void secondSetup()
    {
        const Bytes again = safeCall(u"setup", {AbiValue::list({m_stranger.address()}), Uint256(1), Address(), Bytes(), Address(), Address(), Uint256(), Address()});
        QCOMPARE(m_safes->refusalOfCall(m_stranger.address(), safe(), again), u"GS200"_s);
        QCOMPARE(m_safes->refusalOfCall(m_stranger.address(), m_safes->contracts(version()).singleton, again), u"GS200"_s);
    }

    // Where the contract is more lenient than we are: it executes, we do not accept the bytes.

    void bytesBehindTheSignaturesAreIgnoredByTheContractOnly()
    {
        const auto t = transaction();
        const Hash32 hash = SafeChain::hash(safe(), t);
        const Bytes blob = ecdsa(owner(0), hash) + ecdsa(owner(1), hash) + Bytes(65, '\xff');
        QCOMPARE(m_safes->refusal(safe(), t, blob), QString());
        const auto read = reading(blob, hash, 2);
        QVERIFY(read.errors.empty() && read.wellOrdered);
        QCOMPARE(reasons(read.notes), QStringList{u"trailing"_s});
        QVERIFY(!isExchanged(blob, hash, 2));
    }

    void dirtAboveAnAddressIsIgnoredByTheContractOnly()
    {
        const auto t = transaction();
        const Hash32 hash = SafeChain::hash(safe(), t);
        Bytes approval = SafeSignature::approved(owner(0).address()).staticPart();
        approval[0] = '\x01';
        const Bytes blob = approval + ecdsa(owner(1), hash);
        QCOMPARE(m_safes->refusal(safe(), t, blob, owner(0).address()), QString());
        const auto read = reading(blob, hash, 2);
        QVERIFY(read.errors.empty());
        QCOMPARE(reasons(read.notes), QStringList{u"dirtyAddress"_s});
        QVERIFY(!isExchanged(blob, hash, 2));
    }
};

QTEST_GUILESS_MAIN(TestSafeRefusals)
#include "tst_saferefusals.moc"
