#include "app/console/composing.h"

#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

constexpr qint64 maxArtifactBytes = qint64{1} * 1024 * 1024;

std::optional<DraftStore> draftsOf(const Environment &environment, const Clock &clock)
{
    if (environment.journal.isEmpty())
        return std::nullopt;
    return DraftStore(QFileInfo(environment.journal).absolutePath() + u"/drafts"_s, clock);
}

} // namespace

Composing::Composing(const Environment &environment, const ProposalExchange &exchange, ReviewReader &reader,
    const Clock &clock, QObject *parent)
    : ComposeDesk(parent)
    , m_environment(environment)
    , m_exchange(exchange)
    , m_composer(environment, reader, clock)
    , m_drafts(draftsOf(environment, clock))
{
}

QList<DeskChain> Composing::chains() const
{
    QList<DeskChain> all;
    for (const ChainSettings &chain : m_environment.chains) {
        if (chain.safe)
            all.append({chain.chainId, chain.name});
    }
    return all;
}

QList<DeskDependency> Composing::openProposals() const
{
    QList<DeskDependency> open;
    for (const ChainSettings &chain : m_environment.chains) {
        QList<DeskDependency> ofChain;
        for (const ExchangeItem &item : m_exchange.snapshot().items) {
            const bool isHere = item.proposal.chainId == chain.chainId && chain.safe == item.proposal.safe;
            if (isHere && m_isOpen && m_isOpen(item.id()))
                ofChain.append(DeskDependency{item.id(), item.proposal.title, chain.name, item.proposal.transaction.nonce});
        }
        std::ranges::sort(ofChain, {}, [](const DeskDependency &one) { return std::pair(one.nonce, one.id); });
        open += ofChain;
    }
    return open;
}

QStringList Composing::artifacts() const
{
    QStringList names;
    for (const ContractArtifact &artifact : ArtifactStore::ours().artifacts())
        names.append(artifact.contractName());
    names.sort();
    return names;
}

QList<DeskParameter> Composing::parameters(const QString &artifact, const QByteArray &json) const
{
    std::optional<ContractArtifact> own;
    const ContractArtifact *found = nullptr;
    if (json.isEmpty()) {
        found = ArtifactStore::ours().find(artifact);
    } else if (json.size() <= maxArtifactBytes) {
        if (auto loaded = ContractArtifact::load(json)) {
            own = *std::move(loaded);
            found = &*own;
        }
    }
    QList<DeskParameter> parameters;
    if (!found)
        return parameters;
    for (const AbiParameter &input : found->abi().constructorInputs())
        parameters.append({input.name, input.type.canonical()});
    return parameters;
}

QStringList Composing::suggestions(FieldKind kind) const
{
    QStringList names;
    if (kind == FieldKind::Party) {
        for (const PartySettings &party : m_environment.parties)
            names.append(party.name);
        return names;
    }
    for (const ChainSettings &chain : m_environment.chains) {
        for (const VaultSettings &vault : chain.vaults)
            names.append(vault.name);
    }
    if (kind == FieldKind::Vault) {
        names.removeDuplicates();
        return names;
    }
    names.append(u"registry"_s);
    if (kind == FieldKind::Account) {
        names.append(u"safe"_s);
        for (const HolderSettings &holder : m_environment.holders)
            names.append(holder.name);
    }
    names.removeDuplicates();
    return names;
}

void Composing::setAuthor(const Address &author, const Hash32 &policy)
{
    m_author = author;
    m_policy = policy;
}

void Composing::compose(const ComposeRequest &request)
{
    m_composing.restart(); // an older answer must not come after a newer one
    ComposeRequest ours = request;
    ours.proposer = m_author;
    ours.policy = m_policy;
    spawn(run(ours));
}

QCoro::Task<> Composing::run(ComposeRequest request)
{
    const std::stop_token stop = m_composing.token();
    const Result<Composition> composition = co_await m_composer.compose(std::move(request), m_exchange.snapshot(), stop);
    if (stop.stop_requested())
        co_return;
    emit composed({composition});
}

QList<DeskDraft> Composing::drafts() const
{
    QList<DeskDraft> all;
    if (!m_drafts)
        return all;
    const auto contents = m_drafts->load();
    if (!contents)
        return all;
    for (const StoredDraft &draft : contents->drafts)
        all.append({draft.id, draft.request});
    return all;
}

Result<QString> Composing::keepDraft(const QString &id, const ComposeRequest &request)
{
    if (!m_drafts)
        return fail(ErrorKind::Rejected, tr("The environment names no journal: there is no place for drafts."));
    if (!id.isEmpty()) {
        const auto edited = m_drafts->edit(id, request);
        if (!edited)
            return std::unexpected(edited.error());
        emit draftsChanged();
        return id;
    }
    auto added = m_drafts->add(request);
    if (added)
        emit draftsChanged();
    return added;
}

Result<void> Composing::discardDraft(const QString &id)
{
    if (!m_drafts)
        return {};
    const auto discarded = m_drafts->discard(id);
    emit draftsChanged();
    return discarded;
}

} // namespace countersign
