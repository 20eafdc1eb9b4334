#include "backend/safe/safeservice.h"

#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QHostAddress>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype pageEntries = 100;
constexpr int mostPages = 10; // a thousand waiting transactions are no queue that people can work through
constexpr qint64 mostReplyBytes = qint64{8} * 1024 * 1024;

bool isThisMachine(const QUrl &url)
{
    return url.host() == u"localhost"_s || QHostAddress(url.host()).isLoopback();
}

} // namespace

SafeService::SafeService(QUrl base, QByteArray token, std::chrono::milliseconds deadline)
    : m_base(std::move(base))
    , m_token(std::move(token))
    , m_deadline(deadline)
{
}

Result<void> SafeService::checkToken(const QUrl &base, QByteArrayView token)
{
    if (!token.isEmpty() && base.scheme() != u"https"_s && !isThisMachine(base))
        return fail(ErrorKind::Invalid, u"The access token would travel unencrypted: use an https address"_s);
    if (std::ranges::any_of(token, [](char c) { return c <= ' ' || c > '~'; }))
        return fail(ErrorKind::Invalid, u"The access token has characters that a token cannot have"_s);
    return {};
}

void SafeService::setToken(QByteArray token)
{
    m_token.fill('\0');
    m_token = std::move(token);
}

Result<QUrl> SafeService::at(const QString &path, const QString &query) const
{
    if (!m_base.userInfo().isEmpty() || m_base.hasQuery() || m_base.hasFragment())
        return fail(ErrorKind::Invalid, u"The address of the transaction service has more than host and path: a token has a place of its own"_s);
    if (const auto fits = checkToken(m_base, m_token); !fits)
        return std::unexpected(fits.error());
    QUrl url = m_base;
    url.setPath(m_base.path() + (m_base.path().endsWith(u'/') ? u""_s : u"/"_s) + path);
    if (!query.isEmpty())
        url.setQuery(query);
    return url;
}

HttpOptions SafeService::options() const
{
    HttpOptions options{.deadline = m_deadline, .maxReplyBytes = mostReplyBytes, .headers = {{"Accept"_ba, "application/json"_ba}}};
    if (!m_token.isEmpty())
        options.headers.append({"Authorization"_ba, "Bearer "_ba + m_token});
    return options;
}

Result<QByteArray> SafeService::accepted(const Result<HttpReply> &reply) const
{
    if (!reply)
        return std::unexpected(reply.error());
    if (reply->isSuccess())
        return reply->body;
    QByteArray body = reply->body;
    if (!m_token.isEmpty())
        body.replace(m_token, "(token)"); // some servers repeat what they were sent
    return std::unexpected(safeServiceRefusal(reply->status, body));
}

QCoro::Task<Result<QByteArray>> SafeService::get(QString path, QString query, std::stop_token stop)
{
    const auto url = at(path, query);
    if (!url)
        co_return std::unexpected(url.error());
    const auto reply = co_await m_http.get(*url, options(), stop);
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The request was cancelled"_s);
    co_return accepted(reply);
}

QCoro::Task<Result<void>> SafeService::post(QString path, QByteArray body, std::stop_token stop)
{
    const auto url = at(path);
    if (!url)
        co_return std::unexpected(url.error());
    HttpOptions once = options();
    once.once = true;
    const auto reply = co_await m_http.post(*url, body, "application/json"_ba, std::move(once), stop);
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The request was cancelled"_s);
    const auto answer = accepted(reply);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return Result<void>();
}

QCoro::Task<Result<void>> SafeService::erase(QString path, QByteArray body, std::stop_token stop)
{
    const auto url = at(path);
    if (!url)
        co_return std::unexpected(url.error());
    HttpOptions once = options();
    once.once = true;
    const auto reply = co_await m_http.remove(*url, body, "application/json"_ba, std::move(once), stop);
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The request was cancelled"_s);
    const auto answer = accepted(reply);
    if (!answer)
        co_return std::unexpected(answer.error());
    co_return Result<void>();
}

QCoro::Task<Result<SafeServiceInfo>> SafeService::info(Address safe, std::stop_token stop)
{
    const auto body = co_await get(u"v1/safes/%1/"_s.arg(safe.toString()), {}, stop);
    if (!body)
        co_return std::unexpected(body.error());
    auto info = readSafeServiceInfo(*body);
    if (info && info->safe != safe)
        co_return fail(ErrorKind::Corrupt, u"The transaction service answered with another Safe, "_s + info->safe.toString());
    co_return info;
}

