#pragma once

#include "backend/canton/ledgerclient.h"
#include "backend/canton/ledgerfilter.h"
#include "backend/canton/participantadmin.h"
#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArrayView>
#include <QString>
#include <QVector>

namespace countersign::ledgermessages {

// Requests and answers of the Ledger and Admin API between our types and their encoded form. Private to this folder.

[[nodiscard]] Bytes updatesRequest(Offset afterExclusive, const LedgerFilter &filter);
[[nodiscard]] Bytes activeContractsRequest(Offset at, const LedgerFilter &filter);
[[nodiscard]] Bytes connectedSynchronizersRequest(const QString &party);
[[nodiscard]] Bytes allocatePartyRequest(const QString &hint);
[[nodiscard]] Bytes knownPartiesRequest(const QString &pageToken);
/// Invalid when a command's arguments are no record or the submission has no command, no acting party or no command id.
[[nodiscard]] Result<Bytes> submitRequest(const LedgerSubmission &submission);
/// As above, asking for the events that the acting parties see.
[[nodiscard]] Result<Bytes> submitForTransactionRequest(const LedgerSubmission &submission);

[[nodiscard]] Result<QString> apiName(QByteArrayView message);
[[nodiscard]] Result<LedgerVersion> version(QByteArrayView message);
[[nodiscard]] Result<Offset> ledgerEnd(QByteArrayView message);
[[nodiscard]] Result<Offset> prunedUpTo(QByteArrayView message);
[[nodiscard]] Result<QVector<ConnectedSynchronizer>> connectedSynchronizers(QByteArrayView message);
[[nodiscard]] Result<LedgerParty> allocatedParty(QByteArrayView message);
[[nodiscard]] Result<LedgerReceipt> receipt(QByteArrayView message);
[[nodiscard]] Result<LedgerReceipt> transactionReceipt(QByteArrayView message);
[[nodiscard]] Result<ParticipantStatus> participantStatus(QByteArrayView message);

struct PartyPage {
    QVector<LedgerParty> parties;
    QString next; ///< empty: the last page
};
[[nodiscard]] Result<PartyPage> knownParties(QByteArrayView message);

} // namespace countersign::ledgermessages
