#include "backend/proposals/exchangesnapshot.h"

#include "backend/proposals/importeditem.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace countersign {

namespace {

using NonceKey = std::tuple<ChainId, Address, Uint256>;

NonceKey keyOf(const Proposal &proposal)
{
    return {proposal.chainId, proposal.safe, proposal.transaction.nonce};
}

/// A proposal of the set with its hashes, which are computed once.
struct Envelope {
    Hash32 digest;
    const Proposal *proposal = nullptr;
};

/// Builds the snapshot of one set, step by step.
class Assembly final {
public:
    explicit Assembly(std::shared_ptr<const ExchangeSet> set) { m_snapshot.set = std::move(set); }

    ExchangeSnapshot build()
    {
        sort();
        std::map<std::pair<Timestamp, Hash32>, ExchangeItem> ordered;
        for (const auto &[id, envelopes] : m_envelopes) {
            ExchangeItem item = itemOf(id, envelopes);
            ordered.emplace(std::pair(item.proposal.createdAt, id), std::move(item));
        }
        for (const auto &[id, import] : m_imports) {
            if (!m_envelopes.contains(id))
                ordered.emplace(std::pair(import->submittedAt, id), itemOf(id, *import));
        }
        for (auto &[key, item] : ordered) {
            m_index.emplace(key.second, m_snapshot.items.size());
            m_ids.append(key.second);
            m_snapshot.items.append(std::move(item));
        }
        attachSignatures();
        attachStatements();
        markReplaced();
        for (qsizetype i = 0; i < m_ids.size(); ++i)
            judge(m_ids[i], std::as_const(m_snapshot.items)[i]);
        judgeNonces();
        for (const auto &[id, position] : m_index)
            m_snapshot.index.insert(id, position);
        return std::move(m_snapshot);
    }

private:
    void sort()
    {
        for (const auto &[hash, entry] : m_snapshot.set->entries()) {
            if (const auto *proposal = std::get_if<Proposal>(&entry))
                m_envelopes[proposal->safeTxHash()].append({hash, proposal});
            else if (const auto *import = std::get_if<ImportedTransaction>(&entry))
                m_imports.emplace(import->safeTxHash(), import);
        }
    }

    void conflict(ExchangeConflictKind kind, QList<Hash32> proposals, QList<Address> members, const Hash32 &subject,
        const QString &text)
    {
        m_snapshot.conflicts.append({kind, std::move(proposals), std::move(members), subject, text});
    }

    // The first proposer's latest is in force: nobody can talk over another's proposal by describing it anew.
    ExchangeItem itemOf(const Hash32 &id, QList<Envelope> envelopes)
    {
        std::ranges::sort(envelopes, {},
            [](const Envelope &envelope) { return std::pair(envelope.proposal->createdAt, envelope.digest); });
        const Address author = envelopes.first().proposal->proposer;
        QList<Envelope> own;
        for (const Envelope &envelope : std::as_const(envelopes)) {
            if (envelope.proposal->proposer == author)
                own.append(envelope);
        }
        std::ranges::sort(own, {},
            [](const Envelope &envelope) { return std::pair(envelope.proposal->link.sequence, envelope.digest); });
        for (qsizetype i = 0; i < own.size(); ++i) {
            const Hash32 before = i > 0 ? own[i - 1].digest : Hash32();
            if (own[i].proposal->previousEnvelope != before)
                conflict(ExchangeConflictKind::CompetingEnvelopes, {id}, {author}, own[i].digest,
                    u"An envelope of %1 does not name the one that it edits"_s.arg(author.toString()));
        }
        ExchangeItem item{*own.last().proposal, {}};
        const Hash32 inForce = own.last().digest;
        m_inForce.emplace(id, inForce);
        QList<Address> authors;
        for (const Envelope &envelope : std::as_const(envelopes)) {
            if (envelope.digest != inForce)
                item.otherEnvelopes.append(*envelope.proposal);
            if (!authors.contains(envelope.proposal->proposer))
                authors.append(envelope.proposal->proposer);
        }
        if (authors.size() > 1)
            conflict(ExchangeConflictKind::CompetingEnvelopes, {id}, authors, inForce,
                u"%1 authors describe one transaction; that of %2 is shown"_s.arg(authors.size())
                    .arg(author.toString()));
        return item;
    }

