#include "backend/evm/abierror.h"
#include "backend/evm/abievent.h"
#include "backend/evm/abifunction.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// What is read says the same when it is written and read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto type = AbiType::parse(text)) {
        const auto again = AbiType::parse(type->canonical());
        if (!again || !(*again == *type))
            std::abort();
    }
    if (const auto function = AbiFunction::parse(text)) {
        const auto again = AbiFunction::parse(function->signature());
        if (!again || again->selector() != function->selector())
            std::abort();
    }
    if (const auto event = AbiEvent::parse(text); event && !AbiEvent::parse(event->signature()))
        std::abort();
    if (const auto error = AbiErrorDefinition::parse(text); error && !AbiErrorDefinition::parse(error->signature()))
        std::abort();
    return 0;
}
