#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace countersign {

/// SIGINT, SIGTERM and SIGHUP as a Qt signal of the event loop. One object a process.
class ShutdownSignals final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShutdownSignals)

public:
    explicit ShutdownSignals(QObject *parent = nullptr);
    ~ShutdownSignals() override;

signals:
    void received();

private:
    int m_descriptor;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace countersign
