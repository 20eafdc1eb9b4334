#include "app/practice/generator/intentgenerator.h"

#include "app/practice/support/intentmodel.h"
#include "backend/types/keccak.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QCoroTimer>

#include <cmath>

namespace countersign {

namespace {

constexpr int mostUnderway = 64;
constexpr int mostTries = 8;
constexpr auto retryPause = std::chrono::milliseconds(500);

bool mayRetry(const Error &error)
{
    return error.kind == ErrorKind::Unavailable || error.kind == ErrorKind::Timeout || error.kind == ErrorKind::Conflict;
}

} // namespace

IntentGenerator::IntentGenerator(GeneratorConfig config, std::vector<PracticeKey> keys, LedgerClient ledger, const Clock &clock,
                                 RandomShare random, QObject *parent)
    : QObject(parent)
    , m_config(std::move(config))
    , m_keys(std::move(keys))
    , m_ledger(std::move(ledger))
    , m_clock(clock)
    , m_random(std::move(random))
    , m_firstNonce(clock.now().micros() / 1'000'000 * 1000)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_underway < mostUnderway)
            orderOne(false);
        scheduleNext();
    });
}

void IntentGenerator::start()
{
    scheduleNext();
}

void IntentGenerator::scheduleNext()
{
    if (m_config.rate <= 0)
        return;
    // Arrivals of people who do not know of each other: exponential pauses, none longer than four times the mean.
    const double mean = 1000.0 / m_config.rate;
    const double pause = std::min(4.0 * mean, -std::log(1.0 - m_random()) * mean);
    m_timer.start(static_cast<int>(pause));
}

void IntentGenerator::flood(int count)
{
    m_waiting += std::max(0, count);
    while (m_waiting > 0 && m_underway < mostUnderway) {
        --m_waiting;
        orderOne(true);
    }
}

void IntentGenerator::orderOne(bool atOnce)
{
    Order order;
    order.plan = planIntent(m_config, m_random);
    order.atOnce = atOnce && order.plan.end != PlannedEnd::Expired;
    order.nonce = m_firstNonce + m_count;
    order.intentId = u"INT-%1-%2"_s.arg(m_firstNonce / 1000, 0, 36).arg(m_count, 5, 10, QLatin1Char('0')).toUpper();
    ++m_count;
    order.createdAt = m_clock.now();
    order.deadline = Timestamp::fromSeconds(order.createdAt.micros() / 1'000'000) + order.plan.lifetime;
    order.call.intentId = keccak256(order.intentId.toUtf8());
    order.call.partyId = m_config.parties.at(order.plan.party).id;
    order.call.adapterId = order.plan.adapterId;
    order.call.amount = order.plan.amount;
    order.call.data = order.plan.callData;
    order.call.nonce = Uint256(static_cast<quint64>(order.nonce));
    order.call.deadline = Uint256(static_cast<quint64>(order.deadline.micros() / 1'000'000));
    spawn(carryOut(std::move(order)));
}

QCoro::Task<> IntentGenerator::carryOut(Order order)
{
    const std::stop_token stop = m_scope.token();
    ++m_underway;
    const Result<QString> contractId = co_await request(order);
    if (stop.stop_requested())
        co_return;
    if (contractId) {
        ++m_requested;
        if (!order.atOnce) {
            --m_underway; // thinking holds nobody up
            co_await QCoro::sleepFor(order.plan.thinking);
            if (stop.stop_requested())
                co_return;
            ++m_underway;
        }
        const Result<void> decided = co_await decide(order, *contractId);
        if (stop.stop_requested())
            co_return;
        if (!decided) {
            ++m_errors;
            qWarning("%s is not decided: %s", qPrintable(order.intentId), qPrintable(decided.error().message));
        } else if (order.plan.end == PlannedEnd::Withdrawn) {
            ++m_withdrawn;
        } else {
            ++m_authorised;
        }
    } else {
        ++m_errors;
        qWarning("%s is not ordered: %s", qPrintable(order.intentId), qPrintable(contractId.error().message));
    }
    --m_underway;
    flood(0);
}

QCoro::Task<Result<QString>> IntentGenerator::request(Order order)
{
    CreateCommand create;
    create.templateId = intentTemplate(u"IntentRequest");
    create.arguments = requestRecord(order);
    const QFuture<Result<LedgerReceipt>> call
        = m_ledger.submitAndWaitForTransaction(submission(u"request-"_s + order.intentId, create), m_scope.token());
    const Result<LedgerReceipt> receipt = co_await call;
    if (!receipt)
        co_return std::unexpected(receipt.error());
    for (const LedgerEvent &event : receipt->events) {
        if (event.kind() == LedgerEvent::Kind::Created)
            co_return event.contractId();
    }
    co_return fail(ErrorKind::Corrupt, u"The ledger created no contract"_s);
}

