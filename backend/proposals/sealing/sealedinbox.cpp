#include "backend/proposals/sealing/sealedinbox.h"

#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

SealedInbox::SealedInbox(ProposalExchange &exchange, MemberKeyring keyring, QObject *parent)
    : QObject(parent)
    , m_exchange(exchange)
    , m_keyring(keyring)
{
    connect(&m_exchange, &ProposalExchange::changed, this, &SealedInbox::look);
}

void SealedInbox::setHolder(const std::optional<Address> &holder)
{
    if (holder == m_holder)
        return;
    m_holder = holder;
    m_scope.restart();
    m_isOpening = false;
    m_known.clear();
    const bool hadSome = !m_opened.isEmpty() || !m_problems.isEmpty();
    m_opened.clear();
    m_problems.clear();
    if (hadSome)
        emit changed();
    look();
}

void SealedInbox::look()
{
    if (m_isOpening) {
        m_again = true;
        return;
    }
    m_isOpening = true;
    spawn(open());
}

QCoro::Task<> SealedInbox::open()
{
    const auto stop = m_scope.token();
    QHash<Hash32, QList<CollectedSignature>> opened;
    QHash<Hash32, QList<Error>> problems;
    QList<Statement> mine;
    for (const ExchangeItem &item : m_exchange.snapshot().items) {
        for (const Statement &statement : sealedSignatures(item)) {
            if (m_holder && statement.recipient == *m_holder)
                mine.append(statement);
        }
    }
    MemberKeyring keyring = m_keyring;
    for (const Statement &statement : std::as_const(mine)) {
        const Hash32 id = statement.safeTxHash;
        const Hash32 digest = statement.digest();
        if (const auto known = m_known.find(digest); known != m_known.end()) {
            opened[id].append(known->second);
            continue;
        }
        const Hash32 name = statement.encryptionKey;
        const auto key = co_await keyring.find(name);
        if (stop.stop_requested())
            co_return;
        const auto signature = key ? openSealedSignature(statement, key->view())
                                   : Result<CollectedSignature>(std::unexpected(key.error()));
        if (signature) {
            m_known.emplace(digest, *signature);
            opened[id].append(*signature);
        } else {
            problems[id].append(signature.error());
        }
    }
    m_isOpening = false;
    const bool differs = opened != m_opened || problems != m_problems;
    m_opened = std::move(opened);
    m_problems = std::move(problems);
    if (differs)
        emit changed();
    if (std::exchange(m_again, false))
        look();
}

} // namespace countersign
