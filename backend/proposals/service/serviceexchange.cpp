#include "backend/proposals/service/serviceexchange.h"

#include "backend/proposals/exchangefuture.h"
#include "backend/types/clock.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QPromise>
#include <QScopeGuard>

#include <algorithm>
#include <memory>
#include <utility>

namespace countersign {

namespace {

constexpr qsizetype maxRejectedKept = 500;
constexpr std::chrono::milliseconds longestRest = std::chrono::hours(1);
constexpr std::chrono::milliseconds delegatesAge = std::chrono::hours(1);

// What its proposer has taken back does not go up again, however many other carriers still have it.
bool isWithdrawn(const ExchangeItem *item)
{
    return item && item->isDescribed()
        && std::ranges::any_of(item->statements, [item](const Statement &statement) {
               return statement.kind == StatementKind::Withdrawal && statement.author == item->proposal.proposer;
           });
}

Error withdrawn()
{
    return {ErrorKind::Rejected, u"Its proposer has withdrawn it: it does not go to the service"_s, u"service.withdrawn"_s};
}

template <class T> QFuture<Result<T>> answered(Result<T> result)
{
    return QtFuture::makeReadyFuture(std::move(result));
}

QFuture<Result<QString>> declined(const QString &what)
{
    return answered<QString>(fail(ErrorKind::Rejected,
        u"A transaction service carries no %1: hand it over by folder, file or QR"_s.arg(what), u"service.kind"_s));
}

} // namespace

ServiceExchange::ServiceExchange(ServiceSettings settings, QByteArray token, QObject *parent)
    : ServiceExchange(std::move(settings), std::move(token), SafeService::usualDeadline, parent)
{
}

ServiceExchange::ServiceExchange(
    ServiceSettings settings, QByteArray token, std::chrono::milliseconds deadline, QObject *parent)
    : ProposalExchange(parent)
    , m_settings(std::move(settings))
    , m_service(m_settings.base, std::move(token), deadline)
    , m_turn(QtFuture::makeReadyFuture())
{
    connect(&m_timer, &QTimer::timeout, this, &ServiceExchange::refresh);
}

ServiceExchange::~ServiceExchange() = default;

QString ServiceExchange::name() const
{
    return u"transaction service %1 (%2)"_s.arg(m_settings.base.host(), m_settings.chainName);
}

ExchangeStatus ServiceExchange::status() const
{
    ExchangeStatus status = m_status;
    if (!m_unfit.isEmpty())
        status.warnings.append(m_unfit);
    else if (m_awaitsToken)
        status.warnings.append(u"It is not asked before the keychain has said whether there is an access token"_s);
    else if (!m_subject)
        status.warnings.append(u"It is not asked before the Safe has been read from the chain"_s);
    return status;
}

void ServiceExchange::setState(const SafeState &state)
{
    if (state.chainId != m_settings.chainId || state.safe != m_settings.safe)
        return;
    const auto subject = SafeServiceSubject::of(state);
    if (!subject || !subject->version.bindsChain()) {
        m_subject.reset();
        m_unfit = u"Version %1 of the Safe is none whose signatures hold for one chain only"_s.arg(state.version);
        return;
    }
    const bool isSame = m_subject && m_subject->version == subject->version && m_subject->owners == subject->owners
        && m_nonce == state.nonce;
    m_unfit.clear();
    m_subject = *subject;
    m_nonce = state.nonce;
    if (!isSame)
        refresh();
}

void ServiceExchange::start(std::chrono::milliseconds interval)
{
    m_plainInterval = interval;
    m_interval = m_service.hasToken() ? std::min(interval, ownInterval) : interval;
    m_timer.start(m_interval);
    refresh();
}

void ServiceExchange::setToken(QByteArray token)
{
    m_service.setToken(std::move(token));
    m_awaitsToken = false;
    if (m_timer.isActive())
        start(m_plainInterval);
    else
        refresh();
}

void ServiceExchange::refresh()
{
    if (!m_subject || m_awaitsToken)
        return; // setState() and setToken() read
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    spawn(read());
}

QCoro::Task<> ServiceExchange::read()
{
    const auto stop = m_scope.token();
    const SafeServiceSubject subject = *m_subject;
    const auto queue = co_await m_service.queue(subject, m_nonce, stop);
    if (stop.stop_requested())
        co_return;
    if (wantsDelegates(queue)) {
        const auto delegates = co_await m_service.delegates(subject, stop);
        if (stop.stop_requested())
            co_return;
        m_delegatesRest.setRemainingTime(delegates ? delegatesAge : m_interval);
        m_delegatesProblem.clear();
        if (delegates)
            m_delegates = *delegates;
        else if (delegates.error().kind != ErrorKind::NotFound) // a service without delegation
            m_delegatesProblem = u"Who may propose for owners is not known: %1"_s.arg(delegates.error().message);
        emit delegatesRead();
    }
    m_reading = false;
    take(queue, subject);
    if (std::exchange(m_again, false))
        refresh();
}

void ServiceExchange::readDelegates()
{
    if (!m_subject || m_awaitsToken) {
        m_delegatesProblem = u"Who may propose for owners is not known: the Safe or the access token is not read yet"_s;
        emit delegatesRead();
        return;
    }
    m_delegatesRest = QDeadlineTimer();
    refresh();
}

Result<void> ServiceExchange::mayDelegate(const Address &owner) const
{
    if (!m_subject)
        return fail(ErrorKind::Unavailable,
            m_unfit.isEmpty() ? u"The Safe on %1 has not been read from the chain yet"_s.arg(m_settings.chainName) : m_unfit);
    if (!isOwner(owner))
        return fail(ErrorKind::Denied, u"Only an owner of the Safe on %1 can have delegates there"_s.arg(m_settings.chainName));
    return {};
}

QCoro::Task<Result<void>> ServiceExchange::delegate(SafeServiceDelegate delegate, EvmSignature signature, bool removes)
{
    const auto stop = m_scope.token();
    if (m_awaitsToken)
        co_return fail(ErrorKind::Unavailable, u"The keychain has not said yet whether there is an access token"_s);
    if (removes)
        co_return co_await m_service.removeDelegate(delegate, signature, stop);
    co_return co_await m_service.addDelegate(delegate, signature, stop);
}

std::optional<Address> ServiceExchange::claimedProposer(const Hash32 &safeTxHash) const
{
    const auto found = m_proposers.constFind(safeTxHash);
    return found == m_proposers.cend() || isOwner(*found) ? std::nullopt : std::optional(*found);
}

bool ServiceExchange::wantsDelegates(const Result<SafeServiceQueue> &queue) const
{
    return queue && m_delegatesRest.hasExpired();
}

void ServiceExchange::take(const Result<SafeServiceQueue> &queue, const SafeServiceSubject &subject)
{
    if (!queue) {
        const bool isNews = m_status.error != queue.error();
        m_status.error = queue.error();
        if (m_timer.isActive() && queue.error().kind == ErrorKind::Exhausted)
            m_timer.start(std::min(m_timer.intervalAsDuration() * 2, longestRest));
        if (isNews)
            emit failed(*m_status.error);
        return;
    }
    if (m_timer.isActive() && m_timer.intervalAsDuration() != m_interval)
        m_timer.start(m_interval);
    ServiceReading reading = readingOf(*queue, subject, name());
    reading.warnings += delegationsOf(*queue, subject, m_delegates, SystemClock().now());
    if (!m_delegatesProblem.isEmpty())
        reading.warnings.append(m_delegatesProblem);
    m_proposers.clear();
    for (const SafeServiceTransaction &listed : queue->transactions) {
        if (listed.proposer)
            m_proposers.insert(listed.safeTxHash, *listed.proposer);
    }
    const bool recovered = std::exchange(m_status.error, std::nullopt).has_value();
    const bool isFirst = !std::exchange(m_status.hasRead, true);
    const bool differs = *m_snapshot.set != *reading.set;
    QList<RejectedFile> rejected = m_snapshot.rejected;
    QList<RejectedFile> news;
    for (const RejectedFile &file : reading.rejected) {
        if (!rejected.contains(file) && rejected.size() + news.size() < maxRejectedKept)
            news.append(file);
    }
    if (differs)
        m_snapshot = snapshotOf(reading.set);
    m_snapshot.rejected = rejected + news;
    m_status.readAt = SystemClock().now();
    const bool otherWarnings = std::exchange(m_status.warnings, reading.warnings) != reading.warnings;
    for (const RejectedFile &file : std::as_const(news))
        emit fileRejected(file);
    if (isFirst || recovered || differs || otherWarnings || !news.isEmpty())
        emit changed();
}

const ExchangeItem *ServiceExchange::lookUp(const Hash32 &safeTxHash) const
{
    const ExchangeItem *item = m_lookup ? m_lookup(safeTxHash) : nullptr;
    return item ? item : m_snapshot.find(safeTxHash);
}

bool ServiceExchange::isOwner(const Address &address) const
{
    return m_subject && std::ranges::find(m_subject->owners, address) != m_subject->owners.end();
}

Carriage ServiceExchange::carriageOf(const Hash32 & /*entryHash*/, const ExchangeEntry &entry) const
{
    const ExchangeLane lane = laneOf(entry);
    if (lane.chainId != m_settings.chainId || lane.safe != m_settings.safe)
        return Carriage::Elsewhere;
    if (std::holds_alternative<Statement>(entry))
        return Carriage::Declined;
    const auto *signature = std::get_if<CollectedSignature>(&entry);
    Hash32 hash;
    if (signature)
        hash = signature->safeTxHash;
    else if (const auto *proposal = std::get_if<Proposal>(&entry))
        hash = proposal->safeTxHash();
    else
        hash = std::get<ImportedTransaction>(entry).safeTxHash();
    if (const ExchangeItem *held = m_snapshot.find(hash)) {
        const auto isBySame = [signature](const CollectedSignature &other) { return other.owner == signature->owner; };
        if (!signature || std::ranges::any_of(held->signatures, isBySame) || std::ranges::any_of(held->claims, isBySame))
            return Carriage::Held;
    }
    if (signature && m_subject && !isOwner(signature->owner))
        return Carriage::Declined;
    // What is settled on the chain is no longer listed, and need not be.
    const ExchangeItem *known = lookUp(hash);
    if (isWithdrawn(known))
        return Carriage::Declined;
    return known && m_subject && known->proposal.transaction.nonce < m_nonce ? Carriage::Declined : Carriage::Wanted;
}

QFuture<Result<ChainLink>> ServiceExchange::nextLink(ExchangeLane /*lane*/)
{
    return answered<ChainLink>(fail(ErrorKind::Rejected, u"A transaction service keeps no log of its authors"_s));
}

Result<void> ServiceExchange::checkReady(const ExchangeLane &lane) const
{
    if (lane.chainId != m_settings.chainId || lane.safe != m_settings.safe)
        return fail(ErrorKind::Rejected, u"It belongs to another Safe than the service is asked about"_s, u"service.safe"_s);
    if (!m_unfit.isEmpty())
        return fail(ErrorKind::Rejected, m_unfit, u"service.version"_s);
    if (m_awaitsToken)
        return fail(ErrorKind::Unavailable,
            u"The keychain has not said yet whether there is an access token for the service"_s);
    if (!m_subject)
        return fail(ErrorKind::Unavailable,
            u"The Safe has not been read from the chain yet, so nothing can be checked that goes to the service"_s);
    return {};
}

QFuture<Result<QString>> ServiceExchange::sendTransaction(
    const ExchangeLane &lane, const SafeTransaction &transaction, const Hash32 &safeTxHash, const QString &origin)
{
    if (const auto ready = checkReady(lane); !ready)
        return answered<QString>(std::unexpected(ready.error()));
    if (m_snapshot.find(safeTxHash))
        return answered<QString>(safeTxHash.toString());
    if (transaction.nonce < m_nonce)
        return answered<QString>(fail(ErrorKind::Rejected,
            u"Its nonce has been used: the service is told only what can still be executed"_s, u"service.nonce"_s));
    if (isWithdrawn(lookUp(safeTxHash)))
        return answered<QString>(std::unexpected(withdrawn()));
    ServiceLetter letter{safeTxHash, transaction, origin, {}};
    if (const ExchangeItem *item = lookUp(safeTxHash)) {
        for (const CollectedSignature &signature : item->signatures) {
            if (isOwner(signature.owner))
                letter.signatures.push_back(signature.signature);
        }
    }
    if (letter.signatures.empty())
        return answered<QString>(fail(ErrorKind::NotFound,
            u"The service hides what no owner has signed: the proposal goes up with the first owner's signature"_s,
            u"service.later"_s));
    return futureOf(send(std::move(letter)));
}

QFuture<Result<QString>> ServiceExchange::publish(Proposal proposal, Publishing /*how*/)
{
    return sendTransaction(
        proposal.lane(), proposal.transaction, proposal.safeTxHash(), originOf(proposal.envelopeDigest()));
}

QFuture<Result<QString>> ServiceExchange::publish(ImportedTransaction import, Publishing /*how*/)
{
    constexpr qsizetype maxOrigin = 200;
    return sendTransaction(import.lane(), import.transaction, import.safeTxHash(),
        import.origin.size() <= maxOrigin ? import.origin : QString());
}

QFuture<Result<QString>> ServiceExchange::publish(CollectedSignature signature, Publishing /*how*/)
{
    if (const auto ready = checkReady(signature.lane()); !ready)
        return answered<QString>(std::unexpected(ready.error()));
    if (!isOwner(signature.owner))
        return answered<QString>(fail(ErrorKind::Rejected,
            u"%1 is no owner of the Safe: the service takes owners' signatures only"_s.arg(signature.owner.toString()),
            u"service.owner"_s));
    const ExchangeItem *item = lookUp(signature.safeTxHash);
    if (item && item->proposal.transaction.nonce < m_nonce)
        return answered<QString>(fail(ErrorKind::Rejected,
            u"Its nonce has been used: the service is told only what can still be executed"_s, u"service.nonce"_s));
    if (isWithdrawn(item))
        return answered<QString>(std::unexpected(withdrawn()));
    ServiceLetter letter{signature.safeTxHash, std::nullopt, {}, {signature.signature}};
    if (item) {
        letter.transaction = item->proposal.transaction;
        if (item->isDescribed())
            letter.origin = originOf(item->envelope());
    }
    return futureOf(send(std::move(letter)));
}

QFuture<Result<QString>> ServiceExchange::publish(Statement /*statement*/, Publishing /*how*/)
{
    return declined(u"notes, rejections and acknowledgements"_s);
}

QFuture<Result<QString>> ServiceExchange::publishAttachment(Bytes /*content*/)
{
    return declined(u"documents"_s);
}

QFuture<Result<Bytes>> ServiceExchange::attachment(Hash32 /*contentHash*/)
{
    return answered<Bytes>(fail(ErrorKind::NotFound, u"A transaction service carries no documents"_s));
}

QList<DeletionOffer> ServiceExchange::deletionOffers(const Hash32 &safeTxHash, const Address &author, Timestamp now) const
{
    if (!m_subject || m_awaitsToken || m_proposers.value(safeTxHash) != author || author.isZero() || !m_snapshot.find(safeTxHash))
        return {};
    return {DeletionOffer{name(), safeTxHash, safeServiceDeletionDigest(*m_subject, safeTxHash, safeServiceHour(now))}};
}

QFuture<Result<QString>> ServiceExchange::remove(DeletionOffer offer, EvmSignature signature)
{
    return futureOf(sendRemoval(std::move(offer), signature));
}

QCoro::Task<Result<QString>> ServiceExchange::sendRemoval(DeletionOffer offer, EvmSignature signature)
{
    const auto stop = m_scope.token();
    const auto sent = co_await m_service.remove(offer.safeTxHash, signature, stop);
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The exchange was closed"_s);
    refresh();
    if (!sent && sent.error().kind != ErrorKind::NotFound)
        co_return std::unexpected(sent.error());
    co_return offer.safeTxHash.toString();
}

QCoro::Task<Result<QString>> ServiceExchange::send(ServiceLetter letter)
{
    const auto stop = m_scope.token();
    const auto before = m_turn;
    const auto mine = std::make_shared<QPromise<void>>();
    mine->start();
    m_turn = mine->future();
    const auto done = qScopeGuard([mine] { mine->finish(); });
    co_await before;
    const Error gone{ErrorKind::Cancelled, u"The exchange was closed"_s, {}};
    if (stop.stop_requested())
        co_return std::unexpected(gone);
    if (!m_subject)
        co_return fail(ErrorKind::Unavailable, u"The Safe is no longer one that the service can be asked about"_s);
    const SafeServiceSubject subject = *m_subject;
    const QString hash = letter.safeTxHash.toString();
    const auto sent = co_await deliver(m_service, subject, std::move(letter), stop);
    if (stop.stop_requested())
        co_return std::unexpected(gone);
    refresh();
    if (!sent)
        co_return std::unexpected(sent.error());
    co_return hash;
}

} // namespace countersign
