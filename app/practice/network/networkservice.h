#pragma once

#include "app/practice/network/controlserver.h"
#include "app/practice/network/faultservice.h"
#include "app/practice/network/supervisor.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>

namespace countersign {

/// `countersign-practice up`: the supervisor, the control socket, and the order of beginning and ending.
class NetworkService final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NetworkService)

public:
    NetworkService(NetworkOptions options, ToolLocations tools, const Clock &clock, QObject *parent = nullptr);
    ~NetworkService() override;

    void begin();
    /// Takes everything down; `ended` follows. A second call changes nothing.
    void end();

signals:
    void line(const QString &text);
    void ended(int exitCode);

private:
    QCoro::Task<> run();
    QCoro::Task<> finish();
    void openControl();
    QCoro::Task<Result<QJsonObject>> answer(ControlRequest request);
    QJsonObject status() const;
    void onPartChanged(const PartStatus &status);

    Supervisor m_supervisor;
    std::unique_ptr<FaultService> m_faults;
    std::unique_ptr<ControlServer> m_control;
    QElapsedTimer m_sinceStart;
    int m_exitCode = 0;
    bool m_ending = false;
    LifetimeScope m_scope;
};

} // namespace countersign
