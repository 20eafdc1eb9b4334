#pragma once

#include "app/console/deciding.h"
#include "tests/backend/keys/softhsm.h"
#include "tests/support/secrets/memorysecretstore.h"

#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace countersign::testing {

/// Three holders at three consoles: a profile, a journal and a token each, on two chains with a Safe of theirs (2 of 3), a
/// registry and a vault. Tests say how the consoles reach each other. Tests derive from it.
class ThreeConsoles : public QObject {
    Q_OBJECT

protected:
    /// One holder at one machine.
    struct Console {
        QString name;
        Address address;
        ProvisionedToken token;
        std::unique_ptr<QTemporaryDir> home;
        Environment environment;
        std::unique_ptr<Journal> journal;
        std::unique_ptr<MemorySecretStore> secrets = {}; ///< null: a machine without keychain
        std::unique_ptr<Deciding> deciding;
    };

    /// Chains, tokens and environments; \a arrange changes an environment before its console starts.
    void build(const std::function<void(Console &)> &arrange);
    void tearDown();
    /// Enters a new vault into every profile, and starts the consoles again as people would.
    void enterVault(const QString &name, const Address &address);

    Console &console(const QString &name);
    std::vector<Address> owners() const;
    QList<ChainSettings> chains() const { return m_chains; }
    QJsonValue rpc(ChainId chain, const QString &method, const QJsonArray &parameters = {});
    Address addressAt(ChainId chain, const Address &contract, QStringView function, const Bytes &arguments = {});

    // Each is what a person does at one console; false when it failed, and the reason is printed.
    QList<Hash32> propose(const QString &who, const QList<ComposeAction> &actions, const QString &why,
        const QList<Hash32> &dependsOn = {});
    /// Describes a transaction that a service listed, so that the policy knows who stands for it.
    bool describe(const QString &who, const Hash32 &id, const QString &why);
    bool sees(const QString &who, const Hash32 &id, ProposalStage stage);
    bool sign(const QString &who, const Hash32 &id);
    std::optional<ExecutionReport> execute(const QString &who, const Hash32 &id);

    QList<PredictedCreation> m_creations; ///< of the last propose(), on the first chain
    SystemClock m_clock;

private:
    QList<Hash32> propose(const QString &who, const ComposeRequest &request);
    /// Until it holds, looking at the carriers again and again as their timers would.
    bool eventually(Deciding &desk, const std::function<bool()> &holds);
    struct Estate {
        std::unique_ptr<QProcess> process;
        QJsonObject facts;
    };
    void makeConsole(const QString &name);
    void start(Console &console);
    void startChain(quint64 chainId);

    SoftHsm m_hsm;
    std::shared_ptr<Pkcs11Module> m_module;
    std::vector<Console> m_consoles;
    std::vector<Estate> m_estates;
    QList<ChainSettings> m_chains;
};

} // namespace countersign::testing
