#include "app/practice/participant/vaultintents.h"

#include "app/practice/participant/derivedid.h"

namespace countersign::participant {

namespace {

using From = FieldSource::From;

std::vector<FieldSpec> requestFields()
{
    return {
        {"issuer", DamlType::Party},
        {"relayer", DamlType::Party},
        {"regulator", DamlType::Party},
        {"intentId", DamlType::Text},
        {"partyId", DamlType::Text},
        {"vaultId", DamlType::Text},
        {"vaultAddress", DamlType::Text},
        {"chainId", DamlType::Int64},
        {"adapterId", DamlType::Text},
        {"action", DamlType::Text},
        {"asset", DamlType::Text},
        {"amount", DamlType::Numeric},
        {"callData", DamlType::Text},
        {"nonce", DamlType::Int64},
        {"deadline", DamlType::Timestamp},
        {"createdAt", DamlType::Timestamp},
    };
}

TemplateSpec intentRequest(const std::string &module)
{
    std::vector<FieldSource> authorised;
    for (const FieldSpec &field : requestFields()) {
        authorised.push_back({From::Contract, field.label});
    }
    authorised.push_back({From::Argument, "signature"});
    authorised.push_back({From::LedgerTime, {}});

    TemplateSpec spec {module, "IntentRequest", requestFields(), {"issuer"}, {"relayer", "regulator"}, {}};
    spec.choices.push_back({"Authorise", {{"signature", DamlType::Text}}, "issuer", true,
        Creation {"AuthorisedIntent", std::move(authorised)}});
    spec.choices.push_back({"Withdraw", {{"reason", DamlType::Text}}, "issuer", true, std::nullopt});
    return spec;
}

TemplateSpec authorisedIntent(const std::string &module)
{
    std::vector<FieldSource> receipt;
    for (const char *label : {"issuer", "relayer", "regulator", "intentId", "partyId", "vaultId", "chainId", "nonce"}) {
        receipt.push_back({From::Contract, label});
    }
    for (const char *label : {"relayerId", "outcome", "txHash", "blockNumber", "gasUsed", "reason"}) {
        receipt.push_back({From::Argument, label});
    }
    receipt.push_back({From::LedgerTime, {}});

    TemplateSpec spec {module, "AuthorisedIntent", requestFields(), {"issuer"}, {"relayer", "regulator"}, {}};
    spec.fields.push_back({"signature", DamlType::Text});
    spec.fields.push_back({"authorisedAt", DamlType::Timestamp});
    spec.choices.push_back({"Acknowledge",
        {{"relayerId", DamlType::Text}, {"outcome", DamlType::Text}, {"txHash", DamlType::Text},
            {"blockNumber", DamlType::Int64}, {"gasUsed", DamlType::Int64}, {"reason", DamlType::Text}},
        "relayer", true, Creation {"IntentReceipt", std::move(receipt)}});
    return spec;
}

TemplateSpec intentReceipt(const std::string &module)
{
    return {module, "IntentReceipt",
        {
            {"issuer", DamlType::Party},
            {"relayer", DamlType::Party},
            {"regulator", DamlType::Party},
            {"intentId", DamlType::Text},
            {"partyId", DamlType::Text},
            {"vaultId", DamlType::Text},
            {"chainId", DamlType::Int64},
            {"nonce", DamlType::Int64},
            {"relayerId", DamlType::Text},
            {"outcome", DamlType::Text},
            {"txHash", DamlType::Text},
            {"blockNumber", DamlType::Int64},
            {"gasUsed", DamlType::Int64},
            {"reason", DamlType::Text},
            {"acknowledgedAt", DamlType::Timestamp},
        },
        {"relayer"}, {"issuer", "regulator"}, {}};
}

} // namespace

PackageSpec vaultIntentsPackage()
{
    const std::string module = "Vault.Intents";
    return {"vault-intents", "1.0.0", derivedId("package", "vault-intents-1.0.0", 0),
        {intentRequest(module), authorisedIntent(module), intentReceipt(module)}};
}

} // namespace countersign::participant