    // Nobody signed for it, so that it says nothing but what it does.
    ExchangeItem itemOf(const Hash32 &id, const ImportedTransaction &import)
    {
        m_inForce.emplace(id, Hash32());
        return itemOfImport(import);
    }

    ExchangeItem *place(const Hash32 &entry, const Hash32 &safeTxHash, const ExchangeLane &lane)
    {
        const auto found = m_index.find(safeTxHash);
        if (found == m_index.end()) {
            m_snapshot.orphans.append(entry);
            return nullptr;
        }
        ExchangeItem &item = m_snapshot.items[found->second];
        if (item.proposal.chainId == lane.chainId && item.proposal.safe == lane.safe)
            return &item;
        conflict(ExchangeConflictKind::WrongExchange, {safeTxHash}, {lane.author}, entry,
            u"%1 wrote about this transaction in the exchange of another Safe"_s.arg(lane.author.toString()));
        return nullptr;
    }

    void attachSignatures()
    {
        std::map<std::pair<Hash32, Address>, const CollectedSignature *> best;
        for (const auto &[hash, entry] : m_snapshot.set->entries()) {
            const auto *signature = std::get_if<CollectedSignature>(&entry);
            if (!signature || !place(hash, signature->safeTxHash, signature->lane()))
                continue;
            const CollectedSignature *&held = best[{signature->safeTxHash, signature->owner}];
            if (!held || isPreferred(*signature, *held))
                held = signature;
        }
        for (const auto &[key, signature] : best) { // by owner, as the map is
            ExchangeItem &item = m_snapshot.items[m_index.at(key.first)];
            (signature->isClaim() ? item.claims : item.signatures).append(*signature);
        }
    }

    void attachStatements()
    {
        for (const auto &[hash, entry] : m_snapshot.set->entries()) {
            const auto *statement = std::get_if<Statement>(&entry);
            if (!statement || !isAboutProposal(statement->kind))
                continue;
            if (ExchangeItem *item = place(hash, statement->safeTxHash, statement->lane()))
                item->statements.append(*statement);
        }
        for (ExchangeItem &item : m_snapshot.items) {
            std::ranges::sort(item.statements, [](const Statement &a, const Statement &b) {
                return std::tuple(a.madeAt, a.author, a.link.sequence)
                    < std::tuple(b.madeAt, b.author, b.link.sequence);
            });
        }
    }

    void markReplaced()
    {
        for (qsizetype i = 0; i < m_ids.size(); ++i) {
            const ExchangeItem &item = std::as_const(m_snapshot.items)[i];
            const auto replaced = m_index.find(item.proposal.replaces);
            if (replaced == m_index.end())
                continue;
            const Proposal &old = std::as_const(m_snapshot.items)[replaced->second].proposal;
            if (old.proposer == item.proposal.proposer && old.chainId == item.proposal.chainId
                && old.safe == item.proposal.safe)
                m_replacements.emplace(replaced->second, m_ids[i]);
        }
        for (const auto &[index, by] : m_replacements)
            m_snapshot.items[index].replacedBy = by;
    }

