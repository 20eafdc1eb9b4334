#pragma once

#include "app/practice/network/chaindeployment.h"
#include "app/practice/network/holdertokens.h"
#include "app/practice/network/networklayout.h"

namespace countersign {

/// Everything of a running practice network that the console must know.
struct PracticeFacts {
    QString softhsmModule;
    QString issuerParty;
    QString relayerParty;
    QString regulatorParty;
    QList<PracticeParty> parties;
    QList<DeployedChain> chains; ///< in the order of NetworkLayout::chains
    QList<Holder> holders;
};

/// The environment file in YAML, as backend/environment reads it.
QByteArray environmentYaml(const NetworkLayout &layout, const PracticeFacts &facts);

} // namespace countersign
