#include "backend/evm/opcodes.h"

#include "backend/evm/metadatablob.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <array>

namespace countersign {

namespace {

constexpr quint8 stop = 0x00;
constexpr quint8 jump = 0x56;
constexpr quint8 jumpDestination = 0x5b;
constexpr quint8 push1 = 0x60;
constexpr quint8 push32 = 0x7f;
constexpr quint8 returnCode = 0xf3;
constexpr quint8 revertCode = 0xfd;
constexpr quint8 selfDestruct = 0xff;

constexpr std::array opcodes{
    YoungOpcode{0x1e, "CLZ"_L1, "Osaka"_L1, "60001e5000"}, // EIP-7939
    YoungOpcode{0x48, "BASEFEE"_L1, "London"_L1, "485000"}, // EIP-3198
    YoungOpcode{0x49, "BLOBHASH"_L1, "Cancun"_L1, "6000495000"}, // EIP-4844
    YoungOpcode{0x4a, "BLOBBASEFEE"_L1, "Cancun"_L1, "4a5000"}, // EIP-7516
    YoungOpcode{0x5c, "TLOAD"_L1, "Cancun"_L1, "60005c5000"}, // EIP-1153
    YoungOpcode{0x5d, "TSTORE"_L1, "Cancun"_L1, "600060005d00"}, // EIP-1153
    YoungOpcode{0x5e, "MCOPY"_L1, "Cancun"_L1, "6000600060005e00"}, // EIP-5656
    YoungOpcode{0x5f, "PUSH0"_L1, "Shanghai"_L1, "5f5000"}, // EIP-3855
};

bool endsBlock(quint8 code)
{
    return code == stop || code == jump || code == returnCode || code == revertCode || code == selfDestruct;
}

void sweep(QByteArrayView code, std::array<bool, 256> &seen)
{
    bool isLive = true;
    for (qsizetype at = 0; at < code.size(); ++at) {
        const auto instruction = static_cast<quint8>(code[at]);
        if (instruction == jumpDestination || instruction == 0xfe)
            isLive = true;
        if (isLive)
            seen[instruction] = true;
        if (instruction >= push1 && instruction <= push32)
            at += instruction - push1 + 1;
        else if (endsBlock(instruction))
            isLive = false;
    }
}

} // namespace

std::span<const YoungOpcode> youngOpcodes()
{
    return opcodes;
}

const YoungOpcode *youngOpcode(quint8 code)
{
    const auto *found = std::ranges::find(opcodes, code, &YoungOpcode::code);
    return found == opcodes.end() ? nullptr : found;
}

Bytes emptyProbe()
{
    return Bytes(1, '\0');
}

Bytes probeOf(const YoungOpcode &opcode)
{
    return QByteArray::fromHex(opcode.probe);
}

QList<quint8> youngOpcodesIn(QByteArrayView code)
{
    std::array<bool, 256> seen{};
    const auto blobs = findMetadata(code);
    qsizetype from = 0;
    for (const MetadataBlob &blob : blobs) {
        if (blob.range.start > from)
            sweep(code.sliced(from, blob.range.start - from), seen);
        from = std::max(from, blob.range.start + blob.range.length);
    }
    if (blobs.empty()) // without metadata nothing tells where constructor arguments begin
        sweep(code, seen);
    QList<quint8> found;
    for (const YoungOpcode &opcode : opcodes) {
        if (seen[opcode.code])
            found.append(opcode.code);
    }
    return found;
}

} // namespace countersign
