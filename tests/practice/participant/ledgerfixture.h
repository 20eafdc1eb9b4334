#pragma once

#include "app/practice/participant/concat.h"
#include "app/practice/participant/ledger.h"
#include "app/practice/participant/vaultintents.h"

#include "backend/types/clock.h"

namespace countersign::participant {

/// A ledger with the practice model, its three parties and short ways to submit.
class LedgerFixture final {
public:
    explicit LedgerFixture(LedgerSettings settings = {})
        : ledger({vaultIntentsPackage()}, std::move(settings), clock)
        , issuer(ledger.allocateParty("PolicyIssuer").value())
        , relayer(ledger.allocateParty("Relayer").value())
        , regulator(ledger.allocateParty("Regulator").value())
    {
    }

    [[nodiscard]] TemplateRef ref(const std::string &entity) const
    {
        return ledger.registry().find({"vault-intents", true, "Vault.Intents", entity}).value();
    }

    [[nodiscard]] DamlRecord intent(const std::string &intentId) const
    {
        return {damlParty(issuer), damlParty(relayer), damlParty(regulator), damlText(intentId), damlText("0x11"),
            damlText("treasury"), damlText("0x22"), damlInt(31337), damlText("0x33"), damlText("rebalance"), damlText("USDC"),
            damlNumeric("1.0000000000"), damlText("0x"), damlInt(7), damlTimestamp(1), damlTimestamp(2)};
    }

    [[nodiscard]] Submission submission(const std::string &commandId, PartySet actAs, std::vector<LedgerStep> steps) const
    {
        Submission result;
        result.userId = "user";
        result.commandId = commandId;
        result.actAs = std::move(actAs);
        result.steps = std::move(steps);
        return result;
    }

    [[nodiscard]] LedgerStep createStep(const std::string &intentId) const { return CreateStep {ref("IntentRequest"), intent(intentId)}; }

    [[nodiscard]] LedgerStep exerciseStep(
        const std::string &entity, const std::string &contractId, const std::string &choice, DamlRecord argument) const
    {
        return ExerciseStep {ref(entity), contractId, ref(entity).spec->choice(choice), std::move(argument)};
    }

    [[nodiscard]] LedgerStep authoriseStep(const std::string &contractId) const
    {
        return exerciseStep("IntentRequest", contractId, "Authorise", {damlText("0xsignature")});
    }

    [[nodiscard]] LedgerStep acknowledgeStep(const std::string &contractId) const
    {
        return exerciseStep("AuthorisedIntent", contractId, "Acknowledge",
            {damlText("relayer-1"), damlText("executed"), damlText("0xhash"), damlInt(12), damlInt(21000), damlText("")});
    }

    /// Creates a request; the command id is the intent id.
    std::shared_ptr<const LedgerUpdate> request(const std::string &intentId)
    {
        return ledger.submit(submission(intentId, {issuer}, {createStep(intentId)})).value();
    }

    std::shared_ptr<const LedgerUpdate> authorise(const std::string &contractId)
    {
        return ledger.submit(submission(concat("authorise ", contractId), {issuer}, {authoriseStep(contractId)})).value();
    }

    std::shared_ptr<const LedgerUpdate> acknowledge(const std::string &contractId)
    {
        return ledger.submit(submission(concat("acknowledge ", contractId), {relayer}, {acknowledgeStep(contractId)})).value();
    }

    ManualClock clock;
    Ledger ledger;
    std::string issuer;
    std::string relayer;
    std::string regulator;
};

/// Id of the contract that an update's last node created.
inline const std::string &createdId(const LedgerUpdate &update)
{
    return update.nodes.back().contract->id;
}

} // namespace countersign::participant
