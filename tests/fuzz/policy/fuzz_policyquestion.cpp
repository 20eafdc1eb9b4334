#include "backend/policy/policyevaluation.h"
#include "backend/policy/policyquestionjson.h"
#include "backend/types/strings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

constexpr auto everyCheck = R"yaml(format: 1
name: fuzz
version: 1
overrides: [policy.window, policy.coolingOff, policy.rule]
allow: {delegatecalls: [{published: MultiSendCallOnly}], modules: [{name: m, chain: 1, address: "0x00000000000000000000000000000000000000D1", codeHash: "0x1111111111111111111111111111111111111111111111111111111111111111"}]}
limits: [{chain: any, native: {perTransaction: "10 wei", per24h: "20 wei", per7d: "40 wei"}, maxFee: "3 wei", otherTokens: block}]
roles: {proposers: [alice], approvers: [owners], executors: [owners], proposerMayApprove: notAlone, minimumApprovals: 2, acknowledgements: 1, groups: {risk: {members: [alice], threshold: 1}}, required: {logic: any, groups: [risk]}}
coolingOff: {otherwise: 1h}
expiry: {otherwise: 1d, longest: 2d}
changeWindows: {kinds: [settings], windows: [{days: [mon], from: "08:00", to: "16:00"}]}
fatigue: {approvals: 1, within: 1h}
rules:
  - {name: one, when: {destination: listed, value: {from: "1 wei"}}, action: allow}
  - {name: two, when: {functions: ["transfer(address,uint256)"], initiators: [owners]}, action: require, require: {approvals: 3, group: risk, coolingOff: 2h, secondPerson: true}}
default: block
)yaml";

} // namespace

// Evaluation is total, and the same question has the same verdict. No call passes a policy that blocks by default
// without a rule that allows it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const auto policy = Policy::parse(everyCheck, u"f"_s);
    if (!policy)
        std::abort();
    const auto question
        = policyQuestionFromJson(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    if (!question)
        return 0;
    const PolicyVerdict verdict = evaluatePolicy(*policy, *question);
    if (!(verdict == evaluatePolicy(*policy, *question)))
        std::abort();
    for (const CallVerdict &call : verdict.calls) {
        if (!call.rule && !verdict.isBlocked())
            std::abort();
    }
    return 0;
}
