#include "backend/policy/policyseverities.h"
#include "backend/types/strings.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QStringList>
#include <QTest>

using namespace countersign;

namespace {

/// What the first group of the expression holds, wherever it fits in the files.
QSet<QString> found(const QString &folder, const QString &names, const QRegularExpression &expression)
{
    QSet<QString> all;
    QDirIterator files(QStringLiteral(COUNTERSIGN_ROOT "/") + folder, {names}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QString text = QString::fromUtf8(file.readAll());
        for (auto match = expression.globalMatch(text); match.hasNext();)
            all.insert(match.next().captured(1));
    }
    return all;
}

/// The codes that the packages of tst_adversarial*.cpp are about, and those that bring builds of their own.
QSet<QString> attacked()
{
    static const QRegularExpression row(u"\\brow\\(\\s*\"[^\"]*\",\\s*u\"([a-zA-Z.]+)\"_s"_s);
    static const QRegularExpression package(u"\\bverifyPackage\\([^,]*,\\s*u\"([a-zA-Z.]+)\"_s"_s);
    return found(u"tests/backend/review"_s, u"tst_adversarial*.cpp"_s, row)
        + found(u"tests/backend/review"_s, u"tst_claimedbuilds.cpp"_s, package);
}

QString joined(const QSet<QString> &codes)
{
    QStringList sorted(codes.begin(), codes.end());
    sorted.sort();
    return sorted.join(u", "_s);
}

} // namespace

/// Nothing can block a signature without a package that shows it doing so, and a twin that it lets pass.
class TestAdversarialCoverage final : public QObject {
    Q_OBJECT

private slots:
    void everyBlockingFindingOfTheChecksHasAPackage()
    {
        // Where the rest is tested: what only a node that lies or keeps silent can cause, and versions that npm does not
        // carry.
        const QSet<QString> elsewhere{u"endpoint.disagrees"_s /* tst_lyingnode */, u"endpoint.silent"_s,
            u"hash.mismatch"_s, u"hash.domain"_s, u"simulation.missing"_s, u"effect.contradiction"_s,
            u"safe.singleton"_s, u"target.unread"_s, u"adapter.unread"_s, u"simulation.inner"_s,
            u"policy.unreadable"_s /* tst_reviewsafetransaction */, u"opcode.missing"_s /* tst_adversarialupgrades */};
        static const QRegularExpression block(u"block\\(\\s*\"([a-zA-Z.]+)\"_L1"_s);
        const QSet<QString> codes = found(u"backend/review"_s, u"*.cpp"_s, block);
        QVERIFY2(codes.size() > 60, "the sources of the checks were not read");
        QVERIFY2(attacked().size() > 70, "the packages were not read");
        const QSet<QString> missing = codes - attacked() - elsewhere;
        QVERIFY2(missing.isEmpty(), qPrintable(joined(missing)));
    }

    void everyFindingOfThePolicyHasAPackage()
    {
        // A policy can raise each of them, so each of them can block.
        QSet<QString> codes;
        for (const KnownCheck &check : policyChecks())
            codes.insert(check.id);
        static const QRegularExpression id(u"u\"(policy\\.[a-zA-Z]+(?:\\.[a-zA-Z]+)?)\"_s"_s);
        const QSet<QString> written
            = found(u"backend/policy"_s, u"*.cpp"_s, id) - QSet<QString>{u"policy.yaml"_s /* a file */};
        QVERIFY2((written - codes).isEmpty(), qPrintable(u"not among policyChecks(): "_s + joined(written - codes)));
        QVERIFY2(codes.size() >= 24, "the policy's checks were not read");
        const QSet<QString> missing = codes - attacked();
        QVERIFY2(missing.isEmpty(), qPrintable(joined(missing)));
    }

    void noPackageIsAboutACodeThatNobodyFinds()
    {
        static const QRegularExpression any(u"\"([a-z]+\\.[a-zA-Z.]+)\"_(?:L1|s)"_s);
        const QSet<QString> written
            = found(u"backend/review"_s, u"*.cpp"_s, any) + found(u"backend/policy"_s, u"*.cpp"_s, any);
        const QSet<QString> stale = attacked() - written;
        QVERIFY2(stale.isEmpty(), qPrintable(joined(stale)));
    }
};

QTEST_GUILESS_MAIN(TestAdversarialCoverage)
#include "tst_adversarialcoverage.moc"
