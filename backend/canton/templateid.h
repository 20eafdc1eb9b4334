#pragma once

#include "backend/types/error.h"

#include <QString>

namespace countersign {

/// "package:Module.Name:Entity", where the package is an id or "#" and a package name; the latter means every version
/// of that package.
struct TemplateId {
    QString package;
    QString module;
    QString entity;

    [[nodiscard]] static Result<TemplateId> parse(QStringView text);
    [[nodiscard]] QString toString() const { return package + QLatin1Char(':') + module + QLatin1Char(':') + entity; }

    friend bool operator==(const TemplateId &, const TemplateId &) = default;
};

} // namespace countersign
