#include "backend/relayer/etcdmessages.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace countersign;
    const QByteArrayView message(data, static_cast<qsizetype>(size));
    if (const auto range = etcdmessages::range(message)) {
        for (const EtcdKeyValue &key : range->keys) {
            const auto election = electionOfKey(key);
            if (election && election->isEmpty())
                __builtin_trap();
            (void)endOfPrefix(key.key);
        }
    }
    const auto lease = etcdmessages::lease(message);
    if (lease && lease->left.count() < -1)
        __builtin_trap();
    (void)etcdmessages::watch(message);
    (void)etcdmessages::leases(message);
    (void)etcdmessages::members(message);
    (void)etcdmessages::status(message);
    (void)etcdmessages::alarms(message);
    const auto token = etcdmessages::token(message);
    if (token && token->isEmpty())
        __builtin_trap();
    return 0;
}
