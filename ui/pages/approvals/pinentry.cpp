#include "ui/pages/approvals/pinentry.h"

#include "ui/theme/tokens.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {
constexpr char firstPrintable = 0x20;
constexpr char lastPrintable = 0x7e;
} // namespace

PinEntry::PinEntry(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("PIN"));
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_InputMethodEnabled, false);
    setCursor(Qt::IBeamCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void PinEntry::allowPasting(const QString &name)
{
    m_takesPasted = true;
    setAccessibleName(name);
}

bool PinEntry::paste()
{
    if (!m_takesPasted)
        return false;
    QByteArray bytes = QGuiApplication::clipboard()->text().trimmed().toUtf8();
    const bool isOne = !bytes.isEmpty() && bytes.size() <= SecretBuffer::maxSize
        && std::ranges::all_of(bytes, [](char c) { return c > firstPrintable && c <= lastPrintable; });
    if (isOne)
        m_pin = SecretBuffer::takeFrom(bytes.data(), bytes.size());
    bytes.fill('\0');
    if (isOne)
        announce();
    return isOne;
}

SecretBuffer PinEntry::take()
{
    SecretBuffer pin = std::exchange(m_pin, SecretBuffer());
    announce();
    return pin;
}

void PinEntry::clear()
{
    m_pin.wipe();
    announce();
}

void PinEntry::announce()
{
    // How much was typed, never what.
    setAccessibleDescription(tr("Keys entered: %1").arg(m_pin.size()));
    update();
    emit changed();
}

QSize PinEntry::sizeHint() const
{
    return {240, 32};
}

void PinEntry::keyPressEvent(QKeyEvent *event)
{
    if (m_takesPasted && event->matches(QKeySequence::Paste)) {
        paste();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Backspace:
        if (event->modifiers().testFlag(Qt::ControlModifier))
            m_pin.wipe();
        else
            m_pin.removeLast();
        announce();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_pin.isEmpty())
            emit submitted();
        return;
    default:
        break;
    }
    const QString text = event->text();
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier) || text.size() != 1) {
        QWidget::keyPressEvent(event);
        return;
    }
    const char letter = text.at(0).toLatin1();
    if (letter < firstPrintable || letter > lastPrintable) {
        QWidget::keyPressEvent(event);
        return;
    }
    if (m_pin.append(letter))
        announce();
}

void PinEntry::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokenColor(hasFocus() ? Token::Accent : Token::Border, palette()), hasFocus() ? 1.5 : 1));
    painter.setBrush(palette().brush(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokenColor(Token::Text, palette()));
    const double middle = height() / 2.0;
    double x = 14;
    for (qsizetype i = 0; i < m_pin.size() && x < width() - 10; ++i, x += 13)
        painter.drawEllipse(QPointF(x, middle), 4, 4);
    if (hasFocus()) {
        painter.setBrush(tokenColor(Token::Accent, palette()));
        painter.drawRect(QRectF(std::min(x - 4, width() - 10.0), middle - 8, 1.5, 16));
    }
}

void PinEntry::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void PinEntry::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace countersign
