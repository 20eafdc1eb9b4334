#include "backend/evm/merkleproof.h"
#include "backend/evm/rlp.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/smalltrie.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

// Every proof with one bit flipped must be refused.
void refusesEachFlippedBit(const Hash32 &root, const Bytes &key, const std::vector<Bytes> &proof)
{
    for (size_t node = 0; node < proof.size(); ++node) {
        for (qsizetype bit = 0; bit < proof[node].size() * 8; ++bit) {
            std::vector<Bytes> tampered = proof;
            tampered[node][bit / 8] = static_cast<char>(tampered[node][bit / 8] ^ 1 << bit % 8);
            const auto result = verifyTrieProof(root, key, tampered);
            QVERIFY2(!result.has_value(), qPrintable(u"node %1 bit %2"_s.arg(node).arg(bit)));
        }
    }
}

QString codeOf(const Result<std::optional<Bytes>> &result)
{
    return result ? u"none"_s : result.error().detail;
}

Hash32 rootOf(const RlpItem &node)
{
    return keccak256(rlpEncode(node));
}

RlpItem branchOf(const RlpItem &first, const RlpItem &second, const Bytes &value = {})
{
    RlpItem::List items(17);
    items[0] = first;
    items[1] = second;
    items[16] = RlpItem(value);
    return RlpItem(items);
}

} // namespace

class TestMerkleProof final : public QObject {
    Q_OBJECT

private slots:
    // The trie of the Ethereum wiki's "do, dog, doge, horse" example, whose root is published (TrieTests "dogs").
    void findsTheValuesOfAPublishedTrie()
    {
        const SmallTrie trie({{"do", "verb"}, {"dog", "puppy"}, {"doge", "coin"}, {"horse", "stallion"}});
        QCOMPARE(trie.root(), hash(u"0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84"));
        for (const QByteArray &key : {"do", "dog", "doge", "horse"}) {
            const auto proof = trie.proofOf(key);
            const auto value = verifyTrieProof(trie.root(), key, proof);
            QVERIFY2(value.has_value(), qPrintable(codeOf(value)));
            QVERIFY(value->has_value());
            QCOMPARE(**value, trie.value(key));
            refusesEachFlippedBit(trie.root(), key, proof);
        }
    }

    void showsThatAKeyIsAbsent()
    {
        const SmallTrie trie({{"do", "verb"}, {"dog", "puppy"}, {"doge", "coin"}, {"horse", "stallion"}});
        for (const QByteArray &key : {"d", "doga", "dogee", "hors", "horses", "zebra", "", "\x01"}) {
            const auto proof = trie.proofOf(key);
            const auto value = verifyTrieProof(trie.root(), key, proof);
            QVERIFY2(value.has_value(), qPrintable(QString::fromLatin1(key) + codeOf(value)));
            QVERIFY(!value->has_value());
            refusesEachFlippedBit(trie.root(), key, proof);
        }
    }

    void findsEveryKeyOfLargerTriesAndNoOther()
    {
        std::map<Bytes, Bytes> entries;
        for (int i = 0; i < 120; ++i)
            entries[keccak256(QByteArray::number(i)).bytes()] = Bytes(1 + i % 70, static_cast<char>(i + 1));
        const SmallTrie trie(entries);
        for (int i = 0; i < 240; ++i) {
            const Bytes key = keccak256(QByteArray::number(i)).bytes();
            const auto value = verifyTrieProof(trie.root(), key, trie.proofOf(key));
            QVERIFY2(value.has_value(), qPrintable(codeOf(value)));
            QCOMPARE(value->has_value(), i < 120);
            if (i < 120)
                QCOMPARE(**value, entries.at(key));
        }
        const Bytes key = keccak256("7").bytes();
        refusesEachFlippedBit(trie.root(), key, trie.proofOf(key));
        const Bytes absent = keccak256("400").bytes();
        refusesEachFlippedBit(trie.root(), absent, trie.proofOf(absent));
    }

    void acceptsNodesInsideTheirParentWhetherRepeatedOrNot()
    {
        const SmallTrie trie({{"do", "verb"}, {"dog", "puppy"}, {"doge", "coin"}, {"horse", "stallion"}});
        const auto shortForm = trie.proofOf("doge");
        const auto longForm = trie.proofOf("doge", SmallTrie::Inline::Repeated);
        QVERIFY(longForm.size() > shortForm.size());
        QCOMPARE(**verifyTrieProof(trie.root(), "doge", shortForm), Bytes("coin"));
        QCOMPARE(**verifyTrieProof(trie.root(), "doge", longForm), Bytes("coin"));
        refusesEachFlippedBit(trie.root(), "doge", longForm);
    }

