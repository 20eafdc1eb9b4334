#include "backend/proposals/execution/explorerpublication.h"

#include "backend/proposals/execution/sourcepublication.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QCoroTimer>
#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>
#include <memory>

namespace countersign {

namespace {

constexpr JsonLimits answerLimits{.maxBytes = 64 * 1024, .maxDepth = 8, .maxValues = 1'000};
constexpr auto lookInterval = std::chrono::seconds(2); // two questions a second are too many without a paid key
constexpr int mostLooks = 60;
constexpr qsizetype maxReason = 300;

/// {"status": "1", "message": "OK", "result": "…"}
struct Answer {
    bool isGood = false;
    QString result;
};

Result<Answer> answerOf(const QByteArray &json)
{
    const auto text = JsonText::parse(json, answerLimits);
    const auto member = [&text](QUtf8StringView name) {
        const auto found = text->root().find(name);
        return found && found->isString() ? found->toString() : QString();
    };
    if (!text || (member("status") != "0"_L1 && member("status") != "1"_L1))
        return fail(ErrorKind::Corrupt, u"The explorer's answer is malformed"_s);
    return Answer{member("status") == "1"_L1, member("result").left(maxReason).simplified()};
}

Error refusalOf(const QString &reason)
{
    const auto says = [&reason](QStringView words) { return reason.contains(words, Qt::CaseInsensitive); };
    if (says(u"api key") || says(u"apikey"))
        return {ErrorKind::Unauthenticated, u"The explorer wants a valid API key: %1"_s.arg(reason), {}};
    if (says(u"rate limit"))
        return {ErrorKind::Exhausted, u"The explorer was asked too often: %1"_s.arg(reason), {}};
    if (says(u"unable to locate contractcode"))
        return {ErrorKind::Unavailable, u"The explorer has not seen the contract yet: try again in some minutes"_s, {}};
    return {ErrorKind::Rejected, u"The explorer refused: %1"_s.arg(reason.isEmpty() ? u"no reason"_s : reason), {}};
}

bool isAlreadyVerified(const QString &reason)
{
    return reason.contains(u"already verified", Qt::CaseInsensitive);
}

void append(QByteArray &form, QByteArrayView name, const QByteArray &value)
{
    form += form.isEmpty() ? "" : "&";
    form += name;
    form += '=';
    form += QUrl::toPercentEncoding(QString::fromUtf8(value));
}

Result<JsonText> requestOf(const DeploymentVerification &deployment)
{
    const auto request = sourceRequest(deployment, std::nullopt);
    if (!request)
        return std::unexpected(request.error());
    return JsonText::parse(*request);
}

HttpOptions options()
{
    HttpOptions options{.deadline = std::chrono::seconds(60), .maxReplyBytes = answerLimits.maxBytes, .headers = {{"Accept", "application/json"}}};
    options.once = true;
    return options;
}

Result<void> checkSettings(const ExplorerSettings &settings, const SecretBuffer &key)
{
    const bool isHere = settings.api.host() == u"localhost"_s || QHostAddress(settings.api.host()).isLoopback();
    if (settings.api.scheme() != u"https"_s && !isHere)
        return fail(ErrorKind::Invalid, u"The API key would travel unencrypted: use an https address"_s);
    if (settings.api.hasQuery() || settings.api.hasFragment() || !settings.api.userInfo().isEmpty())
        return fail(ErrorKind::Invalid, u"The address of the explorer has more than host and path"_s);
    return checkExplorerKey(key.view());
}

QUrl addressOf(const ExplorerSettings &settings)
{
    QUrl url = settings.api;
    url.setQuery(u"chainid=%1"_s.arg(settings.chain.value()));
    return url;
}

QByteArray withKey(const QByteArray &form, const SecretBuffer &key)
{
    return "apikey=" + key.view().toByteArray() + '&' + form;
}

// Some servers repeat what they were sent.
QByteArray without(QByteArray body, const SecretBuffer &key)
{
    return body.replace(key.view(), "(key)");
}

// Whatever an answer did to it on the way: written with escapes, or in other letters.
Error without(Error error, const SecretBuffer &key)
{
    const QString text = QString::fromLatin1(key.view());
    error.message.replace(text, u"(key)"_s, Qt::CaseInsensitive);
    error.detail.replace(text, u"(key)"_s, Qt::CaseInsensitive);
    return error;
}

// One form, one answer. The key is in the body of a question too: addresses end in other people's logs.
QCoro::Task<Result<QByteArray>> ask(std::shared_ptr<HttpClient> http, QUrl url, QByteArray form, std::stop_token stop)
{
    const auto posted = http->post(url, form, "application/x-www-form-urlencoded", options(), stop);
    const auto reply = co_await posted;
    if (!reply)
        co_return std::unexpected(reply.error());
    if (!reply->isSuccess())
        co_return fail(ErrorKind::Unavailable, u"The explorer answered with status %1"_s.arg(reply->status));
    co_return reply->body;
}

QCoro::Task<Result<ExplorerVerdict>> awaitVerdict(
    std::shared_ptr<HttpClient> http, QUrl url, QString job, QByteArray form, ExplorerProgress progress, std::stop_token stop)
{
    for (int look = 1; look <= mostLooks; ++look) {
        const auto status = co_await ask(http, url, form, stop);
        if (stop.stop_requested())
            break;
        if (!status)
            co_return std::unexpected(status.error());
        const auto verdict = explorerVerdictFromJson(*status);
        if (!verdict || *verdict != ExplorerVerdict::Pending)
            co_return verdict;
        if (progress)
            progress(u"Job %1 waits in the explorer's queue; asked %2 of at most %3 times"_s.arg(job).arg(look).arg(mostLooks));
        co_await QCoro::sleepFor(lookInterval);
        if (stop.stop_requested())
            break;
    }
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"Publishing was given up; what was sent may still be published"_s);
    co_return fail(ErrorKind::Timeout, u"The explorer has not decided yet; it may still publish the sources"_s);
}

} // namespace

Result<void> checkExplorerKey(QByteArrayView key)
{
    constexpr qsizetype longestKey = 200;
    const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (key.isEmpty() || key.size() > longestKey || !std::ranges::all_of(key, fits))
        return fail(ErrorKind::Invalid, u"That is no API key: it has letters and digits only"_s);
    return {};
}

Result<QStringList> publicationContents(
    const DeploymentVerification &deployment, PublisherSettings::Kind kind, const Hash32 &creationTransaction)
{
    const auto request = requestOf(deployment);
    if (!request)
        return std::unexpected(request.error());
    QStringList lines{u"Contract %1 at %2"_s.arg(deployment.contractId, deployment.address.toString()),
        u"Compiler %1 and its settings"_s.arg(request->root().find("compilerVersion")->toString())};
    switch (kind) {
    case PublisherSettings::Kind::Sourcify:
        lines.append(u"The transaction that created it, %1"_s.arg(creationTransaction.toString()));
        break;
    case PublisherSettings::Kind::Etherscan:
        lines.append(deployment.constructorArguments.isEmpty()
                ? u"No constructor arguments"_s
                : u"Constructor arguments %1"_s.arg(toHex(deployment.constructorArguments)));
        lines.append(u"Your API key, which is shown to nobody else"_s);
        break;
    }
    const auto sources = request->root().find("stdJsonInput")->find("sources");
    for (const JsonView &source : *sources) {
        const auto content = source.find("content");
        lines.append(u"Source %1, %2 bytes"_s.arg(source.key().toString())
                         .arg(content ? content->toString().toUtf8().size() : 0));
    }
    return lines;
}

Result<QByteArray> explorerRequest(const DeploymentVerification &deployment)
{
    const auto request = requestOf(deployment);
    if (!request)
        return std::unexpected(request.error());
    const QByteArray arguments = deployment.constructorArguments.toHex();
    QByteArray form;
    append(form, "module", "contract");
    append(form, "action", "verifysourcecode");
    append(form, "codeformat", "solidity-standard-json-input");
    append(form, "contractaddress", deployment.address.toString().toLatin1());
    append(form, "contractname", deployment.contractId.toUtf8());
    append(form, "compilerversion", 'v' + request->root().find("compilerVersion")->toString().toLatin1());
    append(form, "sourceCode", request->root().find("stdJsonInput")->toJson());
    // The API reads a misspelt name; its documentation has the right one.
    append(form, "constructorArguements", arguments);
    append(form, "constructorArguments", arguments);
    return form;
}

Result<QString> explorerJobFromJson(const QByteArray &answer)
{
    const auto read = answerOf(answer);
    if (!read)
        return std::unexpected(read.error());
    if (!read->isGood)
        return isAlreadyVerified(read->result) ? Result<QString>(QString()) : std::unexpected(refusalOf(read->result));
    // It becomes part of an address.
    static const QRegularExpression pattern(u"\\A[A-Za-z0-9-]{1,100}\\z"_s);
    if (!pattern.match(read->result).hasMatch())
        return fail(ErrorKind::Corrupt, u"The explorer's answer is malformed: no id"_s);
    return read->result;
}

Result<ExplorerVerdict> explorerVerdictFromJson(const QByteArray &answer)
{
    const auto read = answerOf(answer);
    if (!read)
        return std::unexpected(read.error());
    if (isAlreadyVerified(read->result))
        return ExplorerVerdict::AlreadyVerified;
    if (read->isGood)
        return read->result.startsWith("Pass"_L1) ? Result<ExplorerVerdict>(ExplorerVerdict::Verified)
                                                  : fail(ErrorKind::Corrupt, u"The explorer's answer is malformed: no verdict"_s);
    if (read->result.startsWith("Pending"_L1) || read->result.startsWith("In progress"_L1, Qt::CaseInsensitive))
        return ExplorerVerdict::Pending;
    return std::unexpected(refusalOf(read->result));
}

QCoro::Task<Result<ExplorerVerdict>> publishToExplorer(ExplorerSettings settings, SecretBuffer key,
    DeploymentVerification deployment, ExplorerProgress progress, std::stop_token stop)
{
    if (const auto usable = checkSettings(settings, key); !usable)
        co_return std::unexpected(usable.error());
    auto form = explorerRequest(deployment);
    if (!form)
        co_return std::unexpected(form.error());
    const auto http = std::make_shared<HttpClient>();
    const QUrl url = addressOf(settings);
    const auto posted = co_await ask(http, url, withKey(*form, key), stop);
    if (!posted)
        co_return std::unexpected(without(posted.error(), key));
    const auto job = explorerJobFromJson(without(*posted, key));
    if (!job)
        co_return std::unexpected(without(job.error(), key));
    if (job->isEmpty())
        co_return ExplorerVerdict::AlreadyVerified;
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"Publishing was given up; what was sent may still be published"_s);
    if (progress)
        progress(u"The explorer took it as job %1"_s.arg(*job));
    QByteArray question;
    append(question, "module", "contract");
    append(question, "action", "checkverifystatus");
    append(question, "guid", job->toLatin1());
    const auto verdict = co_await awaitVerdict(http, url, *job, withKey(question, key), progress, stop);
    if (!verdict)
        co_return std::unexpected(without(verdict.error(), key));
    co_return verdict;
}

} // namespace countersign
