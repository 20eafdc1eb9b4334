#include "app/console/exchanging.h"

#include "backend/proposals/compose/draftstore.h"
#include "backend/proposals/compose/proposalimport.h"
#include "backend/proposals/exchangebundle.h"
#include "backend/proposals/exchangeentry.h"
#include "backend/proposals/sealedenvelope.h"
#include "backend/types/keccak.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxKeptBytes = 32 * 1024 * 1024; // of what others attached

} // namespace

Exchanging::Exchanging(const Environment &environment, ExchangeSetup &setup, ComposeDesk &composing, Sealing &sealing,
    const Clock &clock, QObject *parent)
    : ExchangeDesk(parent)
    , m_environment(environment)
    , m_setup(setup)
    , m_composing(composing)
    , m_sealing(sealing)
    , m_clock(clock)
{
    const auto watch = [this](ProposalExchange &carrier) {
        connect(&carrier, &ProposalExchange::changed, this, &ExchangeDesk::carriersChanged);
        connect(&carrier, &ProposalExchange::failed, this, &ExchangeDesk::carriersChanged);
    };
    for (ProposalExchange *carrier : all())
        watch(*carrier);
    connect(&m_setup.exchange(), &ProposalExchange::changed, this, [this] { spawn(runReadDocuments()); });
    connect(&m_setup.exchange(), &ExchangeUnion::refused, this, &ExchangeDesk::carriersChanged);
}

QList<ProposalExchange *> Exchanging::all() const
{
    QList<ProposalExchange *> carriers{&m_setup.folder()};
    if (m_setup.mirror())
        carriers.append(m_setup.mirror());
    for (const auto &service : m_setup.services())
        carriers.append(service.get());
    return carriers;
}

QList<DeskCarrier> Exchanging::carriers() const
{
    QList<DeskCarrier> described;
    for (const ProposalExchange *carrier : all())
        described.append(describe(*carrier));
    return described;
}

DeskCarrier Exchanging::describe(const ProposalExchange &carrier) const
{
    const ExchangeStatus status = carrier.status();
    DeskCarrier described;
    described.name = &carrier == m_setup.mirror() ? tr("this console's own copy") : carrier.name();
    QStringList details;
    if (status.hasRead)
        details.append(tr("read %1").arg(status.readAt.toIsoString()));
    described.token = tokenOf(carrier);
    if (status.error) {
        described.tone = Tone::Bad;
        described.state = tr("not read");
        details.append(status.error->message);
        const bool isRefused = status.error->kind == ErrorKind::Unauthenticated || status.error->kind == ErrorKind::Denied;
        if (isRefused && described.token) {
            described.state = described.token->isPresent ? tr("token refused") : tr("token needed");
            details.append(described.token->isPresent
                    ? tr("Its access token is refused: it has ended, or is for something else. Replace it with “Token…”.")
                    : tr("It wants an access token. Enter it with “Token…”."));
        }
    } else if (!status.hasRead) {
        described.state = tr("reading");
    } else {
        described.tone = Tone::Good;
        described.state = tr("read");
    }
    described.lacking = static_cast<int>(m_setup.exchange().lackingAt(carrier));
    if (described.lacking > 0 && described.tone == Tone::Good)
        described.tone = Tone::Warn;
    details.append(status.warnings);
    for (const ExchangeItem &item : m_setup.exchange().snapshot().items) {
        QList<CarrierRefusal> refusals = m_setup.exchange().refusals(item.envelope());
        for (const CollectedSignature &signature : item.signatures)
            refusals += m_setup.exchange().refusals(entryHashOf(ExchangeEntry(signature)));
        for (const CarrierRefusal &refusal : std::as_const(refusals)) {
            const QString text = tr("does not have “%1”: %2").arg(item.proposal.title, refusal.error.message);
            if (refusal.carrier == carrier.name() && refusal.error.kind != ErrorKind::NotFound && !details.contains(text))
                details.append(text);
        }
    }
    described.hasDelegates = std::ranges::any_of(m_setup.services(), [&carrier](const auto &service) { return service.get() == &carrier; });
    if (described.token)
        details.append(described.token->state);
    details.append(delegatesOf(carrier));
    described.detail = details.join(u'\n');
    return described;
}

