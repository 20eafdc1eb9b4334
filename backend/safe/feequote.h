#pragma once

#include "backend/evm/chaintypes.h"
#include "backend/evm/transaction.h"
#include "backend/types/feecaps.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

class ChainClient;

/// What sending a transaction would cost now; what a person sees before they agree. All in wei.
struct FeeQuote {
    bool isLegacy = false; ///< a chain without a base fee (EIP-1559): one gas price, in maxFeePerGas
    Uint256 baseFeePerGas; ///< of the next block
    Uint256 maxPriorityFeePerGas;
    Uint256 maxFeePerGas;
    quint64 gasEstimate = 0;
    quint64 gasLimit = 0; ///< the estimate and a quarter
    Uint256 value; ///< sent along
    Uint256 worstCase; ///< gas limit x max fee + value
    Uint256 expected; ///< gas estimate x what the next block takes + value
    Uint256 balance; ///< of the submitter, when the quote was made
    bool canPay() const { return worstCase <= balance; }

    /// Puts fees and gas limit into a transaction.
    void applyTo(EvmTransaction &transaction) const;
    friend bool operator==(const FeeQuote &, const FeeQuote &) = default;
};

/// What the chain takes now. On a chain without a base fee only maxFeePerGas counts.
struct FeeMarket {
    bool isLegacy = false;
    FeeSuggestion suggestion;
};
QCoro::Task<Result<FeeMarket>> readFeeMarket(ChainClient &chain, std::stop_token stop = {});

/// The offer within the caps: 2 x base fee + priority fee where they allow it, less where they do not, but never less than
/// the fee of the block after the next one at its highest (9/8 of the base fee, EIP-1559). Error Exhausted when the caps
/// leave less: it says the fee now and the cap, and that waiting may help.
Result<FeeQuote> quoteFee(const FeeMarket &market, quint64 gasEstimate, const Uint256 &value, const FeeCaps &caps);

/// Asks the chain: fees, gas of `request`, balance of its sender. Errors: those of the client and of quoteFee.
QCoro::Task<Result<FeeQuote>> quoteFee(ChainClient &chain, CallRequest request, FeeCaps caps, std::stop_token stop = {});

/// Exhausted when the balance does not cover the worst case.
Result<void> requireBalance(const FeeQuote &quote, const Address &submitter);

/// `sent` with fees that nodes take as a replacement: an eighth more than before on both, or what the chain takes now where
/// that is more. Some nodes are content with a tenth. Error Exhausted above the caps.
Result<EvmTransaction> withHigherFee(const EvmTransaction &sent, const FeeMarket &market, const FeeCaps &caps);

} // namespace countersign
