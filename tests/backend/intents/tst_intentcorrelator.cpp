#include "backend/intents/intentcorrelator.h"
#include "backend/intents/intentexplanation.h"
#include "backend/types/strings.h"

#include <QMap>
#include <QTest>

#include <algorithm>
#include <random>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

const Timestamp start = Timestamp::fromSeconds(1'700'000'000);

Fact ledger(FactKind kind, const QString &id, std::chrono::microseconds after)
{
    Fact fact;
    fact.kind = kind;
    fact.source = FactSource::Ledger;
    fact.intentId = id;
    fact.time = start + after;
    fact.origin = u"vault-operator"_s;
    fact.position = 100 + after.count() / 1000;
    fact.reference = "update-" + id.toUtf8() + '-' + QByteArray::number(static_cast<int>(kind));
    fact.contractId = "00" + id.toUtf8().toHex() + QByteArray::number(static_cast<int>(kind));
    if (kind != FactKind::Receipted)
        fact.terms = {u"treasury"_s, u"ethereum"_s, u"Treasury desk"_s, u"deposit"_s, u"USDC"_s, u"1250.50"_s, u"0xaa"_s, 7, start + 1h};
    return fact;
}

Fact log(FactKind kind, const QString &id, std::chrono::microseconds after)
{
    Fact fact;
    fact.kind = kind;
    fact.source = FactSource::RelayerLog;
    fact.intentId = id;
    fact.time = start + after;
    fact.origin = u"relayer-2"_s;
    fact.relayer = fact.origin;
    fact.position = 5000;
    fact.evidence = "{\"message\":\"x\"}";
    if (kind == FactKind::Submitted || kind == FactKind::Confirmed)
        fact.reference = "0xtx1";
    if (kind == FactKind::Confirmed) {
        fact.position = 50;
        fact.number = 2;
    }
    return fact;
}

Fact executed(const QString &id, std::chrono::microseconds after, const QByteArray &block = "0xblock1", quint32 revision = 1, bool retracted = false)
{
    Fact fact;
    fact.kind = FactKind::Executed;
    fact.source = FactSource::Chain;
    fact.intentHash = intentHashOf(id);
    fact.time = start + after;
    fact.origin = u"ethereum"_s;
    fact.position = 50;
    fact.reference = "0xtx1";
    fact.blockHash = block;
    fact.revision = revision;
    fact.retracted = retracted;
    fact.terms.vault = u"treasury"_s;
    fact.terms.chain = u"ethereum"_s;
    return fact;
}

Fact outcome(FactKind kind, const QString &id, FactOutcome what, std::chrono::microseconds after, const QString &reason = {})
{
    Fact fact = kind == FactKind::Receipted ? ledger(kind, id, after) : log(kind, id, after);
    fact.outcome = what;
    fact.reason = reason;
    fact.relayer = u"relayer-2"_s;
    return fact;
}

Fact archived(const Fact &request, std::chrono::microseconds after)
{
    Fact fact;
    fact.kind = FactKind::RequestClosed;
    fact.source = FactSource::Ledger;
    fact.time = start + after;
    fact.origin = request.origin;
    fact.position = 900;
    fact.reference = "update-archive-" + request.contractId;
    fact.contractId = request.contractId;
    return fact;
}

QVector<Fact> wholeRoad(const QString &id)
{
    const Fact request = ledger(FactKind::Requested, id, 0s);
    return {request,
            archived(request, 1s),
            ledger(FactKind::Authorised, id, 1s),
            log(FactKind::Received, id, 2s),
            log(FactKind::Queued, id, 3s),
            log(FactKind::Submitted, id, 5s),
            executed(id, 8s),
            log(FactKind::Confirmed, id, 12s),
            outcome(FactKind::RelayerAcknowledged, id, FactOutcome::Executed, 13s),
            outcome(FactKind::Receipted, id, FactOutcome::Executed, 13s)};
}

/// A store by what it says, without codes and row numbers: these depend on the order of arrival, what is said must not.
QMap<QString, QString> said(const IntentStore &store)
{
    QMap<QString, QString> all;
    const IntentTexts &t = store.texts();
    for (quint32 i = 0; i < store.size(); ++i) {
        const IntentRow r = store.row(i);
        QStringList text{intentPhaseName(r.phase), QString::number(r.flags), QString::number(r.created), QString::number(r.since), QString::number(r.attempts),
                         QString::number(r.amount), QString::number(r.amountScale), QString::number(r.nonce), QString::number(r.deadline),
                         t.vaults.text(r.vault), t.chains.text(r.chain), t.parties.text(r.party), t.assets.text(r.asset), t.actions.text(r.action),
                         t.relayers.text(r.relayer), t.adapters.text(r.adapter), store.reason(i)};
        for (const Hop &hop : store.hops(i)) {
            text.append(u"%1/%2/%3/%4/%5/%6/%7/%8/%9"_s.arg(static_cast<int>(hop.kind))
                            .arg(hop.time.micros())
                            .arg(hop.origin)
                            .arg(hop.position)
                            .arg(hop.reference, hop.contractId, hop.blockHash, hop.reason, hop.evidence));
            text.append(hop.retracted ? u"retracted"_s : QString());
        }
        all.insert(store.id(i), text.join(u'|'));
    }
    return all;
}

QString totals(const IntentStore &store)
{
    QStringList text;
    for (const IntentPhase phase : allIntentPhases)
        text.append(QString::number(store.count(phase)));
    text.append(QString::number(store.openCount()));
    const auto vault = store.texts().vaults.find(u"treasury"_s);
    const auto chain = store.texts().chains.find(u"ethereum"_s);
    if (vault && chain) {
        const auto route = RouteStatistics::route(static_cast<quint16>(*vault), static_cast<quint16>(*chain));
        for (std::size_t i = 0; i < intentRoadLength; ++i) {
            const auto usual = store.statistics().phase(route, allIntentPhases[i]);
            text.append(usual ? u"%1:%2:%3"_s.arg(usual->count).arg(usual->p50.count()).arg(usual->p95.count()) : u"-"_s);
        }
    }
    return text.join(u' ');
}

} // namespace