void Exchanging::setTokens(ServiceTokens &tokens)
{
    m_tokens = &tokens;
    connect(m_tokens, &ServiceTokens::changed, this, &ExchangeDesk::carriersChanged);
}

std::optional<DeskToken> Exchanging::tokenOf(const ProposalExchange &carrier) const
{
    const auto &services = m_setup.services();
    const auto found = std::ranges::find(services, &carrier, [](const auto &service) -> const ProposalExchange * { return service.get(); });
    if (found == services.end() || !m_tokens)
        return std::nullopt;
    DeskToken shown;
    shown.origin = ServiceTokens::originOf((*found)->settings().base);
    const ServiceToken token = m_tokens->token(shown.origin);
    switch (token.state) {
    case ServiceToken::State::Reading:
        shown.state = tr("The keychain is being asked for its access token.");
        break;
    case ServiceToken::State::None:
        shown.state = token.problem.isEmpty() ? tr("No access token.") : tr("No access token in use. In the keychain it may still be: %1.").arg(token.problem);
        break;
    case ServiceToken::State::Stored:
        shown.state = tr("Its access token is in the keychain.");
        shown.isPresent = true;
        break;
    case ServiceToken::State::ThisRun:
        shown.state = token.problem.isEmpty() ? tr("Its access token is used in this run.")
                                              : tr("Its access token is kept for this run only. %1.").arg(token.problem);
        shown.isPresent = true;
        break;
    case ServiceToken::State::Unreadable:
        shown.state = tr("Whether the keychain has an access token is not known. %1.").arg(token.problem);
        break;
    }
    return shown;
}

QStringList Exchanging::delegatesOf(const ProposalExchange &carrier) const
{
    const auto &services = m_setup.services();
    const auto found = std::ranges::find(services, &carrier, [](const auto &service) -> const ProposalExchange * { return service.get(); });
    QStringList lines;
    if (found == services.end())
        return lines;
    const auto nameOf = [this](const Address &address) {
        const auto holder = std::ranges::find(m_environment.holders, address, &HolderSettings::address);
        return holder == m_environment.holders.end() ? address.toString() : holder->name;
    };
    for (const SafeServiceDelegate &delegate : (*found)->delegates().delegates) {
        if (holdsAt(delegate, m_clock.now()))
            lines.append(tr("May propose there as delegate of %1, never sign for them: %2 (“%3”)")
                             .arg(nameOf(delegate.delegator), delegate.delegate.toString(), delegate.label));
    }
    return lines;
}

void Exchanging::keepToken(const QString &origin, SecretBuffer token)
{
    if (m_tokens)
        spawn(runKeepToken(origin, std::move(token)));
    else
        emit tokenKept({fail(ErrorKind::Unavailable, tr("This console keeps no tokens."))});
}

QCoro::Task<> Exchanging::runKeepToken(QString origin, SecretBuffer token)
{
    const std::stop_token stop = m_scope.token();
    const auto kept = co_await m_tokens->keep(origin, std::move(token));
    if (stop.stop_requested())
        co_return;
    if (!kept)
        emit tokenKept({std::unexpected(kept.error())});
    else if (kept->state == ServiceToken::State::Stored)
        emit tokenKept({tr("In use, and kept in the keychain of this desktop.")});
    else
        emit tokenKept({tr("In use until the console ends, and then to be entered again. %1.").arg(kept->problem)});
}

void Exchanging::removeToken(const QString &origin)
{
    if (m_tokens)
        spawn(runRemoveToken(origin));
    else
        emit tokenKept({fail(ErrorKind::Unavailable, tr("This console keeps no tokens."))});
}

QCoro::Task<> Exchanging::runRemoveToken(QString origin)
{
    const std::stop_token stop = m_scope.token();
    const auto removed = co_await m_tokens->remove(origin);
    if (stop.stop_requested())
        co_return;
    if (removed)
        emit tokenKept({tr("Removed. It holds until whoever gave it out ends it.")});
    else
        emit tokenKept({fail(removed.error().kind, tr("No longer used, but still in the keychain: %1").arg(removed.error().message), removed.error().detail)});
}