QCoro::Task<Result<void>> IntentGenerator::decide(Order order, QString contractId)
{
    const std::stop_token stop = m_scope.token();
    ExerciseCommand choice;
    choice.templateId = intentTemplate(u"IntentRequest");
    choice.contractId = contractId;
    if (order.plan.end == PlannedEnd::Withdrawn) {
        choice.choice = u"Withdraw"_s;
        choice.argument = DamlValue::record({{u"reason"_s, DamlValue::text(u"withdrawn by the desk"_s)}});
    } else {
        const OrderedVault &vault = m_config.vaults.at(order.plan.vault);
        const Result<Hash32> digest = intentDigest(order.call, vault.chain, vault.address);
        if (!digest)
            co_return std::unexpected(digest.error());
        const EvmSignature signature = m_keys.at(static_cast<size_t>(order.plan.party)).sign(*digest);
        choice.choice = u"Authorise"_s;
        choice.argument = DamlValue::record({{u"signature"_s, DamlValue::text(toHex(signature.toBytes65()))}});
    }
    // The same command id each time: the ledger takes one of them.
    const LedgerSubmission decision = submission(u"decide-"_s + order.intentId, choice);
    Result<void> outcome = fail(ErrorKind::Unavailable, u"not tried"_s);
    for (int tries = 0; tries < mostTries; ++tries) {
        const QFuture<Result<LedgerReceipt>> call = m_ledger.submitAndWait(decision, stop);
        const Result<LedgerReceipt> receipt = co_await call;
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"ending"_s);
        if (receipt || cantonErrorCode(receipt.error()) == "DUPLICATE_COMMAND"_L1)
            co_return Result<void>();
        outcome = std::unexpected(receipt.error());
        if (!mayRetry(receipt.error()))
            break;
        co_await QCoro::sleepFor(retryPause);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"ending"_s);
    }
    co_return outcome;
}

LedgerSubmission IntentGenerator::submission(const QString &commandId, LedgerCommand command) const
{
    LedgerSubmission submission;
    submission.commandId = commandId;
    submission.userId = u"policy-issuer"_s;
    submission.actAs = {m_config.issuer};
    submission.commands = {std::move(command)};
    return submission;
}

DamlValue IntentGenerator::requestRecord(const Order &order) const
{
    const OrderedVault &vault = m_config.vaults.at(order.plan.vault);
    return DamlValue::record({{u"issuer"_s, DamlValue::party(m_config.issuer)},
                              {u"relayer"_s, DamlValue::party(m_config.relayer)},
                              {u"regulator"_s, DamlValue::party(m_config.regulator)},
                              {u"intentId"_s, DamlValue::text(order.intentId)},
                              {u"partyId"_s, DamlValue::text(order.call.partyId.toString())},
                              {u"vaultId"_s, DamlValue::text(vault.name)},
                              {u"vaultAddress"_s, DamlValue::text(vault.address.toString())},
                              {u"chainId"_s, DamlValue::int64(static_cast<qint64>(vault.chain.value()))},
                              {u"adapterId"_s, DamlValue::text(order.call.adapterId.toString())},
                              {u"action"_s, DamlValue::text(order.plan.action)},
                              {u"asset"_s, DamlValue::text(order.plan.asset)},
                              {u"amount"_s, DamlValue::numeric(numericFromAmount(order.call.amount))},
                              {u"callData"_s, DamlValue::text(toHex(order.call.data))},
                              {u"nonce"_s, DamlValue::int64(order.nonce)},
                              {u"deadline"_s, DamlValue::timestamp(order.deadline)},
                              {u"createdAt"_s, DamlValue::timestamp(order.createdAt)}});
}

Bytes IntentGenerator::exposition() const
{
    QString text;
    const auto counter = [&text](QStringView name, quint64 value) {
        text += u"# TYPE %1 counter\n%1 %2\n"_s.arg(name).arg(value);
    };
    counter(u"generator_intents_requested_total", m_requested);
    counter(u"generator_intents_authorised_total", m_authorised);
    counter(u"generator_intents_withdrawn_total", m_withdrawn);
    counter(u"generator_errors_total", m_errors);
    text += u"# TYPE generator_flood_waiting gauge\ngenerator_flood_waiting %1\n"_s.arg(m_waiting);
    return text.toUtf8();
}

} // namespace countersign
