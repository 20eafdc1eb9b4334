#pragma once

#include "backend/descriptors/descriptorformatter.h"
#include "backend/review/calldecoder.h"
#include "backend/review/reviewcontext.h"
#include "backend/review/reviewsubject.h"
#include "backend/safe/safecalltree.h"

#include <deque>
#include <optional>
#include <vector>

namespace countersign {

/// A contract that one of the calls creates.
struct ReviewedCreation {
    Bytes initCode;
    Address creator; ///< msg.sender of the constructor
    std::optional<Address> address; ///< absent when it hangs on a nonce that was not read
    bool isOrphaned = false; ///< the creator is a shared library: an owner by msg.sender is lost
    bool isFrontRunnable = false; ///< anyone can take the address first
    std::optional<ArtifactStore::Match> match; ///< the nearest known build
    bool isBuild() const { return match && match->verdict.match != CodeMatch::Mismatch; }
    /// It is the build that its proposer attached: whether that is what it says, nothing here knows.
    bool isClaimed() const { return isBuild() && match->claim; }
    bool isKnownBuild() const { return isBuild() && !match->claim; }
};

/// One call of the transaction, at any depth, with how it reads.
struct ReviewedCall {
    QString where; ///< "transaction", "transaction.calls[2]"
    const SafeCallNode *node = nullptr;
    ReadCall read;
    std::optional<ReviewedCreation> creation = {};
    const Descriptor *descriptor = nullptr; ///< that speaks of the target; null: none
    DescribedCall described = {};
    qsizetype parent = -1; ///< index in ReviewTree::calls; -1 for the outermost
    int depth = 0;

    bool isDelegate() const { return node->operation == SafeOperation::DelegateCall; }
};

/// All calls that a transaction makes: through batches, other Safes and their modules, timelocks and multicalls. Reading is
/// total; what cannot be read is a Malformed node.
class ReviewTree final {
public:
    ReviewTree(const ReviewSubject &subject, const ReviewContext &context, const AddressBook &book);
    Q_DISABLE_COPY_MOVE(ReviewTree)

    /// In the order in which they run, the outermost first.
    const std::vector<ReviewedCall> &calls() const { return m_calls; }
    const ReviewedCall &outer() const { return m_calls.front(); }
    DecodedCall decoded() const;
    /// Whether this transaction creates a contract at the address.
    const ReviewedCreation *createdAt(const Address &address) const;

    /// Every account that is called, or named by an argument; what a review reads from the chain. Without duplicates.
    QList<Address> accounts() const;

private:
    void append(const SafeCallNode &node, qsizetype parent, const QString &where, int depth);
    const Descriptor *descriptorOf(const SafeCallNode &node) const;
    void describe(ReviewedCall &call) const;
    void appendWrapped(qsizetype index, int depth);
    std::optional<ReviewedCreation> readCreation(const SafeCallNode &node);
    DecodedCall decodedAt(qsizetype index, const std::vector<std::vector<qsizetype>> &children) const;

    const ReviewSubject &m_subject;
    const ReviewContext &m_context;
    const AddressBook &m_book;
    SafeCallNode m_root;
    std::deque<SafeCallNode> m_wrapped; // what timelocks and multicalls carry; a deque keeps its elements in place
    std::vector<ReviewedCall> m_calls;
    QHash<Address, quint64> m_creations; // by each creator so far
    QHash<Address, qsizetype> m_created; // address to the index of the call that creates it
};

} // namespace countersign
