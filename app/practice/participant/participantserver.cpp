#include "app/practice/participant/participantserver.h"

#include "app/practice/participant/commandservice.h"
#include "app/practice/participant/controlapi.h"
#include "app/practice/participant/httplistener.h"
#include "app/practice/participant/ledgerinfoservices.h"
#include "app/practice/participant/nodeservices.h"
#include "app/practice/participant/stateservice.h"
#include "app/practice/participant/updateservice.h"
#include "app/practice/participant/vaultintents.h"

#include "backend/types/strings.h"

#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <QFile>

namespace countersign {

namespace {

using namespace participant;

constexpr int MaxThreads = 256; // a stream holds one
constexpr int MaxMetadataBytes = 8 * 1024; // Canton's default
constexpr std::chrono::seconds LedgerPingInterval {10}; // clients that ping faster are sent away, as by Canton
constexpr std::chrono::seconds AdminPingInterval {20};
constexpr std::chrono::milliseconds ShutdownGrace {500};

Result<std::string> readFile(const QString &path, const QString &what)
{
    if (path.isEmpty()) {
        return std::string();
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorKind::Invalid, u"Cannot read the %1 %2"_s.arg(what, path), file.errorString());
    }
    return file.read(1024 * 1024).toStdString();
}

Result<AccessTokens> readTokens(const ParticipantOptions &options)
{
    AccessTokens tokens;
    for (const auto &[path, to] : {std::pair(options.tokenFile, &tokens.full), {options.readTokenFile, &tokens.readOnly}}) {
        auto content = readFile(path, u"token file"_s);
        if (!content) {
            return std::unexpected(content.error());
        }
        *to = QString::fromStdString(*content).section(u'\n', 0, 0).trimmed().toStdString();
        if (!path.isEmpty() && to->empty()) {
            return fail(ErrorKind::Invalid, u"The token file %1 has an empty first line"_s.arg(path));
        }
    }
    return tokens;
}

Result<std::shared_ptr<grpc::ServerCredentials>> readCredentials(const ParticipantOptions &options)
{
    if (options.tlsCertificate.isEmpty()) {
        return grpc::InsecureServerCredentials();
    }
    auto certificate = readFile(options.tlsCertificate, u"certificate"_s);
    auto key = readFile(options.tlsKey, u"private key"_s);
    auto clientCa = readFile(options.tlsClientCa, u"client CA"_s);
    for (const auto *content : {&certificate, &key, &clientCa}) {
        if (!*content) {
            return std::unexpected(content->error());
        }
    }
    grpc::SslServerCredentialsOptions tls(options.tlsClientCa.isEmpty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                                                        : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_key_cert_pairs.push_back({std::move(*key), std::move(*certificate)});
    tls.pem_root_certs = std::move(*clientCa);
    return grpc::SslServerCredentials(tls);
}

LedgerSettings ledgerSettings(const ParticipantOptions &options)
{
    LedgerSettings settings;
    settings.participant = options.id.toStdString();
    settings.retainedUpdates = static_cast<std::size_t>(options.retainedUpdates);
    return settings;
}

} // namespace

struct ParticipantServer::Private {
    Private(ParticipantOptions chosen, const Clock &time)
        : options(std::move(chosen))
        , ledger({vaultIntentsPackage()}, ledgerSettings(options), time)
        , control(ledger, gate, streams)
        , metricsHttp([this](const HttpRequest &request) { return metricsPage(request, ledger.head(), streams); })
        , controlHttp([this](const HttpRequest &request) { return control.handle(request); })
    {
    }

    /// The services of one start(); their tokens and credentials are read anew each time.
    struct Running {
        Running(Private &of, AccessTokens tokens)
            : guard(of.gate, std::move(tokens))
            , state(of.ledger, guard)
            , update(of.ledger, guard, of.streams, of.options.checkpointInterval)
            , command(of.ledger, guard)
            , party(of.ledger, guard)
            , version(guard, of.options.checkpointInterval)
            , ledgerInfo(guard, "ledger-api")
            , adminInfo(guard, "admin-api")
            , ledgerHealth(guard)
            , adminHealth(guard)
            , status(of.ledger, guard, ports)
        {
        }

        CallGuard guard;
        std::map<std::string, int> ports;
        StateService state;
        UpdateService update;
        CommandService command;
        PartyManagementService party;
        VersionService version;
        ApiInfoService ledgerInfo;
        ApiInfoService adminInfo;
        HealthService ledgerHealth;
        HealthService adminHealth;
        ParticipantStatusService status;
        std::unique_ptr<grpc::Server> ledgerServer;
        std::unique_ptr<grpc::Server> adminServer;
    };

    Result<std::unique_ptr<grpc::Server>> serve(const std::vector<grpc::Service *> &services,
        const std::shared_ptr<grpc::ServerCredentials> &credentials, std::chrono::milliseconds pingInterval, quint16 &port) const;
    Result<void> allocateParties();
    Result<void> startHttp();

    const ParticipantOptions options;
    Ledger ledger;
    FaultGate gate;
    StreamCounters streams;
    ControlApi control;
    HttpListener metricsHttp;
    HttpListener controlHttp;
    Ports ports;
    std::unique_ptr<Running> running;
};

Result<std::unique_ptr<grpc::Server>> ParticipantServer::Private::serve(const std::vector<grpc::Service *> &services,
    const std::shared_ptr<grpc::ServerCredentials> &credentials, std::chrono::milliseconds pingInterval, quint16 &port) const
{
    grpc::ResourceQuota quota("participant");
    quota.SetMaxThreads(MaxThreads);
    grpc::ServerBuilder builder;
    builder.SetResourceQuota(quota);
    builder.SetMaxReceiveMessageSize(options.maxMessageBytes);
    builder.SetMaxSendMessageSize(options.maxMessageBytes);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, MaxMetadataBytes);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, static_cast<int>(pingInterval.count()));
    int chosen = 0;
    builder.AddListeningPort(options.host.toStdString() + ":" + std::to_string(port), credentials, &chosen);
    for (grpc::Service *service : services) {
        builder.RegisterService(service);
    }
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (!server || chosen == 0) {
        return fail(ErrorKind::Unavailable, u"Cannot serve on %1:%2; is the port taken, or is a TLS file no PEM?"_s.arg(options.host).arg(port));
    }
    port = static_cast<quint16>(chosen);
    return server;
}

