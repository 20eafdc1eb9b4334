#include "backend/evm/accountproof.h"
#include "backend/evm/agreedchain.h"
#include "backend/evm/sealedheader.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/testchain.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

Hash32 slotOf(quint64 number)
{
    return Hash32::fromDigest(Uint256(number).toBigEndian());
}

std::vector<Bytes> nodesOf(const QJsonValue &list)
{
    std::vector<Bytes> nodes;
    const QJsonArray array = list.toArray();
    for (const QJsonValue &node : array)
        nodes.push_back(hex(node.toString()));
    return nodes;
}

// Runs `verify` on each proof that differs in one bit.
template<class Verify>
int acceptedFlips(const std::vector<Bytes> &proof, Verify verify)
{
    int accepted = 0;
    for (size_t node = 0; node < proof.size(); ++node) {
        for (qsizetype bit = 0; bit < proof[node].size() * 8; ++bit) {
            std::vector<Bytes> tampered = proof;
            tampered[node][bit / 8] = static_cast<char>(tampered[node][bit / 8] ^ 1 << bit % 8);
            accepted += verify(tampered) ? 1 : 0;
        }
    }
    return accepted;
}

} // namespace

// Headers and proofs of a real node.
class TestAccountProof final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Anvil> m_anvil;
    std::unique_ptr<TestChain> m_chain;
    Address m_contract;
    SealedHeader m_header;

    QJsonValue askProof(const Address &account, const std::vector<Hash32> &wanted)
    {
        QJsonArray words;
        for (const Hash32 &slot : wanted)
            words.append(slot.toString());
        return m_chain->ask(u"eth_getProof"_s, {account.toLower(), words, BlockRef::at(m_header.number).toJson()});
    }

