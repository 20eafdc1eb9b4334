#pragma once

#include "backend/types/error.h"
#include "backend/types/json.h"
#include "backend/types/timestamp.h"

#include <QMap>
#include <QString>
#include <QStringList>

namespace countersign {

/// Members of an object in answers of Prometheus and Alertmanager. What is absent or of another kind is empty, false or 0: these servers leave
/// out what they have nothing to say about, and older ones leave out more.
QString textField(const JsonView &object, QUtf8StringView name);
double numberField(const JsonView &object, QUtf8StringView name);
bool boolField(const JsonView &object, QUtf8StringView name, bool otherwise = false);
/// RFC 3339; null when absent, no time, or Go's year 1.
Timestamp timeField(const JsonView &object, QUtf8StringView name);
/// Texts of an array.
QStringList textsField(const JsonView &object, QUtf8StringView name);
/// An object of texts.
QMap<QString, QString> textMapField(const JsonView &object, QUtf8StringView name);
/// An RFC 3339 time as these servers write it, with nine digits of fraction and an offset; null when it is none.
Timestamp timeOfText(const QString &text);

} // namespace countersign
