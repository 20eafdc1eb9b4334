#pragma once

#include "backend/evm/chainclient.h"
#include "backend/review/reviewcontext.h"
#include "backend/review/reviewtree.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

// What a review asks the chain about code that is new to it: which instructions the chain has, and which contracts note
// that they were initialised. Each at the block that `state` names.

/// What is to be asked for the calls of a tree.
struct CodeQuestions {
    QList<quint8> opcodes; ///< young ones that new code may run
    std::vector<std::pair<Address, InitializedPlace>> initialised; ///< of new implementations, and of the proxies in front
};
CodeQuestions codeQuestions(const ReviewTree &tree, const ReviewContext &context);

struct CodeAnswers {
    QList<OpcodeFacts> opcodes;
    QList<InitializerFacts> initialised;
};
/// Errors: those of the client. An opcode is only told where the node runs creation code in eth_call at all.
QCoro::Task<Result<CodeAnswers>> readCode(ChainClient &chain, CodeQuestions questions, BlockRef block, std::stop_token stop = {});

} // namespace countersign
