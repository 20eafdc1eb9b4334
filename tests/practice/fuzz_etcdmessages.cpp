#include "app/practice/relayer/etcdmessages.h"

#include <QByteArray>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray input(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    (void)countersign::parseLeaseGrant(input);
    (void)countersign::parseKeepAlive(input);
    (void)countersign::parseCreate(input);
    (void)countersign::parseRange(input);
    (void)countersign::prefixEnd(input);
    return 0;
}
