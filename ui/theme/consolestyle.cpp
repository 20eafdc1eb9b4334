#include "ui/theme/consolestyle.h"

#include "backend/types/strings.h"
#include "ui/theme/tokens.h"

#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QStyleOption>
#include <QStyleOptionHeader>
#include <QStyleOptionSlider>

namespace countersign {

namespace {

constexpr qreal radius = 4;

QRectF inner(const QRect &rect)
{
    return QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
}

QColor blend(const QColor &over, const QColor &under, float share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(share * float(a) + (1 - share) * float(b)); };
    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()), mix(over.blue(), under.blue()));
}

void drawButton(const QStyleOption &option, QPainter &painter)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool flat = option.state.testFlag(QStyle::State_AutoRaise);
    const bool pressed = option.state.testFlag(QStyle::State_Sunken) || option.state.testFlag(QStyle::State_On);
    const bool hover = option.state.testFlag(QStyle::State_MouseOver) && enabled;
    bool isDefault = false;
    if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(&option))
        isDefault = button->features.testFlag(QStyleOptionButton::DefaultButton);
    const bool focused = !flat && option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange);
    if (flat && !pressed && !hover)
        return;

    const QPalette &palette = option.palette;
    QColor fill = tokenColor(Token::Raised, palette);
    const QColor own = palette.color(enabled ? QPalette::Active : QPalette::Disabled, QPalette::Button);
    if (own != fill)
        fill = own;
    const QColor ink = palette.color(QPalette::ButtonText);
    if (pressed)
        fill = blend(ink, fill, 0.16F);
    else if (hover)
        fill = blend(ink, fill, 0.08F);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        QPen(isDefault && enabled ? tokenColor(Token::Accent, palette) : tokenColor(Token::Border, palette), 1));
    painter.setBrush(fill);
    painter.drawRoundedRect(inner(option.rect), radius, radius);
    if (!focused)
        return;
    // Within the border, which tells the default button: both may be seen on one.
    painter.setPen(QPen(tokenColor(Token::Accent, palette), 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(inner(option.rect).adjusted(2, 2, -2, -2), radius - 1.5, radius - 1.5);
}

void drawField(const QStyleOption &option, QPainter &painter, bool fill)
{
    const bool focus = option.state.testFlag(QStyle::State_HasFocus);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokenColor(focus ? Token::Accent : Token::Border, option.palette), focus ? 1.5 : 1));
    painter.setBrush(fill ? option.palette.brush(QPalette::Base) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(inner(option.rect), radius, radius);
}

void drawHeader(const QStyleOptionHeader &option, QPainter &painter)
{
    painter.fillRect(option.rect, tokenColor(Token::Raised, option.palette));
    painter.setPen(tokenColor(Token::Border, option.palette));
    painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
}

void drawScrollBar(const QStyleOptionSlider &option, QPainter &painter, const QRect &slider)
{
    painter.fillRect(option.rect, option.palette.color(QPalette::Base));
    if (!slider.isValid() || option.maximum <= option.minimum)
        return;
    const bool held = option.state.testFlag(QStyle::State_Sunken) || option.state.testFlag(QStyle::State_MouseOver);
    QRectF grip = option.orientation == Qt::Vertical ? QRectF(slider).adjusted(3, 1, -2, -1)
                                                     : QRectF(slider).adjusted(1, 3, -1, -2);
    QColor color = tokenColor(Token::BorderStrong, option.palette);
    color.setAlpha(held ? 255 : 150);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(grip, 3, 3);
}

// Fusion takes the outline from a darkened window colour, which on a dark ground is no outline.
void drawCheckBox(const QStyleOption &option, QPainter &painter)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool focused = option.state.testFlag(QStyle::State_HasFocus);
    const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tokenColor(focused ? Token::Accent : enabled ? Token::Muted : Token::BorderStrong, option.palette));
    painter.setBrush(option.palette.brush(QPalette::Base));
    painter.drawRoundedRect(box, 2, 2);
    const QColor ink = enabled ? option.palette.color(QPalette::Text) : tokenColor(Token::Muted, option.palette);
    if (option.state.testFlag(QStyle::State_On)) {
        painter.setPen(QPen(ink, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const QPointF tick[] = {{box.left() + box.width() * 0.24, box.top() + box.height() * 0.52},
            {box.left() + box.width() * 0.43, box.top() + box.height() * 0.72}, {box.left() + box.width() * 0.77, box.top() + box.height() * 0.28}};
        painter.drawPolyline(tick, std::size(tick));
    } else if (option.state.testFlag(QStyle::State_NoChange)) {
        painter.fillRect(QRectF(box.left() + 3, box.center().y() - 0.75, box.width() - 6, 1.5), ink);
    }
}

}

