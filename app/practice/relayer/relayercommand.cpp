#include "app/practice/commands.h"

#include "app/practice/relayer/relayer.h"
#include "app/practice/support/console.h"
#include "app/practice/support/shutdownsignals.h"
#include "backend/types/strings.h"

#include <QCoreApplication>

namespace countersign {

int runRelayer(const QStringList &arguments)
{
    if (arguments.size() != 2 || arguments.first() != "--config"_L1) {
        printError(u"countersign-practice relayer --config FILE"_s);
        return 2;
    }
    Result<RelayerConfig> config = RelayerConfig::load(arguments.last());
    if (!config) {
        printError(config.error().message);
        return 1;
    }
    const SystemClock clock;
    const Result<std::unique_ptr<Relayer>> relayer = Relayer::create(*std::move(config), clock);
    const Result<void> started = relayer ? (*relayer)->start() : Result<void>(std::unexpected(relayer.error()));
    if (!started) {
        printError(started.error().message);
        return 1;
    }
    const ShutdownSignals shutdown;
    QObject::connect(&shutdown, &ShutdownSignals::received, relayer->get(), &Relayer::stop);
    QObject::connect(relayer->get(), &Relayer::stopped, QCoreApplication::instance(), &QCoreApplication::quit);
    return QCoreApplication::exec();
}

} // namespace countersign
