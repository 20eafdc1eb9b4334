#include "ui/shell/topbar.h"

#include "backend/types/strings.h"
#include "ui/shell/lampstrip.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/marks.h"
#include "ui/widgets/elidedlabel.h"

#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace countersign {

namespace {
constexpr int stripe = 3;
constexpr int firstRow = 36;
constexpr int secondRow = 26;
} // namespace

TopBar::TopBar(const EnvironmentBand &band, QWidget *parent)
    : QWidget(parent)
    , m_band(band)
    , m_bandSpace(new QWidget(this))
    , m_sentence(new ElidedLabel(Qt::ElideRight, this))
    , m_lamps(new LampStrip(this))
    , m_key(new QToolButton(this))
    , m_clock(new QLabel(this))
{
    setObjectName(u"topBar"_s);
    setBackgroundRole(QPalette::Base);
    setFixedHeight(stripe + firstRow + secondRow);
    setAccessibleName(tr("%1 environment %2").arg(band.word, band.name));

    const QFontMetrics word(uiFont(TextSize::Strong, QFont::Bold));
    const QFontMetrics name(uiFont(TextSize::Small));
    m_bandSpace->setFixedWidth(std::max(word.horizontalAdvance(band.word), name.horizontalAdvance(band.name)) + 36);
    m_bandSpace->setAttribute(Qt::WA_TransparentForMouseEvents);

    m_sentence->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_sentence->setObjectName(u"sentence"_s);
    m_key->setIcon(themeIcon("key"_L1));
    m_key->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_key->setAutoRaise(true);
    m_key->setObjectName(u"activeKey"_s);
    connect(m_key, &QToolButton::clicked, this, &TopBar::keyRequested);
    setActiveKey({}, {});

    m_clock->setFont(uiFont(TextSize::Body, QFont::Medium));
    m_clock->setAccessibleName(tr("UTC clock"));
    m_clock->setObjectName(u"utcClock"_s);
    auto *command = new QToolButton(this);
    command->setIcon(themeIcon("search"_L1));
    command->setText(tr("Ctrl+K"));
    command->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    command->setToolTip(tr("Find an action, an intent or a proposal"));
    command->setAccessibleName(tr("Open the command palette"));
    connect(command, &QToolButton::clicked, this, &TopBar::paletteRequested);

    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, stripe, 10, 0);
    layout->setHorizontalSpacing(10);
    layout->setVerticalSpacing(0);
    layout->addWidget(m_bandSpace, 0, 0, 2, 1);
    layout->addItem(new QSpacerItem(20, 1), 0, 1);
    layout->addWidget(m_sentence, 0, 2);
    layout->addWidget(m_key, 0, 3);
    layout->addWidget(m_clock, 0, 4);
    layout->addWidget(command, 0, 5);
    layout->addWidget(m_lamps, 1, 1, 1, 5);
    layout->setColumnStretch(2, 1);
    layout->setRowMinimumHeight(0, firstRow);
    layout->setRowMinimumHeight(1, secondRow);
}

void TopBar::setSentence(Tone tone, const QString &sentence)
{
    m_tone = tone;
    m_sentence->setText(sentence);
    update();
}

QString TopBar::sentence() const
{
    return m_sentence->text();
}

void TopBar::setActiveKey(const QString &name, const QString &detail)
{
    m_key->setText(name.isEmpty() ? tr("no key") : name);
    m_key->setToolTip(name.isEmpty() ? tr("No signing key is chosen on this machine") : detail);
    m_key->setAccessibleName(name.isEmpty() ? tr("Active key: none") : tr("Active key: %1").arg(name));
}

void TopBar::setNow(Timestamp now)
{
    m_clock->setText(now.toDateTime().toString(u"HH:mm:ss 'UTC'"_s));
    m_clock->setToolTip(now.toDateTime().toString(u"dddd, d MMMM yyyy"_s));
    m_lamps->setNow(now);
}

void TopBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    const QColor band = tokenColor(m_band.color, palette());
    const QRect block(0, 0, m_bandSpace->width(), height());
    painter.fillRect(QRect(0, 0, width(), stripe), band);
    painter.fillRect(block, band);
    painter.setPen(tokenColor(Token::Border, palette()));
    painter.drawLine(0, height() - 1, width(), height() - 1);
    painter.setPen(tokenColor(Token::BandText, palette()));
    painter.setFont(uiFont(TextSize::Strong, QFont::Bold));
    painter.drawText(QRect(18, 11, block.width(), 24), Qt::AlignLeft | Qt::AlignVCenter, m_band.word);
    painter.setFont(uiFont(TextSize::Small));
    painter.drawText(QRect(18, 34, block.width(), 20), Qt::AlignLeft | Qt::AlignVCenter, m_band.name);
    paintMark(painter, QRectF(block.right() + 15, stripe + (firstRow - 11) / 2.0, 11, 11), m_tone,
        tokenColor(toneToken(m_tone), palette()));
}

} // namespace countersign
