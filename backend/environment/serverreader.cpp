#include "backend/environment/serverreader.h"

#include "backend/types/strings.h"

#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>

namespace countersign {

namespace {

using Need = MapReader::Need;

constexpr qsizetype mostHeaders = 32;
constexpr qsizetype longestHeader = 1024;

const QStringList &web()
{
    static const QStringList schemes{u"http"_s, u"https"_s};
    return schemes;
}

void readHeaders(MapReader &server, ServerSettings &settings)
{
    server.map(u"headers"_s, u"“headers”"_s, Need::Optional, [&settings](MapReader &reader) {
        static const QRegularExpression pattern(u"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$"_s); // RFC 9110, 5.6.2
        static const QStringList secret{u"authorization"_s, u"proxy-authorization"_s, u"cookie"_s};
        static const QStringList ours{u"host"_s, u"content-type"_s, u"content-length"_s, u"connection"_s, u"transfer-encoding"_s, u"expect"_s};
        for (const YamlNode::Entry &entry : reader.node().entries) {
            const QString value = reader.text(entry.key, Need::Required, longestHeader);
            const QString lower = entry.key.toLower();
            if (looksLikeSecretKey(entry.key))
                continue; // reported for the whole tree
            if (secret.contains(lower))
                reader.problem(entry.key, u"“%1” carries a secret, and secrets never stand in this file"_s.arg(entry.key),
                    u"leave it out: the password or token is asked for in the console and lives in the system's key ring"_s);
            else if (!pattern.match(entry.key).hasMatch() || ours.contains(lower))
                reader.problem(entry.key, u"“%1” is no header that can be set"_s.arg(entry.key.left(48)));
            settings.headers.append({entry.key, value});
        }
        if (settings.headers.size() > mostHeaders)
            reader.context().problem(reader.node(), u"“headers” has more than %1 entries"_s.arg(mostHeaders));
    });
}

void readTls(MapReader &server, ServerSettings &settings)
{
    server.map(u"tls"_s, u"“tls”"_s, Need::Optional, [&settings](MapReader &tls) {
        settings.tls.ca = tls.path(u"ca"_s, Need::Optional);
        settings.tls.certificate = tls.path(u"certificate"_s, Need::Optional);
        settings.tls.key = tls.path(u"key"_s, Need::Optional);
        if (settings.tls.certificate.isEmpty() != settings.tls.key.isEmpty())
            tls.problem(settings.tls.key.isEmpty() ? u"certificate"_s : u"key"_s, u"“certificate” and “key” belong together"_s);
    });
    if (settings.tls != TlsProfile() && settings.url.scheme() == u"http"_s)
        server.problem(u"tls"_s, u"“tls” is of no use with an http address"_s, u"give the https address"_s);
}

ServerSettings readFields(MapReader &reader)
{
    ServerSettings settings;
    settings.url = reader.url(u"url"_s, web()).value_or(QUrl());
    settings.tenant = reader.text(u"tenant"_s, Need::Optional, 128);
    settings.username = reader.text(u"username"_s, Need::Optional, 128);
    readHeaders(reader, settings);
    readTls(reader, settings);
    const QString host = settings.url.host();
    if (settings.username.contains(u':'))
        reader.problem(u"username"_s, u"a user name has no colon"_s);
    else if (!settings.username.isEmpty() && settings.url.scheme() == u"http"_s && host != u"localhost"_s && !QHostAddress(host).isLoopback())
        reader.problem(u"username"_s, u"a password would cross the network in the clear"_s, u"give the https address"_s);
    return settings;
}

void append(MapReader &reader, const QString &key, const ServerSettings &server, QVector<ServerSettings> &servers)
{
    if (std::ranges::any_of(std::as_const(servers), [&server](const ServerSettings &other) { return other.url == server.url; }))
        reader.problem(key, u"this server is named twice"_s);
    servers.append(server);
}

} // namespace

std::optional<ServerSettings> readServer(MapReader &reader, const QString &key)
{
    const YamlNode *node = reader.value(key, Need::Optional);
    if (node == nullptr)
        return std::nullopt;
    std::optional<ServerSettings> settings;
    if (node->kind == YamlNode::Kind::Scalar) {
        if (const auto url = reader.url(key, web())) {
            settings.emplace();
            settings->url = *url;
        }
        return settings;
    }
    reader.map(key, u"“%1”"_s.arg(key), Need::Optional, [&settings](MapReader &server) { settings = readFields(server); });
    return settings;
}

QVector<ServerSettings> readServers(MapReader &reader, const QString &key)
{
    QVector<ServerSettings> servers;
    const YamlNode *node = reader.value(key, Need::Optional);
    if (node == nullptr)
        return servers;
    if (node->kind != YamlNode::Kind::Sequence) {
        if (const auto one = readServer(reader, key))
            servers.append(*one);
        return servers;
    }
    const bool plain = std::ranges::all_of(node->items, [](const auto &item) { return item->kind == YamlNode::Kind::Scalar; });
    if (plain) {
        const QVector<QUrl> urls = reader.urls(key, web());
        for (const QUrl &url : urls) {
            ServerSettings server;
            server.url = url;
            servers.append(server);
        }
        return servers;
    }
    reader.list(key, u"a server"_s, Need::Optional, [&servers](MapReader &item) {
        append(item, u"url"_s, readFields(item), servers);
    });
    return servers;
}

} // namespace countersign