void Exchanging::refresh()
{
    m_setup.exchange().refresh();
}

void Exchanging::level()
{
    spawn(runLevel());
}

QCoro::Task<> Exchanging::runLevel()
{
    const std::stop_token stop = m_scope.token();
    CopyReport whole;
    for (ProposalExchange *carrier : all()) {
        const auto copying = m_setup.exchange().copyMissing(*carrier);
        const CopyReport report = co_await copying;
        if (stop.stop_requested())
            co_return;
        whole.copied += report.copied;
        whole.refused += report.refused;
    }
    emit levelled(whole.refused.isEmpty() ? tr("%n entries copied.", nullptr, whole.copied)
                                          : tr("%n entries copied. Not taken: %1", nullptr, whole.copied).arg(whole.refused.join(u"; "_s)));
    emit carriersChanged();
}

void Exchanging::accept(const ExchangeAlarm &alarm)
{
    // Whichever carrier raised it: the others do not know it.
    m_setup.folder().accept(alarm);
    if (m_setup.mirror())
        m_setup.mirror()->accept(alarm);
}

Result<Bytes> Exchanging::pack(const QList<Hash32> &proposals) const
{
    ExchangeBundle bundle = bundleOf(m_setup.exchange().snapshot(), proposals);
    if (bundle.entries.isEmpty())
        return fail(ErrorKind::NotFound, tr("This proposal is no longer in the exchange."));
    if (const auto added = addDocuments(bundle, proposals); !added)
        return std::unexpected(added.error());
    return bundleToBytes(bundle);
}

// What is not here cannot be given, and the one who takes it is told that it is missing.
Result<void> Exchanging::addDocuments(ExchangeBundle &bundle, const QList<Hash32> &proposals) const
{
    const ExchangeSnapshot &snapshot = m_setup.exchange().snapshot();
    for (const Hash32 &id : proposals) {
        const ExchangeItem *item = snapshot.find(id);
        for (const Attachment &attachment : item ? item->proposal.attachments : QList<Attachment>()) {
            if (!snapshot.set->attachments().contains(attachment.contentHash))
                continue;
            if (attachment.size > static_cast<quint64>(maxBundleBytes))
                return fail(ErrorKind::Exhausted,
                    tr("“%1” is too large to go with the proposal in one message: share it through the folder.").arg(attachment.name));
            const auto content = m_documents.constFind(attachment.contentHash);
            if (content == m_documents.cend())
                return fail(ErrorKind::Unavailable, tr("“%1” has not been read from the exchange yet. Try again in a moment.").arg(attachment.name));
            if (!bundle.documents.contains(*content))
                bundle.documents.append(*content);
        }
    }
    return {};
}

QCoro::Task<> Exchanging::runReadDocuments()
{
    const std::stop_token stop = m_scope.token();
    if (m_isReadingDocuments)
        co_return;
    m_isReadingDocuments = true;
    QList<Attachment> wanted;
    for (const ExchangeItem &item : m_setup.exchange().snapshot().items) {
        for (const Attachment &attachment : item.proposal.attachments) {
            if (attachment.size <= static_cast<quint64>(maxBundleBytes) && !m_documents.contains(attachment.contentHash)
                && m_setup.exchange().snapshot().set->attachments().contains(attachment.contentHash))
                wanted.append(attachment);
        }
    }
    for (const Attachment &attachment : std::as_const(wanted)) {
        const Hash32 hash = attachment.contentHash;
        const auto reading = m_setup.exchange().attachment(hash);
        const Result<Bytes> content = co_await reading;
        if (stop.stop_requested())
            co_return;
        qsizetype kept = 0;
        for (const Bytes &document : std::as_const(m_documents))
            kept += document.size();
        if (content && kept + content->size() <= maxKeptBytes && keccak256(*content) == hash)
            m_documents.insert(hash, *content);
    }
    m_isReadingDocuments = false;
}

Result<DeskPackage> Exchanging::packForOwners(const Hash32 &proposal) const
{
    const Result<Bytes> content = pack({proposal});
    if (!content)
        return std::unexpected(content.error());
    return m_sealing.packForOwners(proposal, *content);
}

