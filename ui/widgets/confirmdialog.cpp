#include "ui/widgets/confirmdialog.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/fitheight.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace countersign {

ConfirmDialog::ConfirmDialog(const ConfirmRequest &request, QWidget *parent)
    : QDialog(parent)
    , m_expected(request.typeThis)
    , m_typed(new QLineEdit(this))
{
    setObjectName(u"confirmDialog"_s);
    setWindowTitle(request.title);
    setMinimumWidth(440);
    auto *title = new QLabel(request.text, this);
    title->setFont(uiFont(TextSize::Strong, QFont::Medium));
    auto *detail = new QLabel(request.detail, this);
    for (QLabel *label : {title, detail}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    auto *ask = new QLabel(tr("Type %1 to go on:").arg(m_expected), this);
    ask->setBuddy(m_typed);
    m_typed->setAccessibleName(tr("Confirmation"));
    ask->setVisible(!m_expected.isEmpty());
    m_typed->setVisible(!m_expected.isEmpty());

    auto *buttons = new QDialogButtonBox(this);
    const bool isChoice = !request.confirmLabel.isEmpty();
    QPushButton *cancel = buttons->addButton(isChoice ? QDialogButtonBox::Cancel : QDialogButtonBox::Close);
    cancel->setDefault(true);
    cancel->setAccessibleName(isChoice ? tr("Cancel") : tr("Close"));
    m_confirm = buttons->addButton(request.confirmLabel, QDialogButtonBox::AcceptRole);
    m_confirm->setAutoDefault(false);
    m_confirm->setAccessibleName(request.confirmLabel);
    m_confirm->setEnabled(m_expected.isEmpty());
    m_confirm->setVisible(isChoice);
    connect(m_typed, &QLineEdit::textChanged, this,
        [this](const QString &text) { m_confirm->setEnabled(text == m_expected); });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 14);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(detail);
    detail->setVisible(!request.detail.isEmpty());
    layout->addWidget(ask);
    layout->addWidget(m_typed);
    layout->addSpacing(8);
    layout->addWidget(buttons);
    fitHeightWhenShown(*this);
}

} // namespace countersign