Result<void> ParticipantServer::Private::allocateParties()
{
    for (const QString &hint : options.parties) {
        if (auto party = ledger.allocateParty(hint.toStdString()); !party) {
            return fail(ErrorKind::Invalid, QString::fromStdString(party.error().cause));
        }
    }
    return {};
}

Result<void> ParticipantServer::Private::startHttp()
{
    const auto metrics = metricsHttp.start(options.host, ports.metrics);
    if (!metrics) {
        return std::unexpected(metrics.error());
    }
    const auto faults = controlHttp.start(options.host, ports.control);
    if (!faults) {
        return std::unexpected(faults.error());
    }
    ports.metrics = *metrics;
    ports.control = *faults;
    return {};
}

ParticipantServer::ParticipantServer(ParticipantOptions options, const Clock &clock)
    : d(std::make_unique<Private>(std::move(options), clock))
{
    d->ports = {d->options.ledgerPort, d->options.adminPort, d->options.metricsPort, d->options.controlPort};
}

ParticipantServer::~ParticipantServer()
{
    stop();
}

Result<void> ParticipantServer::start()
{
    if (d->running) {
        return fail(ErrorKind::Conflict, u"The participant is already started"_s);
    }
    auto tokens = readTokens(d->options);
    if (!tokens) {
        return std::unexpected(tokens.error());
    }
    const auto credentials = readCredentials(d->options);
    if (!credentials) {
        return std::unexpected(credentials.error());
    }
    if (d->ledger.head().end == 0) {
        if (auto allocated = d->allocateParties(); !allocated) {
            return allocated;
        }
    }
    d->gate.set(FaultGate::Mode::Open);
    auto running = std::make_unique<Private::Running>(*d, std::move(*tokens));
    auto ledgerServer = d->serve({&running->version, &running->state, &running->update, &running->command, &running->party,
                                     &running->ledgerInfo, &running->ledgerHealth},
        *credentials, LedgerPingInterval, d->ports.ledger);
    if (!ledgerServer) {
        return std::unexpected(ledgerServer.error());
    }
    running->ports = {{"ledger-api", d->ports.ledger}};
    auto adminServer = d->serve(
        {&running->status, &running->adminInfo, &running->adminHealth}, *credentials, AdminPingInterval, d->ports.admin);
    if (!adminServer) {
        return std::unexpected(adminServer.error());
    }
    running->ledgerServer = std::move(*ledgerServer);
    running->adminServer = std::move(*adminServer);
    d->running = std::move(running);
    if (auto http = d->startHttp(); !http) {
        stop();
        return http;
    }
    return {};
}

void ParticipantServer::stop()
{
    if (!d->running) {
        return;
    }
    d->metricsHttp.stop();
    d->controlHttp.stop();
    d->gate.set(FaultGate::Mode::Stopped);
    d->ledger.wake();
    const auto deadline = std::chrono::system_clock::now() + ShutdownGrace;
    d->running->ledgerServer->Shutdown(deadline);
    d->running->adminServer->Shutdown(deadline);
    d->running.reset();
}

ParticipantServer::Ports ParticipantServer::ports() const
{
    return d->ports;
}

QString ParticipantServer::ledgerAddress() const
{
    return u"%1:%2"_s.arg(d->options.host).arg(d->ports.ledger);
}

QString ParticipantServer::adminAddress() const
{
    return u"%1:%2"_s.arg(d->options.host).arg(d->ports.admin);
}

QString ParticipantServer::partyId(const QString &hint) const
{
    const QString start = hint + u"::"_s;
    for (const std::string &party : d->ledger.parties()) {
        if (const QString id = QString::fromStdString(party); id.startsWith(start)) {
            return id;
        }
    }
    return {};
}

participant::Ledger &ParticipantServer::ledger() const
{
    return d->ledger;
}

void ParticipantServer::pause(Pause how)
{
    d->gate.set(how == Pause::Hang ? FaultGate::Mode::Hang : FaultGate::Mode::Refuse);
    d->ledger.wake();
}

void ParticipantServer::resume()
{
    d->gate.set(FaultGate::Mode::Open);
}

void ParticipantServer::cutStreams()
{
    d->gate.cutStreams();
    d->ledger.wake();
}

QJsonObject ParticipantServer::state() const
{
    return d->control.state();
}

QJsonObject ParticipantServer::announcement() const
{
    QJsonObject parties;
    for (const std::string &party : d->ledger.parties()) {
        const QString id = QString::fromStdString(party);
        parties.insert(id.section(u"::"_s, 0, 0), id);
    }
    const QString http = u"http://%1:%2"_s;
    return {
        {u"participant"_s, QString::fromStdString(d->ledger.participantId())},
        {u"ledger"_s, ledgerAddress()},
        {u"admin"_s, adminAddress()},
        {u"metrics"_s, QString(http.arg(d->options.host).arg(d->ports.metrics) + u"/metrics"_s)},
        {u"control"_s, http.arg(d->options.host).arg(d->ports.control)},
        {u"tls"_s, !d->options.tlsCertificate.isEmpty()},
        {u"parties"_s, parties},
    };
}

} // namespace countersign
