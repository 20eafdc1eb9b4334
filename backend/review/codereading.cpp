#include "backend/review/codereading.h"

#include "backend/evm/opcodes.h"
#include "backend/review/upgrades.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr size_t maxUpgrades = 64;
constexpr quint64 probeGas = 100'000;

CallRequest creation(const Bytes &code)
{
    CallRequest request;
    request.data = code;
    request.gas = probeGas;
    return request;
}

} // namespace

CodeQuestions codeQuestions(const ReviewTree &tree, const ReviewContext &context)
{
    CodeQuestions questions;
    const auto addOpcodes = [&questions](QByteArrayView code) {
        for (const quint8 opcode : youngOpcodesIn(code)) {
            if (!questions.opcodes.contains(opcode))
                questions.opcodes.append(opcode);
        }
    };
    for (const ReviewedCall &call : tree.calls()) {
        if (call.creation)
            addOpcodes(call.creation->initCode);
        const auto upgrade = upgradeIn(call);
        if (!upgrade || questions.initialised.size() >= 2 * maxUpgrades)
            continue;
        const KnownCode known = codeAt(tree, context, upgrade->implementation);
        addOpcodes(known.code);
        const auto place = initializedPlace(known.layout.get(), known.artifact ? QByteArrayView(known.artifact->runtimeCode()) : known.code);
        if (!place)
            continue;
        for (const Address &contract : {upgrade->implementation, upgrade->proxy})
            questions.initialised.emplace_back(contract, *place);
    }
    std::ranges::sort(questions.opcodes);
    return questions;
}

QCoro::Task<Result<CodeAnswers>> readCode(ChainClient &chain, CodeQuestions questions, BlockRef block, std::stop_token stop)
{
    CodeAnswers answers;
    if (!questions.opcodes.isEmpty()) {
        std::vector<CallRequest> requests{creation(emptyProbe())};
        for (const quint8 opcode : std::as_const(questions.opcodes))
            requests.push_back(creation(probeOf(*youngOpcode(opcode))));
        const auto outcomes = co_await chain.callMany(requests, block, stop);
        if (!outcomes)
            co_return std::unexpected(outcomes.error());
        for (qsizetype i = 0; i < questions.opcodes.size(); ++i) {
            const Result<Bytes> &outcome = outcomes->at(static_cast<size_t>(i) + 1);
            OpcodeFacts facts{questions.opcodes.at(i), {}};
            // A node that refuses an empty creation, or did not answer, has not said that the opcode is missing. Anvil calls
            // it an internal error.
            const auto isRefusal = [](const Error &error) { return error.kind == ErrorKind::Rejected || error.kind == ErrorKind::Internal; };
            if (outcomes->front() && (outcome || isRefusal(outcome.error())))
                facts.isThere = outcome.has_value();
            answers.opcodes.append(facts);
        }
    }
    for (const auto &[contract, place] : questions.initialised) {
        const Address asked = contract;
        const InitializedPlace at = place;
        const auto word = co_await chain.getStorageAt(asked, at.slot, block, stop);
        if (!word)
            co_return std::unexpected(word.error());
        answers.initialised.append({asked, at.in(*word)});
    }
    co_return answers;
}

} // namespace countersign
