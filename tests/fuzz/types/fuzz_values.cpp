#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/partyid.h"
#include "backend/types/uint256.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>

using namespace countersign;

namespace {

template <class T> void readsWhatItWrites(QStringView text, auto write)
{
    const Result<T> value = T::parse(text);
    if (!value)
        return;
    const Result<T> again = T::parse(std::invoke(write, *value));
    if (!again || !(*again == *value))
        std::abort();
}

} // namespace

// Every value type reads what it writes itself as the same value, and refuses the rest without harm.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    readsWhatItWrites<Address>(text, &Address::toString);
    readsWhatItWrites<Hash32>(text, &Hash32::toString);
    readsWhatItWrites<PartyId>(text, &PartyId::toString);
    readsWhatItWrites<Uint256>(text, &Uint256::toDecimal);
    readsWhatItWrites<Uint256>(text, &Uint256::toHexQuantity);
    return 0;
}
