#include "tests/integration/threeconsoles.h"

#include "backend/evm/chainclient.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/devicetext.h"
#include "backend/types/strings.h"

#include <QCoroTask>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace countersign::testing {

namespace {

const Bytes keyId("\x01", 1);
constexpr auto pin = "1234";
constexpr int patience = 40'000;

/// The first value of a signal that answers; absent when none came in time.
template <class T, class Signal> std::optional<Result<T>> answerOf(Deciding &desk, Signal signal, auto &&act)
{
    std::optional<Result<T>> answer;
    const auto connection = QObject::connect(
        &desk, signal, &desk, [&answer](const Outcome<T> &outcome) { answer = outcome.result; });
    act();
    if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, patience))
        qWarning("no answer came");
    QObject::disconnect(connection);
    return answer;
}

void complain(const QString &who, const QString &what, const Error &error)
{
    qWarning("%s could not %s: %s (%s)", qPrintable(who), qPrintable(what), qPrintable(error.message), qPrintable(error.detail));
}

} // namespace

void ThreeConsoles::makeConsole(const QString &name)
{
    Console made;
    made.name = name;
    made.token = initialiseToken(*m_module, name, secret("12345678"), secret(pin)).value();
    made.address = generateSecp256k1Key(*m_module, made.token.serial, secret(pin), keyId, name).value();
    made.home = std::make_unique<QTemporaryDir>();
    m_consoles.push_back(std::move(made));
}

void ThreeConsoles::startChain(quint64 chainId)
{
    Estate estate;
    estate.process = std::make_unique<QProcess>();
    estate.process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QStringList arguments{QString::fromUtf8(ESTATE_SCRIPT), QString::number(chainId)};
    for (const Console &one : m_consoles)
        arguments.append(one.address.toString());
    estate.process->start(u"node"_s, arguments);
    m_estates.push_back(std::move(estate));
}

