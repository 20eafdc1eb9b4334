#include "backend/evm/codeverification.h"
#include "backend/evm/metadatablob.h"
#include "backend/evm/proxycode.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

// A small build with all that may be filled: a library, an immutable at two places, metadata at two.
const ContractArtifact &artifact()
{
    static const ContractArtifact known = [] {
        const QByteArray blob = "a164736f6c6343000819000a";
        const QByteArray code = QByteArray("6001") + "73" + "__$9d93950f2dbe4c659b6c3ccb1d1ff85ea4$__" + "7f" + QByteArray(64, '0') + "fe" + blob + "5b" + "7f"
            + QByteArray(64, '0') + "fe" + blob;
        return ContractArtifact::load(QByteArray(R"({"contractName":"C","sourceName":"c.sol","abi":[{"type":"constructor","inputs":[{"name":"a","type":"bytes"}]}],)"
                                                 "\"immutables\":{\"7\":{\"name\":\"limit\",\"type\":\"uint64\"}},\"bytecode\":\"0x"
                                                 + code + "\",\"deployedBytecode\":\"0x" + code
                                                 + R"(","linkReferences":{"l.sol":{"L":[{"start":3,"length":20}]}},"deployedLinkReferences":{"l.sol":{"L":[{"start":3,"length":20}]}},)"
                                                   R"("immutableReferences":{"7":[{"start":24,"length":32},{"start":71,"length":32}]}})"))
            .value();
    }();
    return known;
}

// What matches must be the build with its places filled, byte for byte but for the metadata.
void checkMatch(const CodeVerdict &verdict, const Bytes &code, const Address &library)
{
    if (verdict.match == CodeMatch::Mismatch)
        return;
    Bytes expected = artifact().runtimeCode();
    expected.replace(3, 20, library.bytes());
    if (verdict.immutables.size() != 1)
        std::abort();
    expected.replace(24, 32, verdict.immutables.front().value);
    expected.replace(71, 32, verdict.immutables.front().value);
    if (verdict.match == CodeMatch::Exact ? code != expected : code.first(57) != expected.first(57))
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    qsizetype end = 0;
    for (const MetadataBlob &blob : findMetadata(bytes)) {
        if (blob.range.start < end || blob.range.start + blob.range.length > bytes.size())
            std::abort();
        end = blob.range.start + blob.range.length;
    }
    static_cast<void>(metadataAtEnd(bytes));
    static_cast<void>(proxyOfCode(bytes));

    const Address library = Address::fromBytes(Bytes(20, '\x11')).value();
    const CodeQuestion raw{.deployed = bytes.toByteArray(), .initCode = bytes.toByteArray(), .libraries = {{QStringLiteral("l.sol:L"), library}}};
    if (!verifyCode(artifact(), raw))
        std::abort();
    // The input laid over the build comes much nearer to a match.
    Bytes near = artifact().runtimeCode();
    near.replace(3, 20, library.bytes());
    for (qsizetype i = 0; i + 1 < bytes.size(); i += 2) {
        const qsizetype at = static_cast<quint8>(bytes[i]) % near.size();
        near[at] = static_cast<char>(near[at] ^ bytes[i + 1]);
    }
    const auto verdict = verifyCode(artifact(), {.deployed = near, .libraries = raw.libraries});
    if (!verdict)
        std::abort();
    checkMatch(*verdict, near, library);
    return 0;
}
