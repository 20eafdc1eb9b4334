#include "app/practice/network/managedprocess.h"

#include "backend/types/strings.h"

#include <QFile>
#include <QProcessEnvironment>
#include <QTimer>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace countersign {

namespace {

constexpr int startTimeoutMs = 5000;
constexpr qint64 tailBytes = 16 * 1024;

} // namespace

ManagedProcess::ManagedProcess(QString name, ProcessCommand command, QObject *parent)
    : QObject(parent)
    , m_name(std::move(name))
    , m_command(std::move(command))
    , m_process(new QProcess(this))
    , m_graceTimer(new QTimer(this))
{
    m_graceTimer->setSingleShot(true);
    connect(m_graceTimer, &QTimer::timeout, m_process, &QProcess::kill);
    connect(m_process, &QProcess::finished, this, &ManagedProcess::onFinished);
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    const pid_t supervisor = getpid();
    m_process->setChildProcessModifier([supervisor] {
        // SIGKILL, because a part that is paused by a fault would never see a SIGTERM.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != supervisor)
            _exit(127);
    });
}

ManagedProcess::~ManagedProcess()
{
    disconnect(m_process, nullptr, this, nullptr);
    if (m_process->state() != QProcess::NotRunning) {
        m_process->kill();
        m_process->waitForFinished(startTimeoutMs);
    }
}

qint64 ManagedProcess::processId() const
{
    return m_process->processId();
}

Result<void> ManagedProcess::start()
{
    if (m_process->state() != QProcess::NotRunning)
        return fail(ErrorKind::Conflict, u"%1 runs already"_s.arg(m_name));
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const auto &[name, value] : m_command.environment)
        environment.insert(name, value);
    m_process->setProcessEnvironment(environment);
    m_process->setStandardOutputFile(m_command.logFile, QIODevice::Append);
    m_process->start(m_command.program, m_command.arguments);
    if (!m_process->waitForStarted(startTimeoutMs)) {
        m_state = State::Died;
        return fail(ErrorKind::NotFound, u"%1 cannot be started (%2)"_s.arg(m_name, m_command.program), m_process->errorString());
    }
    m_state = State::Running;
    m_ending.clear();
    emit started();
    return {};
}

void ManagedProcess::stop(std::chrono::milliseconds grace)
{
    if (m_process->state() == QProcess::NotRunning) {
        m_state = State::Stopped;
        emit stopped();
        return;
    }
    const bool wasPaused = m_state == State::Paused;
    m_state = State::Stopping;
    m_process->terminate();
    if (wasPaused)
        ::kill(static_cast<pid_t>(processId()), SIGCONT);
    m_graceTimer->start(grace);
}

void ManagedProcess::kill()
{
    if (m_process->state() == QProcess::NotRunning)
        return;
    m_state = State::Stopping;
    m_process->kill();
}

Result<void> ManagedProcess::pause()
{
    if (m_state != State::Running)
        return fail(ErrorKind::Conflict, u"%1 does not run"_s.arg(m_name));
    ::kill(static_cast<pid_t>(processId()), SIGSTOP);
    m_state = State::Paused;
    return {};
}

Result<void> ManagedProcess::resume()
{
    if (m_state != State::Paused)
        return fail(ErrorKind::Conflict, u"%1 is not paused"_s.arg(m_name));
    ::kill(static_cast<pid_t>(processId()), SIGCONT);
    m_state = State::Running;
    return {};
}

void ManagedProcess::writeLine(const QByteArray &line)
{
    m_process->write(line + '\n');
}

QStringList ManagedProcess::lastLogLines(int lines) const
{
    QFile file(m_command.logFile);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    if (file.size() > tailBytes)
        file.seek(file.size() - tailBytes);
    QStringList all = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    return all.mid(std::max<qsizetype>(0, all.size() - lines));
}

void ManagedProcess::onFinished(int exitCode, QProcess::ExitStatus status)
{
    m_graceTimer->stop();
    m_ending = status == QProcess::NormalExit ? u"exit code %1"_s.arg(exitCode) : u"killed by a signal"_s;
    if (m_state == State::Stopping) {
        m_state = State::Stopped;
        emit stopped();
    } else {
        m_state = State::Died;
        emit died(m_ending, lastLogLines());
    }
}

QString toString(ManagedProcess::State state)
{
    switch (state) {
    case ManagedProcess::State::Idle: return u"idle"_s;
    case ManagedProcess::State::Running: return u"running"_s;
    case ManagedProcess::State::Paused: return u"paused"_s;
    case ManagedProcess::State::Stopping: return u"stopping"_s;
    case ManagedProcess::State::Stopped: return u"stopped"_s;
    case ManagedProcess::State::Died: return u"died"_s;
    }
    return {};
}

} // namespace countersign
