#pragma once

#include "backend/types/error.h"

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <chrono>

class QTimer;

namespace countersign {

/// What is needed to run one part of the practice network.
struct ProcessCommand {
    QString program;
    QStringList arguments;
    QString logFile;                      ///< receives stdout and stderr
    QList<std::pair<QString, QString>> environment; ///< added to ours
};

/// One child of the supervisor: started, watched, paused and ended by it, and ended by the kernel should the supervisor die.
class ManagedProcess final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ManagedProcess)

public:
    enum class State { Idle, Running, Paused, Stopping, Stopped, Died };

    ManagedProcess(QString name, ProcessCommand command, QObject *parent = nullptr);
    ~ManagedProcess() override;

    const QString &name() const { return m_name; }
    State state() const { return m_state; }
    qint64 processId() const;
    const QString &logFile() const { return m_command.logFile; }

    /// Replaces the command for the next start.
    void setCommand(ProcessCommand command) { m_command = std::move(command); }

    /// Starts the program; waits only for the fork and exec. Error: NotFound or Internal.
    Result<void> start();
    /// Asks the program to end (SIGTERM) and kills it after the grace; `stopped` follows.
    void stop(std::chrono::milliseconds grace = std::chrono::seconds(3));
    /// Ends the program at once as a crash would (SIGKILL); counts as stopped by us.
    void kill();
    /// Stops the program's clock (SIGSTOP) and lets it go on (SIGCONT). Error: Conflict when it does not run.
    Result<void> pause();
    Result<void> resume();
    /// One line to the program's standard input.
    void writeLine(const QByteArray &line);

    /// The last lines of the log, at most `lines`, newest last.
    QStringList lastLogLines(int lines = 10) const;
    /// "exit code 3" or "signal 11" of the last run that ended.
    const QString &ending() const { return m_ending; }

signals:
    void started();
    /// Ended by stop() or kill().
    void stopped();
    /// Ended without being asked to.
    void died(const QString &ending, const QStringList &lastLogLines);

private:
    void onFinished(int exitCode, QProcess::ExitStatus status);

    QString m_name;
    ProcessCommand m_command;
    QProcess *m_process;
    QTimer *m_graceTimer;
    State m_state = State::Idle;
    QString m_ending;
};

QString toString(ManagedProcess::State state);

} // namespace countersign
