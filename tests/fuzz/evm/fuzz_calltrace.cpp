#include "backend/evm/calltrace.h"
#include "backend/evm/storagekeys.h"
#include "backend/evm/tokenmovements.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void check(const CallTrace &trace, const StateDiff *diff)
{
    require(!trace.frames.empty());
    for (size_t i = 0; i < trace.frames.size(); ++i) {
        const CallFrame &frame = trace.frames[i];
        require(frame.parent < static_cast<qsizetype>(i) && (frame.parent >= 0) == (i > 0));
        if (i > 0) {
            const CallFrame &caller = trace.frames[static_cast<size_t>(frame.parent)];
            require(frame.depth == caller.depth + 1 && (!caller.undone || frame.undone));
        }
    }
    const auto failure = trace.failure();
    require(failure.has_value() != trace.succeeded());
    require(!failure || !trace.frames[static_cast<size_t>(*failure)].error.isEmpty());
    require(trace.succeeded()
        || (trace.logs.empty() && createdContracts(trace, diff).empty() && etherTransfers(trace).empty()));
    static_cast<void>(selfDestructs(trace));
    static_cast<void>(delegatedCalls(trace));
    static_cast<void>(tokenMovements(trace.logs));
    static_cast<void>(allowanceChanges(trace.logs));
    StorageKeys keys;
    keys.addTrace(trace);
    require(keys.words().size() <= StorageKeys::maxWords && keys.texts().size() <= StorageKeys::maxTexts);
}

} // namespace

// What a node may answer to debug_traceCall: with one tracer, with the other, or as a member of one object each.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const auto diff = stateDiffFromJson(object);
    if (diff) {
        for (const StorageChange &change : diff->storage)
            require(change.before != change.after);
    }
    if (const auto trace = callTraceFromJson(object))
        check(*trace, diff ? &*diff : nullptr);
    if (const auto trace = callTraceFromJson(object.value(QStringLiteral("trace"))))
        check(*trace, diff ? &*diff : nullptr);
    static_cast<void>(simulatedLogFromJson(object));
    return 0;
}
