#include "app/console/startproblem.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/copybutton.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

namespace countersign {

StartProblem::StartProblem(const QString &file, const Error &error, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"startProblem"_s);
    setWindowTitle(tr("Countersign"));
    setWindowIcon(QIcon(u":/countersign.svg"_s));
    resize(760, 420);
    auto *title = new QLabel(file.isEmpty() ? tr("Which environment?") : tr("This environment cannot be opened"), this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    auto *text = new QLabel(error.message, this);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *details = new QPlainTextEdit(error.detail, this);
    details->setReadOnly(true);
    details->setFont(monoFont());
    details->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    details->setAccessibleName(tr("Problems"));
    details->setVisible(!error.detail.isEmpty());
    auto *copy = new CopyButton(tr("the problems"), this);
    copy->setValue(error.message + u'\n' + error.detail);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *foot = new QHBoxLayout;
    foot->addWidget(copy);
    foot->addWidget(buttons, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 20, 24, 16);
    layout->setSpacing(10);
    layout->addWidget(title);
    layout->addWidget(text);
    layout->addWidget(details, 1);
    if (error.detail.isEmpty())
        layout->addStretch();
    layout->addLayout(foot);
}

} // namespace countersign
