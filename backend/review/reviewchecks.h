#pragma once

#include "backend/review/addressbook.h"
#include "backend/review/calldecoder.h"
#include "backend/review/reviewcontext.h"

#include <QString>

namespace countersign {

/// What the checks of one review share. The checks are independent of each other and only add findings.
struct ReviewDesk {
    const ExchangeItem &item;
    const ReviewContext &context;
    const ChainSettings *chain; ///< of the environment; null when it has none
    const AddressBook &book;
    const ReadCall &call;
    Review &review;

    const SafeTransaction &transaction() const { return item.proposal.transaction; }
    void add(Severity severity, QLatin1StringView code, const QString &message, const QString &evidence = {}) const
    {
        review.findings.append({code, severity, message, evidence});
    }
    void block(QLatin1StringView code, const QString &message, const QString &evidence = {}) const
    {
        add(Severity::Block, code, message, evidence);
    }
    void warn(QLatin1StringView code, const QString &message, const QString &evidence = {}) const
    {
        add(Severity::Warn, code, message, evidence);
    }
    void info(QLatin1StringView code, const QString &message, const QString &evidence = {}) const
    {
        add(Severity::Info, code, message, evidence);
    }
};

/// Chain, Safe, its code, hashes, endpoints, collected signatures, proposer.
void checkIdentity(const ReviewDesk &desk);
/// Operation, target, value, gas and refund fields.
void checkOperation(const ReviewDesk &desk);
/// What the call means: decoding, look-alikes, ownership, administration of the Safe, keys of the registry.
void checkMeaning(const ReviewDesk &desk);
/// Nonce, rivals, expiry.
void checkTime(const ReviewDesk &desk);
/// The simulation and what it changes, against what was promised. Fills Review::effects.
void checkEffects(const ReviewDesk &desk);

} // namespace countersign
