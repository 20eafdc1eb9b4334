#include "backend/proposals/exchangescan.h"

#include "backend/proposals/proposaljson.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace countersign {

namespace {

constexpr auto entrySuffix = ".json"_L1;
constexpr auto attachmentSuffix = ".attachment"_L1;

bool isSettling(const ExchangeDirectory::Identity &identity)
{
    const auto now
        = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
              .count();
    const auto age = now - identity.modifiedNs;
    return age >= 0 && age < ExchangeScan::settleNanoseconds;
}

} // namespace

void ExchangeScan::setCipher(std::shared_ptr<const EntryCipher> cipher)
{
    m_cipher = std::move(cipher);
    m_cache.removeIf([](Files::iterator at) { return std::holds_alternative<Closed>(at->content); });
}

bool ExchangeScan::isWrittenClosed(const ExchangeEntry &entry) const
{
    return m_cipher && m_cipher->encrypts() && !staysOpen(entry);
}

// Opened, it is checked as if it had been in the open: encryption vouches for nothing.
Result<ExchangeScan::Content> ExchangeScan::decodeSealed(const Bytes &bytes) const
{
    const auto envelope = envelopeFromJson(bytes);
    if (!envelope)
        return std::unexpected(envelope.error());
    if (!m_cipher)
        return Content(Closed{});
    const auto content = m_cipher->open(*envelope);
    if (!content && content.error().kind == ErrorKind::NotFound)
        return Content(Closed{});
    auto entry = content ? entryOf(*envelope, *content) : Result<ExchangeEntry>(std::unexpected(content.error()));
    if (!entry)
        return std::unexpected(entry.error());
    return Content(*std::move(entry));
}

Result<ExchangeScan::Content> ExchangeScan::decode(const QString &name, const Bytes &bytes) const
{
    if (isSealedFileName(name))
        return decodeSealed(bytes);
    if (name.endsWith(attachmentSuffix)) {
        const HeldAttachment held{keccak256(bytes), bytes.size()};
        if (name != attachmentFileName(held.contentHash))
            return fail(ErrorKind::Invalid, u"its content is not the one that its name says"_s);
        return Content(held);
    }
    auto entry = entryFromJson(bytes);
    if (!entry)
        return std::unexpected(entry.error());
    return Content(*std::move(entry));
}

void ExchangeScan::refuse(
    const ExchangeDirectory &directory, const QString &name, const QString &reason, RejectionCause cause)
{
    const auto moved = directory.quarantine(name, reason);
    const RejectedFile file{name, reason, moved.has_value(), cause};
    if (!m_rejected.contains(file))
        m_rejected.append(file);
}

