#include "backend/rpc/httpexchange.h"

#include "backend/rpc/curlloop.h"
#include "backend/types/strings.h"

#include <sys/socket.h>

#include <QFile>
#include <QHostAddress>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace countersign {

namespace {

// Programs that we start must not hold our connections open.
curl_socket_t openSocket(void * /*data*/, curlsocktype /*purpose*/, curl_sockaddr *address)
{
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool isHere(const QUrl &url)
{
    const QString host = url.host();
    return host == u"localhost"_s || QHostAddress(host).isLoopback();
}

Error cancelled()
{
    return {ErrorKind::Cancelled, u"The request was cancelled"_s, {}};
}

} // namespace

QString placeOf(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

HttpExchange::HttpExchange(CurlLoop &loop, HttpQuestion question, std::stop_token stop)
    : QObject(&loop)
    , m_loop(loop)
    , m_question(std::move(question))
    , m_transfer(curl().easy_init())
{
    if (!m_transfer || !prepare())
        throw std::bad_alloc();
    m_promise.start();
    // Not CURLOPT_TIMEOUT: it does not count the wait for a free connection.
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this,
        [this] { settle(fail(ErrorKind::Timeout, u"%1 did not answer in time"_s.arg(placeOf(m_question.url)))); });
    m_deadline.start(m_question.options.deadline);
    m_loop.add(m_transfer.get());
    if (stop.stop_possible())
        m_stop.emplace(std::move(stop), [this] { QMetaObject::invokeMethod(this, &HttpExchange::cancel); });
}

HttpExchange::~HttpExchange()
{
    m_stop.reset();
    if (!m_settled)
        complete(std::unexpected(cancelled()));
}

bool HttpExchange::addHeader(const QByteArray &line)
{
    curl_slist *longer = curl().slist_append(m_headers.get(), line.constData());
    if (!longer)
        return false;
    (void)m_headers.release(); // its head is the head of the longer list
    m_headers.reset(longer);
    return true;
}

bool HttpExchange::prepare()
{
    CURL *transfer = m_transfer.get();
    const HttpOptions &options = m_question.options;
    bool good = true;
    const auto set = [transfer, &good](CURLoption option, auto value) { good = curl().easy_setopt(transfer, option, value) == CURLE_OK && good; };

    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_URL, m_question.url.toEncoded(QUrl::RemoveFragment).constData());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    set(CURLOPT_USERAGENT, "Countersign");
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.tls.ca.isEmpty()) {
        set(CURLOPT_CAINFO, QFile::encodeName(options.tls.ca).constData());
        set(CURLOPT_CAPATH, static_cast<const char *>(nullptr)); // what the system trusts is not trusted beside it
    }
    if (!options.tls.certificate.isEmpty()) {
        set(CURLOPT_SSLCERT, QFile::encodeName(options.tls.certificate).constData());
        set(CURLOPT_SSLKEY, QFile::encodeName(options.tls.key).constData());
    }
    if (isHere(m_question.url))
        set(CURLOPT_PROXY, ""); // otherwise the environment says whether there is one
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_FRESH_CONNECT, options.once ? 1L : 0L); // over a kept connection, curl repeats what got no answer
    set(CURLOPT_OPENSOCKETFUNCTION, &openSocket);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L); // a cancelled look-up of a name is left to its thread, not waited for
    set(CURLOPT_ERRORBUFFER, m_errorText.data());
    set(CURLOPT_WRITEFUNCTION, &HttpExchange::take);
    set(CURLOPT_WRITEDATA, this);
    if (m_question.isPost) {
        set(CURLOPT_POST, 1L);
        if (m_question.isRemoval)
            set(CURLOPT_CUSTOMREQUEST, "DELETE");
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(m_question.body.size()));
        set(CURLOPT_POSTFIELDS, m_question.body.constData());
        good = addHeader("Content-Type: " + m_question.contentType) && good;
        good = addHeader("Expect:"_ba) && good; // curl would ask before a large body, and ask again when refused
    }
    for (const auto &[name, value] : options.headers)
        good = addHeader(value.isEmpty() ? name + ';' : name + ": " + value) && good;
    set(CURLOPT_HTTPHEADER, m_headers.get());
    return good;
}

