// A console in a process of its own, for tst_sightings: remembers proposals one after the other until it is killed, and
// tells on standard output which of them were reported as kept.
//   sightingwriter FOLDER FIRST
#include "backend/proposals/sightingmemory.h"
#include "backend/types/keccak.h"

#include <cstdio>
#include <cstdlib>

using namespace countersign;

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const SightingMemory memory(QString::fromLocal8Bit(argv[1]));
    for (long long number = std::atoll(argv[2]);; ++number) {
        const Hash32 id = keccak256(QByteArray::number(number));
        const auto kept = memory.remember({{id, Timestamp::fromSeconds(number)}}, {id});
        if (!kept || !kept->lost.isEmpty()) {
            std::printf("failed %s\n", qPrintable(kept ? kept->lost : kept.error().message));
            return 1;
        }
        std::printf("%lld\n", number);
        std::fflush(stdout);
    }
}
