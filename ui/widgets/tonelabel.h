#pragma once

#include "models/sources/tone.h"

#include <QLabel>

namespace countersign {

/// Plain text in the colour of a tone, in whatever theme comes next: a colour that is set once stays that of the old one.
class ToneLabel final : public QLabel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ToneLabel)

public:
    explicit ToneLabel(Tone tone, QWidget *parent = nullptr);

    void setTone(Tone tone);

protected:
    void changeEvent(QEvent *event) override;

private:
    void colour();

    Tone m_tone;
};

} // namespace countersign