class TestIntentCorrelator final : public QObject
{
    Q_OBJECT

private:
    /// Every kind of life that an intent can have.
    static QVector<Fact> manyLives()
    {
        QVector<Fact> facts;
        for (int i = 0; i < 4; ++i)
            facts += wholeRoad(u"road-%1"_s.arg(i));
        facts += {ledger(FactKind::Requested, u"requested"_s, 0s)};
        const Fact withdrawn = ledger(FactKind::Requested, u"withdrawn"_s, 0s);
        facts += {withdrawn, archived(withdrawn, 9s)};
        facts += {ledger(FactKind::Authorised, u"retrying"_s, 1s), log(FactKind::Submitted, u"retrying"_s, 2s)};
        Fact failure = log(FactKind::AttemptFailed, u"retrying"_s, 4s);
        failure.number = 3;
        failure.reason = u"nonce too low"_s;
        facts += failure;
        facts += {ledger(FactKind::Authorised, u"failed"_s, 1s), outcome(FactKind::RelayerAcknowledged, u"failed"_s, FactOutcome::Failed, 3s, u"by log"_s),
                  outcome(FactKind::Receipted, u"failed"_s, FactOutcome::Failed, 4s, u"LimitExceeded(2, 1)"_s)};
        facts += {ledger(FactKind::Authorised, u"expired"_s, 1s), outcome(FactKind::Receipted, u"expired"_s, FactOutcome::Expired, 4s)};
        facts += {ledger(FactKind::Authorised, u"reorged"_s, 1s), log(FactKind::Submitted, u"reorged"_s, 2s), executed(u"reorged"_s, 3s),
                  log(FactKind::Confirmed, u"reorged"_s, 4s), executed(u"reorged"_s, 3s, "0xblock1", 2, true)};
        facts += {ledger(FactKind::Authorised, u"moved"_s, 1s), executed(u"moved"_s, 3s), executed(u"moved"_s, 3s, "0xblock1", 2, true),
                  executed(u"moved"_s, 5s, "0xblock2", 3)};
        facts += {ledger(FactKind::Authorised, u"returned"_s, 1s), executed(u"returned"_s, 3s), executed(u"returned"_s, 3s, "0xblock1", 2, true),
                  executed(u"returned"_s, 3s, "0xblock1", 3)};
        facts += {outcome(FactKind::Receipted, u"contradicted"_s, FactOutcome::Executed, 6s), executed(u"contradicted"_s, 3s),
                  executed(u"contradicted"_s, 3s, "0xblock1", 2, true)};
        facts += {executed(u"only-on-chain"_s, 3s)};
        Fact secondView = ledger(FactKind::Authorised, u"road-1"_s, 1s); // the regulator's participant sees it at an offset of its own
        secondView.origin = u"regulator-node"_s;
        secondView.position = 4;
        facts += secondView;
        return facts;
    }

