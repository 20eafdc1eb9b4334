#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>

namespace countersign {

class TimeSeriesView;

/// One figure of the overview: name, value, what it is compared with, and how it went lately.
class StatTile final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatTile)

public:
    explicit StatTile(const QString &title, QWidget *parent = nullptr);

    /// `word` says in a word what `tone` says in colour; both empty for a figure without judgement.
    void setFigure(const QString &figure, const QString &note, Tone tone, const QString &word);
    void setStale(const QString &age);
    TimeSeriesView *spark() const { return m_spark; }
    const QString &figure() const { return m_figure; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void activated();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void describe();

    QString m_title;
    QString m_figure;
    QString m_note;
    QString m_word;
    QString m_stale;
    Tone m_tone = Tone::Neutral;
    TimeSeriesView *m_spark;
};

} // namespace countersign
