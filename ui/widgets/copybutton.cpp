#include "ui/widgets/copybutton.h"

#include "backend/types/strings.h"
#include "ui/theme/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTimer>

namespace countersign {

CopyButton::CopyButton(const QString &what, QWidget *parent)
    : QToolButton(parent)
    , m_what(what)
{
    setIcon(themeIcon("copy"_L1));
    setAutoRaise(true);
    setIconSize({14, 14});
    setAccessibleName(tr("Copy %1").arg(what));
    setToolTip(tr("Copy %1").arg(what));
    setEnabled(false);
    connect(this, &QToolButton::clicked, this, &CopyButton::copy);
}

void CopyButton::setValue(const QString &value)
{
    m_value = value;
    setEnabled(!value.isEmpty());
}

void CopyButton::copy()
{
    QGuiApplication::clipboard()->setText(m_value);
    setIcon(themeIcon("check"_L1));
    QTimer::singleShot(1200, this, [this] { setIcon(themeIcon("copy"_L1)); });
}

} // namespace countersign
