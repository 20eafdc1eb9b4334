#include "backend/proposals/compose/draftstore.h"

#include "backend/proposals/compose/composerequestjson.h"
#include "backend/proposals/exchangedirectory.h"
#include "backend/types/strings.h"

#include <QRandomGenerator>

#include <algorithm>

namespace countersign {

namespace {

constexpr auto suffix = ".draft.json"_L1;

Result<void> checkReadable(const ComposeRequest &request)
{
    const auto again = composeRequestFromJson(composeRequestToJson(request));
    if (!again)
        return fail(again.error().kind, u"The draft cannot be kept: %1"_s.arg(again.error().message));
    return {};
}

// The id begins with the time, so that a draft is told from the next without reading either.
QString newId(Timestamp now)
{
    return u"%1-%2"_s.arg(now.micros(), 16, 16, QLatin1Char('0'))
        .arg(QRandomGenerator::system()->generate(), 8, 16, QLatin1Char('0'));
}

Timestamp timeOf(const QString &id)
{
    return Timestamp::fromMicros(id.section(u'-', 0, 0).toLongLong(nullptr, 16));
}

Result<ComposeRequest> requestOf(const Proposal &proposal)
{
    const SafeTransaction &transaction = proposal.transaction;
    SafeTransaction bare;
    bare.to = transaction.to;
    bare.value = transaction.value;
    bare.data = transaction.data;
    bare.operation = transaction.operation;
    bare.nonce = transaction.nonce;
    if (bare != transaction)
        return fail(ErrorKind::Rejected,
            u"This transaction pays gas from the Safe, which this console never composes: import it as it is"_s);
    ComposeRequest request;
    request.title = proposal.title;
    request.rationale = proposal.rationale;
    request.chains = {proposal.chainId};
    request.actions = {RawCallAction{transaction.to.toString(), transaction.value.toDecimal(), toHex(transaction.data),
        transaction.operation == SafeOperation::DelegateCall}};
    request.expiresAt = proposal.expiresAt;
    request.notBefore = proposal.notBefore;
    request.links = proposal.links;
    for (const Attachment &attachment : proposal.attachments)
        request.documents.append(ComposeDocument{attachment, {}});
    return request;
}

} // namespace

Result<DraftStore::Contents> DraftStore::load() const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const auto names = directory->names(maxDrafts * 2);
    if (!names)
        return std::unexpected(names.error());
    Contents contents;
    for (const QString &name : *names) {
        if (!name.endsWith(suffix)) {
            contents.unreadable.append(u"%1: it is no draft"_s.arg(name));
            continue;
        }
        const QString id = name.chopped(suffix.size());
        auto request = read(id);
        if (request)
            contents.drafts.append(StoredDraft{id, timeOf(id), *std::move(request)});
        else
            contents.unreadable.append(u"%1: %2"_s.arg(name, request.error().message));
    }
    std::ranges::sort(contents.drafts, {}, &StoredDraft::id);
    return contents;
}

Result<QString> DraftStore::add(const ComposeRequest &request) const
{
    if (const auto checked = checkReadable(request); !checked)
        return std::unexpected(checked.error());
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const auto names = directory->names(maxDrafts * 2);
    if (!names)
        return std::unexpected(names.error());
    if (names->size() >= maxDrafts)
        return fail(ErrorKind::Exhausted, u"There are %1 drafts: discard old ones"_s.arg(names->size()));
    const QString id = newId(m_clock.now());
    const auto written = directory->writeNew(id + suffix, composeRequestToJson(request));
    if (!written)
        return std::unexpected(written.error());
    return id;
}

Result<ComposeRequest> DraftStore::read(const QString &id) const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    if (!isPlainFileName(id))
        return fail(ErrorKind::Invalid, u"“%1” names no draft"_s.arg(id));
    const auto bytes = directory->read(id + suffix, maxComposeRequestBytes);
    if (!bytes)
        return std::unexpected(bytes.error());
    return composeRequestFromJson(*bytes);
}

Result<void> DraftStore::edit(const QString &id, const ComposeRequest &request) const
{
    if (const auto checked = checkReadable(request); !checked)
        return checked;
    if (const auto held = read(id); !held && held.error().kind == ErrorKind::NotFound)
        return std::unexpected(held.error());
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    return directory->replace(id + suffix, composeRequestToJson(request));
}

Result<void> DraftStore::discard(const QString &id) const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    return directory->remove(id + suffix);
}

Result<ComposeRequest> editOf(const Proposal &proposal)
{
    auto request = requestOf(proposal);
    if (!request)
        return request;
    request->nonce = proposal.transaction.nonce;
    if (!proposal.proposer.isZero())
        request->previousEnvelope = proposal.envelopeDigest();
    return request;
}

Result<ComposeRequest> replacementOf(const Proposal &proposal)
{
    auto request = requestOf(proposal);
    if (!request)
        return request;
    request->nonce = proposal.transaction.nonce;
    request->replaces = proposal.safeTxHash();
    return request;
}

ComposeRequest cancellationOf(const Proposal &proposal)
{
    ComposeRequest request;
    request.title = u"Cancel: %1"_s.arg(proposal.title).left(200);
    request.chains = {proposal.chainId};
    request.actions = {CancelNonceAction{}};
    request.nonce = proposal.transaction.nonce;
    request.replaces = proposal.safeTxHash();
    return request;
}

Result<ComposeRequest> copyOf(const Proposal &proposal)
{
    return requestOf(proposal);
}

} // namespace countersign