    void judge(const Hash32 &id, const ExchangeItem &item)
    {
        const Hash32 inForce = m_inForce.at(id);
        for (const CollectedSignature &signature : item.signatures) {
            if (!signature.envelope.isZero() && signature.envelope != inForce)
                conflict(ExchangeConflictKind::SignedOldEnvelope, {id}, {signature.owner}, signature.envelope,
                    (item.isDescribed() ? u"%1 signed when the proposal was described otherwise"_s
                                        : u"%1 signed with a description before them that is not here"_s)
                        .arg(signature.owner.toString()));
            if (!item.replacedBy.isZero())
                conflict(ExchangeConflictKind::SignedReplaced, {id, item.replacedBy}, {signature.owner}, {},
                    u"%1 signed a proposal that was replaced; it can still be executed"_s.arg(
                        signature.owner.toString()));
            const bool rejected = std::ranges::any_of(item.statements, [&signature](const Statement &statement) {
                return statement.kind == StatementKind::Rejection && statement.author == signature.owner;
            });
            if (rejected)
                conflict(ExchangeConflictKind::SignedAndRejected, {id}, {signature.owner}, {},
                    u"%1 both signed and rejected it; the signature counts until the nonce is used"_s.arg(
                        signature.owner.toString()));
        }
        for (const Attachment &attachment : item.proposal.attachments) {
            const auto held = m_snapshot.set->attachments().find(attachment.contentHash);
            if (held == m_snapshot.set->attachments().end() || static_cast<quint64>(held->second) != attachment.size)
                conflict(ExchangeConflictKind::MissingAttachment, {id}, {}, attachment.contentHash,
                    u"The document “%1” is not here"_s.arg(attachment.name));
        }
    }

    void judgeNonces()
    {
        std::map<NonceKey, QList<Hash32>> nonces;
        std::map<std::pair<NonceKey, Address>, QList<Hash32>> signedBy;
        for (qsizetype i = 0; i < m_ids.size(); ++i) {
            const ExchangeItem &item = std::as_const(m_snapshot.items)[i];
            nonces[keyOf(item.proposal)].append(m_ids[i]);
            for (const CollectedSignature &signature : item.signatures)
                signedBy[{keyOf(item.proposal), signature.owner}].append(m_ids[i]);
        }
        for (const auto &[key, ids] : nonces) {
            if (ids.size() > 1)
                conflict(ExchangeConflictKind::RivalNonce, ids, {}, {},
                    u"%1 proposals have nonce %2; only one of them can be executed"_s.arg(ids.size())
                        .arg(std::get<Uint256>(key).toDecimal()));
        }
        for (const auto &[key, ids] : signedBy) {
            if (ids.size() > 1)
                conflict(ExchangeConflictKind::SignedRivals, ids, {key.second}, {},
                    u"%1 signed %2 proposals of one nonce"_s.arg(key.second.toString()).arg(ids.size()));
        }
    }

    ExchangeSnapshot m_snapshot;
    std::map<Hash32, QList<Envelope>> m_envelopes; // by safeTxHash
    std::map<Hash32, const ImportedTransaction *> m_imports; // by safeTxHash
    std::map<Hash32, Hash32> m_inForce; // digest, by safeTxHash; zero where there is no envelope
    QList<Hash32> m_ids; // of items, in their order
    std::map<Hash32, qsizetype> m_index; // of items, by safeTxHash
    std::map<qsizetype, Hash32> m_replacements; // by index of the replaced
};

} // namespace

const ExchangeItem *ExchangeSnapshot::find(const Hash32 &safeTxHash) const
{
    const auto found = index.constFind(safeTxHash);
    return found == index.cend() ? nullptr : &items[*found];
}

ExchangeSnapshot snapshotOf(std::shared_ptr<const ExchangeSet> set)
{
    return Assembly(std::move(set)).build();
}

QList<ExchangeItem> rivals(const ExchangeSnapshot &snapshot, ChainId chain, const Address &safe, const Uint256 &nonce)
{
    QList<ExchangeItem> found;
    for (const ExchangeItem &item : snapshot.items) {
        if (keyOf(item.proposal) == NonceKey(chain, safe, nonce))
            found.append(item);
    }
    return found;
}

QList<ExchangeItem> rivalsOf(const ExchangeSnapshot &snapshot, const ExchangeItem &item)
{
    QList<ExchangeItem> others
        = rivals(snapshot, item.proposal.chainId, item.proposal.safe, item.proposal.transaction.nonce);
    others.removeIf([&item](const ExchangeItem &other) { return other.id() == item.id(); });
    return others;
}

} // namespace countersign
