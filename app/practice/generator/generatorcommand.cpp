#include "app/practice/commands.h"

#include "app/practice/generator/intentgenerator.h"
#include "app/practice/support/chaining.h"
#include "app/practice/support/console.h"
#include "app/practice/support/metricsserver.h"
#include "app/practice/support/shutdownsignals.h"
#include "app/practice/support/standardinput.h"
#include "backend/types/strings.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

namespace countersign {

namespace {

Result<std::vector<PracticeKey>> loadKeys(const GeneratorConfig &config)
{
    std::vector<PracticeKey> keys;
    for (const OrderingParty &party : config.parties) {
        const Result<PracticeKey> key = PracticeKey::load(party.keyFile);
        if (!key)
            return std::unexpected(key.error());
        keys.push_back(*key);
    }
    return keys;
}

} // namespace

int runGenerator(const QStringList &arguments)
{
    if (arguments.size() != 2 || arguments.first() != "--config"_L1) {
        printError(u"countersign-practice generator --config FILE"_s);
        return 2;
    }
    const Result<GeneratorConfig> config = GeneratorConfig::load(arguments.last());
    const Result<std::vector<PracticeKey>> keys = andThen(config, loadKeys);
    if (!keys) {
        printError(keys.error().message);
        return 1;
    }
    const Result<Channel> channel = Channel::open({.target = config->ledger, .plainText = true, .tls = {}, .bearerToken = {}});
    if (!channel) {
        printError(channel.error().message);
        return 1;
    }
    const SystemClock clock;
    IntentGenerator generator(*config, *keys, LedgerClient(*channel), clock, [] { return QRandomGenerator::global()->generateDouble(); });
    MetricsServer server([&generator]() -> Bytes { return generator.exposition(); });
    if (const Result<void> listening = server.listen(config->metricsPort); !listening) {
        printError(listening.error().message);
        return 1;
    }
    const StandardInput input;
    QObject::connect(&input, &StandardInput::lineArrived, &generator, [&generator](const QByteArray &line) {
        generator.flood(QJsonDocument::fromJson(line).object().value("flood"_L1).toInt());
    });
    const ShutdownSignals shutdown;
    QObject::connect(&shutdown, &ShutdownSignals::received, QCoreApplication::instance(), &QCoreApplication::quit);
    generator.start();
    return QCoreApplication::exec();
}

} // namespace countersign
