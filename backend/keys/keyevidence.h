#pragma once

#include "backend/types/address.h"

#include <QString>

namespace countersign {

/// How well a key's custody is proven by what its device says about it.
enum class KeyCustody {
    Unknown,       ///< not read yet
    HardwareBound, ///< generated inside a hardware token, never extractable
    Imported,      ///< was outside at some time: a copy may exist
    SoftwareToken, ///< the module says itself that no hardware stands behind it: practice only
};

/// What a device asserts about itself and a key, to be shown beside every signature. Assertions of the module, no proof:
/// a proof needs the vendor's attestation.
struct KeyEvidence {
    KeyCustody custody = KeyCustody::Unknown;
    QString provider; ///< "PKCS#11"
    QString modulePath;
    QString moduleSha256; ///< hex
    QString manufacturer;
    QString model;
    QString serial;
    QString label;
    QString firmware;
    QString keyId; ///< CKA_ID in hex
    Address address;
    bool hardwareSlot = false;
    bool sensitive = false;
    bool extractable = true;
    bool alwaysSensitive = false;
    bool neverExtractable = false;
    bool generatedOnToken = false;
    bool alwaysAuthenticate = false;

    friend bool operator==(const KeyEvidence &, const KeyEvidence &) = default;
};

/// The rule of custody: hardware slot first, then where the key was made and whether it could ever leave.
KeyCustody judgeCustody(const KeyEvidence &evidence);

/// One sentence for people.
QString custodyText(KeyCustody custody);

} // namespace countersign
