#include "ui/widgets/tonelabel.h"

#include "ui/theme/marks.h"
#include "ui/theme/tokens.h"

#include <QEvent>

namespace countersign {

ToneLabel::ToneLabel(Tone tone, QWidget *parent)
    : QLabel(parent)
    , m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    colour();
}

void ToneLabel::setTone(Tone tone)
{
    m_tone = tone;
    colour();
}

void ToneLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colour();
}

void ToneLabel::colour()
{
    QPalette colours = palette();
    const QColor ink = tokenColor(toneToken(m_tone), colours);
    if (colours.color(QPalette::WindowText) == ink)
        return; // it was this that changed the palette
    colours.setColor(QPalette::WindowText, ink);
    setPalette(colours);
}

} // namespace countersign
