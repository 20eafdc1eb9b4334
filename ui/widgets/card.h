#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace countersign {

/// A panel with a heading: the one container that pages are built of.
class Card final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Card)

public:
    explicit Card(const QString &heading, QWidget *parent = nullptr);

    void setHeading(const QString &heading);
    /// One muted line beside the heading: a count, an age, a hint.
    void setNote(const QString &note);
    /// Controls at the right end of the heading.
    void addHeadingWidget(QWidget *widget);
    QVBoxLayout *body() const { return m_body; }
    void setFlush(bool flush); ///< body without inner margins, for tables

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void followFocus(const QWidget *now);

    QLabel *m_heading;
    QLabel *m_note;
    QHBoxLayout *m_top;
    QVBoxLayout *m_body;
    bool m_holdsFocus = false; ///< a view that fills the card has it
};

} // namespace countersign
