#include "ui/theme/fonts.h"

#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

// Points, not pixels, so that the desktop's text scaling reaches us.
double points(TextSize size)
{
    switch (size) {
    case TextSize::Caption:
        return 8.0;
    case TextSize::Small:
        return 8.8;
    case TextSize::Body:
        return 9.6;
    case TextSize::Strong:
        return 10.6;
    case TextSize::Title:
        return 13.0;
    case TextSize::Figure:
        return 18.0;
    }
    return 9.6;
}

}

QFont uiFont(TextSize size, QFont::Weight weight)
{
    QFont font;
    font.setFamilies({u"Roboto"_s, u"DejaVu Sans"_s});
    font.setPointSizeF(points(size));
    font.setWeight(weight);
    font.setStyleHint(QFont::SansSerif);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont monoFont(TextSize size)
{
    QFont font;
    font.setFamilies({u"JetBrains Mono"_s, u"DejaVu Sans Mono"_s});
    font.setPointSizeF(points(size) - 0.6);
    font.setFixedPitch(true);
    font.setStyleHint(QFont::Monospace);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

}
