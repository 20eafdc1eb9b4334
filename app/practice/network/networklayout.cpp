#include "app/practice/network/networklayout.h"

#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

constexpr quint64 firstChainId = 31337;
constexpr std::array<QStringView, NetworkOptions::mostChains> chainNames{
    u"ethereum", u"polygon", u"arbitrum", u"optimism", u"base", u"avalanche", u"gnosis", u"linea"};

} // namespace

QString loopback(quint16 port)
{
    return u"127.0.0.1:%1"_s.arg(port);
}

QUrl ChainLayout::rpc() const
{
    return QUrl(u"http://"_s + loopback(port));
}

QString ChainLayout::ws() const
{
    return u"ws://"_s + loopback(port);
}

QString RelayerLayout::metricsUrl() const
{
    return u"http://%1/metrics"_s.arg(loopback(metricsPort));
}

QString NetworkLayout::etcdUrl() const
{
    return u"http://"_s + loopback(etcdClient);
}

QString NetworkLayout::prometheusUrl() const
{
    return u"http://"_s + loopback(prometheus);
}

QString NetworkLayout::ledgerAddress() const
{
    return loopback(ledger);
}

QString NetworkLayout::adminAddress() const
{
    return loopback(participantAdmin);
}

QList<quint16> NetworkLayout::allPorts() const
{
    QList<quint16> ports{etcdClient, etcdPeer, prometheus, ledger, participantAdmin, participantMetrics,
                         participantControl, generatorMetrics};
    for (const ChainLayout &chain : chains)
        ports.append(chain.port);
    for (const RelayerLayout &relayer : relayers)
        ports.append(relayer.metricsPort);
    return ports;
}

Result<NetworkLayout> NetworkLayout::plan(const NetworkOptions &options, FreePorts &ports)
{
    NetworkLayout layout;
    layout.folder = DataFolder(options.data);
    Result<void> ok;
    const auto reserve = [&]() -> quint16 {
        const Result<quint16> port = ports.reserve();
        if (!port && ok)
            ok = std::unexpected(port.error());
        return port.value_or(0);
    };
    for (quint16 *port : {&layout.etcdClient, &layout.etcdPeer, &layout.prometheus, &layout.ledger,
                          &layout.participantAdmin, &layout.participantMetrics, &layout.participantControl, &layout.generatorMetrics})
        *port = reserve();
    for (int i = 0; i < options.chains; ++i) {
        const QString name = chainNames.at(static_cast<size_t>(i)).toString();
        layout.chains.append({name, u"chain-"_s + name, ChainId(firstChainId + static_cast<quint64>(i)), reserve()});
    }
    for (int i = 1; i <= options.relayers; ++i) {
        const QString id = u"relayer-%1"_s.arg(i);
        layout.relayers.append({id, reserve(), layout.folder.keys() + u'/' + id + u".key"_s,
                                layout.folder.part(id) + u".json"_s, layout.folder.path(u"logs/") + id + u".jsonl"_s});
    }
    if (!ok)
        return std::unexpected(ok.error());
    return layout;
}

} // namespace countersign