void ThreeConsoles::build(const std::function<void(Console &)> &arrange)
{
    m_module = m_hsm.module();
    for (const QString &name : {u"alice"_s, u"bob"_s, u"carol"_s})
        makeConsole(name);
    for (const quint64 chainId : {quint64{31'337}, quint64{31'338}})
        startChain(chainId);
    int number = 0;
    for (Estate &estate : m_estates) {
        QTRY_VERIFY_WITH_TIMEOUT(
            estate.process->canReadLine() || estate.process->state() == QProcess::NotRunning, 90'000);
        estate.facts = QJsonDocument::fromJson(estate.process->readLine()).object();
        QVERIFY2(estate.facts.contains(u"safe"_s), "a chain of the test does not stand");
        const auto addressOf = [&](const QString &name) { return Address::parse(estate.facts.value(name).toString()).value(); };
        ChainSettings chain;
        chain.name = number++ == 0 ? u"ethereum"_s : u"polygon"_s;
        chain.chainId = ChainId(static_cast<quint64>(estate.facts.value(u"chainId"_s).toInt()));
        chain.rpc = {QUrl(estate.facts.value(u"url"_s).toString())};
        chain.confirmations = 0;
        chain.safe = addressOf(u"safe"_s);
        chain.registry = addressOf(u"registry"_s);
        chain.vaults = {{u"treasury"_s, addressOf(u"vault"_s)}};
        m_chains.append(chain);
    }
    for (Console &one : m_consoles) {
        Environment &environment = one.environment;
        environment.name = one.name;
        environment.kind = EnvironmentKind::Practice; // in which the policy does not wait for hours
        environment.chains = m_chains;
        const QJsonObject &facts = m_estates.front().facts;
        environment.parties = {{Hash32::parse(facts.value(u"party"_s).toString()).value(), u"Treasury desk"_s,
            Address::parse(facts.value(u"key"_s).toString()).value()}};
        for (const Console &other : m_consoles) {
            HolderSettings holder{other.name, other.address, {}};
            if (other.name == one.name) // a token is plugged into one machine
                holder.pkcs11 = Pkcs11Settings{QStringLiteral(COUNTERSIGN_PKCS11_SHIM), other.token.serial, keyId};
            environment.holders.append(holder);
        }
        environment.journal = one.home->filePath(u"journal.sqlite"_s);
        environment.proposals = one.home->filePath(u"proposals"_s);
        arrange(one);
        start(one);
    }
}

void ThreeConsoles::start(Console &console)
{
    console.journal = std::make_unique<Journal>(console.environment.journal, m_clock);
    console.journal->open();
    QTRY_COMPARE_WITH_TIMEOUT(console.journal->status().state, JournalStatus::State::Ready, patience);
    console.deciding = std::make_unique<Deciding>(console.environment, *console.journal, m_clock, console.secrets.get());
    console.deciding->start();
    QCOMPARE(console.deciding->holder(), console.name);
}

void ThreeConsoles::enterVault(const QString &name, const Address &address)
{
    for (Console &one : m_consoles) {
        one.deciding.reset();
        one.journal.reset();
        for (ChainSettings &chain : one.environment.chains)
            chain.vaults.append({name, address});
        start(one);
    }
}

void ThreeConsoles::tearDown()
{
    for (Console &one : m_consoles) {
        one.deciding.reset();
        one.journal.reset();
    }
    m_consoles.clear();
    for (Estate &estate : m_estates) {
        estate.process->closeWriteChannel();
        if (!estate.process->waitForFinished(10'000))
            estate.process->kill();
        estate.process->waitForFinished();
    }
    m_estates.clear();
}

ThreeConsoles::Console &ThreeConsoles::console(const QString &name)
{
    return *std::ranges::find(m_consoles, name, &Console::name);
}

QJsonValue ThreeConsoles::rpc(ChainId chain, const QString &method, const QJsonArray &parameters)
{
    const auto settings = std::ranges::find(m_chains, chain, &ChainSettings::chainId);
    JsonRpcClient client(settings->rpc.first());
    const auto answer = QCoro::waitFor(client.call(method, parameters));
    return answer ? *answer : QJsonValue();
}

Address ThreeConsoles::addressAt(ChainId chain, const Address &contract, QStringView function, const Bytes &arguments)
{
    const auto settings = std::ranges::find(m_chains, chain, &ChainSettings::chainId);
    JsonRpcClient rpc(settings->rpc.first());
    ChainClient client(rpc);
    CallRequest call;
    call.to = contract;
    call.data = Selector::ofSignature(function).bytes() + arguments;
    const auto answer = QCoro::waitFor(client.call(call, BlockRef::latest(), {}, {}));
    return answer && answer->size() == 32 ? Address::fromBytes(QByteArrayView(*answer).last(20)).value() : Address();
}

std::vector<Address> ThreeConsoles::owners() const
{
    std::vector<Address> all;
    for (const Console &one : m_consoles)
        all.push_back(one.address);
    return all;
}

bool ThreeConsoles::eventually(Deciding &desk, const std::function<bool()> &holds)
{
    constexpr int lookAgain = 300;
    QElapsedTimer last;
    last.start();
    return QTest::qWaitFor(
        [&] {
            if (holds())
                return true;
            if (last.elapsed() > lookAgain) {
                desk.refresh();
                last.restart();
            }
            return false;
        },
        patience);
}

QList<Hash32> ThreeConsoles::propose(const QString &who, const QList<ComposeAction> &actions, const QString &why,
    const QList<Hash32> &dependsOn)
{
    ComposeRequest request;
    request.rationale = why;
    for (const ChainSettings &chain : m_chains)
        request.chains.append(chain.chainId);
    request.actions = actions;
    request.dependsOn = dependsOn;
    const QList<Hash32> ids = propose(who, request);
    return ids.size() == m_chains.size() ? ids : QList<Hash32>();
}

bool ThreeConsoles::describe(const QString &who, const Hash32 &id, const QString &why)
{
    Deciding &desk = *console(who).deciding;
    if (!eventually(desk, [&] { return desk.exchange().find(id) != nullptr; })) {
        qWarning("%s does not have the transaction", qPrintable(who));
        return false;
    }
    const ExchangeItem *item = desk.exchange().find(id);
    if (item->isDescribed())
        return true;
    auto request = editOf(item->proposal);
    if (!request)
        return false;
    request->rationale = why;
    // Published, and read back from the folder.
    return propose(who, *request) == QList<Hash32>{id} && eventually(desk, [&] {
        const ExchangeItem *described = desk.exchange().find(id);
        return described && described->isDescribed();
    });
}

QList<Hash32> ThreeConsoles::propose(const QString &who, const ComposeRequest &request)
{
    Deciding &desk = *console(who).deciding;
    std::optional<Result<Composition>> composed;
    QObject::connect(&desk.composing(), &ComposeDesk::composed, this,
        [&composed](const Outcome<Composition> &outcome) { composed = outcome.result; }, Qt::SingleShotConnection);
    desk.composing().compose(request);
    if (!QTest::qWaitFor([&composed] { return composed.has_value(); }, patience) || !*composed) {
        complain(who, u"compose"_s, composed ? composed->error() : Error());
        return {};
    }
    for (const ComposeProblem &problem : (*composed)->problems)
        qWarning("step %d, %s: %s", problem.action, qPrintable(problem.field), qPrintable(problem.message));
    QList<ProposalDraft> drafts;
    QList<Bytes> documents;
    for (const ComposedProposal &proposal : (*composed)->proposals) {
        drafts.append(proposal.draft);
        documents += proposal.documents;
        for (const Finding &finding : proposal.review ? proposal.review->findings : QList<Finding>()) {
            if (finding.severity == Severity::Block)
                qWarning("blocking: %s: %s", qPrintable(finding.code), qPrintable(finding.message));
        }
    }
    if (drafts.isEmpty())
        return {};
    m_creations = (*composed)->proposals.first().creations;
    const auto proposed
        = answerOf<QList<Proposal>>(desk, &ApprovalDesk::proposed, [&] { desk.propose(drafts, documents, secret(pin)); });
    if (!proposed || !*proposed) {
        complain(who, u"propose"_s, proposed ? proposed->error() : Error());
        return {};
    }
    QList<Hash32> ids;
    for (const Proposal &proposal : **proposed)
        ids.append(proposal.safeTxHash());
    return ids;
}

bool ThreeConsoles::sees(const QString &who, const Hash32 &id, ProposalStage stage)
{
    Deciding &desk = *console(who).deciding;
    const auto at = [&] {
        const BoardEntry *entry = desk.board().find(id);
        return entry ? entry->standing.stage : ProposalStage::Unknown;
    };
    const bool seen = eventually(desk, [&] { return at() == stage; });
    if (!seen)
        qWarning("%s sees it as %s", qPrintable(who), qPrintable(ApprovalQueueModel::stageText(at())));
    return seen;
}

bool ThreeConsoles::sign(const QString &who, const Hash32 &id)
{
    Deciding &desk = *console(who).deciding;
    if (!eventually(desk, [&] { return desk.exchange().find(id) != nullptr; })) {
        qWarning("%s does not have the proposal", qPrintable(who));
        return false;
    }
    desk.review(id);
    ReviewModel &review = desk.reviewModel();
    if (!QTest::qWaitFor(
            [&] { return review.state() == ReviewModel::State::Ready && review.review()->hashes.safeTx == id && review.canSign(); }, patience)) {
        complain(who, u"review"_s, review.error().value_or(Error{ErrorKind::Internal, review.cannotSignReason(), {}}));
        return false;
    }
    // What the holder's device would show.
    const QString shown = deviceText(id);
    const auto comparison = DeviceComparison::of(ComparedHash::SafeTx, shown.sliced(2, 4), shown.last(4));
    const auto answer = answerOf<CollectedSignature>(
        desk, &ApprovalDesk::signatureCollected, [&] { desk.sign(id, id, comparison, secret(pin)); });
    if (!answer || !*answer)
        complain(who, u"sign"_s, answer ? answer->error() : Error());
    return answer && *answer && (*answer)->owner == console(who).address;
}

std::optional<ExecutionReport> ThreeConsoles::execute(const QString &who, const Hash32 &id)
{
    Deciding &desk = *console(who).deciding;
    const auto answer
        = answerOf<ExecutionReport>(desk, &ApprovalDesk::executed, [&] { desk.execute(id, secret(pin)); });
    if (!answer || !*answer) {
        complain(who, u"execute"_s, answer ? answer->error() : Error());
        return std::nullopt;
    }
    return **answer;
}

} // namespace countersign::testing
