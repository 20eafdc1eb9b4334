#pragma once

#include "backend/evm/artifact.h"

#include <optional>

namespace countersign {

/// What solc puts behind code to name the sources it was made of: a CBOR map and its length in two bytes (Solidity
/// documentation, "Encoding of the Metadata Hash in the Bytecode"). Code of a contract that creates others holds several.
struct MetadataBlob {
    enum class HashKind { None, Ipfs, Bzzr0, Bzzr1 };

    CodeRange range; ///< the map and its length
    HashKind hashKind = HashKind::None;
    Bytes hash = {};
    QString compiler = {}; ///< "0.8.26", or the text of a pre-release; empty in code of old compilers
    bool isExperimental = false;
};

/// Finds them by their structure wherever they are, in order: a map with no other keys than solc's, whose length follows.
/// Takes time in proportion to the code.
std::vector<MetadataBlob> findMetadata(QByteArrayView code);
/// The one that starts at a byte, or that ends the code.
std::optional<MetadataBlob> metadataAt(QByteArrayView code, qsizetype start);
std::optional<MetadataBlob> metadataAtEnd(QByteArrayView code);

} // namespace countersign
