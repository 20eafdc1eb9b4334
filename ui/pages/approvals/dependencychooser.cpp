#include "ui/pages/approvals/dependencychooser.h"

#include "backend/types/strings.h"
#include "ui/widgets/format.h"

#include <QAction>
#include <QMenu>
#include <QStringList>

#include <algorithm>

namespace countersign {

DependencyChooser::DependencyChooser(const ComposeDesk &desk, QWidget *parent)
    : QToolButton(parent)
    , m_desk(desk)
{
    setPopupMode(QToolButton::InstantPopup);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    auto *list = new QMenu(this);
    setMenu(list);
    connect(list, &QMenu::aboutToShow, this, &DependencyChooser::fillMenu);
    showChosen();
}

void DependencyChooser::setChosen(const QList<Hash32> &chosen)
{
    m_chosen = chosen;
    showChosen();
}

void DependencyChooser::fillMenu()
{
    menu()->clear();
    const auto add = [this](const QString &text, const Hash32 &id) {
        QAction *action = menu()->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_chosen.contains(id));
        action->setToolTip(id.toString());
        connect(action, &QAction::toggled, this, [this, id](bool isOn) { toggle(id, isOn); });
    };
    const QList<DeskDependency> open = m_desk.openProposals();
    for (const DeskDependency &one : open)
        add(tr("%1, nonce %2: %3").arg(one.chain, one.nonce.toDecimal(), one.title).replace(u'&', u"&&"_s), one.id);
    for (const Hash32 &id : std::as_const(m_chosen)) {
        if (std::ranges::find(open, id, &DeskDependency::id) == open.end())
            add(tr("%1, which is not open").arg(shortId(id.toString(), 10, 8)), id);
    }
    if (menu()->isEmpty())
        menu()->addAction(tr("No proposal is open"))->setEnabled(false);
}

void DependencyChooser::toggle(const Hash32 &id, bool isOn)
{
    m_chosen.removeAll(id);
    if (isOn)
        m_chosen.append(id);
    showChosen();
    emit chosenChanged();
}

void DependencyChooser::showChosen()
{
    const QList<DeskDependency> open = m_desk.openProposals();
    QStringList lines;
    for (const Hash32 &id : std::as_const(m_chosen)) {
        const auto found = std::ranges::find(open, id, &DeskDependency::id);
        lines.append(found == open.end() ? tr("%1, which is not open").arg(id.toString()) : found->title);
    }
    const auto count = static_cast<int>(m_chosen.size());
    setText(count == 0 ? tr("Waits for no other")
            : count == 1 ? tr("Waits for 1 proposal")
            : tr("Waits for %n proposals", nullptr, count));
    setToolTip(m_chosen.isEmpty() ? tr("It may be executed whatever became of other proposals") : lines.join(u'\n'));
    setAccessibleDescription(text());
}

} // namespace countersign
