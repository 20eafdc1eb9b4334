#include "backend/evm/buildoutput.h"
#include "backend/evm/codeverificationjson.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// Files and requests from anywhere: each is read or refused, and a verdict is JSON.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto text = JsonText::parse(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)), ContractArtifact::jsonLimits());
    if (!text)
        return 0;
    static_cast<void>(ContractArtifact::fromJson(text->root()));
    if (BuildOutput::isBuildOutput(text->root())) {
        const auto build = BuildOutput::fromJson(text->root()).value();
        for (const QString &name : build.contractNames())
            static_cast<void>(build.artifact(name));
    }
    if (!text->root().isObject())
        return 0;
    const auto verdict = verifyCodeFromJson(text->root());
    if (verdict && !JsonText::parse(toJson(*verdict)))
        std::abort();
    return 0;
}
