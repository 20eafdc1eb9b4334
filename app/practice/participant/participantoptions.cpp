#include "app/practice/participant/participantoptions.h"

#include "backend/types/strings.h"

#include <functional>
#include <map>

namespace countersign {

namespace {

using Setter = std::function<Result<void>(ParticipantOptions &, const QString &)>;

Setter text(QString ParticipantOptions::*member)
{
    return [member](ParticipantOptions &options, const QString &value) -> Result<void> {
        options.*member = value;
        return {};
    };
}

template<class Number, class Apply>
Setter number(qint64 least, qint64 most, Apply apply)
{
    return [least, most, apply](ParticipantOptions &options, const QString &value) -> Result<void> {
        bool isNumber = false;
        const qint64 given = value.toLongLong(&isNumber);
        if (!isNumber || given < least || given > most) {
            return fail(ErrorKind::Invalid, u"needs a whole number between %1 and %2, not \"%3\""_s.arg(least).arg(most).arg(value));
        }
        apply(options, static_cast<Number>(given));
        return {};
    };
}

Setter port(quint16 ParticipantOptions::*member)
{
    return number<quint16>(0, 65535, [member](ParticipantOptions &options, quint16 value) { options.*member = value; });
}

const std::map<QString, Setter> &setters()
{
    static const std::map<QString, Setter> all {
        {u"--id"_s, text(&ParticipantOptions::id)},
        {u"--host"_s, text(&ParticipantOptions::host)},
        {u"--ledger-port"_s, port(&ParticipantOptions::ledgerPort)},
        {u"--admin-port"_s, port(&ParticipantOptions::adminPort)},
        {u"--metrics-port"_s, port(&ParticipantOptions::metricsPort)},
        {u"--control-port"_s, port(&ParticipantOptions::controlPort)},
        {u"--party"_s,
            [](ParticipantOptions &options, const QString &value) -> Result<void> {
                options.parties.append(value);
                return {};
            }},
        {u"--tls-certificate"_s, text(&ParticipantOptions::tlsCertificate)},
        {u"--tls-key"_s, text(&ParticipantOptions::tlsKey)},
        {u"--tls-client-ca"_s, text(&ParticipantOptions::tlsClientCa)},
        {u"--token-file"_s, text(&ParticipantOptions::tokenFile)},
        {u"--read-token-file"_s, text(&ParticipantOptions::readTokenFile)},
        {u"--ports-file"_s, text(&ParticipantOptions::portsFile)},
        {u"--checkpoint-ms"_s,
            number<qint64>(10, 60'000,
                [](ParticipantOptions &options, qint64 value) { options.checkpointInterval = std::chrono::milliseconds(value); })},
        {u"--max-message-bytes"_s,
            number<int>(1024, 1024 * 1024 * 1024, [](ParticipantOptions &options, int value) { options.maxMessageBytes = value; })},
        {u"--retain"_s,
            number<qsizetype>(
                100, 100'000'000, [](ParticipantOptions &options, qsizetype value) { options.retainedUpdates = value; })},
    };
    return all;
}

} // namespace

Result<ParticipantOptions> ParticipantOptions::parse(const QStringList &arguments)
{
    ParticipantOptions options;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &name = arguments[i];
        if (name == "--die-with-parent"_L1) {
            options.dieWithParent = true;
            continue;
        }
        const auto setter = setters().find(name);
        if (setter == setters().end()) {
            return fail(ErrorKind::Invalid, u"Unknown argument \"%1\""_s.arg(name));
        }
        if (i + 1 == arguments.size()) {
            return fail(ErrorKind::Invalid, u"%1 needs a value"_s.arg(name));
        }
        if (auto set = setter->second(options, arguments[++i]); !set) {
            return fail(ErrorKind::Invalid, name + u' ' + set.error().message);
        }
    }
    if (options.tlsCertificate.isEmpty() != options.tlsKey.isEmpty()) {
        return fail(ErrorKind::Invalid, u"--tls-certificate and --tls-key belong together"_s);
    }
    if (!options.tlsClientCa.isEmpty() && options.tlsCertificate.isEmpty()) {
        return fail(ErrorKind::Invalid, u"--tls-client-ca needs --tls-certificate"_s);
    }
    return options;
}

QString ParticipantOptions::usage()
{
    return uR"(A simulated Canton participant: Ledger API and admin API over gRPC, an in-memory ledger, metrics, fault injection.
When it serves, it prints one line of JSON with its addresses and parties. It ends on SIGTERM or SIGINT.

  --id NAME               name of the participant (vault-operator)
  --host ADDRESS          IPv4 address to listen on (127.0.0.1)
  --ledger-port N, --admin-port N, --metrics-port N, --control-port N
                          ports; 0, the default, takes a free one
  --party HINT            allocate this party at the start; may be repeated
  --tls-certificate FILE, --tls-key FILE
                          speak TLS on both gRPC ports
  --tls-client-ca FILE    ask clients for a certificate by this CA
  --token-file FILE       the ledger API asks for the bearer token in this file
  --read-token-file FILE  a second token, that may not submit
  --ports-file FILE       write the announcement to this file, too
  --checkpoint-ms N       at least this often an offset checkpoint on a stream (500)
  --max-message-bytes N   limit of a message in both directions (10485760)
  --retain N              updates that are kept; older ones are pruned (200000)
  --die-with-parent       end when the process that started this one ends
)"_s;
}

} // namespace countersign
