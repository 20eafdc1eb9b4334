#pragma once

#include "app/practice/network/environmentfile.h"
#include "app/practice/network/networklayout.h"
#include "app/practice/network/networkoptions.h"
#include "app/practice/network/networkpart.h"
#include "app/practice/network/toollocations.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <QLockFile>
#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace countersign {

/// Brings the practice network up in order, watches every part, and ends all of it.
class Supervisor final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Supervisor)

public:
    Supervisor(NetworkOptions options, ToolLocations tools, const Clock &clock, QObject *parent = nullptr);
    ~Supervisor() override;

    /// Starts everything, deploys, and writes the environment file last. What was started stays when it fails, until
    /// takeDown().
    QCoro::Task<Result<void>> bringUp();
    /// Ends every part, those that use others first, and removes the environment file.
    QCoro::Task<> takeDown();

    bool isReady() const { return m_ready; }
    const NetworkLayout &layout() const { return m_layout; }
    QList<PartStatus> status() const;
    /// Null when there is no such part.
    NetworkPart *part(QStringView name) const;
    /// Starts a part that does not run, as it was. Errors: NotFound, Conflict, and those of the start.
    QCoro::Task<Result<void>> restart(QString name);

signals:
    /// The folder is locked and ports and names are settled; nothing has been started yet.
    void prepared();
    void partChanged(const countersign::PartStatus &status);
    /// One line for people about what is being done.
    void progressed(const QString &line);

private:
    Result<void> prepare();
    Result<void> startServers();
    Result<void> provisionKeys();
    QCoro::Task<Result<void>> untilReady(QString name);
    QCoro::Task<Result<void>> deployChains();
    QCoro::Task<Result<void>> readParties();
    Result<void> writeRelayerConfigs();
    Result<void> writeGeneratorConfig();
    Result<void> startWorkers();
    Result<void> writeEnvironment();
    Result<void> add(const QString &name, const QString &endpoint, ProcessCommand command, HealthQuestion question,
                     const QList<quint16> &ports);

    const NetworkOptions m_options;
    const ToolLocations m_tools;
    const Clock &m_clock;
    FreePorts m_ports;
    NetworkLayout m_layout;
    std::unique_ptr<QLockFile> m_lock;
    HttpClient m_http;
    std::optional<HolderTokens> m_tokens;
    PracticeFacts m_facts;
    QList<Address> m_relayerAccounts;
    std::vector<std::unique_ptr<NetworkPart>> m_parts;
    bool m_ready = false;
    LifetimeScope m_scope;
};

} // namespace countersign
