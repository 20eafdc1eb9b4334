#include "app/practice/commands.h"
#include "app/practice/participant/participant.h"
#include "app/practice/support/console.h"
#include "backend/types/strings.h"

#include <QCoreApplication>

#include <functional>
#include <map>

namespace {

QString usage()
{
    return u"countersign-practice: a practice network on this machine\n"
           "  up [--data DIR] [--chains N] [--relayers N] [--rate R] [--mix PARTY=WEIGHT,…] [--failures SHARE]\n"
           "     [--detach] [--ready-file FILE] [--node-modules DIR]\n"
           "  status [--data DIR] [--json]\n"
           "  fault [--data DIR] FAULT [ARGUMENT]\n"
           "  down [--data DIR]\n"
           "The network starts its own parts with: participant, relayer, generator.\n"_s;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"countersign-practice"_s);
    const QStringList arguments = QCoreApplication::arguments().sliced(1);
    const std::map<QString, std::function<int(const QStringList &)>> commands{
        {u"up"_s, countersign::runUp},           {u"status"_s, countersign::runStatus},
        {u"down"_s, countersign::runDown},       {u"fault"_s, countersign::runFault},
        {u"relayer"_s, countersign::runRelayer}, {u"generator"_s, countersign::runGenerator},
        {u"participant"_s, [](const QStringList &rest) { return countersign::runParticipant(rest); }}};
    const auto command = commands.find(arguments.value(0));
    if (command != commands.end())
        return command->second(arguments.sliced(1));
    const bool asked = arguments.value(0) == "help"_L1 || arguments.value(0) == "--help"_L1;
    if (asked)
        countersign::printLine(usage());
    else
        countersign::printError(usage());
    return asked ? 0 : 2;
}
