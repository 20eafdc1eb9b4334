#pragma once

#include "backend/types/timestamp.h"
#include "ui/theme/tokens.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace countersign {

class ElidedLabel;
class LampStrip;

/// Word and colour of the environment that the console is bound to.
struct EnvironmentBand {
    QString word; ///< PRACTICE, TEST, PRODUCTION
    QString name; ///< the profile's own name
    Token color = Token::TestBand;
};

/// What is always in sight: environment, one sentence of state, the sources with the age of their data, the active key,
/// the UTC clock, and the way to every command.
class TopBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TopBar)

public:
    explicit TopBar(const EnvironmentBand &band, QWidget *parent = nullptr);

    void setSentence(Tone tone, const QString &sentence);
    QString sentence() const;
    void setActiveKey(const QString &name, const QString &detail);
    void setNow(Timestamp now);
    LampStrip *lamps() const { return m_lamps; }

signals:
    void paletteRequested();
    void keyRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    EnvironmentBand m_band;
    Tone m_tone = Tone::Neutral;
    QWidget *m_bandSpace;
    ElidedLabel *m_sentence;
    LampStrip *m_lamps;
    QToolButton *m_key;
    QLabel *m_clock;
};

} // namespace countersign