size_t HttpExchange::take(char *data, size_t /*one*/, size_t count, void *self)
{
    auto &exchange = *static_cast<HttpExchange *>(self);
    const auto more = static_cast<qsizetype>(count);
    if (exchange.m_body.size() + more > exchange.m_question.options.maxReplyBytes) {
        exchange.m_tooLarge = true;
        return 0; // ends the transfer
    }
    exchange.m_body.append(data, more);
    return count;
}

Error HttpExchange::transferError(CURLcode code) const
{
    const QString where = placeOf(m_question.url);
    // Other texts of curl may hold the address of a proxy, with its password.
    const bool tellsMore = code == CURLE_COULDNT_CONNECT || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR;
    const char *text = tellsMore && m_errorText.front() != '\0' ? m_errorText.data() : curl().easy_strerror(code);
    const QString detail = u"code=%1 %2"_s.arg(static_cast<int>(code)).arg(QString::fromUtf8(text));
    long systemError = 0;
    switch (code) {
    case CURLE_COULDNT_CONNECT:
        curl().easy_getinfo(m_transfer.get(), CURLINFO_OS_ERRNO, &systemError);
        if (systemError == ECONNREFUSED)
            return {ErrorKind::Unavailable, u"%1 refuses the connection"_s.arg(where), detail};
        break;
    case CURLE_COULDNT_RESOLVE_HOST:
        return {ErrorKind::Unavailable, u"The host of %1 is not known"_s.arg(where), detail};
    case CURLE_PEER_FAILED_VERIFICATION:
        return {ErrorKind::Unauthenticated, u"%1 has no certificate that is trusted here"_s.arg(where), detail};
    case CURLE_SSL_CONNECT_ERROR:
        return {ErrorKind::Unauthenticated, u"%1 does not agree to an encrypted connection"_s.arg(where), detail};
    case CURLE_SSL_CACERT_BADFILE:
        return {ErrorKind::Invalid, u"The certificates that %1 is checked against cannot be read"_s.arg(where), m_question.options.tls.ca};
    case CURLE_SSL_CERTPROBLEM:
        return {ErrorKind::Invalid, u"The client certificate for %1, or its key, cannot be used"_s.arg(where), m_question.options.tls.certificate};
    case CURLE_OPERATION_TIMEDOUT:
        return {ErrorKind::Timeout, u"%1 did not answer in time"_s.arg(where), detail};
    case CURLE_URL_MALFORMAT:
        return {ErrorKind::Invalid, u"%1 is no address that can be asked"_s.arg(where), detail};
    default:
        break;
    }
    return {ErrorKind::Unavailable, u"%1 does not answer"_s.arg(where), detail};
}

void HttpExchange::conclude(CURLcode code)
{
    if (m_settled)
        return;
    if (m_tooLarge) {
        settle(fail(ErrorKind::Exhausted,
            u"The answer of %1 is larger than %2 bytes"_s.arg(placeOf(m_question.url)).arg(m_question.options.maxReplyBytes)));
        return;
    }
    if (code != CURLE_OK) {
        settle(std::unexpected(transferError(code)));
        return;
    }
    long status = 0;
    const char *contentType = nullptr;
    curl().easy_getinfo(m_transfer.get(), CURLINFO_RESPONSE_CODE, &status);
    curl().easy_getinfo(m_transfer.get(), CURLINFO_CONTENT_TYPE, &contentType);
    settle(HttpReply{static_cast<int>(status), Bytes(contentType), std::move(m_body)});
}

void HttpExchange::cancel()
{
    if (!m_settled)
        settle(std::unexpected(cancelled()));
}

void HttpExchange::settle(Result<HttpReply> result)
{
    deleteLater();
    complete(std::move(result));
}

// Whoever hears of the end may end the client, and with it this.
void HttpExchange::complete(Result<HttpReply> result)
{
    m_settled = true;
    m_deadline.stop();
    m_loop.remove(m_transfer.get());
    QPromise<Result<HttpReply>> promise = std::move(m_promise);
    promise.addResult(std::move(result));
    promise.finish();
}

} // namespace countersign