private slots:
    void initTestCase()
    {
        m_anvil = std::make_unique<Anvil>();
        m_chain = std::make_unique<TestChain>(m_anvil->url());
        // Stores calldata word 1 at slot word 0, for each pair of words.
        m_contract = m_chain->deploy(hex(u"60198060095f395ff3" "5f5b8036111560175780602001358135556040016001565b00"));
        Bytes data;
        for (quint64 i = 1; i <= 40; ++i)
            data += slotOf(i).bytes() + Uint256(i * i * 1'000'003).toBigEndian();
        QVERIFY(m_chain->execute(m_contract, data).succeeded);
        m_header = QCoro::waitFor(m_chain->client.getSealedHeader(BlockRef::latest())).value();
        QCOMPARE(QCoro::waitFor(m_chain->client.getStorageAt(m_contract, slotOf(3))).value(), Hash32::fromDigest(Uint256(9 * 1'000'003).toBigEndian()));
    }

    void hashesEachForksHeader_data()
    {
        QTest::addColumn<QString>("fork");
        QTest::addColumn<bool>("hasBaseFee");
        QTest::addColumn<bool>("hasWithdrawals");
        QTest::addColumn<bool>("hasBlobs");
        QTest::addColumn<bool>("hasRequests");
        QTest::newRow("berlin") << u"berlin"_s << false << false << false << false;
        QTest::newRow("london") << u"london"_s << true << false << false << false;
        QTest::newRow("paris") << u"paris"_s << true << false << false << false;
        QTest::newRow("shanghai") << u"shanghai"_s << true << true << false << false;
        QTest::newRow("cancun") << u"cancun"_s << true << true << true << false;
        QTest::newRow("prague") << u"prague"_s << true << true << true << true;
    }

    void hashesEachForksHeader()
    {
        QFETCH(const QString, fork);
        QFETCH(const bool, hasBaseFee);
        QFETCH(const bool, hasWithdrawals);
        QFETCH(const bool, hasBlobs);
        QFETCH(const bool, hasRequests);
        const Anvil anvil(0, {u"--no-mining"_s, u"--hardfork"_s, fork});
        TestChain chain(anvil.url());
        chain.mine(2);
        // Not block 0: anvil's own, of forks before Cancun, has members of Cancun.
        for (quint64 number = 1; number <= 2; ++number) {
            const QJsonValue block = chain.ask(u"eth_getBlockByNumber"_s, {QString(u"0x"_s + QString::number(number)), false});
            const auto header = sealedHeaderFromJson(block);
            QVERIFY2(header.has_value(), qPrintable(header ? QString() : header.error().message + header.error().detail));
            QCOMPARE(header->hash().toString(), block.toObject().value(u"hash"_s).toString());
            QCOMPARE(header->baseFeePerGas.has_value(), hasBaseFee);
            QCOMPARE(header->withdrawalsRoot.has_value(), hasWithdrawals);
            QCOMPARE(header->blobGasUsed.has_value() && header->excessBlobGas.has_value() && header->parentBeaconBlockRoot.has_value(), hasBlobs);
            QCOMPARE(header->requestsHash.has_value(), hasRequests);
        }
    }

    void hashesTheFirstBlockOfMainnet()
    {
        const SealedHeader genesis{.parentHash = {},
                                   .ommersHash = hash(u"0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"),
                                   .beneficiary = {},
                                   .stateRoot = hash(u"0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544"),
                                   .transactionsRoot = emptyTrieRoot(),
                                   .receiptsRoot = emptyTrieRoot(),
                                   .logsBloom = Bytes(256, '\0'),
                                   .difficulty = Uint256(0x4'0000'0000),
                                   .number = BlockNumber(0),
                                   .gasLimit = 5000,
                                   .gasUsed = 0,
                                   .timestamp = 0,
                                   .extraData = hex(u"11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa"),
                                   .mixHash = {},
                                   .nonce = hex(u"0000000000000042")};
        QCOMPARE(genesis.hash(), hash(u"0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"));
    }

    void findsEachMemberOfAHeaderThatIsChanged()
    {
        const QJsonObject block = m_chain->ask(u"eth_getBlockByHash"_s, {m_header.hash().toString(), false}).toObject();
        QVERIFY(sealedHeaderFromJson(block).value() == m_header);
        const QStringList members{u"parentHash"_s, u"sha3Uncles"_s, u"miner"_s, u"stateRoot"_s, u"transactionsRoot"_s, u"receiptsRoot"_s,
                                  u"logsBloom"_s, u"difficulty"_s, u"number"_s, u"gasLimit"_s, u"gasUsed"_s, u"timestamp"_s, u"extraData"_s,
                                  u"mixHash"_s, u"nonce"_s, u"baseFeePerGas"_s, u"withdrawalsRoot"_s, u"blobGasUsed"_s, u"excessBlobGas"_s,
                                  u"parentBeaconBlockRoot"_s, u"requestsHash"_s};
        for (const QString &member : members) {
            QVERIFY2(block.contains(member), qPrintable(member));
            QJsonObject changed = block;
            QString text = changed.value(member).toString();
            if (text == u"0x")
                text = u"0x00"_s;
            else
                text.back() = text.back() == u'1' ? u'2' : u'1';
            changed.insert(member, text);
            QCOMPARE(sealedHeaderFromJson(changed).error().kind, ErrorKind::Corrupt);
            changed.remove(member);
            QVERIFY2(!sealedHeaderFromJson(changed).has_value(), qPrintable(member));
        }
        QCOMPARE(sealedHeaderFromJson(QJsonValue()).error().kind, ErrorKind::Invalid);
    }

    void provesAccountsAndStorage()
    {
        const std::vector<Hash32> wanted{slotOf(1), slotOf(40), slotOf(41), keccak256("nothing is here")};
        const auto proven = QCoro::waitFor(m_chain->client.getProof(m_contract, wanted, BlockRef::latest()));
        QVERIFY2(proven.has_value(), qPrintable(proven ? QString() : proven.error().message));
        QVERIFY(proven->account.has_value());
        QCOMPARE(proven->account->codeHash, keccak256(QCoro::waitFor(m_chain->client.getCode(m_contract)).value()));
        QCOMPARE(proven->storage.value(slotOf(1)), Uint256(1'000'003));
        QCOMPARE(proven->storage.value(slotOf(40)), Uint256(1600 * quint64(1'000'003)));
        QVERIFY(proven->storage.value(slotOf(41)).isZero());
        QCOMPARE(proven->storage.size(), qsizetype(4));

        const auto payer = QCoro::waitFor(m_chain->client.getProof(m_chain->payer.address(), {}, m_header)).value();
        QCOMPARE(payer.account->nonce, Nonce(2));
        QCOMPARE(payer.account->balance, QCoro::waitFor(m_chain->client.getBalance(m_chain->payer.address())).value());
        QCOMPARE(payer.account->storageRoot, emptyTrieRoot());
        const auto nobody = QCoro::waitFor(m_chain->client.getProof(address(u"0x52908400098527886E0F7030069857D2E4169EE7"), {slotOf(0)}, m_header));
        QVERIFY2(nobody.has_value(), qPrintable(nobody ? QString() : nobody.error().message));
        QVERIFY(!nobody->account.has_value());
        QCOMPARE(QCoro::waitFor(m_chain->client.getProvenCode(m_contract, m_header)).value(),
                 QCoro::waitFor(m_chain->client.getCode(m_contract)).value());
        QVERIFY(QCoro::waitFor(m_chain->client.getProvenCode(m_chain->payer.address(), m_header)).value().isEmpty());
    }

    void findsEachBitThatIsFlippedInAProof()
    {
        const Address nobody = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        for (const Address &account : {m_contract, m_chain->payer.address(), nobody}) {
            const auto proof = nodesOf(askProof(account, {}).toObject().value(u"accountProof"_s));
            QVERIFY(verifyAccountProof(m_header.stateRoot, account, proof).has_value());
            QCOMPARE(acceptedFlips(proof, [&](const auto &tampered) { return verifyAccountProof(m_header.stateRoot, account, tampered).has_value(); }), 0);
        }
        const Hash32 root = Hash32::parse(askProof(m_contract, {}).toObject().value(u"storageHash"_s).toString()).value();
        for (const Hash32 &slot : {slotOf(7), slotOf(999)}) {
            const auto entry = askProof(m_contract, {slot}).toObject().value(u"storageProof"_s).toArray().first().toObject();
            const auto proof = nodesOf(entry.value(u"proof"_s));
            QCOMPARE(verifyStorageProof(root, slot, proof).value(), slot == slotOf(7) ? Uint256(49 * 1'000'003) : Uint256());
            QCOMPARE(acceptedFlips(proof, [&](const auto &tampered) { return verifyStorageProof(root, slot, tampered).has_value(); }), 0);
            QVERIFY(!verifyStorageProof(root, slotOf(8), proof).has_value());
        }
    }

    void believesNothingBesideTheProof()
    {
        const std::vector<Hash32> wanted{slotOf(7), slotOf(999)};
        const QJsonObject answer = askProof(m_contract, wanted).toObject();
        const auto read = [&](const QJsonObject &object) { return provenAccountFromJson(object, m_contract, wanted, m_header.stateRoot); };
        QVERIFY(read(answer).has_value());
        const auto with = [&](const QString &member, const QJsonValue &value) {
            QJsonObject changed = answer;
            changed.insert(member, value);
            return changed;
        };
        QCOMPARE(read(with(u"nonce"_s, u"0x99"_s)).error().kind, ErrorKind::Corrupt);
        QCOMPARE(read(with(u"balance"_s, u"0x99"_s)).error().kind, ErrorKind::Corrupt);
        QCOMPARE(read(with(u"address"_s, Address().toLower())).error().kind, ErrorKind::Invalid);
        QCOMPARE(read(with(u"accountProof"_s, QJsonArray())).error().kind, ErrorKind::Invalid);
        QCOMPARE(read(with(u"storageProof"_s, QJsonArray())).error().kind, ErrorKind::Invalid);
        QCOMPARE(provenAccountFromJson(answer, m_contract, wanted, keccak256("another state")).error().kind, ErrorKind::Corrupt);
        QCOMPARE(provenAccountFromJson(answer, m_contract, {wanted[1], wanted[0]}, m_header.stateRoot).error().kind, ErrorKind::Invalid);
        QJsonArray storage = answer.value(u"storageProof"_s).toArray();
        QJsonObject entry = storage.at(0).toObject();
        entry.insert(u"value"_s, u"0x1"_s);
        storage.replace(0, entry);
        QCOMPARE(read(with(u"storageProof"_s, storage)).error().kind, ErrorKind::Corrupt);
    }

    void agreesWithASecondNodeOrNamesBoth()
    {
        const Anvil otherAnvil;
        TestChain other(otherAnvil.url());
        other.mine(2);
        AgreedChain same({.name = u"north"_s, .client = m_chain->client}, {.name = u"south"_s, .client = m_chain->client});
        AgreedChain differing({.name = u"north"_s, .client = m_chain->client}, {.name = u"south"_s, .client = other.client});
        const BlockRef block = BlockRef::at(m_header.number);
        QVERIFY(QCoro::waitFor(same.getSealedHeader(m_header.number)).value() == m_header);
        QCOMPARE(QCoro::waitFor(same.getStorageAt(m_contract, slotOf(1), block)).value(), Hash32::fromDigest(Uint256(1'000'003).toBigEndian()));
        QCOMPARE(QCoro::waitFor(same.getCode(m_contract, block)).value(), QCoro::waitFor(m_chain->client.getCode(m_contract)).value());
        QVERIFY(QCoro::waitFor(same.call({.to = m_contract}, block)).value().isEmpty());
        QCOMPARE(QCoro::waitFor(differing.chainId()).value(), ChainId(31337));

        const auto contradicted = [](const Error &error) {
            return error.kind == ErrorKind::Conflict && error.message.contains(u"north") && error.message.contains(u"south");
        };
        QVERIFY(contradicted(QCoro::waitFor(differing.getSealedHeader(BlockNumber(1))).error()));
        QVERIFY(contradicted(QCoro::waitFor(differing.getCode(m_contract, block)).error()));
        QVERIFY(contradicted(QCoro::waitFor(differing.getStorageAt(m_contract, slotOf(1), block)).error()));

        // A contract that reverts, against no contract there: a revert and a value are no agreement.
        const Address reverting = m_chain->deploy(hex(u"6005600c60003960056000f3" "60006000fd"));
        other.mine(8);
        const BlockRef later = BlockRef::at(QCoro::waitFor(m_chain->client.blockNumber()).value());
        QVERIFY(contradicted(QCoro::waitFor(differing.call({.to = reverting}, later)).error()));
        const auto reverted = QCoro::waitFor(same.call({.to = reverting}, later));
        QVERIFY(revertDataOf(reverted.error()).has_value());

        TestChain nobody(QUrl(u"http://127.0.0.1:1"_s));
        AgreedChain lonely({.name = u"north"_s, .client = m_chain->client}, {.name = u"south"_s, .client = nobody.client});
        const auto missing = QCoro::waitFor(lonely.chainId());
        QCOMPARE(missing.error().kind, ErrorKind::Unavailable);
        QVERIFY(missing.error().message.startsWith(u"south"));
    }
};

QTEST_GUILESS_MAIN(TestAccountProof)
#include "tst_accountproof.moc"