ConsoleStyle::ConsoleStyle()
    : QProxyStyle(u"Fusion"_s)
{
}

void ConsoleStyle::drawPrimitive(
    PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    painter->save();
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_PanelButtonTool:
    case PE_PanelButtonBevel:
        drawButton(*option, *painter);
        break;
    case PE_FrameDefaultButton:
        break;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth <= 0)
            painter->fillRect(option->rect, option->palette.brush(QPalette::Base));
        else
            drawField(*option, *painter, true);
        break;
    case PE_FrameLineEdit:
        drawField(*option, *painter, false);
        break;
    case PE_FrameFocusRect:
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(tokenColor(Token::Accent, option->palette), 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(inner(option->rect), radius - 1, radius - 1);
        break;
    case PE_Frame:
        painter->setPen(tokenColor(Token::Border, option->palette));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        break;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        drawCheckBox(*option, *painter);
        break;
    case PE_FrameMenu:
        painter->setPen(tokenColor(Token::BorderStrong, option->palette));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        break;
    case PE_FrameTabBarBase:
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            tokenColor(Token::Border, option->palette));
        break;
    default:
        painter->restore();
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        return;
    }
    painter->restore();
}

void ConsoleStyle::drawControl(
    ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    if (element == CE_HeaderSection) {
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            painter->save();
            drawHeader(*header, *painter);
            painter->restore();
            return;
        }
    }
    if (element == CE_HeaderEmptyArea) {
        painter->fillRect(option->rect, tokenColor(Token::Raised, option->palette));
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            tokenColor(Token::Border, option->palette));
        return;
    }
    if (element == CE_HeaderLabel) {
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            QStyleOptionHeader quiet = *header;
            quiet.state &= ~State_On;
            quiet.palette.setColor(QPalette::ButtonText, tokenColor(Token::Muted, option->palette));
            quiet.rect.adjust(6, 0, -6, 0);
            QProxyStyle::drawControl(element, &quiet, painter, widget);
            return;
        }
    }
    if (element == CE_Splitter) {
        const bool hover = option->state.testFlag(State_MouseOver);
        const QColor color = tokenColor(hover ? Token::Accent : Token::Border, option->palette);
        const QPoint centre = option->rect.center();
        if (option->state.testFlag(State_Horizontal))
            painter->fillRect(QRect(centre.x(), option->rect.top(), 1, option->rect.height()), color);
        else
            painter->fillRect(QRect(option->rect.left(), centre.y(), option->rect.width(), 1), color);
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void ConsoleStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option)) {
            painter->save();
            drawScrollBar(*slider, *painter, subControlRect(CC_ScrollBar, slider, SC_ScrollBarSlider, widget));
            painter->restore();
            return;
        }
    }
    if (control == CC_ToolButton) {
        // A button that is all menu says so by its icon; the little arrow beside it is noise.
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option)) {
            QStyleOptionToolButton quiet = *button;
            quiet.features &= ~QStyleOptionToolButton::HasMenu;
            QProxyStyle::drawComplexControl(control, &quiet, painter, widget);
            return;
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect ConsoleStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    return element == SE_LineEditContents ? rect.adjusted(4, 0, -4, 0) : rect;
}

int ConsoleStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return 11;
    case PM_SplitterWidth:
        return 7;
    case PM_ButtonMargin:
        return 10;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return 8;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ConsoleStyle::styleHint(
    StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *returnData) const
{
    switch (hint) {
    case SH_UnderlineShortcut:
        return 0;
    case SH_ScrollBar_Transient:
        return 0;
    case SH_Header_ArrowAlignment:
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    case SH_EtchDisabledText:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

}