QCoro::Task<Result<SafeServiceQueue>> SafeService::queue(SafeServiceSubject subject, Uint256 firstNonce, std::stop_token stop)
{
    SafeServiceQueue queue;
    qsizetype offset = 0;
    for (int pages = 0; pages < mostPages; ++pages) {
        // `next` of the answer is an address of somebody else's making: the offset is counted here instead.
        const QString query = u"executed=false&ordering=nonce&nonce__gte=%1&limit=%2&offset=%3"_s.arg(
            firstNonce.toDecimal(), QString::number(pageEntries), QString::number(offset));
        const auto body = co_await get(u"v2/safes/%1/multisig-transactions/"_s.arg(subject.safe.toString()), query, stop);
        if (!body)
            co_return std::unexpected(body.error());
        auto page = readSafeServicePage(*body, subject);
        if (!page)
            co_return std::unexpected(page.error());
        queue.findings.insert(queue.findings.end(), page->findings.begin(), page->findings.end());
        const size_t known = queue.transactions.size();
        for (SafeServiceTransaction &transaction : page->transactions) {
            if (transaction.transaction.nonce < firstNonce)
                continue; // not asked for, and no longer of use to anybody
            if (std::ranges::find(queue.transactions, transaction.safeTxHash, &SafeServiceTransaction::safeTxHash) == queue.transactions.end())
                queue.transactions.push_back(std::move(transaction));
        }
        offset += page->listed;
        queue.isComplete = !page->hasNext;
        if (queue.isComplete)
            break;
        if (page->listed == 0 || queue.transactions.size() == known) {
            queue.findings.push_back({u"service.paging"_s, u"The transaction service promises more pages, but they bring nothing new"_s});
            break;
        }
    }
    if (!queue.isComplete)
        queue.findings.push_back({u"service.paging"_s, u"Not all that the transaction service lists was read"_s});
    std::ranges::sort(queue.transactions, {}, [](const SafeServiceTransaction &entry) { return std::pair(entry.transaction.nonce, entry.safeTxHash); });
    co_return queue;
}

QCoro::Task<Result<SafeServiceTransaction>> SafeService::transaction(SafeServiceSubject subject, Hash32 safeTxHash, std::stop_token stop)
{
    const auto body = co_await get(u"v2/multisig-transactions/%1/"_s.arg(safeTxHash.toString()), {}, stop);
    if (!body)
        co_return std::unexpected(body.error());
    co_return readSafeServiceTransaction(*body, subject, safeTxHash);
}

QCoro::Task<Result<SafeServiceConfirmations>> SafeService::confirmations(SafeServiceSubject subject, Hash32 safeTxHash, std::stop_token stop)
{
    // One page: a Safe with more owners than that is none that people look after.
    const auto body = co_await get(u"v1/multisig-transactions/%1/confirmations/"_s.arg(safeTxHash.toString()), u"limit=%1"_s.arg(pageEntries), stop);
    if (!body)
        co_return std::unexpected(body.error());
    auto read = readSafeServiceConfirmations(*body, subject, safeTxHash);
    if (read && read->hasNext)
        read->findings.push_back({u"service.paging"_s, u"Not all that the transaction service lists was read"_s});
    co_return read;
}

QCoro::Task<Result<SafeServiceDelegates>> SafeService::delegates(SafeServiceSubject subject, std::stop_token stop)
{
    constexpr int mostDelegatePages = 3;
    SafeServiceDelegates all;
    all.hasNext = true;
    for (int page = 0; page < mostDelegatePages && all.hasNext; ++page) {
        const QString query = u"safe=%1&limit=%2&offset=%3"_s.arg(
            subject.safe.toString(), QString::number(pageEntries), QString::number(all.listed));
        const auto body = co_await get(u"v2/delegates/"_s, query, stop);
        if (!body)
            co_return std::unexpected(body.error());
        const auto read = readSafeServiceDelegates(*body, subject);
        if (!read)
            co_return std::unexpected(read.error());
        all.delegates.insert(all.delegates.end(), read->delegates.begin(), read->delegates.end());
        all.listed += read->listed;
        all.leftOut += read->leftOut;
        all.hasNext = read->hasNext && read->listed > 0;
    }
    co_return all;
}

QCoro::Task<Result<void>> SafeService::remove(Hash32 safeTxHash, EvmSignature signature, std::stop_token stop)
{
    co_return co_await erase(u"v1/multisig-transactions/%1/"_s.arg(safeTxHash.toString()), safeServiceDeletionBody(safeTxHash, signature), stop);
}

QCoro::Task<Result<void>> SafeService::addDelegate(SafeServiceDelegate delegate, EvmSignature signature, std::stop_token stop)
{
    const auto body = safeServiceDelegateBody(delegate, signature);
    if (!body)
        co_return std::unexpected(body.error());
    co_return co_await post(u"v2/delegates/"_s, *body, stop);
}

QCoro::Task<Result<void>> SafeService::removeDelegate(SafeServiceDelegate delegate, EvmSignature signature, std::stop_token stop)
{
    co_return co_await erase(u"v2/delegates/%1/"_s.arg(delegate.delegate.toString()), safeServiceDelegateRemovalBody(delegate, signature), stop);
}

QCoro::Task<Result<void>> SafeService::propose(SafeServiceSubject subject, SafeServiceProposal proposal, std::stop_token stop)
{
    const auto body = safeServiceProposalBody(subject, proposal);
    if (!body)
        co_return std::unexpected(body.error());
    co_return co_await post(u"v2/safes/%1/multisig-transactions/"_s.arg(subject.safe.toString()), *body, stop);
}

QCoro::Task<Result<void>> SafeService::confirm(SafeServiceSubject subject, Hash32 safeTxHash, std::vector<SafeSignature> signatures,
                                               std::stop_token stop)
{
    const auto body = safeServiceConfirmationBody(subject, safeTxHash, std::move(signatures));
    if (!body)
        co_return std::unexpected(body.error());
    co_return co_await post(u"v1/multisig-transactions/%1/confirmations/"_s.arg(safeTxHash.toString()), *body, stop);
}

} // namespace countersign
