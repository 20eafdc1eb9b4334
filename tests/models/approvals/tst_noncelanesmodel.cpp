#include "models/approvals/noncelanesmodel.h"
#include "tests/backend/proposals/member.h"
#include "tests/backend/proposals/safechain.h"
#include "tests/models/approvals/fakeexchange.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <list>
#include <memory>

using namespace countersign;
using namespace countersign::testing;

namespace {

using Kind = NonceLanesModel::Kind;
using Mode = QAbstractItemModelTester::FailureReportingMode;

const TestKey alice(1);
const TestKey bob(2);
const TestKey carol(3);

/// A lane as a person would read it down: "ethereum", "2 Revoke", "3–4 -", "3 free".
QStringList read(const NonceLanesModel &model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row);
        const QString nonce = index.data(NonceLanesModel::NonceRole).toString();
        switch (static_cast<Kind>(index.data(NonceLanesModel::KindRole).toInt())) {
        case Kind::Safe:
            lines.append(u"%1 at %2"_s.arg(index.data().toString(), nonce));
            break;
        case Kind::Proposal:
            lines.append(u"%1 %2"_s.arg(nonce, index.data().toString()));
            break;
        case Kind::Gap:
            lines.append(u"%1 -"_s.arg(nonce));
            break;
        case Kind::Free:
            lines.append(u"%1 free"_s.arg(nonce));
            break;
        }
    }
    return lines;
}

Proposal proposalFor(const ChainSettings &chain, quint64 nonce, const QString &title, quint64 value = 0)
{
    ProposalDraft draft = testDraft(nonce);
    draft.chainId = chain.chainId;
    draft.safe = *chain.safe;
    draft.title = title;
    draft.transaction.value = Uint256(value);
    return alice.propose(draft);
}

