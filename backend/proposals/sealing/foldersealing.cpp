#include "backend/proposals/sealing/foldersealing.h"

#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <memory>

namespace countersign {

namespace {

struct Readers {
    QList<MemberKey> keys;
    QList<Address> without; ///< owners who have announced none
};

/// Never changes; used on the folder's thread.
class MemberCipher final : public EntryCipher {
public:
    MemberCipher(std::map<Hash32, SecretBuffer> secrets, std::map<FolderSealing::Safe, Readers> readers, bool encrypts)
        : m_secrets(std::move(secrets))
        , m_readers(std::move(readers))
        , m_encrypts(encrypts)
    {
    }

    bool encrypts() const override { return m_encrypts; }

    Result<SealedEnvelope> seal(const ExchangeEntry &entry) const override
    {
        const ExchangeLane lane = laneOf(entry);
        const auto found = m_readers.find({lane.chainId, lane.safe});
        if (found == m_readers.end())
            return fail(ErrorKind::Unavailable,
                u"The exchange is confidential, and the owners of the Safe have not been read yet: nothing was written"_s);
        if (!found->second.without.isEmpty()) {
            QStringList names;
            for (const Address &owner : found->second.without)
                names.append(owner.toString());
            return fail(ErrorKind::Rejected,
                u"The exchange is confidential, and could not be read by %1, who has announced no encryption key: nothing was written"_s
                    .arg(names.join(u", "_s)));
        }
        return sealEntry(entry, found->second.keys);
    }

    Result<Bytes> open(const SealedEnvelope &envelope) const override
    {
        for (const auto &[key, secret] : m_secrets) {
            if (envelope.find(key))
                return openEnvelope(envelope, secret.view());
        }
        return fail(ErrorKind::NotFound, u"It is encrypted to others"_s);
    }

private:
    std::map<Hash32, SecretBuffer> m_secrets; // private keys, by their public halves
    std::map<FolderSealing::Safe, Readers> m_readers;
    bool m_encrypts;
};

} // namespace

FolderSealing::FolderSealing(
    ProposalFolder &folder, ProposalExchange &exchange, MemberKeyring keyring, QObject *parent)
    : QObject(parent)
    , m_folder(folder)
    , m_exchange(exchange)
    , m_keyring(keyring)
{
    connect(&m_exchange, &ProposalExchange::changed, this, &FolderSealing::look);
}

void FolderSealing::setEncrypting(bool on)
{
    m_isEncrypting = on;
    // Until the keys are there nothing is written, rather than in the open.
    m_folder.setCipher(std::make_shared<MemberCipher>(std::map<Hash32, SecretBuffer>(), std::map<Safe, Readers>(), on));
    m_opened.clear();
    m_given.clear();
    m_givenOwners.clear();
    look();
}

void FolderSealing::setHolder(const std::optional<Address> &holder)
{
    if (m_holder == holder)
        return;
    m_holder = holder;
    look();
}

void FolderSealing::setOwners(const Safe &safe, const QList<Address> &owners)
{
    QList<Address> &known = m_owners[safe];
    if (known == owners)
        return;
    known = owners;
    look();
}

void FolderSealing::look()
{
    if (m_isRenewing) {
        m_again = true;
        return;
    }
    m_isRenewing = true;
    spawn(renew());
}

QList<Address> FolderSealing::unreachable(const Safe &safe) const
{
    QList<Address> without;
    const auto owners = m_owners.find(safe);
    if (owners == m_owners.end())
        return without;
    const auto keys = memberKeys(*m_exchange.snapshot().set, safe.first, safe.second, owners->second);
    for (const Address &owner : owners->second) {
        if (!keyOfMember(keys, owner))
            without.append(owner);
    }
    return without;
}

// All that the holder has ever announced: old entries are encrypted to old keys.
QList<Hash32> FolderSealing::ownKeys() const
{
    QList<Hash32> keys;
    for (const auto &[hash, entry] : m_exchange.snapshot().set->entries()) {
        const auto *statement = std::get_if<Statement>(&entry);
        if (m_holder && statement && statement->kind == StatementKind::EncryptionKey && statement->author == *m_holder
            && !keys.contains(statement->encryptionKey))
            keys.append(statement->encryptionKey);
    }
    return keys;
}

QCoro::Task<> FolderSealing::renew()
{
    const auto stop = m_scope.token();
    std::map<Hash32, SecretBuffer> secrets;
    QList<Hash32> opened;
    std::optional<Error> problem;
    MemberKeyring keyring = m_keyring;
    const QList<Hash32> own = ownKeys();
    for (const Hash32 &name : own) {
        auto key = co_await keyring.find(name);
        if (stop.stop_requested())
            co_return;
        if (key) {
            secrets.emplace(name, *std::move(key));
            opened.append(name);
        } else {
            problem = key.error();
        }
    }
    std::map<Safe, Readers> readers;
    std::map<Safe, QList<MemberKey>> given;
    for (const auto &[safe, owners] : m_owners) {
        const auto keys = memberKeys(*m_exchange.snapshot().set, safe.first, safe.second, owners);
        given.emplace(safe, keys);
        readers.emplace(safe, Readers{keys, unreachable(safe)});
    }
    m_isRenewing = false;
    const bool differs = opened != m_opened || given != m_given || m_owners != m_givenOwners
        || m_isEncrypting != m_givenEncrypting;
    const bool isNews = differs || problem != m_problem;
    m_problem = problem;
    if (differs) {
        m_opened = opened;
        m_given = given;
        m_givenOwners = m_owners;
        m_givenEncrypting = m_isEncrypting;
        m_folder.setCipher(std::make_shared<MemberCipher>(std::move(secrets), std::move(readers), m_isEncrypting));
    }
    if (isNews)
        emit changed();
    if (std::exchange(m_again, false))
        look();
}

} // namespace countersign
