#include "backend/rpc/channel.h"

#include "backend/rpc/channelcore.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QHostAddress>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/slice.h>

#include <string>
#include <utility>

namespace countersign {

namespace {

// The host of "host:port" and "[v6]:port"; null when there is no port.
QString hostOf(const QString &target)
{
    const qsizetype colon = target.lastIndexOf(u':');
    bool isNumber = false;
    const uint port = colon < 0 ? 0 : QStringView(target).sliced(colon + 1).toUInt(&isNumber);
    if (!isNumber || port == 0 || port > 65'535)
        return {};
    QString host = target.first(colon);
    if (host.startsWith(u'[') && host.endsWith(u']'))
        return host.mid(1, host.size() - 2);
    return host.contains(u':') ? QString() : host;
}

bool isThisMachine(const QString &host)
{
    return host == "localhost"_L1 || QHostAddress(host).isLoopback();
}

Result<Bytes> readFile(const QString &path, const QString &what)
{
    if (path.isEmpty())
        return Bytes();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::NotFound, u"The %1 %2 cannot be read: %3"_s.arg(what, path, file.errorString()));
    constexpr qint64 largest = 1024 * 1024;
    const Bytes bytes = file.read(largest + 1);
    if (bytes.size() > largest || !bytes.contains("-----BEGIN "))
        return fail(ErrorKind::Invalid, u"The %1 %2 is no PEM file"_s.arg(what, path));
    return bytes;
}

std::shared_ptr<grpc::ChannelCredentials> credentialsOf(const ChannelSettings &settings)
{
    if (!settings.tls)
        return grpc::InsecureChannelCredentials();
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = settings.tls->rootCertificates.toStdString();
    options.pem_cert_chain = settings.tls->certificateChain.toStdString();
    options.pem_private_key = settings.tls->privateKey.toStdString();
    return grpc::SslCredentials(options);
}

} // namespace

Result<Channel> Channel::open(ChannelSettings settings)
{
    const QString host = hostOf(settings.target);
    if (host.isEmpty())
        return fail(ErrorKind::Invalid, u"A node is named host:port, and \"%1\" is not"_s.arg(settings.target));
    if (settings.plainText == settings.tls.has_value())
        return fail(ErrorKind::Invalid, u"For %1 choose either TLS or plain text"_s.arg(settings.target));
    if (settings.tls && settings.tls->certificateChain.isEmpty() != settings.tls->privateKey.isEmpty())
        return fail(ErrorKind::Invalid, u"For %1 a client certificate and its key go together"_s.arg(settings.target));
    if (settings.bearerToken && settings.plainText && !isThisMachine(host))
        return fail(
            ErrorKind::Invalid, u"A token for %1 would travel readable by anyone: use TLS"_s.arg(settings.target));

    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(settings.receiveLimit);
    // Canton ends connections that ping more often than every 10 s (ledger) or 20 s (admin), or without a call.
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
    // Retries are decided in one place of ours, so gRPC's own are short.
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 200);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 3'000);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    // Two channels never share a connection: one of them failing must not be the other's backoff.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    if (settings.tls && !settings.tls->authority.isEmpty())
        arguments.SetSslTargetNameOverride(settings.tls->authority.toStdString());

    const std::string target = settings.target.toStdString();
    auto channel = grpc::CreateCustomChannel(target, credentialsOf(settings), arguments);
    return Channel(std::make_shared<ChannelCore>(std::move(settings), std::move(channel)));
}

Channel::Channel(std::shared_ptr<ChannelCore> core)
    : m_core(std::move(core))
{
}

const QString &Channel::target() const
{
    return m_core->settings().target;
}

ChannelCore::ChannelCore(ChannelSettings settings, std::shared_ptr<grpc::Channel> channel)
    : m_settings(std::move(settings))
    , m_channel(std::move(channel))
{
}

void ChannelCore::prepare(grpc::ClientContext &context) const
{
    for (const auto &[key, text] : m_settings.metadata)
        context.AddMetadata(key.toStdString(), text.toStdString());
    if (!m_settings.bearerToken)
        return;
    const QByteArray token = m_settings.bearerToken();
    if (token.isEmpty())
        return;
    const std::string scheme = m_settings.tokenKey == "authorization" ? "Bearer " : "";
    context.AddMetadata(m_settings.tokenKey.toStdString(), scheme + token.toStdString());
}

grpc::ByteBuffer bufferOf(const Bytes &bytes)
{
    const grpc::Slice slice(bytes.constData(), static_cast<size_t>(bytes.size()));
    return {&slice, 1};
}

Result<TlsSettings> readTlsFiles(const TlsFiles &files)
{
    const Result<Bytes> roots = readFile(files.rootCertificates, u"CA certificate"_s);
    if (!roots)
        return std::unexpected(roots.error());
    const Result<Bytes> chain = readFile(files.certificateChain, u"client certificate"_s);
    if (!chain)
        return std::unexpected(chain.error());
    const Result<Bytes> key = readFile(files.privateKey, u"client key"_s);
    if (!key)
        return std::unexpected(key.error());
    return TlsSettings{*roots, *chain, *key, files.authority};
}

} // namespace countersign
