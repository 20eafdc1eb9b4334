#include "tests/support/practice/practicefixture.h"

#include "app/practice/network/controlclient.h"
#include "app/practice/network/datafolder.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>

namespace countersign {

namespace {

constexpr int endingPatienceMs = 20'000;

} // namespace

PracticeFixture::PracticeFixture()
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    // A test that crashes takes its network with it.
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
}

PracticeFixture::~PracticeFixture()
{
    if (const Result<void> stopped = stop(); !stopped)
        qWarning("%s", qPrintable(stopped.error().message));
}

Result<void> PracticeFixture::start(const QStringList &arguments, std::chrono::seconds patience)
{
    if (!m_folder.isValid())
        return fail(ErrorKind::Internal, u"No temporary folder"_s);
    const QString ready = m_folder.filePath(u"ready"_s);
    QStringList all{u"up"_s, u"--data"_s, dataFolder(), u"--ready-file"_s, ready};
    if (!arguments.contains(u"--rate"_s))
        all << u"--rate"_s << u"2"_s;
    m_process.setStandardOutputFile(m_folder.filePath(u"output.txt"_s));
    m_process.start(QStringLiteral(PRACTICE_PROGRAM), all + arguments);
    const bool ended = QTest::qWaitFor(
        [&] { return QFile::exists(ready) || m_process.state() == QProcess::NotRunning; },
        static_cast<int>(std::chrono::milliseconds(patience).count()));
    // The control socket opens a moment after the ready file is there.
    const bool answers = QTest::qWaitFor([&] { return !QFile::exists(ready) || status().has_value(); }, 10'000);
    if (!QFile::exists(ready) || !answers)
        return fail(ended ? ErrorKind::Unavailable : ErrorKind::Timeout, u"The practice network does not become ready"_s, output());
    return {};
}

Result<void> PracticeFixture::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return {};
    m_process.terminate();
    if (m_process.waitForFinished(endingPatienceMs))
        return {};
    m_process.kill();
    m_process.waitForFinished(endingPatienceMs);
    return fail(ErrorKind::Timeout, u"The practice network had to be killed"_s, output());
}

QString PracticeFixture::environmentFile() const
{
    return DataFolder(dataFolder()).environmentFile();
}

QString PracticeFixture::output() const
{
    QFile file(m_folder.filePath(u"output.txt"_s));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

Result<QString> PracticeFixture::fault(const QString &name, const QStringList &arguments)
{
    const Result<QJsonObject> answer = askNetwork(DataFolder(dataFolder()).controlSocket(), {u"fault"_s, name, arguments});
    if (!answer)
        return std::unexpected(answer.error());
    return answer->value("message"_L1).toString();
}

Result<QJsonObject> PracticeFixture::status() const
{
    return askNetwork(DataFolder(dataFolder()).controlSocket(), {u"status"_s, {}, {}});
}

QJsonObject PracticeFixture::part(const QString &name) const
{
    const Result<QJsonObject> all = status();
    if (!all)
        return {};
    for (const QJsonValue &part : all->value("parts"_L1).toArray()) {
        if (part.toObject().value("name"_L1).toString() == name)
            return part.toObject();
    }
    return {};
}

bool processExists(qint64 processId)
{
    QFile file(u"/proc/%1/stat"_s.arg(processId));
    if (processId <= 0 || !file.open(QIODevice::ReadOnly))
        return false;
    // "pid (name) state …": a process that has ended and waits to be collected is in state Z.
    const QByteArray stat = file.readAll();
    return stat.mid(stat.lastIndexOf(')') + 2, 1) != "Z";
}

} // namespace countersign