void ExchangeScan::readFile(const ExchangeDirectory &directory, const QString &name, Files &seen)
{
    const auto identity = directory.identity(name);
    if (!identity) {
        if (identity.error().kind == ErrorKind::Rejected)
            refuse(directory, name, identity.error().message,
                identity.error().detail == "link"_L1 ? RejectionCause::Link : RejectionCause::NotRegular);
        return; // or it went away meanwhile
    }
    if (const auto cached = m_cache.constFind(name); cached != m_cache.cend() && cached->identity == *identity) {
        seen.insert(name, *cached);
        return;
    }
    const bool isAttachment = name.endsWith(attachmentSuffix);
    if (!isPlainFileName(name) || (!isAttachment && !name.endsWith(entrySuffix))) {
        refuse(directory, name, u"it is no file of the exchange"_s, RejectionCause::Foreign);
        return;
    }
    const auto bytes = directory.read(
        name, isAttachment ? maxAttachmentBytes : isSealedFileName(name) ? maxEnvelopeBytes : maxProposalBytes);
    if (!bytes) {
        const Error &error = bytes.error();
        if (error.kind == ErrorKind::Rejected || error.kind == ErrorKind::Exhausted)
            refuse(directory, name, error.message,
                error.kind == ErrorKind::Exhausted ? RejectionCause::TooLarge : RejectionCause::NotRegular);
        else if (error.kind != ErrorKind::NotFound
            && !m_rejected.contains(RejectedFile{name, error.message, false, RejectionCause::Unreadable}))
            m_rejected.append({name, error.message, false, RejectionCause::Unreadable});
        return;
    }
    auto content = decode(name, *bytes);
    if (!content) {
        if (!isSettling(*identity))
            refuse(directory, name, content.error().message,
                content.error().kind == ErrorKind::Exhausted ? RejectionCause::TooLarge : RejectionCause::Malformed);
        return;
    }
    if (const auto *closed = std::get_if<ExchangeEntry>(&*content);
        closed && isSealedFileName(name) && sealedFileName(*closed) != name) {
        refuse(directory, name, u"its name is not that of its content"_s, RejectionCause::Misnamed);
        return;
    }
    if (const auto *entry = std::get_if<ExchangeEntry>(&*content);
        entry && !isSealedFileName(name) && entryFileName(*entry) != name) {
        m_misnamed.append(*entry);
        refuse(directory, name, u"its name is not that of its content (%1)"_s.arg(entryFileName(*entry)),
            RejectionCause::Misnamed);
        return;
    }
    const auto *entry = std::get_if<ExchangeEntry>(&*content);
    const Hash32 hash = entry ? entryHashOf(*entry) : Hash32();
    seen.insert(name, {*identity, *std::move(content), hash});
}

// An entry that was moved to another name is still what its author signed: it gets its own name back where that is
// free.
void ExchangeScan::restoreMisnamed(const ExchangeDirectory &directory, Files &seen)
{
    for (const ExchangeEntry &entry : std::exchange(m_misnamed, {})) {
        const QString name = entryFileName(entry);
        if (seen.contains(name) || !directory.writeNew(name, entryToJson(entry)))
            continue;
        if (const auto identity = directory.identity(name))
            seen.insert(name, {*identity, entry, entryHashOf(entry)});
    }
}

Result<void> ExchangeScan::read()
{
    const auto directory = ExchangeDirectory::open(m_path);
    if (!directory)
        return std::unexpected(directory.error());
    if (!std::exchange(m_hasSwept, true))
        directory->sweep(sweepAge);
    m_warnings.clear();
    if (directory->isOpenToAll())
        m_warnings.append(u"Everybody on this machine may write to the folder"_s);
    const auto names = directory->names(maxFiles);
    if (!names)
        return std::unexpected(names.error());
    Files seen;
    for (const QString &name : *names)
        readFile(*directory, name, seen);
    restoreMisnamed(*directory, seen);
    const auto isSealed = [](const QString &name) { return isSealedFileName(name); };
    if (!(m_cipher && m_cipher->encrypts()) && std::any_of(seen.keyBegin(), seen.keyEnd(), isSealed))
        m_warnings.append(u"Others write to this folder encrypted, and this console in the open"_s);
    const auto closed = std::count_if(seen.cbegin(), seen.cend(),
        [](const Cached &cached) { return std::holds_alternative<Closed>(cached.content); });
    if (closed > 0)
        m_warnings.append(
            closed == 1 ? u"1 entry is encrypted to others"_s : u"%1 entries are encrypted to others"_s.arg(closed));
    const bool isSame = m_last && seen.size() == m_cache.size()
        && std::all_of(seen.keyValueBegin(), seen.keyValueEnd(), [this](const auto &item) {
               const auto before = m_cache.constFind(item.first);
               return before != m_cache.cend() && before->identity == item.second.identity;
           });
    m_cache = std::move(seen);
    if (!isSame)
        rebuild();
    const ExchangeLog log(*m_last->set);
    m_last->heads = log.heads();
    compareWithMemory(log);
    return {};
}

