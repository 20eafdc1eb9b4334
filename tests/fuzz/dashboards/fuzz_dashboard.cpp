#include "backend/dashboards/coverage.h"
#include "backend/dashboards/dashboardreader.h"
#include "backend/dashboards/variables.h"
#include "models/dashboards/dashboardlayout.h"
#include "models/dashboards/panelcontent.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// Whatever a dashboard says, it is read, reported and laid out, and an answer is shown by it; steps keep Prometheus' limit.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto dashboard = readDashboard(json);
    if (!dashboard)
        return 0;
    CoverageInput input;
    input.scope.from = Timestamp::fromSeconds(1'700'000'000);
    input.scope.to = Timestamp::fromSeconds(1'700'003'600);
    input.scope.variables = assumedValues(*dashboard, std::chrono::hours(1));
    const Coverage coverage = coverageOf(*dashboard, input);
    if (coverage.supported() > coverage.panels.size())
        std::abort();
    (void)coverage.toJson();
    for (const PanelSlot &slot : layOut(*dashboard, input.scope)) {
        QList<TargetAnswer> answers;
        for (const PanelTarget &target : slot.panel.targets) {
            TargetAnswer answer{target, target.legendFormat, {}, std::chrono::seconds(15)};
            answer.result.series = {{{{QStringLiteral("le"), QStringLiteral("1")}}, {{input.scope.from, 1}, {input.scope.to, 2}}},
                {{{QStringLiteral("a"), QStringLiteral("b")}}, {{input.scope.from, -1}}}};
            answers.append(answer);
        }
        (void)contentOf(slot.panel, answers, input.scope);
    }
    return 0;
}
