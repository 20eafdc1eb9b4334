#pragma once

#include "backend/types/address.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"

#include <QList>
#include <QString>

namespace countersign {

struct OrderingParty {
    QString name;
    Hash32 id;
    QString keyFile;
    double weight = 1;
};

struct OrderedVault {
    QString name;
    Address address;
    ChainId chain;
};

/// What the generator reads with --config.
struct GeneratorConfig {
    QString ledger; ///< host:port
    QString issuer;
    QString relayer;
    QString regulator;
    quint16 metricsPort = 0;
    Hash32 adapterId;
    double rate = 0; ///< intents a second
    double failureShare = 0;
    QList<OrderingParty> parties;
    QList<OrderedVault> vaults;

    /// Errors: NotFound, Invalid with what is wrong.
    static Result<GeneratorConfig> load(const QString &path);
};

} // namespace countersign
