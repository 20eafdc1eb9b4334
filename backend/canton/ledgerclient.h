#pragma once

#include "backend/canton/damlvalue.h"
#include "backend/canton/ledgerevent.h"
#include "backend/canton/ledgerfilter.h"
#include "backend/rpc/channel.h"
#include "backend/types/error.h"
#include "backend/types/ids.h"

#include <QCoroTask>
#include <QFuture>
#include <QString>
#include <QStringList>
#include <QVector>

#include <optional>
#include <stop_token>
#include <variant>

namespace countersign {

struct LedgerVersion {
    QString version; ///< e.g. "3.5.10"
    std::chrono::milliseconds checkpointDelay{
        0}; ///< a quiet stream gets a checkpoint at least this often; 0: not advertised
};

struct ConnectedSynchronizer {
    QString alias;
    QString id;
    QString permission; ///< submission, confirmation, observation, or empty
};

struct LedgerParty {
    QString party;
    bool isLocal = false;
};

struct CreateCommand {
    TemplateId templateId;
    DamlValue arguments; ///< a record
};

struct ExerciseCommand {
    TemplateId templateId;
    QString contractId;
    QString choice;
    DamlValue argument;
};

using LedgerCommand = std::variant<CreateCommand, ExerciseCommand>;

/// Commands that take effect together or not at all. The command id makes a repetition harmless: the ledger refuses the
/// second one.
struct LedgerSubmission {
    QString commandId;
    QString userId;
    QString workflowId;
    QStringList actAs;
    QStringList readAs;
    QVector<LedgerCommand> commands;
};

struct LedgerReceipt {
    QString updateId;
    Offset completionOffset;
    QVector<LedgerEvent> events; ///< only of submitAndWaitForTransaction
};

/// Questions and commands to a participant's Ledger API (com.daml.ledger.api.v2). Nothing is retried here. The futures
/// always end with a Result; errors carry Canton's error code in their detail ("code=PARTICIPANT_PRUNED_DATA_ACCESSED
/// ...", see cantonErrorCode()).
class LedgerClient final {
public:
    explicit LedgerClient(Channel channel, std::chrono::milliseconds deadline = std::chrono::seconds(10));

    [[nodiscard]] const Channel &channel() const { return m_channel; }

    /// Whether a Ledger API answers there, and which: Invalid with a hint when it is the admin port.
    QCoro::Task<Result<LedgerVersion>> probe(std::stop_token stop = {}) const;

    QFuture<Result<LedgerVersion>> version(std::stop_token stop = {}) const;
    QFuture<Result<Offset>> ledgerEnd(std::stop_token stop = {}) const;
    /// Everything up to and including it is gone from the update stream.
    QFuture<Result<Offset>> prunedUpTo(std::stop_token stop = {}) const;
    QFuture<Result<QVector<ConnectedSynchronizer>>> connectedSynchronizers(
        QString party = {}, std::stop_token stop = {}) const;
    /// All contracts active at an offset (0 is the empty ledger, not its end), as Created events. Exhausted above a
    /// million.
    QFuture<Result<QVector<LedgerEvent>>> activeContracts(
        Offset at, LedgerFilter filter, std::stop_token stop = {}) const;

    QFuture<Result<LedgerParty>> allocateParty(QString hint, std::stop_token stop = {}) const;
    QCoro::Task<Result<QVector<LedgerParty>>> knownParties(std::stop_token stop = {}) const;

    QFuture<Result<LedgerReceipt>> submitAndWait(LedgerSubmission submission, std::stop_token stop = {}) const;
    /// The events are those that the acting parties see, with the fields of created contracts.
    QFuture<Result<LedgerReceipt>> submitAndWaitForTransaction(
        LedgerSubmission submission, std::stop_token stop = {}) const;

private:
    [[nodiscard]] CallOptions options(std::stop_token stop) const;

    Channel m_channel;
    std::chrono::milliseconds m_deadline;
};

/// Canton's code of an error ("CONTRACT_NOT_FOUND"), empty when it has none.
[[nodiscard]] QString cantonErrorCode(const Error &error);

} // namespace countersign
