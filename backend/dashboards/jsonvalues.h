#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <cmath>
#include <optional>

namespace countersign {

// What dashboards write in more than one way, read in all of them.

/// A number, or a text that is one; absent otherwise, also for what is not finite.
inline std::optional<double> numberOf(const QJsonValue &value)
{
    if (value.isDouble())
        return std::isfinite(value.toDouble()) ? std::optional(value.toDouble()) : std::nullopt;
    bool isNumber = false;
    const double number = value.toString().trimmed().toDouble(&isNumber);
    return isNumber && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// A whole number within [low, high]; \a fallback otherwise.
inline int wholeOf(const QJsonValue &value, int fallback, int low, int high)
{
    const std::optional<double> number = numberOf(value);
    return number && *number >= low && *number <= high ? static_cast<int>(*number) : fallback;
}

/// A text, or a number or truth value as text.
inline QString textOf(const QJsonValue &value)
{
    if (value.isDouble())
        return QString::number(value.toDouble(), 'g', 15);
    if (value.isBool())
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    return value.toString();
}

/// A list of texts, or one text alone.
inline QStringList textsOf(const QJsonValue &value)
{
    QStringList texts;
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (const QJsonValue &one : array)
            texts.append(textOf(one));
    } else if (!value.isNull() && !value.isUndefined() && !value.isObject()) {
        texts.append(textOf(value));
    }
    return texts;
}

} // namespace countersign
