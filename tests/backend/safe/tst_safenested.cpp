#include "backend/safe/safenested.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

/// Safes of every version that own Safes of every version: what we say their owners must sign is what executes.
class TestSafeNested final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SafeChain> m_safes;
    TestKey m_alice{51};
    TestKey m_bob{52};

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase() { m_safes = std::make_unique<SafeChain>(); }

    void parentsOfEveryVersionSign()
    {
        const QString childVersion = version();
        const SafeVersion of = SafeVersion::parse(childVersion).value();
        for (const QString &parentVersion : {u"1.3.0"_s, u"1.4.1"_s, u"1.5.0"_s}) {
            const Address parent = m_safes->createSafe(parentVersion, {m_alice.address(), m_bob.address()}, 2);
            const Address child = m_safes->createSafe(childVersion, {parent}, 1);
            const SafeTransaction transaction = m_safes->next(child, m_alice.address());
            const SafeHashes hashes = safeHashes(of, SafeChain::chainId(), child, transaction);
            const ParentSafe by{.safe = parent, .version = SafeVersion::parse(parentVersion).value(), .chain = SafeChain::chainId()};
            const Hash32 asked = nestedSignatureHashes(of, hashes, by).safeTxHash;
            const Bytes inner = encodeSafeSignatures({SafeSignature::ecdsa(m_alice.sign(asked)), SafeSignature::ecdsa(m_bob.sign(asked))}, asked).value();
            const Bytes blob = encodeSafeSignatures({nestedSignature(parent, inner)}, hashes.safeTxHash).value();
            const QString refused = m_safes->refusal(child, transaction, blob);
            // createSafe gives each its own version's handler.
            const auto problem = nestedSignatureProblem(of, by.version);
            QVERIFY2(refused.isEmpty() == !problem.has_value(), qPrintable(parentVersion + u": "_s + refused));
            // Approval on chain works between all of them.
            m_safes->require(parent, nestedApproval(child, hashes.safeTxHash, m_safes->state(parent).nonce), {&m_alice, &m_bob});
            QCOMPARE(m_safes->refusal(child, transaction, SafeSignature::approved(parent).staticPart()), QString());
        }
    }
};

QTEST_GUILESS_MAIN(TestSafeNested)
#include "tst_safenested.moc"
