#pragma once

#include "app/practice/participant/participantserver.h"
#include "backend/canton/ledgerclient.h"
#include "backend/types/clock.h"
#include "backend/types/strings.h"

#include <QTest>

namespace countersign::test {

inline Channel plainChannel(const QString &target)
{
    ChannelSettings settings;
    settings.target = target;
    settings.plainText = true;
    return *Channel::open(settings);
}

inline TemplateId vaultTemplate(const QString &entity)
{
    return {u"#vault-intents"_s, u"Vault.Intents"_s, entity};
}

/// A simulated participant with the parties of the practice network, and a client that makes intents on it.
struct ParticipantFixture {
    explicit ParticipantFixture(ParticipantOptions options = {})
        : server(withParties(std::move(options)), clock)
    {
    }

    static ParticipantOptions withParties(ParticipantOptions options)
    {
        options.parties = QStringList{u"PolicyIssuer"_s, u"Relayer"_s, u"Regulator"_s};
        options.checkpointInterval = std::chrono::milliseconds(100);
        return options;
    }

    [[nodiscard]] QString issuer() const { return server.partyId(u"PolicyIssuer"_s); }
    [[nodiscard]] QString relayer() const { return server.partyId(u"Relayer"_s); }

    [[nodiscard]] LedgerFilter filter() const
    {
        return {{issuer(), relayer()},
            {vaultTemplate(u"IntentRequest"_s), vaultTemplate(u"AuthorisedIntent"_s),
                vaultTemplate(u"IntentReceipt"_s)}};
    }

    [[nodiscard]] LedgerSubmission request(const QString &intentId) const
    {
        const DamlValue party = DamlValue::party(issuer());
        std::vector<DamlField> fields{{u"issuer"_s, party}, {u"relayer"_s, DamlValue::party(relayer())},
            {u"regulator"_s, DamlValue::party(server.partyId(u"Regulator"_s))},
            {u"intentId"_s, DamlValue::text(intentId)}, {u"partyId"_s, DamlValue::text(u"0xab"_s)},
            {u"vaultId"_s, DamlValue::text(u"treasury"_s)}, {u"vaultAddress"_s, DamlValue::text(u"0xcd"_s)},
            {u"chainId"_s, DamlValue::int64(31337)}, {u"adapterId"_s, DamlValue::text(u"0xef"_s)},
            {u"action"_s, DamlValue::text(u"deposit"_s)}, {u"asset"_s, DamlValue::text(u"USDC"_s)},
            {u"amount"_s, DamlValue::numeric(u"12.5"_s)}, {u"callData"_s, DamlValue::text(u"0x"_s)},
            {u"nonce"_s, DamlValue::int64(7)},
            {u"deadline"_s, DamlValue::timestamp(Timestamp::fromSeconds(2'000'000'000))},
            {u"createdAt"_s, DamlValue::timestamp(Timestamp::fromSeconds(1'700'000'000))}};
        return {.commandId = u"create-"_s + intentId,
            .userId = u"test"_s,
            .workflowId = {},
            .actAs = {issuer()},
            .readAs = {},
            .commands = {CreateCommand{vaultTemplate(u"IntentRequest"_s), DamlValue::record(std::move(fields))}}};
    }

    [[nodiscard]] LedgerSubmission authorise(const QString &contractId) const
    {
        return {.commandId = u"authorise-"_s + contractId,
            .userId = u"test"_s,
            .workflowId = {},
            .actAs = {issuer()},
            .readAs = {},
            .commands = {ExerciseCommand{vaultTemplate(u"IntentRequest"_s), contractId, u"Authorise"_s,
                DamlValue::record({{u"signature"_s, DamlValue::text(u"0x01"_s)}})}}};
    }

    SystemClock clock;
    ParticipantServer server;
};

/// Waits for a future in a test; the test fails when it does not finish.
template <class T> T waited(const QFuture<T> &future)
{
    [&] { QTRY_VERIFY(future.isFinished()); }();
    return future.isFinished() ? future.result() : T(fail(ErrorKind::Timeout, u"the future did not finish"_s));
}

} // namespace countersign::test
