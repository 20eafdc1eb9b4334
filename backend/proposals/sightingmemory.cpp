#include "backend/proposals/sightingmemory.h"

#include "backend/proposals/exchangedirectory.h"
#include "backend/proposals/fileturn.h"
#include "backend/proposals/memberreader.h"
#include "backend/types/strings.h"

#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace countersign {

namespace {

constexpr auto recordKind = "countersign.firstseen"_L1;
constexpr Timestamp latest = Timestamp::fromSeconds(253'402'300'799); // the end of 9999
const QString fileName = u"firstseen.json"_s;

QString lostText(const QString &why)
{
    return u"What this console had seen before cannot be read, and counts as not seen: %1"_s.arg(why);
}

// Whoever fills the memory loses their own first: what is no longer in the exchange, then what came last.
qsizetype makeRoom(FirstSights &sights, const std::set<Hash32> &present)
{
    if (sights.size() <= maxSightings)
        return 0;
    struct Sight {
        bool isPresent;
        Timestamp at;
        Hash32 id;
    };
    std::vector<Sight> gone;
    std::vector<Sight> here;
    for (const auto &[id, at] : sights)
        (present.contains(id) ? here : gone).push_back({present.contains(id), at, id});
    std::ranges::sort(gone, {}, [](const Sight &sight) { return std::pair(sight.at, sight.id); });
    std::ranges::sort(here, std::greater(), [](const Sight &sight) { return std::pair(sight.at, sight.id); });
    qsizetype unkept = 0;
    for (const std::vector<Sight> *group : {&std::as_const(gone), &std::as_const(here)}) {
        for (const Sight &sight : *group) {
            if (sights.size() <= maxSightings)
                return unkept;
            sights.erase(sight.id);
            unkept += sight.isPresent ? 1 : 0;
        }
    }
    return unkept;
}

} // namespace

Bytes sightingsToJson(const FirstSights &sights)
{
    QJsonObject object = frameOf(recordKind);
    QJsonArray seen;
    for (const auto &[id, at] : sights)
        seen.append(QJsonObject{{u"safeTxHash"_s, id.toString()}, {u"at"_s, decimal(at)}});
    object.insert("seen"_L1, seen);
    return canonicalJson(object);
}

Result<FirstSights> sightingsFromJson(QByteArrayView file)
{
    if (file.size() > maxSightingBytes)
        return fail(ErrorKind::Exhausted, u"the record has more than %1 bytes"_s.arg(maxSightingBytes));
    const auto text
        = JsonText::parse(file.toByteArray(), {.maxBytes = maxSightingBytes, .maxDepth = 4, .maxValues = 100'000});
    if (!text)
        return std::unexpected(text.error());
    MemberReader reader(text->root(), {});
    readFrame(reader, recordKind);
    FirstSights sights;
    for (const JsonView value : reader.problem() ? std::vector<JsonView>()
                                                 : reader.list("seen"_L1, static_cast<qsizetype>(maxSightings))) {
        MemberReader sight(value, u"seen."_s);
        const Hash32 id = sight.hash("safeTxHash"_L1);
        const Timestamp at = sight.time("at"_L1);
        if (at > latest)
            sight.note(u"seen.at is beyond 9999"_s);
        reader.finish(sight);
        sights.insert_or_assign(id, at);
    }
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    return ifCanonical(std::move(sights), file, sightingsToJson);
}

std::optional<SightingMemory> SightingMemory::besideJournal(const QString &journal)
{
    if (journal.isEmpty())
        return std::nullopt;
    return SightingMemory(QFileInfo(journal).absolutePath() + u"/exchange"_s);
}

Result<FirstSights> SightingMemory::load() const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const auto file = directory->read(fileName, maxSightingBytes);
    if (!file && file.error().kind == ErrorKind::NotFound)
        return FirstSights();
    auto sights = file ? sightingsFromJson(*file) : Result<FirstSights>(std::unexpected(file.error()));
    if (!sights)
        return fail(ErrorKind::Corrupt, lostText(sights.error().message), m_folder + u'/' + fileName);
    return sights;
}

Result<RememberedSights> SightingMemory::remember(const FirstSights &seen, const std::set<Hash32> &present) const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const FileTurn turn(m_folder + u"/.firstseen.lock"_s);
    const auto stored = load();
    RememberedSights now;
    if (stored) {
        now.sights = *stored;
    } else {
        now.lost = stored.error().message;
        if (const auto aside = directory->quarantine(fileName, now.lost); !aside)
            return std::unexpected(aside.error());
    }
    for (const auto &[id, at] : seen) {
        const auto [known, isNew] = now.sights.try_emplace(id, at);
        if (!isNew)
            known->second = std::min(known->second, at);
    }
    if (const qsizetype unkept = makeRoom(now.sights, present); unkept > 0)
        now.lost = u"This console remembers %1 proposals at most; %2 of those in the exchange count as not seen before"_s.arg(
            QString::number(maxSightings), QString::number(unkept));
    if (stored && now.sights == *stored)
        return now;
    if (const auto written = directory->replace(fileName, sightingsToJson(now.sights)); !written)
        return std::unexpected(written.error());
    return now;
}

} // namespace countersign