    static IntentPhase phaseAfter(const QVector<Fact> &facts, const QString &id, IntentRow *row = nullptr)
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        correlator.apply(facts);
        const IntentRow found = store.row(store.find(id).value());
        if (row != nullptr)
            *row = found;
        return found.phase;
    }

private slots:
    void theRoadIsWalkedStepByStep()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        const QVector<Fact> facts = wholeRoad(u"a"_s);
        const QVector<IntentPhase> expected{IntentPhase::Created,   IntentPhase::Rejected, IntentPhase::Authorised, IntentPhase::Queued, IntentPhase::Queued,
                                            IntentPhase::Submitted, IntentPhase::Mined,    IntentPhase::Final,      IntentPhase::Acknowledged,
                                            IntentPhase::Acknowledged};
        for (qsizetype i = 0; i < facts.size(); ++i) {
            const IntentBatch batch = correlator.apply(std::span(&facts[i], 1));
            QCOMPARE(batch.added, i == 0 ? 1U : 0U);
            QCOMPARE(store.row(0).phase, expected[i]);
        }
        QCOMPARE(store.size(), 1U);
        const IntentRow row = store.row(0);
        QCOMPARE(row.createdAt(), start);
        QCOMPARE(row.phaseSince(), start + 13s);
        QCOMPARE(CompactAmount({row.amount, row.amountScale}).toString(), u"1250.5"_s);
        QCOMPARE(store.texts().relayers.text(row.relayer), u"relayer-2"_s);
        QCOMPARE(store.hops(0).size(), 10);
        QCOMPARE(row.flags, quint8(0));
        const auto route = RouteStatistics::route(row.vault, row.chain);
        QCOMPARE(store.statistics().phase(route, IntentPhase::Submitted)->count, quint64(1));
        QVERIFY(std::abs(std::chrono::duration<double>(store.statistics().total(route)->p50).count() - 13.0) < 1.0);
    }

    void aBatchTellsWhatChangedAndWhatItWas()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        const QVector<Fact> facts = wholeRoad(u"a"_s);
        correlator.apply(std::span(facts.data(), 3));
        const IntentBatch batch = correlator.apply(std::span(facts.data() + 3, 3));
        QCOMPARE(batch.added, 0U);
        QCOMPARE(batch.changed.size(), 1);
        QCOMPARE(batch.changed[0].before.phase, IntentPhase::Authorised);
        QVERIFY(correlator.apply(std::span(facts.data(), 6)).isEmpty()); // nothing new was said
    }

    void orderAndRepetitionDoNotMatter()
    {
        const QVector<Fact> facts = manyLives();
        IntentStore reference;
        IntentCorrelator(reference).apply(facts);
        const auto expected = said(reference);
        const QString expectedTotals = totals(reference);
        QCOMPARE(expected.size(), 14);
        std::mt19937 random(20'261);
        for (int round = 0; round < 300; ++round) {
            QVector<Fact> shuffled = facts;
            for (const Fact &fact : facts) {
                for (quint32 again = random() % 3; again > 0; --again)
                    shuffled.append(fact);
            }
            std::ranges::shuffle(shuffled, random);
            IntentStore store;
            IntentCorrelator correlator(store);
            for (qsizetype at = 0; at < shuffled.size();) {
                const qsizetype take = std::min<qsizetype>(1 + static_cast<qsizetype>(random() % 9), shuffled.size() - at);
                correlator.apply(std::span(shuffled.data() + at, static_cast<std::size_t>(take)));
                at += take;
            }
            const auto found = said(store);
            for (auto it = expected.cbegin(); it != expected.cend(); ++it)
                QCOMPARE(found.value(it.key()), it.value());
            QCOMPARE(found.size(), expected.size());
            QCOMPARE(totals(store), expectedTotals);
        }
    }

    void batchesDescribeTheStoreCompletely()
    {
        // Whoever keeps a copy by batches alone has the store at the end.
        const QVector<Fact> facts = manyLives();
        IntentStore store;
        IntentCorrelator correlator(store);
        QVector<IntentRow> copy;
        for (const Fact &fact : facts) {
            const IntentBatch batch = correlator.apply(std::span(&fact, 1));
            for (const IntentBatch::Change &change : batch.changed) {
                QCOMPARE(copy[change.row], change.before);
                copy[change.row] = store.row(change.row);
            }
            QCOMPARE(batch.firstAdded, static_cast<quint32>(copy.size()));
            for (quint32 i = 0; i < batch.added; ++i)
                copy.append(store.row(batch.firstAdded + i));
        }
        for (quint32 i = 0; i < store.size(); ++i)
            QCOMPARE(copy[i], store.row(i));
    }

    void aReorganisedBlockTakesItsHopBack()
    {
        const QVector<Fact> facts = manyLives();
        IntentRow row;
        QCOMPARE(phaseAfter(facts, u"reorged"_s, &row), IntentPhase::Submitted); // and the confirmation that rested on the block
        QVERIFY(row.has(IntentFlag::Reorganised));
        QCOMPARE(phaseAfter(facts, u"moved"_s, &row), IntentPhase::Mined);
        QCOMPARE(row.phaseSince(), start + 5s);
        QCOMPARE(phaseAfter(facts, u"returned"_s, &row), IntentPhase::Mined);
        QCOMPARE(row.phaseSince(), start + 3s);
        QVERIFY(!row.has(IntentFlag::Reorganised));
    }

    void theLedgerAndTheChainMayContradictEachOther()
    {
        IntentRow row;
        QCOMPARE(phaseAfter(manyLives(), u"contradicted"_s, &row), IntentPhase::Acknowledged);
        QVERIFY(row.has(IntentFlag::Contradicted));
    }

    void aWithdrawnRequestIsRejectedAndAnAuthorisedOneIsNot()
    {
        QCOMPARE(phaseAfter(manyLives(), u"withdrawn"_s), IntentPhase::Rejected);
        const Fact request = ledger(FactKind::Requested, u"a"_s, 0s);
        QCOMPARE(phaseAfter({archived(request, 1s), request, ledger(FactKind::Authorised, u"a"_s, 1s)}, u"a"_s), IntentPhase::Authorised);
    }

    void aFailedAttemptSendsItBackToTheQueue()
    {
        IntentRow row;
        QCOMPARE(phaseAfter(manyLives(), u"retrying"_s, &row), IntentPhase::Queued);
        QVERIFY(row.has(IntentFlag::Retrying));
        QCOMPARE(row.attempts, quint8(3));
        QCOMPARE(row.phaseSince(), start + 4s);
    }

    void aReceiptIsHeardAfterHundredsOfAttempts()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        correlator.apply(std::vector{ledger(FactKind::Requested, u"a"_s, 0s), ledger(FactKind::Authorised, u"a"_s, 1s)});
        for (int attempt = 1; attempt <= 400; ++attempt) {
            Fact sent = log(FactKind::Submitted, u"a"_s, 2s + attempt * 2s);
            sent.reference = "0xtx" + QByteArray::number(attempt);
            Fact failed = log(FactKind::AttemptFailed, u"a"_s, 3s + attempt * 2s);
            failed.number = static_cast<quint32>(attempt);
            failed.evidence = QByteArray(800, 'x') + QByteArray::number(attempt);
            correlator.apply(std::vector{sent, failed});
        }
        QVERIFY(!store.row(0).settled());
        Fact receipt = ledger(FactKind::Receipted, u"a"_s, 1h);
        receipt.outcome = FactOutcome::Failed;
        receipt.reason = u"LimitExceeded"_s;
        correlator.apply(std::vector{receipt});
        QCOMPARE(store.row(0).phase, IntentPhase::Failed);
        QCOMPARE(store.texts().reasons.text(store.row(0).reason), u"LimitExceeded"_s);
    }

    void anAmountThatDoesNotFitIsMarked()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        Fact exact = ledger(FactKind::Requested, u"a"_s, 0s);
        Fact large = ledger(FactKind::Requested, u"b"_s, 0s);
        large.terms.amount = u"123456789012345678901"_s;
        correlator.apply(std::vector{exact, large});
        QVERIFY(!store.row(0).has(IntentFlag::Cut));
        QVERIFY(store.row(1).has(IntentFlag::Cut));
    }

    void whatHasNoTimeOfItsOwnFollowsWhatCameBefore()
    {
        Fact block = executed(u"a"_s, 0s);
        block.time = {};
        IntentRow row;
        QCOMPARE(phaseAfter({block, ledger(FactKind::Authorised, u"a"_s, 1s), log(FactKind::Submitted, u"a"_s, 4s)}, u"a"_s, &row), IntentPhase::Mined);
        QCOMPARE(row.phaseSince(), start + 4s);
        QCOMPARE(row.createdAt(), start + 1s);
    }

    void theLedgersReasonOutranksTheLogs()
    {
        IntentStore store;
        IntentCorrelator(store).apply(manyLives());
        QCOMPARE(store.reason(*store.find(u"failed"_s)), u"LimitExceeded(2, 1)"_s);
    }

    void whatTheChainKnewFirstGetsItsName()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        const Fact first = executed(u"late"_s, 3s);
        correlator.apply(std::span(&first, 1));
        QCOMPARE(store.id(0), intentHashOf(u"late"_s).toString());
        QVERIFY(store.row(0).has(IntentFlag::ChainOnly));
        const Fact then = ledger(FactKind::Authorised, u"late"_s, 1s);
        correlator.apply(std::span(&then, 1));
        QCOMPARE(store.size(), 1U);
        QCOMPARE(store.id(0), u"late"_s);
        QVERIFY(!store.row(0).has(IntentFlag::ChainOnly));
        QCOMPARE(store.texts().parties.text(store.row(0).party), u"Treasury desk"_s);
    }

    void stuckIsFoundAndForgotten()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        const QVector<Fact> facts = wholeRoad(u"a"_s);
        correlator.apply(std::span(facts.data(), 6)); // submitted
        QVERIFY(correlator.refresh(start + 30s).isEmpty());
        const IntentBatch stuck = correlator.refresh(start + 10min);
        QCOMPARE(stuck.changed.size(), 1);
        QVERIFY(store.row(0).has(IntentFlag::Stuck));
        QCOMPARE(store.stuckCount(), 1U);
        QVERIFY(correlator.apply(std::span(facts.data(), 6)).isEmpty()); // repetitions do not unstick it
        correlator.apply(std::span(facts.data() + 6, 1)); // mined
        QVERIFY(!store.row(0).has(IntentFlag::Stuck));
        QCOMPARE(store.stuckCount(), 0U);
    }

    void evidenceOfOldSettledIntentsIsGivenUp()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        correlator.setEvidenceLimit(2);
        for (int i = 0; i < 5; ++i)
            correlator.apply(wholeRoad(QString::number(i)));
        QVERIFY(store.row(0).has(IntentFlag::Sealed));
        QVERIFY(store.hops(0).isEmpty());
        QCOMPARE(store.row(0).phase, IntentPhase::Acknowledged);
        QVERIFY(!store.row(4).has(IntentFlag::Sealed));
        QCOMPARE(store.hops(4).size(), 10);
        const IntentRow before = store.row(0);
        QVERIFY(correlator.apply(wholeRoad(u"0"_s)).isEmpty());
        QCOMPARE(store.row(0), before);
    }

    void factsWithoutAnIntentChangeNothing()
    {
        IntentStore store;
        IntentCorrelator correlator(store);
        Fact nameless = log(FactKind::Queued, QString(), 1s);
        Fact unknownArchive = archived(ledger(FactKind::Requested, u"never-seen"_s, 0s), 1s);
        QVERIFY(correlator.apply(QVector<Fact>{nameless, unknownArchive}).isEmpty());
        QCOMPARE(store.size(), 0U);
    }

    void everyStateIsExplained()
    {
        IntentStore store;
        IntentCorrelator(store).apply(manyLives());
        const IntentSurroundings calm{start + 20s, true, {}};
        for (quint32 i = 0; i < store.size(); ++i) {
            const IntentExplanation e = explainIntent(store, i, calm);
            QVERIFY2(!e.reason.isEmpty() && !e.next.isEmpty(), qPrintable(store.id(i)));
        }
        const quint32 failed = *store.find(u"failed"_s);
        QVERIFY(explainIntent(store, failed, calm).reason.contains(u"LimitExceeded(2, 1)"_s));
        const quint32 retrying = *store.find(u"retrying"_s);
        QVERIFY(explainIntent(store, retrying, calm).reason.contains(u"nonce too low"_s));
        const IntentSurroundings revoked{start + 20s, true, {u"Treasury desk"_s}};
        QVERIFY(explainIntent(store, retrying, revoked).reason.contains(u"revoked"_s));
        QVERIFY(explainIntent(store, retrying, revoked).needsPerson);
        const IntentSurroundings late{start + 2h, true, {}};
        QVERIFY(explainIntent(store, retrying, late).reason.contains(u"deadline"_s));
        const IntentSurroundings headless{start + 20s, false, {}};
        QVERIFY(explainIntent(store, retrying, headless).reason.contains(u"no relayer leads"_s));
        QVERIFY(explainIntent(store, *store.find(u"contradicted"_s), calm).needsPerson);
    }
};

QTEST_GUILESS_MAIN(TestIntentCorrelator)
#include "tst_intentcorrelator.moc"
