#include "backend/proposals/exchangebundle.h"

#include "backend/proposals/proposaljson.h"
#include "backend/proposals/qr/cbor.h"
#include "backend/proposals/sealedenvelope.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace countersign {

namespace {

constexpr QByteArrayView bundleName("countersign.bundle");
constexpr quint64 bundleVersion = 1;
constexpr quint64 partCount = 4; // name, version, entries, documents

void appendText(Bytes &bytes, QByteArrayView text)
{
    appendCborHead(bytes, CborKind::ByteString, static_cast<quint64>(text.size()));
    bytes.append(text);
}

std::unexpected<Error> unreadable(const Error &error)
{
    return fail(error.kind, u"It is no bundle of the exchange: %1"_s.arg(error.message), error.detail);
}

std::unexpected<Error> outOfOrder()
{
    return fail(ErrorKind::Invalid, u"It is no bundle of the exchange: its parts are not in their order"_s);
}

Result<quint64> readCount(CborReader &reader)
{
    const auto count = reader.readArray();
    if (!count)
        return unreadable(count.error());
    if (*count > static_cast<quint64>(maxBundleEntries))
        return fail(ErrorKind::Exhausted, u"The bundle has %1 parts, at most %2 are taken"_s.arg(*count).arg(maxBundleEntries));
    return count;
}

Result<void> readHead(CborReader &reader)
{
    const auto parts = reader.readArray();
    if (!parts)
        return unreadable(parts.error());
    const auto name = reader.readByteString(bundleName.size());
    if (!name)
        return unreadable(name.error());
    const auto version = reader.readUnsigned();
    if (!version)
        return unreadable(version.error());
    if (*parts != partCount || *name != bundleName)
        return fail(ErrorKind::Invalid, u"It is no bundle of the exchange"_s);
    if (*version != bundleVersion)
        return fail(ErrorKind::Invalid, u"The bundle has version %1; this console reads version %2"_s.arg(*version).arg(bundleVersion));
    return {};
}

Result<void> readEntries(CborReader &reader, QList<ExchangeEntry> &entries)
{
    const auto count = readCount(reader);
    if (!count)
        return std::unexpected(count.error());
    std::optional<Hash32> last;
    for (quint64 i = 0; i < *count; ++i) {
        const auto text = reader.readByteString(maxProposalBytes);
        if (!text)
            return unreadable(text.error());
        auto entry = entryFromJson(*text);
        if (!entry)
            return fail(entry.error().kind, u"Entry %1 of the bundle is not valid: %2"_s.arg(i + 1).arg(entry.error().message), entry.error().detail);
        const Hash32 hash = entryHashOf(*entry);
        if (last && !(*last < hash))
            return outOfOrder();
        last = hash;
        entries.append(*std::move(entry));
    }
    return {};
}

Result<void> readDocuments(CborReader &reader, QList<Bytes> &documents)
{
    const auto count = readCount(reader);
    if (!count)
        return std::unexpected(count.error());
    std::optional<Hash32> last;
    for (quint64 i = 0; i < *count; ++i) {
        const auto content = reader.readByteString(maxBundleBytes);
        if (!content)
            return unreadable(content.error());
        const Hash32 hash = keccak256(*content);
        if (last && !(*last < hash))
            return outOfOrder();
        last = hash;
        documents.append(content->toByteArray());
    }
    return {};
}

std::optional<Hash32> subjectOf(const ExchangeEntry &entry)
{
    if (const auto *proposal = std::get_if<Proposal>(&entry))
        return proposal->safeTxHash();
    if (const auto *import = std::get_if<ImportedTransaction>(&entry))
        return import->safeTxHash();
    if (const auto *signature = std::get_if<CollectedSignature>(&entry))
        return signature->safeTxHash;
    const auto &statement = std::get<Statement>(entry);
    return isAboutProposal(statement.kind) ? std::optional(statement.safeTxHash) : std::nullopt;
}

bool isKnown(const LaneHeads &known, const ExchangeLane &lane, quint64 sequence)
{
    const auto head = known.find(lane);
    return head != known.end() && sequence <= head->second.sequence;
}

QList<Attachment> attachmentsOf(const ExchangeBundle &bundle)
{
    QList<Attachment> all;
    for (const ExchangeEntry &entry : bundle.entries) {
        if (const auto *proposal = std::get_if<Proposal>(&entry))
            all += proposal->attachments;
    }
    return all;
}

} // namespace

Result<Bytes> bundleToBytes(const ExchangeBundle &bundle)
{
    std::map<Hash32, Bytes> entries;
    for (const ExchangeEntry &entry : bundle.entries)
        entries.emplace(entryHashOf(entry), entryToJson(entry));
    std::map<Hash32, Bytes> documents;
    for (const Bytes &content : bundle.documents)
        documents.emplace(keccak256(content), content);
    if (static_cast<qsizetype>(std::max(entries.size(), documents.size())) > maxBundleEntries)
        return fail(ErrorKind::Exhausted, u"A bundle has at most %1 entries: choose fewer proposals"_s.arg(maxBundleEntries));
    Bytes bytes;
    appendCborHead(bytes, CborKind::Array, partCount);
    appendText(bytes, bundleName);
    appendCborHead(bytes, CborKind::Unsigned, bundleVersion);
    for (const auto &parts : {std::cref(entries), std::cref(documents)}) {
        appendCborHead(bytes, CborKind::Array, parts.get().size());
        for (const auto &[hash, text] : parts.get())
            appendText(bytes, text);
    }
    if (bytes.size() > maxBundleBytes)
        return fail(ErrorKind::Exhausted,
            u"The bundle has %1 bytes, at most %2 go into one message: choose fewer proposals, or hand documents over as files"_s
                .arg(bytes.size())
                .arg(maxBundleBytes));
    return bytes;
}

