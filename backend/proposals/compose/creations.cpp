#include "backend/proposals/compose/creations.h"

#include "backend/safe/safecalltree.h"
#include "backend/safe/safecreate.h"

#include <QHash>

namespace countersign {

QList<SafeCreation> creationsOf(
    const SafeTransaction &transaction, const Address &safe, ChainId chain, std::optional<Nonce> accountNonce)
{
    QList<SafeCreation> creations;
    QHash<Address, quint64> created;
    const SafeCallNode root = readSafeCallTree(transaction, safe, chain);
    for (const SafeCallNode *node : flattened(root)) {
        if (const auto deployer = deployerAt(node->to); deployer && node->operation == SafeOperation::Call) {
            if (const auto deployment = decodeDeployment(node->data))
                creations.append({predictDeployment(*deployer, *deployment), node->to});
            continue;
        }
        if (!node->creation)
            continue;
        const bool isDelegate = node->operation == SafeOperation::DelegateCall;
        const Address creator = isDelegate ? node->runsAs : node->to;
        const quint64 before = created[creator]++; // a creation with a salt uses up a nonce of the account as well
        const bool isKnown = node->creation->salt || (accountNonce && creator == safe);
        const Nonce nonce(accountNonce.value_or(Nonce(0)).value() + before);
        const CreatePrediction prediction
            = predictCreateCall(*node->creation, node->operation, {node->runsAs, nonce, node->to});
        creations.append({isKnown ? prediction.address : std::nullopt, creator});
    }
    return creations;
}

} // namespace countersign