    void refusesNodesBehindTheEndAndProofsThatStopShort()
    {
        const SmallTrie trie({{"do", "verb"}, {"dog", "puppy"}, {"doge", "coin"}, {"horse", "stallion"}});
        auto proof = trie.proofOf("horse");
        proof.push_back(proof.back());
        QCOMPARE(codeOf(verifyTrieProof(trie.root(), "horse", proof)), u"mpt.extra node %1"_s.arg(proof.size() - 1));
        proof = trie.proofOf("doge");
        while (!proof.empty()) {
            proof.pop_back();
            QVERIFY(codeOf(verifyTrieProof(trie.root(), "doge", proof)).startsWith(u"mpt.truncated"));
        }
        proof = trie.proofOf("horse");
        std::swap(proof[0], proof[1]);
        QCOMPARE(verifyTrieProof(trie.root(), "horse", proof).error().kind, ErrorKind::Corrupt);
        QCOMPARE(verifyTrieProof(keccak256("another"), "horse", trie.proofOf("horse")).error().kind, ErrorKind::Corrupt);
        QCOMPARE(verifyTrieProof(trie.root(), "horse", std::vector<Bytes>(1000, Bytes(1, 'a'))).error().kind, ErrorKind::Exhausted);
    }

    void knowsTheEmptyTrie()
    {
        QCOMPARE(emptyTrieRoot(), hash(u"0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"));
        QVERIFY(!verifyTrieProof(emptyTrieRoot(), "key", {}).value().has_value());
        QVERIFY(!verifyTrieProof(emptyTrieRoot(), "key", std::vector<Bytes>{hex(u"80")}).value().has_value());
        QVERIFY(!verifyTrieProof(emptyTrieRoot(), "key", std::vector<Bytes>{hex(u"80"), hex(u"80")}).has_value());
        QVERIFY(!verifyTrieProof(emptyTrieRoot(), "key", std::vector<Bytes>{hex(u"c0")}).has_value());
        QVERIFY(!verifyTrieProof(keccak256("x"), "key", {}).has_value());
    }

    void refusesNodesThatNoTrieHas_data()
    {
        QTest::addColumn<Bytes>("node");
        QTest::addColumn<QString>("code");
        const auto leaf = [](const Bytes &path, const Bytes &value) { return rlpEncode(RlpItem(RlpItem::List{RlpItem(path), RlpItem(value)})); };
        const Bytes hash32(32, 'h');
        QTest::newRow("an empty path") << leaf({}, "v") << u"mpt.path node 0"_s;
        QTest::newRow("an unknown flag") << leaf(hex(u"400102"), "v") << u"mpt.path node 0"_s;
        QTest::newRow("padding that is not zero") << leaf(hex(u"210102"), "v") << u"mpt.path node 0"_s;
        QTest::newRow("an extension without a path") << leaf(hex(u"00"), hash32) << u"mpt.path node 0"_s;
        QTest::newRow("a leaf without a value") << leaf(hex(u"200102"), {}) << u"mpt.value node 0"_s;
        QTest::newRow("an extension to nothing") << leaf(hex(u"0001"), {}) << u"mpt.child node 0"_s;
        QTest::newRow("an extension to a short hash") << leaf(hex(u"0001"), Bytes(31, 'h')) << u"mpt.child node 0"_s;
        QTest::newRow("a leaf that is a list") << rlpEncode(RlpItem(RlpItem::List{RlpItem(hex(u"2001")), RlpItem(RlpItem::List{})})) << u"mpt.value node 0"_s;
        QTest::newRow("a path that is a list") << rlpEncode(RlpItem(RlpItem::List{RlpItem(RlpItem::List{}), RlpItem(Bytes("v"))})) << u"mpt.path node 0"_s;
        QTest::newRow("three items") << rlpEncode(RlpItem(RlpItem::List(3))) << u"mpt.node node 0"_s;
        QTest::newRow("eighteen items") << rlpEncode(RlpItem(RlpItem::List(18))) << u"mpt.rlp node 0"_s;
        QTest::newRow("a branch with one way") << rlpEncode(branchOf(RlpItem(hash32), RlpItem())) << u"mpt.branch node 0"_s;
        QTest::newRow("a branch to a short hash") << rlpEncode(branchOf(RlpItem(hash32), RlpItem(Bytes(5, 'h')))) << u"mpt.child node 0"_s;
        QTest::newRow("a long node inside a branch") << rlpEncode(branchOf(RlpItem(hash32), RlpItem(RlpItem::List{RlpItem(hex(u"2001")), RlpItem(Bytes(40, 'v'))}))) << u"mpt.child node 0"_s;
        QTest::newRow("a node inside that is not canonical") << hex(u"d4c3810176" "80808080808080808080808080808080") << u"mpt.child node 0"_s;
        QTest::newRow("no list") << hex(u"83646f67") << u"mpt.rlp node 0"_s;
        QTest::newRow("bytes behind the node") << Bytes(leaf(hex(u"200102"), "v") + "x") << u"mpt.rlp node 0"_s;
        QTest::newRow("a long form of a short list") << hex(u"f805822001" "820102") << u"mpt.rlp node 0"_s;
        QTest::newRow("an extension below an extension")
            << rlpEncode(RlpItem(RlpItem::List{RlpItem(hex(u"10")), RlpItem(RlpItem::List{RlpItem(hex(u"11")), RlpItem(Bytes("v"))})})) << u"mpt.extension node 0"_s;
    }