void Exchanging::take(const Bytes &content, const QString &from)
{
    spawn(runTake(content, from));
}

QCoro::Task<> Exchanging::runTake(Bytes content, QString from)
{
    const std::stop_token stop = m_scope.token();
    if (isSealedEnvelope(content)) {
        const Result<Bytes> opened = co_await m_sealing.openPackage(content);
        if (stop.stop_requested())
            co_return;
        if (!opened) {
            emit taken({std::unexpected(opened.error())});
            co_return;
        }
        content = *opened;
    }
    auto bundle = bundleFromFile(content);
    TakenReport report;
    if (!bundle) {
        const auto read = readOther(content, report);
        if (!read) {
            emit taken({std::unexpected(read.error())});
            co_return;
        }
        bundle = *read;
    }
    for (const ExchangeEntry &entry : std::as_const(bundle->entries)) {
        if (const auto *proposal = std::get_if<Proposal>(&entry))
            report.proposals.append(proposal->safeTxHash());
        else if (const auto *import = std::get_if<ImportedTransaction>(&entry))
            report.proposals.append(import->safeTxHash());
    }
    if (!bundle->entries.isEmpty()) {
        const CopyReport copied = co_await publishBundle(m_setup.exchange(), *bundle, stop);
        if (stop.stop_requested())
            co_return;
        report.refused += copied.refused;
        report.text = tr("From %1, new in the exchange: %2.").arg(from, QString::number(copied.copied));
    } else if (!report.drafts.isEmpty()) {
        report.text = tr("From %1, drafts to be looked through and proposed: %2.").arg(from, QString::number(report.drafts.size()));
    } else {
        report.text = tr("From %1: nothing that could be taken.").arg(from);
    }
    emit taken({report});
}

// Not a bundle: what has a nonce can be reviewed as it is, the rest becomes a draft.
Result<ExchangeBundle> Exchanging::readOther(const Bytes &content, TakenReport &report)
{
    ImportHints hintless;
    hintless.now = m_clock.now();
    ImportHints hints = hintless;
    for (const ChainSettings &chain : m_environment.chains) {
        if (!chain.safe || hints.chain)
            continue;
        hints.chain = chain.chainId;
        hints.safe = *chain.safe;
    }
    auto read = importProposals(content, hintless);
    if (!read && read.error().detail.startsWith("place."_L1))
        read = importProposals(content, hints); // says nowhere where it belongs: the first Safe, and the draft shows it
    if (!read)
        return std::unexpected(read.error());
    ExchangeBundle bundle;
    if (read->item) {
        bundle.entries.append(read->item->proposal);
        for (const CollectedSignature &signature : std::as_const(read->item->signatures))
            bundle.entries.append(signature);
        return bundle;
    }
    if (read->kind == ImportKind::BuilderFile && !read->drafts.isEmpty()) {
        ComposeRequest request;
        request.title = read->drafts.first().draft.title;
        request.chains = {read->drafts.first().draft.chainId};
        request.actions = {BuilderFileAction{content}};
        keep(request, report);
        return bundle;
    }
    for (const ImportedDraft &imported : std::as_const(read->drafts)) {
        const ProposalDraft &draft = imported.draft;
        if (imported.hasNonce && read->kind != ImportKind::Draft) {
            bundle.entries.append(
                ImportedTransaction::make(draft.chainId, draft.safe, draft.transaction, tr("import"), draft.title, {}));
            for (const CollectedSignature &signature : imported.signatures) {
                if (!signature.owner.isZero())
                    bundle.entries.append(signature);
            }
            continue;
        }
        Proposal proposal;
        static_cast<ProposalDraft &>(proposal) = draft;
        const auto request = copyOf(proposal);
        if (request)
            keep(*request, report);
        else
            report.refused.append(request.error().message);
    }
    if (read->leftOut > 0)
        report.refused.append(tr("%n entries could not be read", nullptr, read->leftOut));
    return bundle;
}

void Exchanging::keep(const ComposeRequest &request, TakenReport &report)
{
    const auto kept = m_composing.keepDraft({}, request);
    if (kept)
        report.drafts.append(*kept);
    else
        report.refused.append(kept.error().message);
}

} // namespace countersign
