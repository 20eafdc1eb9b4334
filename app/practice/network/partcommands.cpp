#include "app/practice/network/partcommands.h"

#include "backend/types/strings.h"

namespace countersign {

ProcessCommand etcdCommand(const NetworkLayout &layout, const ToolLocations &tools)
{
    const QString client = layout.etcdUrl();
    const QString peer = u"http://"_s + loopback(layout.etcdPeer);
    return {tools.etcd,
            {u"--name"_s, u"practice"_s, u"--data-dir"_s, layout.folder.part(u"etcd"), u"--listen-client-urls"_s, client,
             u"--advertise-client-urls"_s, client, u"--listen-peer-urls"_s, peer, u"--initial-advertise-peer-urls"_s, peer,
             u"--initial-cluster"_s, u"practice="_s + peer, u"--logger"_s, u"zap"_s, u"--log-level"_s, u"warn"_s,
             u"--unsafe-no-fsync"_s}, // nothing here outlives the machine's next start
            layout.folder.log(u"etcd"),
            {}};
}

ProcessCommand prometheusCommand(const NetworkLayout &layout, const ToolLocations &tools)
{
    return {tools.prometheus,
            {u"--config.file="_s + layout.prometheusConfig(), u"--storage.tsdb.path="_s + layout.folder.part(u"prometheus"),
             u"--storage.tsdb.retention.time=12h"_s, u"--web.listen-address="_s + loopback(layout.prometheus),
             u"--log.level=warn"_s},
            layout.folder.log(u"prometheus"),
            {}};
}

ProcessCommand chainCommand(const NetworkLayout &layout, const ToolLocations &tools, const ChainLayout &chain, bool firstStart)
{
    QStringList arguments{u"--host"_s,        u"127.0.0.1"_s,
                          u"--port"_s,        QString::number(chain.port),
                          u"--chain-id"_s,    QString::number(chain.chainId.value()),
                          u"--accounts"_s,    u"1"_s,
                          u"--gas-limit"_s,   u"60000000"_s,
                          u"--state"_s,       layout.folder.part(chain.part) + u".state.json"_s,
                          u"--cache-path"_s,  layout.folder.part(chain.part),
                          u"--quiet"_s};
    if (firstStart)
        arguments << u"--no-mining"_s << u"--mnemonic-random"_s;
    else
        arguments << u"--block-time"_s << u"1"_s;
    return {tools.anvil, arguments, layout.folder.log(chain.part), {}};
}

ProcessCommand participantCommand(const NetworkLayout &layout, const ToolLocations &tools)
{
    return {tools.ownProgram,
            {u"participant"_s, u"--id"_s, participantId.toString(), u"--ledger-port"_s, QString::number(layout.ledger),
             u"--admin-port"_s, QString::number(layout.participantAdmin), u"--metrics-port"_s,
             QString::number(layout.participantMetrics), u"--control-port"_s, QString::number(layout.participantControl),
             u"--party"_s, u"PolicyIssuer"_s, u"--party"_s, u"Relayer"_s, u"--party"_s, u"Regulator"_s},
            layout.folder.log(u"participant"),
            {}};
}

ProcessCommand relayerCommand(const NetworkLayout &layout, const ToolLocations &tools, const RelayerLayout &relayer)
{
    return {tools.ownProgram, {u"relayer"_s, u"--config"_s, relayer.configFile}, layout.folder.log(relayer.id), {}};
}

ProcessCommand generatorCommand(const NetworkLayout &layout, const ToolLocations &tools)
{
    return {tools.ownProgram, {u"generator"_s, u"--config"_s, layout.generatorConfig()}, layout.folder.log(u"generator"), {}};
}

QByteArray prometheusConfiguration(const NetworkLayout &layout)
{
    QString text = u"global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n  - job_name: relayer\n    static_configs:\n"_s;
    for (const RelayerLayout &relayer : layout.relayers)
        text += u"      - {targets: ['%1'], labels: {relayer: '%2'}}\n"_s.arg(loopback(relayer.metricsPort), relayer.id);
    text += u"  - job_name: canton-participant\n    static_configs:\n      - {targets: ['%1'], labels: {participant: '%2'}}\n"_s
                .arg(loopback(layout.participantMetrics), participantId);
    text += u"  - job_name: etcd\n    static_configs:\n      - {targets: ['%1']}\n"_s.arg(loopback(layout.etcdClient));
    return text.toUtf8();
}

} // namespace countersign
