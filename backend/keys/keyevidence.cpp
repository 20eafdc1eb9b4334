#include "backend/keys/keyevidence.h"

#include "backend/types/strings.h"

namespace countersign {

KeyCustody judgeCustody(const KeyEvidence &evidence)
{
    if (!evidence.hardwareSlot)
        return KeyCustody::SoftwareToken;
    const bool neverLeft = evidence.generatedOnToken && evidence.alwaysSensitive && evidence.neverExtractable;
    return neverLeft ? KeyCustody::HardwareBound : KeyCustody::Imported;
}

QString custodyText(KeyCustody custody)
{
    switch (custody) {
    case KeyCustody::Unknown:
        return u"The token has not been read yet."_s;
    case KeyCustody::HardwareBound:
        return u"Generated inside a hardware token; the token says that it can never leave."_s;
    case KeyCustody::Imported:
        return u"Imported into the token, or once extractable: a copy may exist elsewhere."_s;
    case KeyCustody::SoftwareToken:
        return u"Software token: the key is a file on this machine. For practice only."_s;
    }
    return {};
}

} // namespace countersign
