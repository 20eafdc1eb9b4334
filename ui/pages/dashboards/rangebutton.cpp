#include "ui/pages/dashboards/rangebutton.h"

#include "backend/types/strings.h"
#include "models/dashboards/dashboardsession.h"
#include "ui/theme/icons.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolTip>
#include <QWidgetAction>

#include <array>

namespace countersign {

namespace {

constexpr std::array<const char *, 10> usual{"5m", "15m", "30m", "1h", "3h", "6h", "12h", "24h", "2d", "7d"};

} // namespace

RangeButton::RangeButton(DashboardSession &session, QWidget *parent)
    : QPushButton(parent)
    , m_session(session)
    , m_from(new QLineEdit)
    , m_to(new QLineEdit)
{
    setIcon(themeIcon("clock"_L1));
    setAccessibleName(tr("Range"));
    auto *menu = new QMenu(this);
    auto *form = new QWidget(menu);
    auto *layout = new QFormLayout(form);
    layout->setContentsMargins(12, 10, 12, 8);
    layout->addRow(tr("From"), m_from);
    layout->addRow(tr("To"), m_to);
    auto *apply = new QPushButton(tr("Show"), form);
    layout->addRow(QString(), apply);
    m_from->setPlaceholderText(u"now-6h"_s);
    m_to->setPlaceholderText(u"now"_s);
    m_from->setAccessibleName(tr("Begin of the range"));
    m_to->setAccessibleName(tr("End of the range"));
    m_from->setToolTip(tr("now-6h, now/d, 2026-11-23T08:00:00Z, or milliseconds since 1970; UTC"));
    m_to->setToolTip(m_from->toolTip());
    auto *typed = new QWidgetAction(menu);
    typed->setDefaultWidget(form);
    menu->addAction(typed);
    menu->addSeparator();
    for (const char *length : usual) {
        const QString text = QString::fromLatin1(length);
        menu->addAction(tr("Last %1").arg(text), this, [this, text] { m_session.setRange(u"now-"_s + text, u"now"_s); });
    }
    setMenu(menu);
    const auto take = [this, menu] {
        if (applyTyped())
            menu->close();
    };
    connect(apply, &QPushButton::clicked, this, take);
    connect(m_from, &QLineEdit::returnPressed, this, take);
    connect(m_to, &QLineEdit::returnPressed, this, take);
    connect(&m_session, &DashboardSession::rangeChanged, this, &RangeButton::showRange);
    connect(&m_session, &DashboardSession::opened, this, &RangeButton::showRange);
    connect(menu, &QMenu::aboutToShow, this, [this] {
        m_from->setText(m_session.from());
        m_to->setText(m_session.to());
    });
    showRange();
}

bool RangeButton::applyTyped()
{
    if (m_session.setRange(m_from->text(), m_to->text()))
        return true;
    QToolTip::showText(m_from->mapToGlobal(QPoint(0, m_from->height())),
        tr("This is no range: both are times, and the end comes after the begin."), m_from);
    m_from->setFocus();
    return false;
}

void RangeButton::showRange()
{
    const QString &from = m_session.from();
    const bool isLast = m_session.to() == u"now"_s && from.startsWith(u"now-"_s) && !from.contains(u'/');
    const auto text = [](Timestamp time) { return time.toDateTime().toString(u"yyyy-MM-dd HH:mm"_s); };
    setText(isLast ? tr("Last %1").arg(from.sliced(4)) : tr("%1 to %2").arg(text(m_session.begin()), text(m_session.end())));
    setToolTip(tr("%1 to %2 UTC").arg(text(m_session.begin()), text(m_session.end())));
}

} // namespace countersign
