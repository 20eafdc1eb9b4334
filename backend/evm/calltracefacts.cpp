#include "backend/evm/calltrace.h"

#include "backend/types/keccak.h"

#include <algorithm>

namespace countersign {

std::vector<CreatedContract> createdContracts(const CallTrace &trace, const StateDiff *diff)
{
    const std::vector<SelfDestruct> destroyed = selfDestructs(trace);
    std::vector<CreatedContract> created;
    for (const CallFrame &frame : trace.frames) {
        if (!frame.isCreation() || frame.undone || !frame.to)
            continue;
        const CodeChange *change = diff ? diff->codeOf(*frame.to) : nullptr;
        const Bytes &code = change && !change->after.isEmpty() ? change->after : frame.output;
        const bool isGone
            = std::ranges::any_of(destroyed, [&frame](const SelfDestruct &end) { return end.contract == *frame.to; });
        created.push_back({.contract = *frame.to,
            .creator = frame.from,
            .kind = frame.kind,
            .codeHash = keccak256(code),
            .codeSize = code.size(),
            .destroyed = isGone});
    }
    return created;
}

std::vector<SelfDestruct> selfDestructs(const CallTrace &trace)
{
    std::vector<SelfDestruct> ends;
    for (const CallFrame &frame : trace.frames) {
        if (frame.kind == CallKind::SelfDestruct && !frame.undone)
            ends.push_back(
                {.contract = frame.storage, .beneficiary = frame.to.value_or(Address()), .amount = frame.value});
    }
    return ends;
}

std::vector<DelegatedCall> delegatedCalls(const CallTrace &trace, std::span<const std::pair<Address, Address>> proxies)
{
    std::vector<DelegatedCall> calls;
    for (qsizetype i = 0; i < std::ssize(trace.frames); ++i) {
        const CallFrame &frame = trace.frames[static_cast<size_t>(i)];
        if (!frame.isDelegated() || frame.undone || !frame.to)
            continue;
        // Only the proxy's own first step is its usual one: the implementation may well delegate to itself later.
        const bool fromProxyItself
            = frame.parent >= 0 && !trace.frames[static_cast<size_t>(frame.parent)].isDelegated();
        const std::pair step(frame.storage, *frame.to);
        if (!fromProxyItself || std::ranges::find(proxies, step) == proxies.end())
            calls.push_back({.storage = frame.storage, .code = *frame.to, .frame = i});
    }
    return calls;
}

std::vector<EtherTransfer> etherTransfers(const CallTrace &trace)
{
    std::vector<EtherTransfer> transfers;
    for (const CallFrame &frame : trace.frames) {
        if (!frame.undone && !frame.value.isZero() && frame.to)
            transfers.push_back({.from = frame.from, .to = *frame.to, .amount = frame.value});
    }
    return transfers;
}

} // namespace countersign