CollectedSignature signedBy(const TestKey &key, const Proposal &proposal)
{
    return *CollectedSignature::make(proposal.chainId, proposal.safe, proposal.safeTxHash(),
        SafeSignature::ecdsa(key.sign(proposal.safeTxHash())), Timestamp::fromSeconds(1'700'000'100));
}

} // namespace

class TestNonceLanesModel final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const QList<Address> owners{alice.address(), bob.address(), carol.address()};
        SafeChain &ethereum = m_chains.emplace_back(u"ethereum"_s, owners, ChainId(31337));
        SafeChain &polygon = m_chains.emplace_back(u"polygon"_s, owners, ChainId(31338));
        const auto first = ethereum.settings();
        const auto second = polygon.settings();
        QVERIFY2(first && second, "the chains of the test do not stand");
        m_ethereum = *first;
        m_polygon = *second;
        m_dark = m_polygon;
        m_dark.name = u"dark"_s;
        m_dark.chainId = ChainId(7);
        m_dark.rpc = {QUrl(u"http://127.0.0.1:1"_s)};
    }
    void cleanupTestCase() { m_chains.clear(); }
    void init()
    {
        m_environment = {};
        m_environment.holders = {{u"alice"_s, alice.address(), {}}, {u"bob"_s, bob.address(), {}}};
    }

    void aLaneShowsRivalsGapsAndWhatIsFree()
    {
        m_environment.chains = {m_ethereum};
        FakeExchange exchange;
        ProposalBoard board(m_environment, exchange, m_clock);
        NonceLanesModel model(m_environment, board, exchange, m_clock);
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        const Proposal two = proposalFor(m_ethereum, 2, u"two"_s);
        const Proposal rival = proposalFor(m_ethereum, 2, u"rival"_s, 1);
        const Proposal five = proposalFor(m_ethereum, 5, u"five"_s);
        exchange.hold({two, rival, five, signedBy(bob, two), signedBy(bob, rival), signedBy(alice, five)});
        QTRY_COMPARE(model.rowCount(), 6);
        QStringList lines = read(model);
        const QStringList rivals = lines.mid(1, 2);
        QVERIFY(rivals.contains(u"2 two"_s) && rivals.contains(u"2 rival"_s)); // made in the same second
        lines.remove(1, 2);
        QCOMPARE(lines, QStringList({u"ethereum at 2"_s, u"3–4 -"_s, u"5 five"_s, u"3 free"_s}));
        QVERIFY(model.index(1).data(NonceLanesModel::IsFirstRole).toBool());
        QVERIFY(!model.index(2).data(NonceLanesModel::IsFirstRole).toBool());
        QCOMPARE(model.index(1).data(NonceLanesModel::RivalsRole).toInt(), 1);
        QVERIFY(model.index(1).data(NonceLanesModel::NoteRole).toString().startsWith(u"bob signed more than one"_s));
        QCOMPARE(model.index(4).data(NonceLanesModel::RivalsRole).toInt(), 0);
        QCOMPARE(model.index(4).data(NonceLanesModel::NoteRole).toString(), u"1 of 2 signed"_s);
        QCOMPARE(model.index(4).data(NonceLanesModel::IdRole).value<Hash32>().toString(), five.safeTxHash().toString());
        QCOMPARE(model.index(0).data(NonceLanesModel::NoteRole).toString(), u"2 of 3 owners sign"_s);
        QVERIFY(model.index(3).data(NonceLanesModel::IdRole).value<Hash32>().isZero());
    }
    void aGapOfOneIsOneNumber()
    {
        m_environment.chains = {m_ethereum};
        FakeExchange exchange;
        ProposalBoard board(m_environment, exchange, m_clock);
        NonceLanesModel model(m_environment, board, exchange, m_clock);
        exchange.hold({proposalFor(m_ethereum, 3, u"three"_s)});
        QTRY_COMPARE(model.rowCount(), 4);
        QCOMPARE(read(model), QStringList({u"ethereum at 2"_s, u"2 -"_s, u"3 three"_s, u"2 free"_s}));
    }
    void theSelectedProposalStaysSelectedWhenOthersCome()
    {
        m_environment.chains = {m_ethereum};
        FakeExchange exchange;
        ProposalBoard board(m_environment, exchange, m_clock);
        NonceLanesModel model(m_environment, board, exchange, m_clock);
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        const Proposal two = proposalFor(m_ethereum, 2, u"two"_s);
        const Proposal four = proposalFor(m_ethereum, 4, u"four"_s);
        exchange.hold({two, four});
        QTRY_COMPARE(model.rowCount(), 5);
        const QPersistentModelIndex selected = model.index(3);
        QCOMPARE(selected.data().toString(), u"four"_s);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        exchange.hold({two, four, signedBy(bob, four)});
        QTRY_VERIFY(!changes.isEmpty());
        QCOMPARE(selected.data(NonceLanesModel::NoteRole).toString(), u"1 of 2 signed"_s);
        exchange.hold({two, proposalFor(m_ethereum, 3, u"three"_s), four, signedBy(bob, four),
            proposalFor(m_ethereum, 5, u"five"_s)});
        QTRY_COMPARE(model.rowCount(), 6);
        QCOMPARE(selected.row(), 3);
        QCOMPARE(selected.data().toString(), u"four"_s);
        QCOMPARE(model.index(5).data(NonceLanesModel::NonceRole).toString(), u"6"_s);
    }
    void everySafeHasItsLaneAndOneThatIsSilentSaysWhy()
    {
        m_environment.chains = {m_ethereum, m_dark, m_polygon};
        ChainSettings bare;
        bare.name = u"no Safe"_s;
        bare.chainId = ChainId(8);
        m_environment.chains.append(bare);
        FakeExchange exchange;
        ProposalBoard board(m_environment, exchange, m_clock);
        NonceLanesModel model(m_environment, board, exchange, m_clock);
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        QCOMPARE(read(model), QStringList({u"ethereum at "_s, u"dark at "_s, u"polygon at "_s}));
        QCOMPARE(model.index(0).data(NonceLanesModel::NoteRole).toString(), u"The Safe has not been read yet"_s);
        exchange.hold({proposalFor(m_polygon, 2, u"there"_s)});
        QTRY_COMPARE(read(model),
            QStringList({u"ethereum at 2"_s, u"2 free"_s, u"dark at "_s, u"polygon at 2"_s, u"2 there"_s, u"3 free"_s}));
        QVERIFY(board.problem(m_dark.chainId));
        QCOMPARE(model.index(2).data(NonceLanesModel::NoteRole).toString(), board.problem(m_dark.chainId)->message);
        QCOMPARE(model.index(4).data(NonceLanesModel::ChainRole).toString(), u"polygon"_s);
    }
    void aSafeThatFallsSilentKeepsItsLaneAndSaysThatItIsOld()
    {
        const QList<Address> owners{alice.address(), bob.address(), carol.address()};
        auto chain = std::make_unique<SafeChain>(u"fading"_s, owners, ChainId(31339));
        const auto settings = chain->settings();
        QVERIFY(settings);
        m_environment.chains = {*settings};
        FakeExchange exchange;
        ProposalBoard board(m_environment, exchange, m_clock);
        NonceLanesModel model(m_environment, board, exchange, m_clock);
        const QAbstractItemModelTester tester(&model, Mode::QtTest);
        board.refresh();
        QTRY_COMPARE(read(model), QStringList({u"fading at 2"_s, u"2 free"_s}));
        chain.reset();
        board.refresh();
        QTRY_VERIFY(board.problem(settings->chainId));
        QTRY_COMPARE(model.index(0).data(NonceLanesModel::NoteRole).toString(),
            u"old: "_s + board.problem(settings->chainId)->message);
        QCOMPARE(model.rowCount(), 2);
    }

private:
    std::list<SafeChain> m_chains;
    ChainSettings m_ethereum;
    ChainSettings m_polygon;
    ChainSettings m_dark;
    Environment m_environment;
    ManualClock m_clock{Timestamp::fromSeconds(1'700'000'500)};
};

QTEST_GUILESS_MAIN(TestNonceLanesModel)
#include "tst_noncelanesmodel.moc"
