#include "backend/evm/headchain.h"
#include "backend/types/keccak.h"

#include <QTest>

using namespace countersign;

namespace {

// Block `number` of a chain that forked off with the letter.
BlockHeader block(quint64 number, char fork, char parentFork)
{
    const auto name = [](quint64 n, char letter) { return keccak256(QByteArray(QByteArray::number(n) + letter)); };
    return {.number = BlockNumber(number), .hash = name(number, fork), .parentHash = name(number - 1, parentFork), .timestamp = {}};
}

std::vector<BlockHeader> chain(quint64 from, quint64 to, char fork, char parentFork)
{
    std::vector<BlockHeader> headers;
    for (quint64 number = from; number <= to; ++number)
        headers.push_back(block(number, fork, number == from ? parentFork : fork));
    return headers;
}

EvmLog logOn(const BlockHeader &header)
{
    EvmLog log;
    log.blockNumber = header.number;
    log.blockHash = header.hash;
    return log;
}

} // namespace

class TestHeadChain final : public QObject {
    Q_OBJECT

private slots:
    void startsEmpty()
    {
        HeadChain heads(4);
        QVERIFY(heads.isEmpty());
        QVERIFY(!heads.tip().has_value());
        QVERIFY(!heads.at(BlockNumber(0)));
        QVERIFY(heads.removeAbove(BlockNumber(0)).empty());
    }

    void knowsALinkedChain()
    {
        QVERIFY(HeadChain::isLinked(chain(1, 5, 'a', 'a')));
        auto broken = chain(1, 5, 'a', 'a');
        broken[3].parentHash = Hash32();
        QVERIFY(!HeadChain::isLinked(broken));
        auto skipped = chain(1, 5, 'a', 'a');
        skipped.erase(skipped.begin() + 2);
        QVERIFY(!HeadChain::isLinked(skipped));
        QVERIFY(HeadChain::isLinked({}));
    }

    void keepsOnlyTheNewest()
    {
        HeadChain heads(4);
        heads.append(chain(1, 10, 'a', 'a'), {});
        QCOMPARE(heads.oldest()->number, BlockNumber(7));
        QCOMPARE(heads.tip()->number, BlockNumber(10));
        QVERIFY(!heads.at(BlockNumber(6)));
        QCOMPARE(heads.at(BlockNumber(8))->hash, block(8, 'a', 'a').hash);
    }

    void givesBackBlocksAndTheirLogsNewestFirst()
    {
        HeadChain heads(10);
        const auto headers = chain(1, 5, 'a', 'a');
        heads.append(headers, {logOn(headers[2]), logOn(headers[4]), logOn(block(4, 'x', 'x'))});
        const auto removed = heads.removeAbove(BlockNumber(2));
        QCOMPARE(removed.size(), size_t(3));
        QCOMPARE(removed[0].header.number, BlockNumber(5));
        QCOMPARE(removed[0].logs.size(), size_t(1));
        QVERIFY(removed[1].logs.empty());
        QCOMPARE(removed[2].logs.size(), size_t(1));
        heads.append(chain(3, 4, 'b', 'a'), {});
        QCOMPARE(heads.at(BlockNumber(3))->hash, block(3, 'b', 'a').hash);
        QCOMPARE(heads.oldest()->number, BlockNumber(1));
    }

    void startsAgainBehindAGap()
    {
        HeadChain heads(10);
        heads.append(chain(1, 3, 'a', 'a'), {});
        heads.append(chain(7, 8, 'a', 'a'), {});
        QCOMPARE(heads.oldest()->number, BlockNumber(7));
        QVERIFY(!heads.at(BlockNumber(3)));
    }

    void removesEverythingWithoutAnAncestor()
    {
        HeadChain heads(10);
        heads.append(chain(1, 3, 'a', 'a'), {});
        QCOMPARE(heads.removeAbove(std::nullopt).size(), size_t(3));
        QVERIFY(heads.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestHeadChain)
#include "tst_headchain.moc"
