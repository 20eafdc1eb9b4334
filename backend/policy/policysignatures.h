#pragma once

#include "backend/evm/signature.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"

#include <QList>
#include <QString>

#include <optional>

namespace countersign {

struct Policy;

/// One owner's signature over a policy; the owner is recovered, never read.
struct PolicySignature {
    Address owner;
    EvmSignature signature; ///< low s
    bool operator==(const PolicySignature &) const = default;
};

/// What stands beside a shared policy: by owners of which Safe, over which policy.
struct PolicySignatures {
    ChainId chainId;
    Address safe;
    Hash32 policyId;
    QString name;
    quint32 version = 1;
    QList<PolicySignature> signatures; ///< ascending by owner, each once

    static PolicySignatures of(const Policy &policy, ChainId chain, const Address &safe);
    /// What an owner signs: EIP-712 `Policy(bytes32 id,string name,uint32 version)` in the domain "Countersign Policy",
    /// version 1, of that chain and Safe, so that it can be taken neither for a SafeTx nor for a proposal, and counts
    /// for no other Safe.
    Hash32 digest() const;
    /// Adds a signature over digest(), in place of one by the same owner. Error Invalid when nobody can be recovered.
    Result<void> add(const EvmSignature &signature);
    bool operator==(const PolicySignatures &) const = default;
};

/// Both sets as one. Error Conflict when they are not over the same policy for the same Safe.
Result<PolicySignatures> mergePolicySignatures(const PolicySignatures &a, const PolicySignatures &b);

enum class PolicyStanding {
    Local, ///< unsigned: it binds nobody but whoever keeps it on this machine
    Shared, ///< enough owners have signed it
    Incomplete, ///< some owners have signed, too few
    Foreign, ///< the signatures are over another policy, or for another Safe
};

struct PolicyJudgement {
    PolicyStanding standing = PolicyStanding::Local;
    QList<Address> signers; ///< owners who signed, ascending
    QList<Address> strangers; ///< signed, but own nothing here
    quint64 threshold = 0;
    QString message; ///< one sentence
    bool isEnough() const { return standing == PolicyStanding::Shared; }
};

/// Whether the policy is the owners' word. `signatures` absent: an unsigned local policy, which is allowed and says so.
/// Owners and threshold are those of the Safe `chain`/`safe`, read from the chain; a threshold of zero is never
/// reached.
PolicyJudgement judgePolicySignatures(const Policy &policy, const std::optional<PolicySignatures> &signatures,
    ChainId chain, const Address &safe, const QList<Address> &owners, quint64 threshold);

} // namespace countersign
