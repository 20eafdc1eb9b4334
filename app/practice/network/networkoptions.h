#pragma once

#include "backend/types/error.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace countersign {

/// How often one Canton party orders, beside the others.
struct PartyWeight {
    QString party;
    double weight = 1;
    friend bool operator==(const PartyWeight &, const PartyWeight &) = default;
};

/// What `countersign-practice up` was asked for.
struct NetworkOptions {
    QString data;
    int chains = 1;
    int relayers = 3;
    double rate = 0.5; ///< intents a second
    QList<PartyWeight> mix;
    double failureShare = 0.08;
    bool detach = false;
    QString readyFile;
    QString nodeModules; ///< empty: looked for

    static constexpr int mostChains = 8;
    static constexpr int mostRelayers = 9;
    static constexpr double highestRate = 500;

    /// From the arguments after "up". Error Invalid says which option is wrong and what is allowed; NotFound carries
    /// the help text when it was asked for.
    static Result<NetworkOptions> parse(const QStringList &arguments);
};

/// The parties of the practice vaults, in the order of their usual share of the orders.
QList<PartyWeight> defaultMix();

/// "treasury-desk=5,settlement=1": the named parties only, by weight.
Result<QList<PartyWeight>> parseMix(QStringView text);

} // namespace countersign
