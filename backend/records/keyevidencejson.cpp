#include "backend/records/keyevidencejson.h"

#include "backend/types/strings.h"

#include <array>
#include <utility>

namespace countersign {

namespace {

constexpr std::array custodyNames{std::pair{KeyCustody::Unknown, "unknown"_L1},
    std::pair{KeyCustody::HardwareBound, "hardwareBound"_L1}, std::pair{KeyCustody::Imported, "imported"_L1},
    std::pair{KeyCustody::SoftwareToken, "softwareToken"_L1}};

} // namespace

QJsonObject keyEvidenceJson(const KeyEvidence &evidence)
{
    QLatin1StringView custody = custodyNames.front().second;
    for (const auto &[value, name] : custodyNames) {
        if (value == evidence.custody)
            custody = name;
    }
    return {{u"custody"_s, QString(custody)}, {u"provider"_s, evidence.provider}, {u"module"_s, evidence.modulePath},
        {u"moduleSha256"_s, evidence.moduleSha256}, {u"manufacturer"_s, evidence.manufacturer},
        {u"model"_s, evidence.model}, {u"serial"_s, evidence.serial}, {u"label"_s, evidence.label},
        {u"firmware"_s, evidence.firmware}, {u"keyId"_s, evidence.keyId}, {u"address"_s, evidence.address.toString()},
        {u"hardwareSlot"_s, evidence.hardwareSlot}, {u"sensitive"_s, evidence.sensitive},
        {u"extractable"_s, evidence.extractable}, {u"alwaysSensitive"_s, evidence.alwaysSensitive},
        {u"neverExtractable"_s, evidence.neverExtractable}, {u"generatedOnToken"_s, evidence.generatedOnToken},
        {u"alwaysAuthenticate"_s, evidence.alwaysAuthenticate}};
}

KeyEvidence readKeyEvidence(MemberReader &reader)
{
    KeyEvidence evidence;
    const QString custody = reader.text("custody"_L1);
    bool isKnown = false;
    for (const auto &[value, name] : custodyNames) {
        if (custody == name) {
            evidence.custody = value;
            isKnown = true;
        }
    }
    if (!isKnown)
        reader.note(u"key.custody is none"_s);
    evidence.provider = reader.text("provider"_L1);
    evidence.modulePath = reader.text("module"_L1);
    evidence.moduleSha256 = reader.text("moduleSha256"_L1);
    evidence.manufacturer = reader.text("manufacturer"_L1);
    evidence.model = reader.text("model"_L1);
    evidence.serial = reader.text("serial"_L1);
    evidence.label = reader.text("label"_L1);
    evidence.firmware = reader.text("firmware"_L1);
    evidence.keyId = reader.text("keyId"_L1);
    evidence.address = reader.address("address"_L1);
    evidence.hardwareSlot = readFlag(reader, "hardwareSlot"_L1);
    evidence.sensitive = readFlag(reader, "sensitive"_L1);
    evidence.extractable = readFlag(reader, "extractable"_L1);
    evidence.alwaysSensitive = readFlag(reader, "alwaysSensitive"_L1);
    evidence.neverExtractable = readFlag(reader, "neverExtractable"_L1);
    evidence.generatedOnToken = readFlag(reader, "generatedOnToken"_L1);
    evidence.alwaysAuthenticate = readFlag(reader, "alwaysAuthenticate"_L1);
    return evidence;
}

bool readFlag(MemberReader &reader, QLatin1StringView name)
{
    const auto value = reader.member(name);
    if (value && value->kind() == JsonView::Kind::Bool)
        return value->toBool();
    reader.note(u"%1 is neither true nor false"_s.arg(name));
    return false;
}

} // namespace countersign
