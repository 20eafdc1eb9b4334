#pragma once

#include "app/practice/support/vaultintent.h"

#include <QHash>

namespace countersign {

/// A contract AuthorisedIntent of the ledger, ready to be carried to its vault.
struct AuthorisedIntent {
    QString contractId;
    QString intentId; ///< the ledger's text
    QString vaultId;
    ChainId chain;
    Address vault;
    VaultIntent call;
    Bytes signature;
    Timestamp createdAt;
    Timestamp authorisedAt;

    /// From the contract's fields by label. Error Invalid names the field.
    static Result<AuthorisedIntent> fromFields(QString contractId, const QHash<QString, QString> &fields);
};

} // namespace countersign
