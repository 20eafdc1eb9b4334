#pragma once

#include "backend/types/address.h"
#include "backend/types/error.h"
#include "backend/types/feecaps.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/partyid.h"

#include <QByteArrayView>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <QVector>

#include <optional>
#include <utility>

namespace countersign {

/// Colour and word of the band on top of the console; `Production` refuses software tokens and plaintext.
enum class EnvironmentKind { Practice, Test, Production };

/// "practice", "test" or "production": the word of the environment file.
QString environmentKindName(EnvironmentKind kind);

/// Client side of a TLS channel; every file is an absolute path.
struct TlsProfile {
    QString ca; ///< PEM bundle that the server's certificate must chain to
    QString certificate; ///< PEM client certificate; empty: server authentication only
    QString key; ///< PEM file of the client certificate's key
    QString authority; ///< name expected in the server's certificate; empty: the host of the address
    bool operator==(const TlsProfile &) const = default;
};

/// A Canton participant node, addressed as "host:port" for the ledger and the admin API.
struct ParticipantSettings {
    QString id;
    QString ledger;
    QString admin; ///< empty: no health or topology from this node
    std::optional<TlsProfile> tls; ///< nullopt: plaintext
    QVector<PartyId> parties; ///< parties that this console reads as
    std::optional<QUrl> metrics = {}; ///< where the node exposes its metrics; nullopt: they are not read
    bool operator==(const ParticipantSettings &) const = default;
};

/// Names of the record fields of a customer's Daml model that carry what an intent is. The defaults are the practice model.
struct IntentFields {
    QString intentId;
    QString party;
    QString issuer;
    QString vault;
    QString vaultAddress;
    QString chain;
    QString adapter;
    QString action;
    QString asset;
    QString amount;
    QString nonce;
    QString deadline;
    QString createdAt;
    QString outcome;
    QString reason;
    QString txHash;
    QString blockNumber;
    QString relayer;
    IntentFields();
    bool operator==(const IntentFields &) const = default;
};

/// How a Daml model maps to intents: template ids ("#package:Module:Entity") of the three stages, and the field names.
struct LedgerModel {
    QString request; ///< empty: the model has no stage before authorisation
    QString authorised;
    QString receipt;
    IntentFields fields;
    bool operator==(const LedgerModel &) const = default;
};

/// Where the relayers elect their leader.
struct ElectionProfile {
    QVector<QUrl> endpoints; ///< etcd, http or https
    QString name; ///< key prefix of the election, without the slash
    std::optional<TlsProfile> tls = {}; ///< of https endpoints; nullopt: the system's certificates
    QString user = {}; ///< of etcd; its password is in the keychain; empty: none
    bool operator==(const ElectionProfile &) const = default;
};

/// One relayer process: where it exposes its metrics and writes its log of JSON lines.
struct RelayerSettings {
    QString id;
    QUrl metrics;
    QString log; ///< absolute path; empty: its log is not read
    bool operator==(const RelayerSettings &) const = default;
};

/// A vault contract under the name by which operators know it.
struct VaultSettings {
    QString name;
    Address address;
    bool operator==(const VaultSettings &) const = default;
};

/// A server that is sent the sources of what was deployed, when a person asks for it.
struct PublisherSettings {
    enum class Kind {
        Sourcify, ///< API v2
        Etherscan, ///< a block explorer that speaks Etherscan's API v2; its API key is in the keychain
    };
    Kind kind = Kind::Sourcify;
    QUrl url; ///< Sourcify: the server; Etherscan: the API, "https://api.etherscan.io/v2/api"
    bool operator==(const PublisherSettings &) const = default;
};

/// An Ethereum-family chain with what the institution owns on it.
struct ChainSettings {
    QString name;
    ChainId chainId;
    QVector<QUrl> rpc; ///< at least one; where there are two, both must agree before a review
    std::optional<QUrl> ws;
    quint32 confirmations = 12; ///< blocks upon a transaction before it counts as final
    std::optional<Address> safe;
    std::optional<QUrl> safeService; ///< a Safe transaction service's API, ending in /api/; no token in it
    std::optional<Address> registry;
    QVector<VaultSettings> vaults;
    FeeCaps fees = {}; ///< what sending an execution may cost
    QVector<PublisherSettings> publishSources = {}; ///< where sources may be published; empty: nowhere
    std::optional<QUrl> metrics = {}; ///< where this chain's node exposes its metrics; nullopt: they are not read
    bool operator==(const ChainSettings &) const = default;
};

/// Address book: the name of a Canton party as contracts know it.
struct PartySettings {
    Hash32 partyId;
    QString name;
    std::optional<Address> key;
    bool operator==(const PartySettings &) const = default;
};

/// Where a holder's key lives; never the PIN.
struct Pkcs11Settings {
    QString module; ///< absolute path of the PKCS#11 library
    QString serial; ///< token serial number
    QByteArray id; ///< CKA_ID, raw bytes
    bool operator==(const Pkcs11Settings &) const = default;
};

/// A person who may sign, the address enrolled for them, and their token when it is used on this machine.
struct HolderSettings {
    QString name;
    Address address;
    std::optional<Pkcs11Settings> pkcs11;
    bool operator==(const HolderSettings &) const = default;
};

/// A server that answers over HTTP, Prometheus or Alertmanager, and how it is asked. Its password, or its token where there is no user name, is
/// in the keychain.
struct ServerSettings {
    QUrl url; ///< its API begins below this
    QVector<std::pair<QString, QString>> headers = {}; ///< sent with every question
    QString tenant = {}; ///< X-Scope-OrgID of Mimir, Cortex and Loki
    QString username = {}; ///< of basic authentication
    TlsProfile tls = {}; ///< an empty ca: what the system trusts; authority is not used
    bool operator==(const ServerSettings &) const = default;
};

/// Files of the practice network; present only when the network wrote the environment file.
struct PracticeSettings {
    QString control; ///< local socket of the network's control
    QString softhsmConfig; ///< value for SOFTHSM2_CONF
    QString pins; ///< file that names the practice PINs; shown as a hint, never read
    bool operator==(const PracticeSettings &) const = default;
};

/// The profile: which nodes, chains, relayers, Safes and keys this console serves. One YAML file, no secret in it.
struct Environment {
    QString name;
    EnvironmentKind kind = EnvironmentKind::Test;
    QVector<ParticipantSettings> participants;
    LedgerModel model;
    std::optional<ElectionProfile> election;
    QVector<RelayerSettings> relayers;
    QVector<ChainSettings> chains;
    QVector<PartySettings> parties;
    QVector<HolderSettings> holders;
    std::optional<ServerSettings> prometheus; ///< nullopt: the console runs its own
    QVector<ServerSettings> alertmanagers; ///< empty: the console runs its own beside its own Prometheus
    QString proposals; ///< folder of shared proposals, absolute; when none is named: beside the journal
    QString journal; ///< SQLite file, absolute
    std::optional<PracticeSettings> practice;
    QString file; ///< where it was read from, absolute; empty when parsed from memory

    /// Reads and validates a file. On failure the message is one sentence, and the detail has one line a problem:
    /// "file:line:column: what is wrong. hint". NotFound, Denied: the file; Invalid: its content.
    static Result<Environment> load(const QString &path);

    /// The same from memory; relative paths in it are taken from `folder`.
    static Result<Environment> parse(const QByteArray &yaml, const QString &fileName, const QString &folder = {});

    const ChainSettings *chain(ChainId id) const;
    const ChainSettings *chain(const QString &chainName) const;
    const VaultSettings *vault(ChainId id, const Address &address) const;
    const PartySettings *party(const Hash32 &partyId) const;
    const HolderSettings *holder(const Address &address) const;

    bool operator==(const Environment &) const = default;
};

} // namespace countersign
