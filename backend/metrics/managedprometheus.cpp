#include "backend/metrics/managedprometheus.h"

#include "backend/types/strings.h"

#include <QDir>
#include <QMap>
#include <QSaveFile>
#include <QStandardPaths>

#include <csignal>
#include <sys/prctl.h>

namespace countersign {

namespace {

constexpr qsizetype longestLine = 16 * 1024;
constexpr qsizetype keptLines = 20;

/// A YAML double-quoted scalar: JSON's escapes are a subset of YAML's.
QByteArray quoted(const QString &text)
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

} // namespace

QVector<ScrapeJob> scrapeJobs(const Environment &environment)
{
    QVector<ScrapeJob> jobs;
    ScrapeJob relayers{u"relayer"_s, {}};
    for (const RelayerSettings &relayer : environment.relayers)
        relayers.targets.append(relayer.metrics);
    jobs.append(relayers);
    if (environment.election) {
        ScrapeJob etcd{u"etcd"_s, {}};
        for (QUrl endpoint : environment.election->endpoints) {
            endpoint.setPath(u"/metrics"_s);
            etcd.targets.append(endpoint);
        }
        jobs.append(etcd);
    }
    return jobs;
}

QByteArray prometheusConfiguration(const QVector<ScrapeJob> &jobs, std::chrono::milliseconds interval)
{
    const QByteArray period = QByteArray::number(static_cast<qint64>(interval.count())) + "ms";
    QByteArray yaml = "global:\n  scrape_interval: " + period + "\n  scrape_timeout: " + period + "\nscrape_configs:\n";
    for (const ScrapeJob &job : jobs) {
        // One job has one scheme and path: targets that differ become jobs of their own, whose label says the common name.
        QMap<QString, QVector<QUrl>> alike;
        for (const QUrl &target : job.targets)
            alike[target.scheme() + u' ' + target.path()].append(target);
        int part = 0;
        for (const QVector<QUrl> &group : std::as_const(alike)) {
            const QString name = part == 0 ? job.name : QString(job.name + u'-' + QString::number(part));
            ++part;
            yaml += "  - job_name: " + quoted(name) + "\n    scheme: " + quoted(group.first().scheme());
            yaml += "\n    metrics_path: " + quoted(group.first().path().isEmpty() ? u"/metrics"_s : group.first().path());
            yaml += "\n    static_configs:\n      - targets:\n";
            for (const QUrl &target : group) {
                const int port = target.port(target.scheme() == u"https"_s ? 443 : 80);
                const QString host = target.host().contains(u':') ? QString(u'[' + target.host() + u']') : target.host();
                yaml += "          - " + quoted(host + u':' + QString::number(port)) + '\n';
            }
            if (name != job.name)
                yaml += "        labels: {job: " + quoted(job.name) + "}\n";
        }
    }
    return yaml;
}

ManagedPrometheus::ManagedPrometheus(ManagedPrometheusSettings settings, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_clock(clock)
{
    m_status.id = u"prometheus"_s;
    m_status.kind = SourceKind::Prometheus;
    m_status.since = m_clock.now();
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &ManagedPrometheus::launch);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    // The child follows its parent even when that is killed; in the child, only calls that are safe after fork.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &ManagedPrometheus::readLog);
    connect(&m_process, &QProcess::finished, this, &ManagedPrometheus::died);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            died();
    });
}

ManagedPrometheus::~ManagedPrometheus()
{
    m_process.disconnect(this);
    stop();
}

void ManagedPrometheus::start()
{
    if (m_wanted)
        return;
    m_wanted = true;
    launch();
}

void ManagedPrometheus::stop()
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

Result<QString> ManagedPrometheus::prepare() const
{
    if (!QDir().mkpath(m_settings.folder))
        return fail(ErrorKind::Denied, u"The folder “%1” for Prometheus cannot be made."_s.arg(m_settings.folder));
    const QString path = m_settings.folder + u"/prometheus.yml"_s;
    QSaveFile file(path);
    const QByteArray yaml = prometheusConfiguration(m_settings.jobs, m_settings.interval);
    if (!file.open(QIODevice::WriteOnly) || file.write(yaml) != yaml.size() || !file.commit())
        return fail(ErrorKind::Denied, u"The configuration “%1” cannot be written: %2"_s.arg(path, file.errorString()));
    if (QStandardPaths::findExecutable(m_settings.program).isEmpty())
        return fail(ErrorKind::NotFound, u"“%1” is not installed. Install Debian's package prometheus, or name a Prometheus in the environment file."_s
                                             .arg(m_settings.program));
    return path;
}

void ManagedPrometheus::launch()
{
    const auto configuration = prepare();
    if (!configuration) {
        setState(SourceState::Down, configuration.error().message);
        return; // nothing that waiting changes
    }
    m_partial.clear();
    m_lastLines.clear();
    m_listening.clear();
    m_serves = false;
    setState(SourceState::Connecting);
    m_process.start(m_settings.program,
                    {u"--config.file="_s + *configuration, u"--storage.tsdb.path="_s + m_settings.folder + u"/data"_s,
                     u"--storage.tsdb.retention.time="_s + m_settings.retention, u"--web.listen-address=127.0.0.1:0"_s, u"--log.format=logfmt"_s,
                     u"--log.level=info"_s});
    m_process.closeWriteChannel();
}

void ManagedPrometheus::readLog()
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
void ManagedPrometheus::takeLine(const QByteArray &line)
{
    m_lastLines.append(QString::fromUtf8(line.left(400)));
    if (m_lastLines.size() > keptLines)
        m_lastLines.removeFirst();
    if (line.contains("msg=\"Listening on\"")) {
        const qsizetype at = line.indexOf("address=");
        const QByteArray address = at < 0 ? QByteArray() : line.sliced(at + 8).split(' ').first();
        const QUrl url(u"http://"_s + QString::fromLatin1(address), QUrl::StrictMode);
        if (url.isValid() && url.port() > 0)
            m_listening = url;
    } else if (line.contains("Server is ready to receive web requests")) {
        m_serves = true;
    }
    if (m_serves && !m_listening.isEmpty() && m_url.isEmpty()) {
        m_url = m_listening;
        m_pause = std::chrono::milliseconds(500);
        m_status.lastData = m_clock.now();
        setState(SourceState::Live);
        emit ready(m_url);
    }
}

void ManagedPrometheus::died()
{
    m_url.clear();
    if (!m_wanted)
        return;
    const QString last = m_lastLines.isEmpty() ? m_process.errorString() : m_lastLines.last();
    m_status.nextAttempt = m_clock.now() + m_pause;
    setState(SourceState::Down, u"Prometheus ended: "_s + last);
    m_again.start(m_pause);
    m_pause = std::min(m_pause * 2, std::chrono::milliseconds(30'000));
}

void ManagedPrometheus::setState(SourceState state, const QString &error)
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
