#include "backend/proposals/exchangescan.h"

#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace countersign {

namespace {

constexpr auto proposalSuffix = ".proposal.json"_L1;
constexpr auto signatureSuffix = ".signature.json"_L1;

bool isSettling(const ExchangeDirectory::Identity &identity)
{
    const auto now
        = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
              .count();
    const auto age = now - identity.modifiedNs;
    return age >= 0 && age < ExchangeScan::settleNanoseconds;
}

} // namespace

QString ExchangeScan::proposalFileName(const Hash32 &safeTxHash)
{
    return safeTxHash.toString() + proposalSuffix;
}

QString ExchangeScan::signatureFileName(const Hash32 &safeTxHash, const Address &owner)
{
    return safeTxHash.toString() + u'.' + owner.toLower() + signatureSuffix;
}

Result<std::variant<Proposal, CollectedSignature>> ExchangeScan::decode(const QString &name, const Bytes &bytes)
{
    if (name.endsWith(proposalSuffix)) {
        auto proposal = proposalFromJson(bytes);
        if (!proposal)
            return std::unexpected(proposal.error());
        if (name != proposalFileName(proposal->safeTxHash()))
            return fail(ErrorKind::Invalid,
                u"its name is not that of its content (%1)"_s.arg(proposalFileName(proposal->safeTxHash())));
        return *std::move(proposal);
    }
    auto signature = signatureFromJson(bytes);
    if (!signature)
        return std::unexpected(signature.error());
    if (name != signatureFileName(signature->safeTxHash, signature->owner))
        return fail(ErrorKind::Invalid,
            u"its name is not that of its content (%1)"_s.arg(
                signatureFileName(signature->safeTxHash, signature->owner)));
    return *std::move(signature);
}

Result<ExchangeSnapshot> ExchangeScan::run()
{
    const auto directory = ExchangeDirectory::open(m_path);
    if (!directory)
        return std::unexpected(directory.error());
    const auto names = directory->names(maxFiles);
    if (!names)
        return std::unexpected(names.error());
    ExchangeSnapshot snapshot;
    const auto refuse = [&](const QString &name, const QString &reason) {
        const auto moved = directory->quarantine(name, reason);
        snapshot.rejected.append({name, reason, moved.has_value()});
    };
    QHash<QString, Cached> seen;
    for (const QString &name : *names) {
        const auto identity = directory->identity(name);
        if (!identity) {
            if (identity.error().kind == ErrorKind::Rejected)
                refuse(name, identity.error().message);
            continue; // it went away meanwhile
        }
        if (const auto cached = m_cache.constFind(name); cached != m_cache.cend() && cached->identity == *identity) {
            seen.insert(name, *cached);
            continue;
        }
        const bool isProposal = name.endsWith(proposalSuffix);
        if (!isPlainFileName(name) || (!isProposal && !name.endsWith(signatureSuffix))) {
            refuse(name, u"it is no file of the exchange"_s);
            continue;
        }
        const auto bytes = directory->read(name, isProposal ? maxProposalBytes : maxSignatureFileBytes);
        if (!bytes) {
            if (bytes.error().kind == ErrorKind::Rejected || bytes.error().kind == ErrorKind::Exhausted)
                refuse(name, bytes.error().message);
            else if (bytes.error().kind != ErrorKind::NotFound)
                snapshot.rejected.append({name, bytes.error().message, false});
            continue;
        }
        auto content = decode(name, *bytes);
        if (content)
            seen.insert(name, {*identity, *std::move(content)});
        else if (!isSettling(*identity))
            refuse(name, content.error().message);
    }
    m_cache = std::move(seen);

    QHash<Hash32, qsizetype> index;
    for (const Cached &cached : std::as_const(m_cache)) {
        if (const auto *proposal = std::get_if<Proposal>(&cached.content))
            snapshot.items.append({*proposal, {}});
    }
    std::sort(snapshot.items.begin(), snapshot.items.end(), [](const ExchangeItem &a, const ExchangeItem &b) {
        return std::pair(a.proposal.createdAt, a.id()) < std::pair(b.proposal.createdAt, b.id());
    });
    for (qsizetype i = 0; i < snapshot.items.size(); ++i)
        index.insert(snapshot.items[i].id(), i);
    for (const Cached &cached : std::as_const(m_cache)) {
        // A signature may arrive before its proposal; it waits for it.
        if (const auto *signature = std::get_if<CollectedSignature>(&cached.content);
            signature && index.contains(signature->safeTxHash))
            snapshot.items[index.value(signature->safeTxHash)].signatures.append(*signature);
    }
    for (ExchangeItem &item : snapshot.items)
        std::ranges::sort(item.signatures, {}, &CollectedSignature::owner);
    return snapshot;
}

Result<QString> ExchangeScan::write(const QString &name, const Bytes &content, bool existingIsGood)
{
    const auto directory = ExchangeDirectory::open(m_path);
    if (!directory)
        return std::unexpected(directory.error());
    const auto written = directory->writeNew(name, content);
    if (written || (existingIsGood && written.error().kind == ErrorKind::Conflict))
        return name;
    if (written.error().kind == ErrorKind::Conflict)
        return fail(ErrorKind::Conflict, u"This transaction has been proposed already"_s, name);
    return fail(
        written.error().kind, u"The folder of proposals cannot be written: %1"_s.arg(written.error().message), m_path);
}

} // namespace countersign