void ExchangeScan::rebuild()
{
    auto set = std::make_shared<ExchangeSet>();
    for (const Cached &cached : std::as_const(m_cache)) {
        if (const auto *held = std::get_if<HeldAttachment>(&cached.content))
            set->addAttachment(held->contentHash, held->size);
        else if (const auto *entry = std::get_if<ExchangeEntry>(&cached.content))
            set->add(cached.entryHash, *entry);
    }
    m_last = snapshotOf(std::move(set));
}

Result<ExchangeSnapshot> ExchangeScan::run()
{
    if (const auto done = read(); !done)
        return std::unexpected(done.error());
    ExchangeSnapshot snapshot = *m_last;
    snapshot.rejected = std::exchange(m_rejected, {});
    return snapshot;
}

void ExchangeScan::compareWithMemory(const ExchangeLog &log)
{
    QList<ExchangeAlarm> alarms;
    const auto stored = m_memory ? m_memory->load() : Result<ExchangeRecord>(m_record);
    if (stored) {
        m_record = *stored;
    } else {
        ExchangeAlarm lost;
        lost.kind = ExchangeAlarmKind::MemoryLost;
        lost.text = stored.error().message;
        alarms.append(lost);
    }
    // What was seen since the start is held against the folder even where it is not kept.
    alarms += log.alarms(m_record.heads);
    m_record.heads = log.advanced(m_record.heads);
    if (m_memory && stored) {
        if (const auto kept = m_memory->remember(m_record); kept)
            m_record = *kept;
        else
            m_warnings.append(u"What was seen cannot be remembered: %1"_s.arg(kept.error().message));
    }
    QHash<Hash32, Timestamp> since;
    for (ExchangeAlarm &alarm : alarms) {
        const Hash32 id = alarm.id();
        alarm.since = m_since.value(id, m_clock.now());
        alarm.isAccepted = m_record.accepted.contains(id);
        since.insert(id, alarm.since);
    }
    m_since = since;
    m_last->alarms = alarms;
}

ChainLink ExchangeScan::linkBehind(const ExchangeLane &lane) const
{
    LaneHead head;
    if (m_last) {
        if (const auto here = m_last->heads.find(lane); here != m_last->heads.end())
            head = here->second;
    }
    if (const auto seen = m_record.heads.find(lane);
        seen != m_record.heads.end() && seen->second.sequence > head.sequence)
        head = seen->second;
    return linkAfter(head);
}

Result<ChainLink> ExchangeScan::nextLink(const ExchangeLane &lane)
{
    if (const auto done = read(); !done)
        return std::unexpected(done.error());
    return linkBehind(lane);
}

Result<void> ExchangeScan::checkOwn(const ExchangeEntry &entry) const
{
    if (const auto *proposal = std::get_if<Proposal>(&entry); proposal && proposal->previousEnvelope.isZero()) {
        if (const ExchangeItem *item = m_last->find(proposal->safeTxHash()); item && item->isDescribed())
            return fail(ErrorKind::Conflict, u"This transaction has been proposed already"_s,
                proposal->safeTxHash().toString());
    }
    const auto link = linkOf(entry);
    if (link && *link != linkBehind(laneOf(entry)))
        return fail(ErrorKind::Conflict,
            u"%1 has written to the exchange meanwhile, from another place: sign anew"_s.arg(
                laneOf(entry).author.toString()),
            u"entry %1, expected %2"_s.arg(link->sequence).arg(linkBehind(laneOf(entry)).sequence));
    return {};
}

// Another entry of this owner over this hash, of the same worth.
const CollectedSignature *ExchangeScan::twinOf(const CollectedSignature &signature) const
{
    for (const auto &[hash, held] : m_last->set->entries()) {
        const auto *other = std::get_if<CollectedSignature>(&held);
        if (other && other->safeTxHash == signature.safeTxHash && other->owner == signature.owner
            && other->isClaim() == signature.isClaim())
            return other;
    }
    return nullptr;
}

