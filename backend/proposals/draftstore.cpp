#include "backend/proposals/draftstore.h"

#include "backend/proposals/exchangedirectory.h"
#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"

#include <QRandomGenerator>
#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

constexpr auto suffix = ".draft.json"_L1;

Result<void> checkReadable(const ProposalDraft &draft)
{
    const auto again = draftFromJson(draftToJson(draft));
    if (!again)
        return fail(again.error().kind, u"The draft cannot be kept: %1"_s.arg(again.error().message));
    return {};
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
        const auto bytes = directory->read(name, maxProposalBytes);
        auto draft = bytes ? draftFromJson(*bytes) : Result<ProposalDraft>(std::unexpected(bytes.error()));
        if (!name.endsWith(suffix))
            contents.unreadable.append(u"%1: it is no draft"_s.arg(name));
        else if (!draft)
            contents.unreadable.append(u"%1: %2"_s.arg(name, draft.error().message));
        else
            contents.drafts.append({name.chopped(suffix.size()), *std::move(draft)});
    }
    std::ranges::sort(contents.drafts, [](const StoredDraft &a, const StoredDraft &b) {
        return std::pair(a.draft.createdAt, a.id) < std::pair(b.draft.createdAt, b.id);
    });
    return contents;
}

Result<QString> DraftStore::add(const ProposalDraft &draft) const
{
    if (const auto checked = checkReadable(draft); !checked)
        return std::unexpected(checked.error());
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const auto names = directory->names(maxDrafts * 2);
    if (!names)
        return std::unexpected(names.error());
    if (names->size() >= maxDrafts)
        return fail(ErrorKind::Exhausted, u"There are %1 drafts: discard old ones"_s.arg(names->size()));
    const QString id = QString::number(QRandomGenerator::system()->generate64(), 16);
    const auto written = directory->writeNew(id + suffix, draftToJson(draft));
    if (!written)
        return std::unexpected(written.error());
    return id;
}

Result<ProposalDraft> DraftStore::read(const QString &id) const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    if (!isPlainFileName(id))
        return fail(ErrorKind::Invalid, u"“%1” names no draft"_s.arg(id));
    const auto bytes = directory->read(id + suffix, maxProposalBytes);
    if (!bytes)
        return std::unexpected(bytes.error());
    return draftFromJson(*bytes);
}

Result<void> DraftStore::edit(const QString &id, const ProposalDraft &draft) const
{
    if (const auto checked = checkReadable(draft); !checked)
        return checked;
    if (const auto held = read(id); !held && held.error().kind == ErrorKind::NotFound)
        return std::unexpected(held.error());
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    return directory->replace(id + suffix, draftToJson(draft));
}

Result<QString> DraftStore::clone(const QString &id) const
{
    auto draft = read(id);
    if (!draft)
        return std::unexpected(draft.error());
    draft->createdAt = m_clock.now();
    draft->previousEnvelope = Hash32();
    draft->replaces = Hash32();
    return add(*draft);
}

Result<void> DraftStore::discard(const QString &id) const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    return directory->remove(id + suffix);
}

ProposalDraft DraftStore::editOf(const Proposal &proposal, Timestamp now)
{
    ProposalDraft draft = proposal;
    draft.createdAt = now;
    draft.previousEnvelope = proposal.proposer.isZero() ? Hash32() : proposal.envelopeDigest();
    draft.proposer = Address();
    draft.link = ChainLink();
    return draft;
}

ProposalDraft DraftStore::replacementOf(const Proposal &proposal, Timestamp now)
{
    ProposalDraft draft = editOf(proposal, now);
    draft.previousEnvelope = Hash32();
    draft.replaces = proposal.safeTxHash();
    return draft;
}

} // namespace countersign
