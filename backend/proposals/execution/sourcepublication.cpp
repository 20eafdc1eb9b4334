#include "backend/proposals/execution/sourcepublication.h"

#include "backend/rpc/httpclient.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QCoroTimer>
#include <QFile>
#include <QRegularExpression>

// The resource is part of a static library, which nobody would register by itself. The macro must stand outside of any
// namespace.
static void registerSources()
{
    Q_INIT_RESOURCE(executionsources);
}

namespace countersign {

namespace {

constexpr JsonLimits answerLimits{.maxBytes = 1024 * 1024, .maxDepth = 32, .maxValues = 50'000};
constexpr auto jobInterval = std::chrono::seconds(1);
constexpr int mostLooks = 120;

QString textOf(const JsonView &object, QUtf8StringView name)
{
    const auto member = object.find(name);
    return member && member->isString() ? member->toString() : QString();
}

std::unexpected<Error> malformed(const QString &what)
{
    return fail(ErrorKind::Corrupt, u"The source server's answer is malformed: %1"_s.arg(what));
}

HttpOptions options()
{
    return {.deadline = std::chrono::seconds(30), .maxReplyBytes = answerLimits.maxBytes, .headers = {{"Accept", "application/json"}}};
}

QUrl at(const QUrl &server, const QString &path)
{
    QUrl url = server;
    url.setPath((server.path().endsWith(u'/') ? server.path().chopped(1) : server.path()) + path);
    return url;
}

// What the server says about a request that it refused.
Error refusal(const HttpReply &reply)
{
    const auto answer = JsonText::parse(reply.body, answerLimits);
    const QString message = answer ? textOf(answer->root(), "message").left(500) : QString();
    return {ErrorKind::Rejected,
        u"The source server refused (status %1): %2"_s.arg(reply.status).arg(message.isEmpty() ? u"no reason"_s : message), {}};
}

QCoro::Task<Result<SourcePublication>> awaitJob(QUrl url, std::stop_token stop)
{
    HttpClient http;
    for (int look = 0; look < mostLooks; ++look) {
        const auto asked = http.get(url, options(), stop);
        const auto reply = co_await asked;
        if (!reply)
            co_return std::unexpected(reply.error());
        if (!reply->isSuccess())
            co_return std::unexpected(refusal(*reply));
        const auto job = sourceJobFromJson(reply->body);
        if (!job)
            co_return std::unexpected(job.error());
        if (*job)
            co_return **job;
        co_await QCoro::sleepFor(jobInterval);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"Publishing was given up"_s);
    }
    co_return fail(ErrorKind::Timeout, u"The source server has not decided yet; it may still publish the sources"_s);
}

} // namespace

Result<QByteArray> sourceRequest(const DeploymentVerification &deployment, const std::optional<Hash32> &creationTransaction)
{
    if (!deployment.isVerified())
        return fail(ErrorKind::Rejected, u"The deployment at %1 is not verified: its sources are not published"_s.arg(deployment.address.toString()));
    registerSources();
    QFile file(u":/execution/build-info.json"_s);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Internal, u"The build's sources are missing from this program"_s);
    const auto build = JsonText::parse(file.readAll());
    if (!build)
        return std::unexpected(build.error());
    const auto input = build->root().find("input");
    const auto sources = input ? input->find("sources") : std::nullopt;
    const QString source = deployment.contractId.section(u':', 0, 0);
    if (!sources || !sources->find(source.toUtf8().constData()))
        return fail(ErrorKind::NotFound, u"“%1” is no contract of this console's build"_s.arg(deployment.contractId));
    const auto quoted = [](const QString &text) { return '"' + text.toUtf8() + '"'; }; // ours, without anything to escape
    QByteArray request = "{\"stdJsonInput\":" + input->toJson() + ",\"compilerVersion\":" + quoted(textOf(build->root(), "solcLongVersion"))
        + ",\"contractIdentifier\":" + quoted(deployment.contractId);
    if (creationTransaction)
        request += ",\"creationTransactionHash\":" + quoted(creationTransaction->toString());
    return request + '}';
}

Result<QString> sourceJobIdFromJson(const QByteArray &answer)
{
    const auto text = JsonText::parse(answer, answerLimits);
    if (!text)
        return malformed(text.error().message);
    // It becomes part of an address.
    static const QRegularExpression pattern(u"\\A[A-Za-z0-9-]{1,64}\\z"_s);
    const QString id = textOf(text->root(), "verificationId");
    if (!pattern.match(id).hasMatch())
        return malformed(u"no verificationId"_s);
    return id;
}

Result<std::optional<SourcePublication>> sourceJobFromJson(const QByteArray &answer)
{
    const auto text = JsonText::parse(answer, answerLimits);
    if (!text)
        return malformed(text.error().message);
    const JsonView job = text->root();
    const auto isDone = job.find("isJobCompleted");
    if (!isDone || isDone->kind() != JsonView::Kind::Bool)
        return malformed(u"isJobCompleted is missing"_s);
    if (!isDone->toBool())
        return std::optional<SourcePublication>();
    // A job that failed is answered with status 200 as well.
    if (const auto error = job.find("error"); error && !error->isNull())
        return fail(ErrorKind::Rejected,
            u"The source server could not verify the contract: %1"_s.arg(textOf(*error, "message").left(500)),
            textOf(*error, "customCode").left(100));
    const auto contract = job.find("contract");
    const QString match = contract ? textOf(*contract, "match") : QString();
    if (match != "exact_match"_L1 && match != "match"_L1)
        return malformed(u"a job without verdict"_s);
    return SourcePublication{match == "match"_L1 ? SourcePublication::Match::Partial : SourcePublication::Match::Exact,
        sourceJobIdFromJson(answer).value_or(QString())};
}

QCoro::Task<Result<SourcePublication>> publishSources(
    ChainSettings chain, QUrl server, DeploymentVerification deployment, std::optional<Hash32> creationTransaction, std::stop_token stop)
{
    if (!chain.publishSources.contains({PublisherSettings::Kind::Sourcify, server}))
        co_return fail(ErrorKind::Denied, u"The environment does not allow to publish sources of contracts on %1"_s.arg(chain.name));
    const auto request = sourceRequest(deployment, creationTransaction);
    if (!request)
        co_return std::unexpected(request.error());
    HttpClient http;
    const QUrl target = at(server, u"/v2/verify/%1/%2"_s.arg(chain.chainId.value()).arg(deployment.address.toString()));
    const auto posted = http.post(target, *request, "application/json", options(), stop);
    const auto reply = co_await posted;
    if (!reply)
        co_return std::unexpected(reply.error());
    constexpr int alreadyVerified = 409;
    if (reply->status == alreadyVerified) {
        const auto answer = JsonText::parse(reply->body, answerLimits);
        if (answer && textOf(answer->root(), "customCode") == "already_verified"_L1)
            co_return SourcePublication{};
    }
    if (!reply->isSuccess())
        co_return std::unexpected(refusal(*reply));
    const auto id = sourceJobIdFromJson(reply->body);
    if (!id)
        co_return std::unexpected(id.error());
    const QUrl job = at(server, u"/v2/verify/%1"_s.arg(*id));
    auto published = co_await awaitJob(job, stop);
    if (published)
        published->verificationId = *id;
    co_return published;
}

} // namespace countersign
