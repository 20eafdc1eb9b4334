#pragma once

#include "backend/canton/templateid.h"
#include "backend/types/strings.h"

#include <QStringView>

namespace countersign {

/// A template of the practice network's Daml model, by its package name: every version of it.
inline TemplateId intentTemplate(QStringView entity)
{
    return {u"#vault-intents"_s, u"Vault.Intents"_s, entity.toString()};
}

} // namespace countersign
