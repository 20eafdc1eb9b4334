#pragma once

#include "backend/types/bytes.h"

#include <QByteArrayView>
#include <QLatin1StringView>
#include <QList>

#include <span>

namespace countersign {

/// An instruction that a hard fork brought, and that a chain may therefore lack.
struct YoungOpcode {
    quint8 code = 0;
    QLatin1StringView name;
    QLatin1StringView since; ///< the hard fork of Ethereum
    /// Creation code that runs it and ends: it fails exactly on a chain that does not have it.
    const char *probe = ""; ///< in hexadecimal digits
};

/// From London on, in the order of their codes.
std::span<const YoungOpcode> youngOpcodes();
const YoungOpcode *youngOpcode(quint8 code);
/// Creation code that ends at once: what a node must accept before its refusal of a probe says anything.
Bytes emptyProbe();
Bytes probeOf(const YoungOpcode &opcode);

/// The young instructions that the code may run, each once, ascending. A sweep from the front that steps over the operands
/// of PUSH, over the compiler's metadata and what follows the last of it, and over what stands behind an end of a block
/// until the next JUMPDEST; behind INVALID it goes on, since there the code of a contract begins that this one creates.
/// Data between instructions may look like some: "may".
QList<quint8> youngOpcodesIn(QByteArrayView code);

} // namespace countersign
