#pragma once

#include "backend/types/sourcestatus.h"
#include "ui/theme/tokens.h"

#include <QVector>
#include <QWidget>

namespace countersign {

/// Tone and word of a source's state, the same everywhere.
Tone toneOf(SourceState state);
QString wordOf(SourceState state);

/// One lamp a source: shape, name, and the age of its data. A lamp whose source is well is quiet; one that is not says
/// so in a word.
class LampStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LampStrip)

public:
    explicit LampStrip(QWidget *parent = nullptr);

    void setSources(const QVector<SourceStatus> &sources);
    void setNow(Timestamp now);
    const QVector<SourceStatus> &sources() const { return m_sources; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void sourceActivated(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Lamp {
        QRect rect;
        QString text;
        QString age;
    };

    QVector<Lamp> arrange() const;
    QString describe(const SourceStatus &source) const;
    int lampAt(const QPoint &point) const;

    QVector<SourceStatus> m_sources;
    Timestamp m_now;
    int m_current = 0;
};

} // namespace countersign
