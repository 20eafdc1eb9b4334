#pragma once

#include "backend/rpc/httpclient.h"
#include "backend/safe/safeserviceact.h"
#include "backend/safe/safeserviceanswer.h"
#include "backend/safe/safeservicerequest.h"

#include <QCoroTask>
#include <QUrl>

#include <chrono>
#include <stop_token>

namespace countersign {

/// The transactions that wait, as far as the service names them.
struct SafeServiceQueue {
    std::vector<SafeServiceTransaction> transactions; ///< by nonce
    std::vector<SafeServiceFinding> findings;
    bool isComplete = false; ///< false: the service has more than is read, or its pages do not end
};

/// A Safe Transaction Service (github.com/safe-global/safe-transaction-service, API v1 and v2) at an address of the
/// user's choice. It is asked for hints and told what was signed; nothing that it says is relied on, see
/// safeserviceanswer.h. Errors: those of HttpClient, and of safeServiceRefusal. The client outlives the tasks that it
/// starts, unless their token is stopped. Main thread only.
class SafeService final {
public:
    static constexpr std::chrono::milliseconds usualDeadline{20'000}; ///< of one request

    /// `base` ends with "/api/", e.g. https://api.safe.global/tx-service/eth/api/. `token` is sent as a bearer's, to this
    /// address only; it is never part of a message or of an error's detail.
    explicit SafeService(QUrl base, QByteArray token = {}, std::chrono::milliseconds deadline = usualDeadline);
    Q_DISABLE_COPY_MOVE(SafeService)

    /// Whether this may be sent to that address: https or this machine, and nothing that a header cannot carry. Error
    /// Invalid.
    static Result<void> checkToken(const QUrl &base, QByteArrayView token);
    /// From the next request on; empty for none. What was there is overwritten.
    void setToken(QByteArray token);
    bool hasToken() const { return !m_token.isEmpty(); }

    QCoro::Task<Result<SafeServiceInfo>> info(Address safe, std::stop_token stop = {});
    /// Not executed, from `firstNonce` on. The service shows what an owner or delegate signed, and hides the rest.
    QCoro::Task<Result<SafeServiceQueue>> queue(SafeServiceSubject subject, Uint256 firstNonce, std::stop_token stop = {});
    QCoro::Task<Result<SafeServiceTransaction>> transaction(SafeServiceSubject subject, Hash32 safeTxHash, std::stop_token stop = {});
    /// Who may propose for owners of the Safe. The first pages; a service that has more is not asked for it.
    QCoro::Task<Result<SafeServiceDelegates>> delegates(SafeServiceSubject subject, std::stop_token stop = {});
    QCoro::Task<Result<SafeServiceConfirmations>> confirmations(SafeServiceSubject subject, Hash32 safeTxHash, std::stop_token stop = {});

    // Sent once, never repeated: after Timeout or Unavailable, transaction() tells whether it arrived.
    QCoro::Task<Result<void>> propose(SafeServiceSubject subject, SafeServiceProposal proposal, std::stop_token stop = {});
    QCoro::Task<Result<void>> confirm(SafeServiceSubject subject, Hash32 safeTxHash, std::vector<SafeSignature> signatures,
                                      std::stop_token stop = {});
    /// \a signature: of the proposer over safeServiceDeletionDigest(). The service forgets it and its signatures, the
    /// chain does not: whoever has them may still use them. NotFound: it is not there (any more).
    QCoro::Task<Result<void>> remove(Hash32 safeTxHash, EvmSignature signature, std::stop_token stop = {});
    /// \a signature: of the delegator over safeServiceDelegateDigest().
    QCoro::Task<Result<void>> addDelegate(SafeServiceDelegate delegate, EvmSignature signature, std::stop_token stop = {});
    QCoro::Task<Result<void>> removeDelegate(SafeServiceDelegate delegate, EvmSignature signature, std::stop_token stop = {});

private:
    QCoro::Task<Result<void>> erase(QString path, QByteArray body, std::stop_token stop);
    Result<QUrl> at(const QString &path, const QString &query = {}) const;
    HttpOptions options() const;
    Result<QByteArray> accepted(const Result<HttpReply> &reply) const;
    QCoro::Task<Result<QByteArray>> get(QString path, QString query, std::stop_token stop);
    QCoro::Task<Result<void>> post(QString path, QByteArray body, std::stop_token stop);

    QUrl m_base;
    QByteArray m_token;
    std::chrono::milliseconds m_deadline;
    HttpClient m_http;
};

} // namespace countersign
