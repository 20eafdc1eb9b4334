#pragma once

#include "app/practice/network/managedprocess.h"
#include "app/practice/network/partstatus.h"
#include "backend/types/bytes.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QUrl>

#include <memory>

namespace countersign {

class HttpClient;

/// The question whose good answer means that a part is ready: GET, or POST when there is a body.
struct HealthQuestion {
    QUrl url;
    Bytes body;
};

/// One part of the network: its process, the question that tells whether it is ready, and its status.
class NetworkPart final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NetworkPart)

public:
    /// `http` and `clock` outlive the part.
    NetworkPart(QString name, QString endpoint, ProcessCommand command, HealthQuestion question, HttpClient &http,
                const Clock &clock, QObject *parent = nullptr);

    const PartStatus &status() const { return m_status; }
    ManagedProcess &process() { return m_process; }

    Result<void> start();
    /// Until the part answers its question. Errors: Unavailable with the last log lines when it ended, Timeout.
    QCoro::Task<Result<void>> untilReady();
    /// Until the process is gone; kills it when it does not listen.
    QCoro::Task<> stop();
    /// As a crash would, and noted as meant.
    void kill(const QString &note);
    Result<void> pause(const QString &note);
    Result<void> resume();

signals:
    void changed(const countersign::PartStatus &status);

private:
    void set(PartState state, const QString &note = {});

    ManagedProcess m_process;
    HealthQuestion m_question;
    HttpClient &m_http;
    const Clock &m_clock;
    PartStatus m_status;
    QString m_meant;
    std::vector<std::shared_ptr<QPromise<void>>> m_waitingForEnd;
    LifetimeScope m_scope;
};

} // namespace countersign
