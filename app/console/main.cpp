#include "app/console/application.h"
#include "app/console/commandline.h"
#include "app/console/logging.h"
#include "app/console/startproblem.h"
#include "app/console/tour.h"
#include "backend/types/strings.h"

#include <QApplication>
#include <QDir>
#include <QStandardPaths>

#include <chrono>
#include <cstdio>

using namespace countersign;

namespace {

void say(FILE *to, const QString &text)
{
    std::fprintf(to, "%s\n", qUtf8Printable(text));
}

/// The scale has to be known before the application object is.
QStringList rawArguments(int count, char **values)
{
    QStringList arguments;
    for (int i = 0; i < count; ++i)
        arguments.append(QString::fromLocal8Bit(values[i]));
    return arguments;
}

/// What tests/bench/start measures: the moment after the first frame, by the clock that the launcher reads too.
void reportStart(Application &console)
{
    QObject::connect(&console.window(), &MainWindow::firstPainted, &console, [] {
        const auto since = std::chrono::steady_clock::now().time_since_epoch();
        say(stdout, u"{\"painted\":%1}"_s.arg(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()));
        std::fflush(stdout);
        QCoreApplication::quit();
    });
}

QString logPath()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    return !folder.isEmpty() && QDir().mkpath(folder) ? folder + u"/console.log"_s : QString();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication::setApplicationName(u"countersign"_s);
    QCoreApplication::setOrganizationName(u"countersign"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(COUNTERSIGN_VERSION));
    const auto line = CommandLine::parse(rawArguments(argc, argv));
    if (!line) {
        say(stderr, line.error().message);
        return 2;
    }
    if (line->version) {
        say(stdout, u"countersign %1"_s.arg(QCoreApplication::applicationVersion()));
        return 0;
    }
    if (line->help) {
        QCoreApplication application(argc, argv);
        say(stdout, CommandLine::helpText());
        return 0;
    }

    QApplication application(argc, argv);
    const bool tours = !line->tour.isEmpty();
    Logging logging(logPath());
    Theme theme;
    theme.apply(line->themes.first());
    QApplication::setQuitOnLastWindowClosed(true);

    if (line->reportStart) {
        Environment nothing;
        nothing.name = u"start"_s;
        Application console(
            std::move(nothing), theme, logging, Application::Traces::None, Application::Sources::Silent);
        reportStart(console);
        console.show({});
        return QApplication::exec();
    }
    if (line->environment.isEmpty()) {
        const Error error{ErrorKind::NotFound,
            Application::tr(
                "Name the environment file: countersign --environment FILE. The practice network writes one when "
                "it starts."),
            {}};
        say(stderr, error.message);
        if (tours)
            return 2;
        StartProblem problem({}, error);
        problem.show();
        QApplication::exec();
        return 2;
    }
    auto environment = Environment::load(line->environment);
    if (!environment) {
        say(stderr, environment.error().message + u'\n' + environment.error().detail);
        if (tours)
            return 2;
        StartProblem problem(line->environment, environment.error());
        problem.show();
        QApplication::exec();
        return 2;
    }

    Application console(std::move(*environment), theme, logging,
        tours ? Application::Traces::None : Application::Traces::Kept, Application::Sources::Started);
    if (line->confidential)
        console.deciding().setConfidential(true);
    if (tours || line->sized) // else as it was left
        console.window().resize(line->size);
    console.show(line->page);
    if (!tours)
        return QApplication::exec();

    Tour tour(console, theme, *line);
    QObject::connect(&tour, &Tour::finished, &application, [](const QString &problem) {
        if (!problem.isEmpty())
            say(stderr, problem);
        QCoreApplication::exit(problem.isEmpty() ? 0 : 1);
    });
    QTimer::singleShot(0, &tour, &Tour::start);
    return QApplication::exec();
}
