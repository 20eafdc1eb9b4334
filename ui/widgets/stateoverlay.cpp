#include "ui/widgets/stateoverlay.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/stalestrip.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace countersign {

namespace {
constexpr int sideMargin = 20;
constexpr int widestText = 520;
} // namespace

StateOverlay::StateOverlay(StaleStrip *strip, QWidget *parent)
    : QWidget(parent)
    , m_strip(strip)
    , m_message(new QLabel(this))
    , m_hint(new QLabel(this))
    , m_retry(new QPushButton(themeIcon("refresh"_L1), tr("Try again"), this))
{
    m_message->setFont(uiFont(TextSize::Strong, QFont::Medium));
    for (QLabel *label : {m_message, m_hint}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_retry->setAccessibleName(tr("Try again"));

    auto *layout = new QVBoxLayout(this);
    layout->addStretch(3);
    layout->addSpacing(34);
    // Without an alignment, which would give wrapped text one line of height.
    layout->addWidget(m_message);
    layout->addWidget(m_hint);
    layout->addSpacing(4);
    layout->addWidget(m_retry, 0, Qt::AlignHCenter);
    layout->addStretch(4);

    connect(m_retry, &QPushButton::clicked, this, &StateOverlay::retryRequested);
    parent->installEventFilter(this);
    hide();
}

void StateOverlay::clear()
{
    m_state = State::None;
    m_strip->setText({});
    hide();
}

void StateOverlay::showEmpty(const QString &message, const QString &hint)
{
    show(State::Empty, message, hint, false);
}

void StateOverlay::showLoading(const QString &message)
{
    show(State::Loading, message, {}, false);
}

void StateOverlay::showError(const QString &message, const QString &hint, bool canRetry)
{
    show(State::Error, message, hint, canRetry);
}

void StateOverlay::showStale(const QString &message)
{
    show(State::Stale, message, {}, false);
}

void StateOverlay::show(State state, const QString &message, const QString &hint, bool canRetry)
{
    m_state = state;
    m_text = message;
    m_message->setText(message);
    m_message->setVisible(state != State::Stale);
    m_strip->setText(state == State::Stale ? message : QString());
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    m_retry->setVisible(canRetry);
    setAccessibleName(message);
    setAttribute(Qt::WA_TransparentForMouseEvents, state == State::Stale);
    cover();
    raise();
    QWidget::show();
    update();
}

void StateOverlay::cover()
{
    setGeometry(parentWidget()->rect());
    // The margins keep lines short and in the middle; a label that wraps asks for far too little width by itself.
    const int side = std::max(sideMargin, (width() - widestText) / 2);
    layout()->setContentsMargins(side, 0, side, 0);
}

bool StateOverlay::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        cover();
    return QWidget::eventFilter(watched, event);
}

void StateOverlay::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (m_state == State::Stale) {
        QColor hatch = tokenColor(Token::Muted, palette());
        hatch.setAlpha(34);
        painter.fillRect(rect(), QBrush(hatch, Qt::BDiagPattern));
        return;
    }
    painter.fillRect(rect(), palette().color(QPalette::Base));
    const auto icon = m_state == State::Error ? "error"_L1 : m_state == State::Loading ? "clock"_L1 : "info"_L1;
    const QColor ink = tokenColor(m_state == State::Error ? Token::Bad : Token::Muted, palette());
    paintIcon(painter, QRectF(width() / 2.0 - 13, m_message->y() - 36, 26, 26), icon, ink);
}

} // namespace countersign