    void refusesNodesThatNoTrieHas()
    {
        QFETCH(const Bytes, node);
        QFETCH(const QString, code);
        QCOMPARE(codeOf(verifyTrieProof(keccak256(node), hex(u"0102"), std::vector<Bytes>{node})), code);
    }

    void readsTheValueOfABranch()
    {
        const RlpItem leaf(RlpItem::List{RlpItem(hex(u"20")), RlpItem(Bytes("below"))});
        const RlpItem node = branchOf(leaf, leaf, "here");
        const std::vector<Bytes> proof{rlpEncode(node)};
        QCOMPARE(**verifyTrieProof(rootOf(node), {}, proof), Bytes("here"));
        const RlpItem without = branchOf(leaf, leaf);
        QVERIFY(!verifyTrieProof(rootOf(without), {}, std::vector<Bytes>{rlpEncode(without)}).value().has_value());
    }

    void readsAccountsAndWords()
    {
        const Address account = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        const AccountState state{.nonce = Nonce(7), .balance = Uint256(1'000'000), .storageRoot = emptyTrieRoot(), .codeHash = keccak256({})};
        const Bytes rlp = rlpEncode(RlpItem(RlpItem::List{RlpItem::ofNumber(7), RlpItem::ofNumber(1'000'000), RlpItem(state.storageRoot.bytes()), RlpItem(state.codeHash.bytes())}));
        QVERIFY(accountStateFromRlp(rlp).value() == state);
        const SmallTrie trie({{keccak256(account.view()).bytes(), rlp}, {keccak256("other").bytes(), rlp}});
        QVERIFY(verifyAccountProof(trie.root(), account, trie.proofOf(keccak256(account.view()).bytes())).value() == state);
        QVERIFY(!verifyAccountProof(trie.root(), Address(), trie.proofOf(keccak256(Address().view()).bytes())).value().has_value());
        for (const Bytes &wrong : {hex(u"c0"), hex(u"80"), Bytes(rlp + "x"), Bytes(rlp.chopped(1)), hex(u"c4000102" "03")})
            QVERIFY(!accountStateFromRlp(wrong).has_value());

        const Hash32 slot;
        const auto wordTrie = [&](const Bytes &value) { return SmallTrie({{keccak256(slot.view()).bytes(), value}, {keccak256("x").bytes(), "\x01"}}); };
        const auto read = [&](const SmallTrie &trie_) { return verifyStorageProof(trie_.root(), slot, trie_.proofOf(keccak256(slot.view()).bytes())); };
        QCOMPARE(read(wordTrie(rlpEncode(RlpItem::ofNumber(0x1234)))).value(), Uint256(0x1234));
        QVERIFY(!read(wordTrie(hex(u"80"))).has_value()); // zero is not stored
        QVERIFY(!read(wordTrie(hex(u"820012"))).has_value());
        QVERIFY(!read(wordTrie(hex(u"c101"))).has_value());
        QCOMPARE(verifyStorageProof(emptyTrieRoot(), slot, {}).value(), Uint256());
    }
};

QTEST_GUILESS_MAIN(TestMerkleProof)
#include "tst_merkleproof.moc"
