#include "models/dashboards/display.h"

#include "backend/types/strings.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

bool matchesSpecial(const QString &match, std::optional<double> value, const QString &text)
{
    const bool isNan = value && std::isnan(*value);
    if (match == u"null"_s || match == u"nan"_s || match == u"null+nan"_s)
        return isNan || (!value && text.isNull());
    if (match == u"true"_s || match == u"false"_s)
        return text == match || (value && !isNan && *value == (match == u"true"_s ? 1 : 0));
    return match == u"empty"_s && !value && text.isEmpty();
}

const ValueMapping *mappingOf(const FieldConfig &field, std::optional<double> value, const QString &text)
{
    const auto matches = [&](const ValueMapping &mapping) {
        switch (mapping.kind) {
        case ValueMapping::Kind::Value: {
            bool isNumber = false;
            const double wanted = mapping.match.toDouble(&isNumber);
            return value && isNumber ? *value == wanted : mapping.match == text;
        }
        case ValueMapping::Kind::Range:
            return value && !std::isnan(*value) && (!mapping.from || *value >= *mapping.from) && (!mapping.to || *value <= *mapping.to);
        case ValueMapping::Kind::Regex: {
            QString pattern = mapping.match;
            if (pattern.size() > 1 && pattern.startsWith(u'/') && pattern.lastIndexOf(u'/') > 0)
                pattern = pattern.sliced(1, pattern.lastIndexOf(u'/') - 1);
            const QRegularExpression expression(pattern);
            return !value && expression.isValid() && expression.match(text).hasMatch();
        }
        case ValueMapping::Kind::Special:
            break;
        }
        return matchesSpecial(mapping.match, value, text);
    };
    const auto found = std::ranges::find_if(field.mappings, matches);
    return found == field.mappings.end() ? nullptr : &*found;
}

} // namespace

const DashboardThreshold *thresholdAt(double value, const FieldConfig &field, std::optional<double> low, std::optional<double> high)
{
    double at = value;
    if (field.thresholds.isPercentage) {
        const double from = field.min.value_or(low.value_or(0));
        const double to = field.max.value_or(high.value_or(100));
        at = to > from ? (value - from) / (to - from) * 100 : 0;
    }
    const DashboardThreshold *reached = nullptr;
    for (const DashboardThreshold &step : field.thresholds.steps) {
        if (!step.value || at >= *step.value)
            reached = &step;
    }
    return reached ? reached : field.thresholds.steps.isEmpty() ? nullptr : &field.thresholds.steps.constFirst();
}

DisplayValue displayOf(double value, const FieldConfig &field, std::optional<double> low, std::optional<double> high)
{
    DisplayValue display;
    display.number = value;
    if (const DashboardThreshold *step = std::isnan(value) ? nullptr : thresholdAt(value, field, low, high))
        display.color = step->color;
    if (field.colorMode == u"fixed"_s && !field.fixedColor.isEmpty())
        display.color = field.fixedColor;
    display.text = std::isnan(value) ? FormattedValue{{}, field.noValue.isEmpty() ? u"No data"_s : field.noValue, {}}
                                     : formatValue(value, field.unit, field.decimals);
    if (const ValueMapping *mapping = mappingOf(field, value, {})) {
        if (!mapping->text.isEmpty())
            display.text = {{}, mapping->text, {}};
        if (!mapping->color.isEmpty())
            display.color = mapping->color;
    }
    const std::optional<double> from = field.min ? field.min : low;
    const std::optional<double> to = field.max ? field.max : high;
    if (from && to && *to > *from && !std::isnan(value))
        display.share = std::clamp((value - *from) / (*to - *from), 0.0, 1.0);
    return display;
}

DisplayValue displayOf(const QString &text, const FieldConfig &field)
{
    DisplayValue display;
    display.number = std::nan("");
    display.text = {{}, text, {}};
    if (const ValueMapping *mapping = mappingOf(field, std::nullopt, text)) {
        if (!mapping->text.isEmpty())
            display.text.text = mapping->text;
        display.color = mapping->color;
    }
    return display;
}

} // namespace countersign
