#pragma once

#include "backend/types/error.h"

#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <chrono>

namespace countersign {

/// A whole practice network in a temporary folder, for as long as the object lives: started as users start it, ended
/// also when the test fails or crashes.
class PracticeFixture final {
public:
    PracticeFixture();
    ~PracticeFixture();
    PracticeFixture(const PracticeFixture &) = delete;
    PracticeFixture &operator=(const PracticeFixture &) = delete;

    /// Starts it with the arguments of `up` (a small rate when they name none) and waits, with a running event loop,
    /// until it is ready. The error's detail is what the network printed.
    Result<void> start(const QStringList &arguments = {}, std::chrono::seconds patience = std::chrono::seconds(90));
    /// Ends it and waits until nothing of it runs.
    Result<void> stop();

    QString dataFolder() const { return m_folder.path(); }
    QString environmentFile() const;
    qint64 supervisorProcessId() const { return m_process.processId(); }
    /// What the network has printed so far.
    QString output() const;

    /// `fault("reorg", {"2"})`: what the network says that it did.
    Result<QString> fault(const QString &name, const QStringList &arguments = {});
    /// The answer of `status --json`: {ready, environment, parts: [{name, state, endpoint, pid, …}]}.
    Result<QJsonObject> status() const;
    /// One part of it; empty when there is none of the name.
    QJsonObject part(const QString &name) const;

private:
    QTemporaryDir m_folder;
    QProcess m_process;
};

/// Whether a process with the id exists.
bool processExists(qint64 processId);

} // namespace countersign
