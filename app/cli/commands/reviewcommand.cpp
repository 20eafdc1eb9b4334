#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "app/cli/review/reviewactor.h"
#include "app/cli/review/reviewinput.h"
#include "app/cli/review/reviewoutput.h"
#include "app/cli/review/safeinput.h"
#include "backend/policy/policy.h"
#include "backend/review/contextreading.h"
#include "backend/review/reviewsafetransaction.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

#include <QDateTime>
#include <QUrl>

#include <QCoroTask>

namespace countersign {

namespace {

constexpr qsizetype maxEndpoints = 2;

QList<QCommandLineOption> options()
{
    QList<QCommandLineOption> all{
        {u"environment"_s, u"Your environment: the address book, your chains, Safes and parties."_s, u"FILE"_s},
        {u"rpc"_s, u"Node to read the chain from and to simulate with; given twice, the second must confirm the first."_s, u"URL"_s},
        {u"policy"_s, u"The institution's signing policy."_s, u"FILE"_s},
        {u"artifact"_s, u"A build that deployed code may be, besides those that came with this program; once for each."_s, u"FILE"_s},
        {u"nonce"_s, u"The Safe's nonce, for a file of the transaction builder."_s, u"N"_s}};
    return all + reviewActorOptions() + safePlaceOptions();
}

Result<ReviewEndpoints> endpointsOf(const Invocation &invocation)
{
    const QStringList urls = invocation.values(u"rpc"_s);
    if (urls.size() > maxEndpoints)
        return fail(ErrorKind::Invalid, u"--rpc is given %1 times; two nodes are asked at most"_s.arg(urls.size()), u"usage"_s);
    std::vector<std::shared_ptr<ReviewEndpoint>> endpoints;
    for (const QString &text : urls) {
        const QUrl url(text, QUrl::StrictMode);
        if (!url.isValid() || (url.scheme() != u"http" && url.scheme() != u"https") || url.host().isEmpty())
            return fail(ErrorKind::Invalid, u"--rpc: \"%1\" is no http or https address"_s.arg(text), u"usage"_s);
        endpoints.push_back(std::make_shared<ReviewEndpoint>(url));
    }
    ReviewEndpoints chosen;
    if (!endpoints.empty())
        chosen.first = endpoints.front();
    if (endpoints.size() > 1)
        chosen.second = endpoints.back();
    return chosen;
}

Result<ArtifactStore> artifactsOf(const Invocation &invocation)
{
    ArtifactStore store = ArtifactStore::ours();
    for (const QString &path : invocation.values(u"artifact"_s)) {
        const auto text = readInput(path);
        const auto added = text ? store.add(*text) : Result<void>(std::unexpected(text.error()));
        if (!added)
            return fail(added.error().kind, u"--artifact %1: %2"_s.arg(path, added.error().message));
    }
    return store;
}

// A file of the transaction builder has no nonce: the Safe's own is what its queue would give it.
void takeNonceFromChain(ReviewInput &input, const ReviewEndpoints &endpoints)
{
    if (input.hasNonce || !endpoints.first)
        return;
    const auto state = QCoro::waitFor(readSafeState(endpoints.first->chain, input.subject.safe));
    if (state)
        input.subject.transaction.nonce = state->nonce;
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto word = invocation.word(0, u"The file to review"_s);
    if (!word)
        return std::unexpected(word.error());
    const auto text = readInput(*word);
    if (!text)
        return std::unexpected(text.error());
    auto input = readReviewInput(*text, invocation);
    if (!input)
        return std::unexpected(input.error());
    const auto requester = reviewRequester(invocation);
    if (!requester)
        return std::unexpected(requester.error());
    std::optional<Environment> environment;
    if (invocation.has(u"environment"_s)) {
        auto loaded = Environment::load(invocation.value(u"environment"_s));
        if (!loaded)
            return fail(loaded.error().kind, u"%1\n%2"_s.arg(loaded.error().message, loaded.error().detail).trimmed());
        environment = *std::move(loaded);
    }
    std::shared_ptr<const Policy> policy;
    if (invocation.has(u"policy"_s)) {
        PolicyLoadOptions load;
        load.environment = environment ? &*environment : nullptr;
        auto loaded = Policy::load(invocation.value(u"policy"_s), load);
        if (!loaded)
            return fail(loaded.error().kind, u"%1\n%2"_s.arg(loaded.error().message, loaded.error().detail).trimmed());
        policy = std::make_shared<const Policy>(*std::move(loaded));
    }
    const auto artifacts = artifactsOf(invocation);
    if (!artifacts)
        return std::unexpected(artifacts.error());
    const auto endpoints = endpointsOf(invocation);
    if (!endpoints)
        return std::unexpected(endpoints.error());
    takeNonceFromChain(*input, *endpoints);

    ReviewContext context;
    context.environment = environment ? &*environment : nullptr;
    context.policy = policy;
    context.artifacts = &*artifacts;
    context.descriptors = descriptorsFor(environment ? *environment : Environment());
    context.actor = requester->actor;
    context.past = requester->past;
    context.isOnline = endpoints->first != nullptr;
    context.now = Timestamp::fromSeconds(QDateTime::currentSecsSinceEpoch());
    if (context.isOnline) {
        auto read = QCoro::waitFor(readReviewContext(*endpoints, input->subject, context));
        if (!read)
            return std::unexpected(read.error());
        context = *std::move(read);
    }
    Review review = reviewSafeTransaction(input->subject, context);
    review.findings = input->findings + review.findings;
    sortFindings(review.findings);
    writeReview(report, *input, review, context);
    report.setJson(reviewToJson(*input, review, context));
    return {};
}

} // namespace

const Command reviewCommand{"review", "FILE", "judge a proposal by every check before a holder signs",
    "Reviews what a holder is asked to sign: a proposal's envelope, a file of Safe's transaction builder, or a bare Safe\n"
    "transaction with its chain, Safe and version. FILE may be - for standard input, or the JSON itself.\n\n"
    "The calls are taken apart to any depth, each check looks at each of them, and what is found is told worst first. With\n"
    "--rpc the Safe, the code at every address and the effect are read from the chain at one block and simulated; without\n"
    "it the review says which checks could not run. With --environment your address book decides what is known.\n\n"
    "With --policy the signing policy is asked too: with --approver whether that person may sign it now, with --executor\n"
    "whether that person may execute it now. A waiting time counts from the later of the proposal's date, which its author\n"
    "wrote, and --first-seen; without that the review warns that it rests on the author's word (policy.firstSeen).\n\n"
    "--json prints {\"blocked\",\"findings\":[{\"id\",\"severity\",\"where\",\"message\",\"evidence\"}],\"hashes\",\"calls\",\"simulation\",\n"
    "\"checksNotRun\"}. Exit codes: 0 nothing blocks, 3 blocked, 2 unusable input, 5 node not reached.\n",
    options, run, ExitCode::Input, ExitCode::Usage};

} // namespace countersign
