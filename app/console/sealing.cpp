#include "app/console/sealing.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

QList<Address> ownersOf(const SafeFacts &facts)
{
    return {facts.state.owners.begin(), facts.state.owners.end()};
}

} // namespace

Sealing::Sealing(const Environment &environment, ExchangeSetup &setup, ProposalBoard &board, SecretStore *secrets,
    QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_exchange(setup.exchange())
    , m_board(board)
    , m_keyring(secrets)
    , m_inbox(setup.exchange(), m_keyring)
    , m_folder(setup.folder(), setup.exchange(), m_keyring)
{
    connect(&m_board, &ProposalBoard::changed, this, &Sealing::takeOwners);
    connect(&m_inbox, &SealedInbox::changed, this, [this] {
        m_board.setOpened(m_inbox.opened());
        emit changed();
    });
}

void Sealing::setHolder(const std::optional<Address> &holder)
{
    m_holder = holder;
    m_inbox.setHolder(holder);
    m_folder.setHolder(holder);
}

void Sealing::look()
{
    m_inbox.look();
    m_folder.look();
}

void Sealing::takeOwners()
{
    for (const ChainSettings &chain : m_environment.chains) {
        if (const SafeFacts *facts = m_board.facts(chain.chainId))
            m_folder.setOwners({chain.chainId, facts->state.safe}, ownersOf(*facts));
    }
}

QList<MemberKey> Sealing::announced(ChainId chain) const
{
    const SafeFacts *facts = m_board.facts(chain);
    return facts ? memberKeys(*m_exchange.snapshot().set, chain, facts->state.safe, ownersOf(*facts))
                 : QList<MemberKey>();
}

QList<DeskExecutor> Sealing::executors(const Hash32 &id) const
{
    QList<DeskExecutor> found;
    const ExchangeItem *item = m_exchange.find(id);
    for (const MemberKey &key : item ? announced(item->proposal.chainId) : QList<MemberKey>()) {
        if (m_holder == key.member)
            continue;
        const HolderSettings *holder = m_environment.holder(key.member);
        found.append({holder ? holder->name : key.member.toString(), key.member, key.key});
    }
    return found;
}

QStringList Sealing::problems(const Hash32 &id) const
{
    QStringList sentences;
    for (const Error &error : m_inbox.problems(id)) {
        QString text;
        if (error.kind == ErrorKind::NotFound)
            text = tr("A signature was sealed for a key of yours that is not on this machine. If the key is lost, "
                      "announce a new one and ask for the signature anew: what was sealed for the old one cannot be opened");
        else if (error.kind == ErrorKind::Unavailable)
            text = tr("A signature is sealed for you, and the keychain does not give out your key (%1). Unlock it, and refresh")
                       .arg(error.message);
        else
            text = tr("A signature that is sealed for you does not open: %1").arg(error.message);
        if (!sentences.contains(text))
            sentences.append(text);
    }
    return sentences;
}

QList<DeskKeyPlace> Sealing::places() const
{
    QList<DeskKeyPlace> all;
    for (const ChainSettings &chain : m_environment.chains) {
        if (!chain.safe)
            continue;
        const auto key = m_holder ? keyOfMember(announced(chain.chainId), *m_holder) : std::nullopt;
        all.append({chain.chainId, chain.name, key ? key->key : Hash32()});
    }
    return all;
}

Result<DeskPackage> Sealing::packForOwners(const Hash32 &id, const Bytes &content) const
{
    const ExchangeItem *item = m_exchange.find(id);
    const SafeFacts *facts = item ? m_board.facts(item->proposal.chainId) : nullptr;
    if (!facts)
        return fail(ErrorKind::Unavailable, tr("The Safe of this proposal has not been read yet."));
    const QList<MemberKey> keys = announced(item->proposal.chainId);
    if (keys.isEmpty())
        return fail(ErrorKind::NotFound, tr("No owner of this Safe has announced an encryption key."));
    DeskPackage package;
    for (const Address &owner : facts->state.owners) {
        const HolderSettings *holder = m_environment.holder(owner);
        if (!keyOfMember(keys, owner))
            package.without.append(holder ? holder->name : owner.toString());
    }
    const auto envelope
        = sealEnvelope(item->proposal.chainId, item->proposal.safe, u"countersign.bundle"_s, content, keys);
    if (!envelope)
        return std::unexpected(envelope.error());
    package.content = envelopeToJson(*envelope);
    return package;
}

QCoro::Task<Result<Bytes>> Sealing::openPackage(Bytes content)
{
    const auto envelope = envelopeFromJson(content);
    if (!envelope)
        co_return std::unexpected(envelope.error());
    MemberKeyring keyring = m_keyring;
    Error problem = encryptedPackage();
    for (const EnvelopeRecipient &recipient : envelope->recipients) {
        const auto key = co_await keyring.find(recipient.key);
        if (key)
            co_return openEnvelope(*envelope, key->view());
        if (key.error().kind != ErrorKind::NotFound)
            problem = key.error();
    }
    co_return std::unexpected(problem);
}

QCoro::Task<Result<Statement>> Sealing::makeAnnouncement(ChainId chain)
{
    const SafeFacts *facts = m_board.facts(chain);
    if (!m_holder)
        co_return fail(ErrorKind::NotFound, tr("No holder is chosen."));
    if (!facts)
        co_return fail(ErrorKind::Unavailable, tr("The Safe of this chain has not been read yet."));
    if (!facts->state.isOwner(*m_holder))
        co_return fail(ErrorKind::Rejected, tr("Your key is no owner of this Safe: nobody would believe what it announces."));
    Statement statement;
    statement.kind = StatementKind::EncryptionKey;
    statement.chainId = chain;
    statement.safe = facts->state.safe;
    MemberKeyring keyring = m_keyring;
    const Result<Hash32> made = co_await keyring.create();
    if (!made)
        co_return std::unexpected(made.error());
    // A key that is not announced after all stays in the keychain, where it opens nothing.
    statement.encryptionKey = *made;
    co_return statement;
}

} // namespace countersign
