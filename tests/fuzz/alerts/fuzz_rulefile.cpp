#include "backend/alerts/rulecheck.h"
#include "backend/alerts/rulefile.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// A rule that is read has a name, an expression and times that are not negative.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray yaml(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto groups = parseRuleFile(yaml)) {
        for (const RuleGroupText &group : *groups) {
            for (const RuleText &rule : group.rules) {
                if (rule.name.isEmpty() || rule.holdFor.count() < 0 || rule.keepFiringFor.count() < 0)
                    std::abort();
            }
        }
    }
    (void)parseRuleCheck(QString::fromUtf8(yaml), QStringLiteral("/tmp/rules"), size % 2 == 0);
    return 0;
}
