#include "app/console/delegating.h"

#include "backend/proposals/flowjournal.h"
#include "backend/proposals/keyuse.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

constexpr qint64 secondsOfHour = 3600;

QString endOf(quint64 hour)
{
    return Timestamp::fromSeconds((static_cast<qint64>(hour) + 2) * secondsOfHour).toDateTime().toString(u"yyyy-MM-dd HH:mm"_s);
}

QString wordsOf(const DelegateRequest &request, ChainId chain, const QString &owner)
{
    const SafeServiceDelegate &delegate = request.delegate;
    QStringList lines;
    lines.append(request.removes ? Delegating::tr("Asked of the service: %1 may no longer propose for %2.").arg(delegate.delegate.toString(), owner)
                                 : Delegating::tr("Asked of the service: %1 may propose for %2, and sign nothing.").arg(delegate.delegate.toString(), owner));
    lines.append(Delegating::tr("Signed, as EIP-712: Delegate(delegateAddress %1, totp %2)").arg(delegate.delegate.toString()).arg(request.hour));
    lines.append(Delegating::tr("In the domain: Safe Transaction Service, version 1.0, chain %1").arg(chain.value()));
    lines.append(Delegating::tr("Digest: %1").arg(request.digest.toString()));
    lines.append(Delegating::tr("The service takes it until %1 UTC. The signature names neither the Safe, the label, the end, nor whether it adds or "
                                "removes: whoever has it until then can do both with this delegate. It moves nothing on the chain.")
                     .arg(endOf(request.hour)));
    return lines.join(u'\n');
}

} // namespace

Delegating::Delegating(const Environment &environment, ExchangeSetup &setup, HolderKeys &keys, Journal &journal,
    const Clock &clock, QObject *parent)
    : DelegateDesk(parent)
    , m_environment(environment)
    , m_setup(setup)
    , m_keys(keys)
    , m_journal(journal)
    , m_clock(clock)
{
    for (const auto &service : m_setup.services())
        connect(service.get(), &ServiceExchange::delegatesRead, this, &DelegateDesk::changed);
}

ServiceExchange *Delegating::serviceOf(const QString &carrier) const
{
    const auto found = std::ranges::find_if(m_setup.services(), [&carrier](const auto &service) { return service->name() == carrier; });
    return found == m_setup.services().end() ? nullptr : found->get();
}

QString Delegating::nameOf(const Address &address) const
{
    const HolderSettings *holder = m_environment.holder(address);
    return holder ? holder->name : address.toString();
}

DeskDelegates Delegating::delegates(const QString &carrier) const
{
    DeskDelegates known;
    const ServiceExchange *service = serviceOf(carrier);
    if (!service) {
        known.problem = tr("There is no such transaction service.");
        return known;
    }
    const HolderSettings *me = m_keys.settings(m_holder);
    for (const SafeServiceDelegate &delegate : service->delegates().delegates)
        known.delegates.append({delegate, nameOf(delegate.delegator), me && me->address == delegate.delegator, !holdsAt(delegate, m_clock.now())});
    known.problem = service->delegatesProblem();
    if (known.problem.isEmpty() && service->delegates().hasNext)
        known.problem = tr("The service has more delegations than are read.");
    return known;
}

void Delegating::lookUp(const QString &carrier)
{
    if (ServiceExchange *service = serviceOf(carrier))
        service->readDelegates();
    else
        emit changed();
}

Result<DelegateRequest> Delegating::request(const QString &carrier, const SafeServiceDelegate &delegate, bool removes) const
{
    const ServiceExchange *service = serviceOf(carrier);
    const HolderSettings *me = m_keys.settings(m_holder);
    if (!service)
        return fail(ErrorKind::NotFound, tr("There is no such transaction service."));
    if (!me)
        return fail(ErrorKind::NotFound, tr("No holder is chosen. Choose whose key you use with the key button on top."));
    if (const auto may = service->mayDelegate(me->address); !may)
        return std::unexpected(may.error());
    DelegateRequest request{carrier, delegate, removes, safeServiceHour(m_clock.now()), {}, {}};
    request.delegate.delegator = me->address;
    if (removes && delegate.delegator != me->address)
        return fail(ErrorKind::Denied, tr("That is a delegation by %1, who alone can end it.").arg(nameOf(delegate.delegator)));
    if (!removes) {
        request.delegate.safe = service->settings().safe;
        request.delegate.label = delegate.label.trimmed();
        if (delegate.delegate.isZero() || delegate.delegate == me->address)
            return fail(ErrorKind::Invalid, tr("A delegate is another address than your own."));
        if (request.delegate.label.isEmpty() || request.delegate.label.size() > maxDelegateLabel)
            return fail(ErrorKind::Invalid, tr("A delegate needs a label of at most %1 characters.").arg(maxDelegateLabel));
        if (delegate.expiresAt && *delegate.expiresAt <= m_clock.now())
            return fail(ErrorKind::Invalid, tr("The end is over already."));
    }
    request.digest = safeServiceDelegateDigest(service->settings().chainId, delegate.delegate, request.hour);
    request.words = wordsOf(request, service->settings().chainId, me->name);
    return request;
}

