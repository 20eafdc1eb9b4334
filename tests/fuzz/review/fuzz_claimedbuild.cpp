#include "backend/review/claimedbuilds.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Bytes content(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const ClaimedFile file{{u"a.json"_s, artifactMediaType, size, keccak256(content)}, {}};
    ArtifactStore store = ArtifactStore::ours();
    const std::size_t known = store.artifacts().size();
    if (!addClaimedBuild(store, file, content)) {
        if (store.artifacts().size() != known)
            std::abort();
        return 0;
    }
    const ContractArtifact &claimed = store.artifacts().back();
    if (!store.claimOf(claimed) || store.layoutOf(claimed) || store.find(claimed.contractName()) == &claimed)
        std::abort();
    // Whatever it says, it never stands before a build that is known.
    for (std::size_t i = 0; i < known; ++i) {
        const ContractArtifact &ours = store.artifacts()[i];
        const auto match = store.nearestCreation(ours.unlinkedCreationCode());
        if (ours.abi().constructorInputs().empty() && (!match || match->claim))
            std::abort();
        if (store.ofRuntime(ours.runtimeCode()) == &claimed)
            std::abort();
    }
    static_cast<void>(store.nearestCreation(claimed.unlinkedCreationCode()));
    static_cast<void>(store.claimedForRuntime(claimed.runtimeCode()));
    return 0;
}
