#include "app/practice/network/environmentfile.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace countersign {

namespace {

/// A text as a double-quoted YAML scalar; JSON's strings are valid ones.
QString quoted(const QString &text)
{
    const QByteArray array = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(array.mid(1, array.size() - 2));
}

QString hexOfSerialId(const Bytes &id)
{
    return QString::fromLatin1(id.toHex());
}

QString cantonSection(const NetworkLayout &layout, const PracticeFacts &facts)
{
    return u"canton:\n"
           "  participants:\n"
           "    - {id: %1, ledger: %2, admin: %3, tls: none, parties: [%4, %5, %6]}\n"
           "  model:\n"
           "    request: {template: \"#vault-intents:Vault.Intents:IntentRequest\"}\n"
           "    authorised: {template: \"#vault-intents:Vault.Intents:AuthorisedIntent\"}\n"
           "    receipt: {template: \"#vault-intents:Vault.Intents:IntentReceipt\"}\n"
           "    fields: {intentId: intentId, party: partyId, issuer: issuer, vault: vaultId, vaultAddress: vaultAddress,"
           " chain: chainId, adapter: adapterId, action: action, asset: asset, amount: amount, nonce: nonce,"
           " deadline: deadline, createdAt: createdAt, outcome: outcome, reason: reason, txHash: txHash,"
           " blockNumber: blockNumber, relayer: relayerId}\n"_s
        .arg(participantId.toString(), quoted(layout.ledgerAddress()), quoted(layout.adminAddress()),
             quoted(facts.issuerParty), quoted(facts.relayerParty), quoted(facts.regulatorParty));
}

QString relayersSection(const NetworkLayout &layout)
{
    QString text = u"relayers:\n  election: {endpoints: [%1], name: %2}\n  nodes:\n"_s.arg(quoted(layout.etcdUrl()), electionName);
    for (const RelayerLayout &relayer : layout.relayers)
        text += u"    - {id: %1, metrics: %2, log: %3}\n"_s.arg(relayer.id, quoted(relayer.metricsUrl()), quoted(relayer.log));
    return text;
}

QString chainsSection(const NetworkLayout &layout, const PracticeFacts &facts)
{
    QString text = u"chains:\n"_s;
    for (qsizetype i = 0; i < layout.chains.size(); ++i) {
        const ChainLayout &chain = layout.chains.at(i);
        const DeployedChain &deployed = facts.chains.at(i);
        text += u"  - name: %1\n    chainId: %2\n    rpc: [%3]\n    ws: %4\n    confirmations: %5\n    safe: %6\n    registry: %7\n"
                "    vaults:\n"_s.arg(chain.name)
                    .arg(chain.chainId.value())
                    .arg(quoted(chain.rpc().toString()), quoted(chain.ws()))
                    .arg(NetworkLayout::confirmations)
                    .arg(quoted(deployed.safe.toString()), quoted(deployed.registry.toString()));
        for (const DeployedVault &vault : deployed.vaults)
            text += u"      - {name: %1, address: %2}\n"_s.arg(quoted(vault.name), quoted(vault.vault.toString()));
    }
    return text;
}

} // namespace

QByteArray environmentYaml(const NetworkLayout &layout, const PracticeFacts &facts)
{
    QString text = u"# Written by the practice network; it is gone when the network is.\nversion: 1\nname: practice\nkind: practice\n"_s;
    text += cantonSection(layout, facts) + relayersSection(layout) + chainsSection(layout, facts);
    text += u"parties:\n"_s;
    for (const PracticeParty &party : facts.parties)
        text += u"  - {partyId: %1, name: %2, key: %3}\n"_s.arg(quoted(party.id.toString()), quoted(party.name), quoted(party.key.toString()));
    text += u"keys:\n  holders:\n"_s;
    for (const Holder &holder : facts.holders)
        text += u"    - {name: %1, address: %2, pkcs11: {module: %3, serial: %4, id: %5}}\n"_s
                    .arg(holder.name, quoted(holder.address.toString()), quoted(facts.softhsmModule), quoted(holder.serial),
                         quoted(hexOfSerialId(holder.keyId)));
    const DataFolder &folder = layout.folder;
    text += u"prometheus: {url: %1}\nproposals: {folder: %2}\njournal: %3\n"_s
                .arg(quoted(layout.prometheusUrl()), quoted(folder.proposals()), quoted(folder.journalFile()));
    text += u"practice: {control: %1, softhsmConfig: %2, pins: %3}\n"_s
                .arg(quoted(folder.controlSocket()), quoted(folder.softhsmConfig()), quoted(folder.pins()));
    return text.toUtf8();
}

} // namespace countersign
