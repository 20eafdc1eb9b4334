#pragma once

#include "backend/environment/environment.h"
#include "backend/keys/secretbuffer.h"
#include "backend/proposals/execution/deploymentverification.h"
#include "backend/types/error.h"
#include "backend/types/ids.h"

#include <QByteArray>
#include <QStringList>
#include <QUrl>

#include <QCoroTask>

#include <functional>
#include <stop_token>

namespace countersign {

// Publishing the sources of a verified deployment on a block explorer that speaks Etherscan's API v2
// (docs.etherscan.io, module=contract): verifysourcecode, then checkverifystatus until it has decided. As with
// sourcepublication.h: a decision of people, for each deployment, that cannot be taken back.

/// Whether this can be an API key. Error Invalid.
Result<void> checkExplorerKey(QByteArrayView key);

struct ExplorerSettings {
    QUrl api; ///< "https://api.etherscan.io/v2/api"; https, or this machine
    ChainId chain;
};

/// What would leave this machine, one line each, for the person who decides: every source with its size, compiler,
/// contract, and what that kind of server is sent besides: the creating transaction, or the constructor arguments and, not
/// shown, the API key. Errors of sourceRequest().
Result<QStringList> publicationContents(
    const DeploymentVerification &deployment, PublisherSettings::Kind kind, const Hash32 &creationTransaction);

/// The form that is sent, without the key. Errors of sourceRequest().
Result<QByteArray> explorerRequest(const DeploymentVerification &deployment);

enum class ExplorerVerdict { Pending, Verified, AlreadyVerified };
/// The job's id from the answer to a request; empty where the explorer has the sources already. Errors: Unauthenticated
/// (key), Exhausted (rate), Unavailable (the explorer has not seen the contract yet), Rejected, Corrupt.
Result<QString> explorerJobFromJson(const QByteArray &answer);
/// Errors as above; Rejected with the explorer's reason when it could not verify.
Result<ExplorerVerdict> explorerVerdictFromJson(const QByteArray &answer);

/// One sentence about the job while it runs: its id, and what the explorer says of it.
using ExplorerProgress = std::function<void(const QString &)>;

/// Sends, and waits for the verdict: Verified or AlreadyVerified. \a key goes into the body of what is posted, to this
/// address only: into no address, message, detail or log. Errors: Invalid (address, key), those above, Timeout, those of
/// HttpClient. \a progress is not called any more once \a stop is requested.
QCoro::Task<Result<ExplorerVerdict>> publishToExplorer(
    ExplorerSettings settings, SecretBuffer key, DeploymentVerification deployment, ExplorerProgress progress = {},
    std::stop_token stop = {});

} // namespace countersign