void Delegating::send(const DelegateRequest &shown, SecretBuffer pin)
{
    if (m_isRunning) {
        emit sent({fail(ErrorKind::Conflict, tr("Another step is running."))});
        return;
    }
    m_isRunning = true;
    spawn(run(shown, std::move(pin)));
}

QCoro::Task<> Delegating::run(DelegateRequest shown, SecretBuffer pin)
{
    const std::stop_token stop = m_scope.token();
    const auto done = co_await signAndSend(std::move(shown), std::move(pin));
    if (stop.stop_requested())
        co_return;
    m_isRunning = false;
    if (done)
        emit stepChanged({FlowStep::Kind::Done, *done});
    emit sent({done});
}

// Signed is exactly what was shown: what has changed since is shown again first.
QCoro::Task<Result<QString>> Delegating::signAndSend(DelegateRequest shown, SecretBuffer pin)
{
    const std::stop_token stop = m_scope.token();
    const auto given = [] { return fail(ErrorKind::Cancelled, tr("The console was closed")); };
    const auto now = request(shown.carrier, shown.delegate, shown.removes);
    const Result<Signer *> key = m_keys.signer(m_holder);
    if (!now || !key)
        co_return std::unexpected(now ? key.error() : now.error());
    if (now->digest != shown.digest || (*key)->address() != shown.delegate.delegator)
        co_return fail(ErrorKind::Conflict, tr("What is signed names the hour, and another one has begun: look at it again."));
    emit stepChanged({FlowStep::Kind::Signing, tr("The token signs the request")});
    const auto signature = co_await signWithToken(**key, shown.digest, std::move(pin));
    if (stop.stop_requested())
        co_return given();
    if (!signature) {
        if (isForeignSignature(signature.error())) {
            auto incident = JournalEntry::make(JournalKind::Incident, m_holder, shown.delegate.delegate.toString(),
                u"Signing a delegation failed: %1"_s.arg(signature.error().message), errorEvidence(signature.error()));
            (void)co_await record(m_journal, std::move(incident));
        }
        co_return std::unexpected(signature.error());
    }
    emit stepChanged({FlowStep::Kind::Recording, tr("Recording the request")});
    const QString delegate = shown.delegate.delegate.toString();
    auto entry = JournalEntry::make(JournalKind::Operation, m_holder, delegate,
        (shown.removes ? u"Asks %1 to end the delegation of %2"_s : u"Asks %1 to let %2 propose as delegate"_s).arg(shown.carrier, delegate),
        {{u"label"_s, shown.delegate.label}, {u"digest"_s, shown.digest.toString()},
            {u"expires"_s, shown.delegate.expiresAt ? shown.delegate.expiresAt->toIsoString() : QString()}});
    const auto recorded = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return given();
    if (!recorded)
        co_return std::unexpected(recorded.error());
    ServiceExchange *service = serviceOf(shown.carrier);
    if (!service)
        co_return fail(ErrorKind::NotFound, tr("There is no such transaction service."));
    emit stepChanged({FlowStep::Kind::Publishing, tr("Asking the service")});
    const SafeServiceDelegate wanted = shown.delegate;
    const EvmSignature approval = signature->normalised();
    const auto taken = co_await service->delegate(wanted, approval, shown.removes);
    if (stop.stop_requested())
        co_return given();
    if (!taken)
        co_return std::unexpected(taken.error());
    service->readDelegates();
    co_return shown.removes ? tr("The service took it: %1 may no longer propose for you there.").arg(delegate)
                            : tr("The service took it: %1 may propose for you there, and sign nothing.").arg(delegate);
}

QString Delegating::claimOf(const Hash32 &id) const
{
    QStringList sentences;
    for (const auto &service : m_setup.services()) {
        const auto proposer = service->claimedProposer(id);
        if (!proposer)
            continue;
        QStringList owners;
        for (const SafeServiceDelegate &delegate : service->delegates().delegates) {
            if (delegate.delegate == *proposer && holdsAt(delegate, m_clock.now()))
                owners.append(nameOf(delegate.delegator));
        }
        owners.removeDuplicates();
        if (owners.isEmpty())
            continue;
        sentences.append(tr("Proposed by delegate %1 for owner %2, as %3 claims; that is no owner's signature.")
                             .arg(proposer->toString(), owners.join(u", "_s), service->name()));
    }
    return sentences.join(u' ');
}

} // namespace countersign