Result<ExchangeBundle> bundleFromBytes(QByteArrayView bytes)
{
    if (isSealedEnvelope(bytes))
        return std::unexpected(encryptedPackage());
    if (bytes.size() > maxBundleBytes)
        return fail(ErrorKind::Exhausted, u"The bundle has %1 bytes, at most %2 are taken"_s.arg(bytes.size()).arg(maxBundleBytes));
    CborReader reader(bytes);
    ExchangeBundle bundle;
    auto read = readHead(reader);
    if (read)
        read = readEntries(reader, bundle.entries);
    if (read)
        read = readDocuments(reader, bundle.documents);
    if (!read)
        return std::unexpected(read.error());
    if (const auto end = reader.end(); !end)
        return unreadable(end.error());
    return bundle;
}

Result<ExchangeBundle> bundleFromFile(QByteArrayView bytes)
{
    if (!bytes.startsWith('{') || isSealedEnvelope(bytes))
        return bundleFromBytes(bytes);
    auto entry = entryFromJson(bytes);
    if (!entry)
        return fail(entry.error().kind, u"It is no entry of the exchange: %1"_s.arg(entry.error().message), entry.error().detail);
    return ExchangeBundle{{*std::move(entry)}, {}};
}

ExchangeBundle bundleOf(const ExchangeSnapshot &snapshot, const QList<Hash32> &proposals, const LaneHeads &known)
{
    const std::set<Hash32> wanted(proposals.begin(), proposals.end());
    std::map<ExchangeLane, quint64> reach; // up to where each log is needed
    std::map<Hash32, ExchangeEntry> chosen;
    for (const auto &[hash, entry] : snapshot.set->entries()) {
        const auto subject = subjectOf(entry);
        if (!subject || !wanted.contains(*subject))
            continue;
        if (const auto link = linkOf(entry)) {
            quint64 &most = reach[laneOf(entry)];
            most = std::max(most, link->sequence);
            continue;
        }
        const ExchangeItem *item = snapshot.find(*subject);
        if (!std::holds_alternative<ImportedTransaction>(entry) || (item && !item->isDescribed()))
            chosen.emplace(hash, entry);
    }
    for (const auto &[hash, entry] : snapshot.set->entries()) {
        const auto link = linkOf(entry);
        const auto log = link ? reach.find(laneOf(entry)) : reach.end();
        if (log != reach.end() && link->sequence <= log->second && !isKnown(known, log->first, link->sequence))
            chosen.emplace(hash, entry);
    }
    ExchangeBundle bundle;
    for (const auto &[hash, entry] : chosen)
        bundle.entries.append(entry);
    return bundle;
}

QCoro::Task<Result<ExchangeBundle>> gatherBundle(
    ProposalExchange &exchange, QList<Hash32> proposals, LaneHeads known, std::stop_token stop)
{
    const bool isHere = std::ranges::any_of(
        std::as_const(proposals), [&exchange](const Hash32 &hash) { return exchange.find(hash) != nullptr; });
    if (!isHere)
        co_return fail(ErrorKind::NotFound, u"None of the proposals is in the exchange"_s);
    ExchangeBundle bundle = bundleOf(exchange.snapshot(), proposals, known);
    std::map<Hash32, Bytes> documents;
    for (const Attachment &attachment : attachmentsOf(bundle)) {
        const auto reading = exchange.attachment(attachment.contentHash);
        const auto content = co_await reading;
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"The exchange was closed"_s);
        if (content)
            documents.emplace(attachment.contentHash, *content);
        else if (content.error().kind != ErrorKind::NotFound)
            co_return std::unexpected(content.error());
    }
    for (const auto &[hash, content] : documents)
        bundle.documents.append(content);
    co_return bundle;
}

QCoro::Task<CopyReport> publishBundle(ProposalExchange &exchange, ExchangeBundle bundle, std::stop_token stop)
{
    CopyReport report;
    const auto note = [&report](const QString &name, const Result<QString> &written) {
        if (written)
            ++report.copied;
        else
            report.refused.append(u"%1: %2"_s.arg(name, written.error().message));
    };
    for (const Bytes &content : std::as_const(bundle.documents)) {
        const auto writing = exchange.publishAttachment(content);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return report;
        note(attachmentFileName(keccak256(content)), written);
    }
    std::ranges::sort(bundle.entries, {}, [](const ExchangeEntry &entry) {
        return std::tuple(laneOf(entry), linkOf(entry).value_or(ChainLink{0, {}}).sequence, entryHashOf(entry));
    });
    for (const ExchangeEntry &entry : std::as_const(bundle.entries)) {
        const auto writing
            = std::visit([&exchange](const auto &value) { return exchange.publish(value, Publishing::Copy); }, entry);
        const auto written = co_await writing;
        if (stop.stop_requested())
            co_return report;
        note(entryFileName(entry), written);
    }
    co_return report;
}

} // namespace countersign
