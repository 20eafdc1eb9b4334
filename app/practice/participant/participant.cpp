#include "app/practice/participant/participant.h"

#include "app/practice/participant/participantserver.h"

#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QSaveFile>

#include <sys/prctl.h>

#include <csignal>
#include <cstdio>

namespace countersign {

namespace {

void say(FILE *to, const QByteArray &line)
{
    std::fwrite(line.constData(), 1, static_cast<std::size_t>(line.size()), to);
    std::fflush(to);
}

int complain(const Error &error)
{
    say(stderr, "participant: " + error.message.toUtf8() + (error.detail.isEmpty() ? QByteArray() : " (" + error.detail.toUtf8() + ')') + '\n');
    return 1;
}

Result<void> writePorts(const QString &path, const QByteArray &announcement)
{
    if (path.isEmpty()) {
        return {};
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(announcement) != announcement.size() || !file.commit()) {
        return fail(ErrorKind::Unavailable, u"Cannot write %1"_s.arg(path), file.errorString());
    }
    return {};
}

} // namespace

int runParticipant(const ParticipantOptions &options)
{
    // Blocked before any thread starts, so that every thread inherits it and only sigwait() sees them.
    sigset_t endSignals;
    sigemptyset(&endSignals);
    sigaddset(&endSignals, SIGINT);
    sigaddset(&endSignals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &endSignals, nullptr);
    if (options.dieWithParent) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
    }
    const SystemClock clock;
    ParticipantServer server(options, clock);
    if (auto started = server.start(); !started) {
        return complain(started.error());
    }
    const QByteArray announcement = QJsonDocument(server.announcement()).toJson(QJsonDocument::Compact) + '\n';
    if (auto written = writePorts(options.portsFile, announcement); !written) {
        return complain(written.error());
    }
    say(stdout, announcement);
    int received = 0;
    sigwait(&endSignals, &received);
    server.stop();
    return 0;
}

int runParticipant(const QStringList &arguments)
{
    if (arguments.contains("--help"_L1)) {
        say(stdout, ParticipantOptions::usage().toUtf8());
        return 0;
    }
    const auto options = ParticipantOptions::parse(arguments);
    if (!options) {
        say(stderr, "participant: " + options.error().message.toUtf8() + "\n\n" + ParticipantOptions::usage().toUtf8());
        return 2;
    }
    return runParticipant(*options);
}

} // namespace countersign
