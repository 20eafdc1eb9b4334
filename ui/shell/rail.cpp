#include "ui/shell/rail.h"

#include "backend/types/strings.h"
#include "ui/shell/railbutton.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QButtonGroup>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace countersign {

Rail::Rail(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
    , m_group(new QButtonGroup(this))
    , m_menu(new QToolButton(this))
{
    setObjectName(u"rail"_s);
    setFixedWidth(76);
    setBackgroundRole(QPalette::Base);
    m_layout->setContentsMargins(0, 6, 0, 8);
    m_layout->setSpacing(2);
    m_layout->addStretch();
    m_menu->setIcon(themeIcon("menu"_L1));
    m_menu->setIconSize({20, 20});
    m_menu->setAutoRaise(true);
    m_menu->setMinimumSize(44, 36);
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setAccessibleName(tr("Menu"));
    m_menu->setToolTip(tr("All actions"));
    m_layout->addWidget(m_menu, 0, Qt::AlignHCenter);
}

void Rail::addPage(const QString &id, const QString &title, QLatin1StringView icon, const QString &shortcut)
{
    auto *made = new RailButton(id, title, icon, this);
    made->setToolTip(shortcut.isEmpty() ? title : tr("%1 (%2)").arg(title, shortcut));
    m_group->addButton(made);
    m_layout->insertWidget(m_layout->count() - 2, made);
    connect(made, &QAbstractButton::clicked, this, [this, id] { emit pageRequested(id); });
}

RailButton *Rail::button(const QString &id) const
{
    for (QAbstractButton *candidate : m_group->buttons()) {
        auto *rail = static_cast<RailButton *>(candidate);
        if (rail->id() == id)
            return rail;
    }
    return nullptr;
}

void Rail::setCurrent(const QString &id)
{
    if (RailButton *found = button(id))
        found->setChecked(true);
}

void Rail::setCount(const QString &id, int count)
{
    if (RailButton *found = button(id))
        found->setCount(count);
}

void Rail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    painter.setPen(tokenColor(Token::Border, palette()));
    painter.drawLine(width() - 1, 0, width() - 1, height());
}

} // namespace countersign
