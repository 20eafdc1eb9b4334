#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/execution/deploymentverification.h"
#include "backend/types/error.h"

#include <QByteArray>

#include <QCoroTask>

#include <optional>
#include <stop_token>

namespace countersign {

// Publishing the sources of a verified deployment on a Sourcify server (API v2, sourcify.dev/server/api-docs). A decision
// of people, asked for after each verification: sources that are published cannot be taken back.

struct SourcePublication {
    enum class Match { Exact, Partial }; ///< with the metadata's hash, or without
    Match match = Match::Exact;
    QString verificationId; ///< of the server's job; empty when it had the sources already
    friend bool operator==(const SourcePublication &, const SourcePublication &) = default;
};

/// What is sent for a contract of ours: the standard JSON input of our build, compiler version and contract. Error NotFound
/// for a contract that is not of this build, Rejected for a deployment that is not verified.
Result<QByteArray> sourceRequest(const DeploymentVerification &deployment, const std::optional<Hash32> &creationTransaction);

/// Where a job stands, as the server answers; absent while it runs. Error Rejected with the server's reason, Corrupt when
/// the answer has another shape.
Result<std::optional<SourcePublication>> sourceJobFromJson(const QByteArray &answer);
/// The job's id from the answer to a request. Error Corrupt.
Result<QString> sourceJobIdFromJson(const QByteArray &answer);

/// Sends to a Sourcify \a server, and waits for its verdict. Errors: Denied when the environment does not opt in to that server
/// for the chain (chains[].publishSources), those above, Timeout, those of HttpClient.
QCoro::Task<Result<SourcePublication>> publishSources(ChainSettings chain, QUrl server, DeploymentVerification deployment,
    std::optional<Hash32> creationTransaction = {}, std::stop_token stop = {});

} // namespace countersign
