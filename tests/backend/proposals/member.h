#pragma once

#include "backend/proposals/memberkeys.h"
#include "tests/backend/proposals/testkey.h"

namespace countersign {

/// A member of the test Safe who writes an own log: each entry follows the one before.
class Member final {
public:
    explicit Member(quint8 seed)
        : m_key(seed)
    {
    }

    Address address() const { return m_key.address(); }
    const TestKey &key() const { return m_key; }
    const ChainLink &next() const { return m_next; }
    void setNext(const ChainLink &next) { m_next = next; }

    Proposal propose(ProposalDraft draft)
    {
        draft.link = m_next;
        const Proposal proposal = m_key.propose(draft);
        return advance(proposal, proposal.envelopeDigest());
    }
    CollectedSignature sign(const ProposalDraft &proposal, const Hash32 &envelope = {})
    {
        CollectedSignature signature = m_key.countersign(proposal.safeTxHash());
        signature.envelope = envelope;
        signature.link = m_next;
        return advance(signature, signature.entryHash());
    }
    Statement say(StatementKind kind, const Hash32 &safeTxHash, const QString &text = QStringLiteral("Because."))
    {
        Statement statement = blank(kind);
        statement.safeTxHash = safeTxHash;
        statement.text = text;
        if (kind == StatementKind::MismatchReport)
            statement.shownHash = keccak256("shown");
        return state(statement);
    }
    Statement override(const Hash32 &safeTxHash, const QString &finding, const Hash32 &policy,
        const QString &reason = QStringLiteral("It cannot wait."))
    {
        Statement statement = blank(StatementKind::Override);
        statement.safeTxHash = safeTxHash;
        statement.finding = finding;
        statement.policy = policy;
        statement.text = reason;
        return state(statement);
    }
    Statement retract(const Statement &override, const QString &reason = QStringLiteral("It can wait."))
    {
        Statement statement = blank(StatementKind::Retraction);
        statement.safeTxHash = override.safeTxHash;
        statement.retracts = override.digest();
        statement.text = reason;
        return state(statement);
    }
    Statement acknowledge(const QList<LaneHead> &heads)
    {
        Statement statement = blank(StatementKind::Acknowledgement);
        statement.heads = heads;
        return state(statement);
    }
    Statement announce(const Hash32 &encryptionKey)
    {
        Statement statement = blank(StatementKind::EncryptionKey);
        statement.encryptionKey = encryptionKey;
        return state(statement);
    }
    /// What was sealed, given for \a safeTxHash.
    Statement giveSealed(const Hash32 &safeTxHash, const MemberKey &recipient, const Bytes &sealed)
    {
        Statement statement = blank(StatementKind::SealedSignature);
        statement.safeTxHash = safeTxHash;
        statement.recipient = recipient.member;
        statement.encryptionKey = recipient.key;
        statement.sealed = sealed;
        return state(statement);
    }

private:
    Statement blank(StatementKind kind) const
    {
        Statement statement;
        statement.kind = kind;
        statement.chainId = ChainId(testChain);
        statement.safe = testSafe;
        statement.madeAt = Timestamp::fromSeconds(1'700'000'200);
        return statement;
    }
    Statement state(Statement statement)
    {
        statement.link = m_next;
        statement = m_key.state(statement);
        return advance(statement, statement.digest());
    }
    template <class T> T advance(const T &entry, const Hash32 &hash)
    {
        m_next = {m_next.sequence + 1, hash};
        return entry;
    }

    TestKey m_key;
    ChainLink m_next;
};

} // namespace countersign
