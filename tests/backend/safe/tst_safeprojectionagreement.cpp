#include "backend/safe/safeprojection.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

/// Real Safes are told to change their settings at random, often wrongly, and our projection must refuse what they refuse,
/// with their code, and end where they end.
class TestSafeProjectionAgreement final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SafeChain> m_safes;
    QRandomGenerator m_random{20'250'221}; // the same calls in every run

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }

    quint64 below(quint32 end) { return m_random.bounded(end); }

    // Few, so that they meet: zero and the sentinel, six accounts, the Safe.
    Address someone(const Address &safe)
    {
        const quint64 pick = below(9);
        if (pick == 8)
            return safe;
        return Address::fromBytes(Uint256(pick < 2 ? pick : 1'000 + pick).toBigEndian().last(20)).value();
    }

    // Mostly the one before, so that enough succeeds.
    Address before(const std::vector<Address> &list, const Address &entry, const Address &safe)
    {
        if (below(4) == 0)
            return someone(safe);
        return SafeLinkedList(list).before(entry);
    }

    SafeManagementCall someCall(const SafeProjection &at, const Address &safe)
    {
        const Address one = someone(safe);
        const Uint256 threshold = below(5);
        switch (below(8)) {
        case 0:
            return AddOwner{.owner = one, .threshold = threshold};
        case 1:
            return RemoveOwner{.previous = before(at.owners(), one, safe), .owner = one, .threshold = threshold};
        case 2:
            return SwapOwner{.previous = before(at.owners(), one, safe), .owner = one, .newOwner = someone(safe)};
        case 3:
            return ChangeThreshold{.threshold = threshold};
        case 4:
            return EnableModule{.module = one};
        case 5:
            return DisableModule{.previous = before(at.modules(), one, safe), .module = one};
        case 6:
            return SetFallbackHandler{.handler = one};
        default:
            return below(2) == 0 ? SafeManagementCall(ApproveHash{.hash = keccak256("x")})
                                 : SafeManagementCall(SafeSetup{.owners = {one}, .threshold = 1});
        }
    }

    // As the Safe itself, without signatures.
    void callItself(const Address &safe, const Bytes &data)
    {
        m_safes->chain().ask(u"eth_sendTransaction"_s, {QJsonObject{{u"from"_s, safe.toString()},
                                                                     {u"to"_s, safe.toString()},
                                                                     {u"gas"_s, u"0x100000"_s},
                                                                     {u"data"_s, toHex(data)}}});
        m_safes->chain().mine();
    }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase() { m_safes = std::make_unique<SafeChain>(); }

    void endsWhereTheSafeEnds()
    {
        const auto account = [](quint64 n) { return Address::fromBytes(Uint256(1'000 + n).toBigEndian().last(20)).value(); };
        const Address safe = m_safes->createSafe(version(), {account(2), account(3), account(4)}, 2);
        m_safes->chain().ask(u"anvil_setBalance"_s, {safe.toString(), u"0x56bc75e2d63100000"_s});
        m_safes->chain().ask(u"anvil_impersonateAccount"_s, {safe.toString()});
        SafeProjection projection(m_safes->state(safe), SafeVersion::parse(version()).value());
        QHash<QString, int> seen;
        for (int i = 0; i < 300; ++i) {
            const SafeManagementCall call = someCall(projection, safe);
            const Bytes data = encodeManagementCall(call);
            const QString byContract = m_safes->refusalOfCall(safe, safe, data);
            const auto applied = projection.apply(call);
            const QString here = applied ? QString() : applied.error().detail;
            QVERIFY2(here == byContract, qPrintable(u"contract \"%1\", here \"%2\": %3"_s.arg(byContract, here, explainManagementCall(call))));
            ++seen[byContract];
            if (!applied)
                continue;
            callItself(safe, data);
            if (i % 5 != 0)
                continue;
            const SafeState state = m_safes->state(safe);
            QVERIFY(projection.owners() == state.owners);
            QCOMPARE(projection.threshold(), state.threshold);
            QVERIFY(projection.modules() == state.modules);
            QCOMPARE(projection.fallbackHandler(), state.fallbackHandler);
        }
        // What was compared must not be one thing over and over.
        for (const QString &code : {QString(), u"GS030"_s, u"GS101"_s, u"GS102"_s, u"GS103"_s, u"GS200"_s, u"GS201"_s, u"GS202"_s, u"GS203"_s,
                                    u"GS204"_s, u"GS205"_s})
            QVERIFY2(seen.value(code) > 0, qPrintable(u"never seen: \"%1\""_s.arg(code)));
        QVERIFY(version() == u"1.3.0" || seen.value(u"GS400"_s) > 0);
    }
};

QTEST_GUILESS_MAIN(TestSafeProjectionAgreement)
#include "tst_safeprojectionagreement.moc"
