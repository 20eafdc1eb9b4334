#include "app/cli/commands/command.h"

#include <QCoreApplication>

#include <csignal>

int main(int argc, char *argv[])
{
    // A reader that ends early (`… | head`) is seen at the write, not by a signal.
    std::signal(SIGPIPE, SIG_IGN);
    const QCoreApplication application(argc, argv);
    return static_cast<int>(countersign::runCommandLine(QCoreApplication::arguments().sliced(1)));
}
