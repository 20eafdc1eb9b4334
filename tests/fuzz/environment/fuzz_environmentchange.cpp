#include "backend/environment/environmentchange.h"
#include "backend/types/strings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray yaml(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto before = Environment::parse(yaml, u"f"_s, u"/f"_s);
    if (!before || before->chains.isEmpty())
        return 0;
    const Address address = Address::fromBytes(Bytes(Address::size, '\x5a')).value();
    const NewContract contract{NewContract::Kind::Vault, before->chains.last().chainId, u"a \"new\" vault"_s, address};
    const auto change = planInsertion(yaml, u"/f/f"_s, contract);
    if (!change)
        return 0;
    // What is written is what was there, with lines in between.
    const auto after = Environment::parse(change->after, u"f"_s, u"/f"_s);
    if (!after || after->chains.last().vaults.size() != before->chains.last().vaults.size() + 1
        || change->after.size() <= yaml.size())
        std::abort();
    return 0;
}
