#include "backend/metrics/keptserver.h"

#include "backend/types/strings.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

#include <csignal>
#include <sys/prctl.h>

namespace countersign {

namespace {

constexpr qsizetype longestLine = 16 * 1024;
constexpr qsizetype longestShown = 400;
constexpr qsizetype keptLines = 20;
constexpr std::chrono::milliseconds firstPause{500};
constexpr std::chrono::milliseconds longestPause{30'000};

} // namespace

QByteArray yamlQuoted(const QString &text)
{
    QByteArray out("\"");
    const QByteArray bytes = text.toUtf8();
    for (const char c : bytes) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20)
            out += c;
    }
    return out + '"';
}

Result<void> writeServerFile(const QString &path, const QByteArray &content)
{
    const QString folder = QFileInfo(path).path();
    if (!QDir().mkpath(folder))
        return fail(ErrorKind::Denied, u"The folder “%1” cannot be made."_s.arg(folder));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) || file.write(content) != content.size()
        || !file.commit())
        return fail(ErrorKind::Denied, u"“%1” cannot be written: %2"_s.arg(path, file.errorString()));
    return {};
}

KeptServer::KeptServer(KeptProgram program, const QString &id, SourceKind kind, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_program(std::move(program))
    , m_clock(clock)
{
    m_status.id = id;
    m_status.kind = kind;
    m_status.since = m_clock.now();
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &KeptServer::launch);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    // The child follows its parent even when that is killed; in the child, only calls that are safe after fork.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &KeptServer::readLog);
    connect(&m_process, &QProcess::finished, this, &KeptServer::died);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            died();
    });
}

KeptServer::~KeptServer()
{
    m_process.disconnect(this);
    stop();
}

void KeptServer::start()
{
    if (m_wanted)
        return;
    m_wanted = true;
    launch();
}

void KeptServer::stop()
{
    m_wanted = false;
    m_again.stop();
    m_url.clear();
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(2000)) {
        m_process.kill();
        m_process.waitForFinished(1000);
    }
}

Result<QStringList> KeptServer::prepare() const
{
    auto arguments = m_program.prepare();
    if (arguments && QStandardPaths::findExecutable(m_program.program).isEmpty())
        return fail(ErrorKind::NotFound, u"“%1” is not installed. Install Debian's package %2, or name a server in the environment file."_s
                                             .arg(m_program.program, m_program.package));
    return arguments;
}

void KeptServer::launch()
{
    const auto arguments = prepare();
    if (!arguments) {
        setState(SourceState::Down, arguments.error().message);
        return; // nothing that waiting changes
    }
    m_partial.clear();
    m_lastLines.clear();
    m_listening.clear();
    m_serves = m_program.readyMark.isEmpty();
    setState(SourceState::Connecting);
    m_process.start(m_program.program, *arguments);
    m_process.closeWriteChannel();
}

void KeptServer::readLog()
{
    m_partial += m_process.readAllStandardOutput();
    qsizetype end = 0;
    while ((end = m_partial.indexOf('\n')) >= 0) {
        const QByteArray line = m_partial.first(end);
        m_partial.remove(0, end + 1);
        takeLine(line);
    }
    if (m_partial.size() > longestLine)
        m_partial.clear();
}

/// Asked to listen at port 0, it says in its log which port it was given. It is ready when it has said that too, in either order.
void KeptServer::takeLine(const QByteArray &line)
{
    m_lastLines.append(QString::fromUtf8(line.left(longestShown)));
    if (m_lastLines.size() > keptLines)
        m_lastLines.removeFirst();
    if (line.contains("msg=\"Listening on\"")) {
        const qsizetype at = line.indexOf("address=");
        const QByteArray address = at < 0 ? QByteArray() : line.mid(at + 8).split(' ').value(0);
        const QUrl url(u"http://"_s + QString::fromLatin1(address), QUrl::StrictMode);
        if (url.isValid() && url.port() > 0)
            m_listening = url;
    } else if (!m_program.readyMark.isEmpty() && line.contains(m_program.readyMark)) {
        m_serves = true;
    }
    if (m_serves && !m_listening.isEmpty() && m_url.isEmpty()) {
        m_url = m_listening;
        m_pause = firstPause;
        m_status.lastData = m_clock.now();
        setState(SourceState::Live);
        emit ready(m_url);
    }
}

void KeptServer::died()
{
    m_url.clear();
    if (!m_wanted)
        return;
    const QString last = m_lastLines.isEmpty() ? m_process.errorString() : m_lastLines.constLast();
    m_status.nextAttempt = m_clock.now() + m_pause;
    setState(SourceState::Down, u"%1 ended: %2"_s.arg(m_program.name, last));
    m_again.start(m_pause);
    m_pause = std::min(m_pause * 2, longestPause);
}

void KeptServer::setState(SourceState state, const QString &error)
{
    if (state != SourceState::Down)
        m_status.nextAttempt.reset();
    if (m_status.state != state)
        m_status.since = m_clock.now();
    m_status.state = state;
    if (!error.isEmpty())
        m_status.lastError = error;
    emit statusChanged(m_status);
}

} // namespace countersign
