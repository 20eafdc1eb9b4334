#pragma once

#include "backend/evm/signature.h"
#include "backend/proposals/proposal.h"
#include "tests/backend/proposals/drafts.h"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <QByteArray>

namespace countersign {

/// A key that exists in a test only: signs as a holder's token would.
class TestKey final {
public:
    explicit TestKey(quint8 seed)
        : m_secret(32, static_cast<char>(seed))
    {
    }

    EvmSignature sign(const Hash32 &digest) const
    {
        secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN);
        secp256k1_ecdsa_recoverable_signature raw;
        secp256k1_ecdsa_sign_recoverable(context, &raw, bytes(digest.view()), bytes(m_secret), nullptr, nullptr);
        QByteArray compact(65, '\0');
        int parity = 0;
        secp256k1_ecdsa_recoverable_signature_serialize_compact(
            context, reinterpret_cast<unsigned char *>(compact.data()), &parity, &raw);
        secp256k1_context_destroy(context);
        compact[64] = static_cast<char>(27 + parity);
        return *EvmSignature::fromBytes65(compact);
    }
    Address address() const { return *recoverAddress(Hash32(), sign(Hash32())); }

    Proposal propose(const ProposalDraft &draft) const
    {
        Proposal proposal;
        static_cast<ProposalDraft &>(proposal) = draft;
        proposal.proposer = address();
        proposal.signature = sign(proposal.envelopeDigest());
        return proposal;
    }
    CollectedSignature countersign(const Hash32 &safeTxHash, Timestamp at = Timestamp::fromSeconds(1'700'000'100)) const
    {
        return *CollectedSignature::make(
            ChainId(testChain), testSafe, safeTxHash, SafeSignature::ecdsa(sign(safeTxHash)), at);
    }
    Statement state(Statement statement) const
    {
        statement.author = address();
        statement.signature = sign(statement.digest());
        return statement;
    }

private:
    static const unsigned char *bytes(QByteArrayView view)
    {
        return reinterpret_cast<const unsigned char *>(view.data());
    }

    QByteArray m_secret;
};

} // namespace countersign
