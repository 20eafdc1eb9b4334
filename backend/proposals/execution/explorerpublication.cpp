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
    const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (key.isEmpty() || !std::ranges::all_of(key.view(), fits))
        return fail(ErrorKind::Invalid, u"That is no API key"_s);
    return {};
}

QUrl withQuery(const ExplorerSettings &settings, const QString &query)
{
    QUrl url = settings.api;
    url.setQuery(u"chainid=%1%2"_s.arg(settings.chain.value()).arg(query));
    return url;
}

// Some servers repeat what they were sent.
QByteArray without(QByteArray body, const SecretBuffer &key)
{
    return body.replace(key.view(), "(key)");
}

} // namespace

Result<QStringList> publicationContents(const DeploymentVerification &deployment)
{
    const auto request = requestOf(deployment);
    if (!request)
        return std::unexpected(request.error());
    QStringList lines{u"Contract %1 at %2"_s.arg(deployment.contractId, deployment.address.toString()),
        u"Compiler %1 and its settings"_s.arg(request->root().find("compilerVersion")->toString()),
        deployment.constructorArguments.isEmpty()
            ? u"No constructor arguments"_s
            : u"Constructor arguments %1"_s.arg(toHex(deployment.constructorArguments))};
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

QCoro::Task<Result<ExplorerVerdict>> publishToExplorer(
    ExplorerSettings settings, SecretBuffer key, DeploymentVerification deployment, std::stop_token stop)
{
    if (const auto usable = checkSettings(settings, key); !usable)
        co_return std::unexpected(usable.error());
    auto form = explorerRequest(deployment);
    if (!form)
        co_return std::unexpected(form.error());
    HttpClient http;
    const auto posted
        = http.post(withQuery(settings, {}), "apikey=" + key.view().toByteArray() + '&' + *form, "application/x-www-form-urlencoded", options(), stop);
    const auto reply = co_await posted;
    if (!reply)
        co_return std::unexpected(reply.error());
    if (!reply->isSuccess())
        co_return fail(ErrorKind::Unavailable, u"The explorer answered with status %1"_s.arg(reply->status));
    const auto job = explorerJobFromJson(without(reply->body, key));
    if (!job)
        co_return std::unexpected(job.error());
    if (job->isEmpty())
        co_return ExplorerVerdict::AlreadyVerified;
    const QString question = u"&module=contract&action=checkverifystatus&guid=%1&apikey=%2"_s.arg(*job, QString::fromLatin1(key.view()));
    for (int look = 0; look < mostLooks; ++look) {
        const auto asked = http.get(withQuery(settings, question), options(), stop);
        const auto status = co_await asked;
        if (!status)
            co_return std::unexpected(status.error());
        if (!status->isSuccess())
            co_return fail(ErrorKind::Unavailable, u"The explorer answered with status %1"_s.arg(status->status));
        const auto verdict = explorerVerdictFromJson(without(status->body, key));
        if (!verdict || *verdict != ExplorerVerdict::Pending)
            co_return verdict;
        co_await QCoro::sleepFor(lookInterval);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"Publishing was given up"_s);
    }
    co_return fail(ErrorKind::Timeout, u"The explorer has not decided yet; it may still publish the sources"_s);
}

} // namespace countersign