Result<QString> ExchangeScan::publish(ExchangeEntry entry, Publishing how)
{
    constexpr int tries = 5;
    for (int turn = 1;; ++turn) {
        if (const auto done = read(); !done)
            return fail(
                done.error().kind, u"The folder of proposals cannot be read: %1"_s.arg(done.error().message), m_path);
        if (m_last->set->contains(entryHashOf(entry)))
            return entryFileName(entry);
        auto *signature = std::get_if<CollectedSignature>(&entry);
        if (how == Publishing::Own && signature) {
            if (const CollectedSignature *twin = twinOf(*signature))
                return entryFileName(*twin);
            if (!signature->isClaim())
                signature->link = linkBehind(signature->lane());
        } else if (how == Publishing::Own) {
            if (const auto checked = checkOwn(entry); !checked)
                return std::unexpected(checked.error());
        }
        Bytes content = entryToJson(entry);
        // What nobody will believe is not written either.
        if (const auto readable = entryFromJson(content); !readable)
            return fail(ErrorKind::Invalid, u"It is no entry of the exchange: %1"_s.arg(readable.error().message));
        const auto directory = ExchangeDirectory::open(m_path);
        if (!directory)
            return std::unexpected(directory.error());
        QString name = entryFileName(entry);
        if (isWrittenClosed(entry)) {
            const auto envelope = m_cipher->seal(entry);
            if (!envelope)
                return std::unexpected(envelope.error());
            content = envelopeToJson(*envelope);
            name = sealedFileName(entry);
        }
        const auto written = directory->writeNew(name, content);
        if (written)
            return name;
        if (written.error().kind != ErrorKind::Conflict)
            return fail(written.error().kind,
                u"The folder of proposals cannot be written: %1"_s.arg(written.error().message), m_path);
        // Another console of this author was faster. Only a Safe signature can move to the next place by itself.
        if (how == Publishing::Copy || !signature || turn == tries)
            return fail(ErrorKind::Conflict, u"Another entry stands in this place of the author's log"_s, name);
    }
}

Result<QString> ExchangeScan::publishAttachment(const Bytes &content)
{
    if (content.size() > maxAttachmentBytes)
        return fail(ErrorKind::Exhausted, u"The document has more than %1 bytes"_s.arg(maxAttachmentBytes));
    if (m_cipher && m_cipher->encrypts())
        return fail(ErrorKind::Rejected,
            u"The folder is confidential, and documents cannot be encrypted yet: hand it over in another way"_s);
    const auto directory = ExchangeDirectory::open(m_path);
    if (!directory)
        return std::unexpected(directory.error());
    const QString name = attachmentFileName(keccak256(content));
    const auto written = directory->writeNew(name, content);
    if (!written && written.error().kind != ErrorKind::Conflict)
        return fail(written.error().kind,
            u"The folder of proposals cannot be written: %1"_s.arg(written.error().message), m_path);
    return name;
}

Result<Bytes> ExchangeScan::attachment(const Hash32 &contentHash) const
{
    const auto directory = ExchangeDirectory::open(m_path);
    if (!directory)
        return std::unexpected(directory.error());
    auto content = directory->read(attachmentFileName(contentHash), maxAttachmentBytes);
    if (content && keccak256(*content) != contentHash)
        return fail(ErrorKind::Corrupt, u"The document is not the one that the proposal names"_s);
    return content;
}

Result<void> ExchangeScan::accept(const ExchangeAlarm &alarm)
{
    if (alarm.kind == ExchangeAlarmKind::MemoryLost)
        return m_memory ? m_memory->restart() : Result<void>();
    const LaneHead *head = nullptr;
    if (m_last) {
        if (const auto here = m_last->heads.find(alarm.lane); here != m_last->heads.end())
            head = &here->second;
    }
    if (m_memory) {
        const auto kept = m_memory->accept(alarm.id(), alarm.lane, head);
        if (!kept)
            return std::unexpected(kept.error());
        m_record = *kept;
        return {};
    }
    m_record.accepted.insert(alarm.id());
    if (head)
        m_record.heads[alarm.lane] = *head;
    else
        m_record.heads.erase(alarm.lane);
    return {};
}

} // namespace countersign
