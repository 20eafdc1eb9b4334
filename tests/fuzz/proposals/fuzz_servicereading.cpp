#include "backend/proposals/service/servicereading.h"
#include "backend/types/strings.h"

#include <cstdlib>

using namespace countersign;

// What a service lists, whatever it is, becomes entries that a folder would take as well, without an author or a place;
// the owner is that of corpus/servicereading.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const SafeServiceSubject subject{.chainId = ChainId(1),
        .safe = *Address::parse(u"0x5afe000000000000000000000000000000005afe"),
        .version = SafeVersion::v141(),
        .owners = {*Address::parse(u"0x3da8d322cb2435da26e9c9fee670f9fb7fe74e49")}};
    const auto page
        = readSafeServicePage(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)), subject);
    if (!page)
        return 0;
    const ServiceReading reading = readingOf({page->transactions, page->findings, true}, subject, u"a service"_s);
    for (const auto &[hash, entry] : reading.set->entries()) {
        const auto again = entryFromJson(entryToJson(entry));
        if (!again || entryHashOf(*again) != hash || linkOf(entry) || std::holds_alternative<Proposal>(entry))
            std::abort();
    }
    for (const ExchangeItem &item : snapshotOf(reading.set).items) {
        if (item.isDescribed() || item.proposal.title.contains(u'\n'))
            std::abort();
    }
    return 0;
}
