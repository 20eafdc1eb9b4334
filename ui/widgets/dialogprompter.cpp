#include "ui/widgets/dialogprompter.h"

#include "ui/widgets/confirmdialog.h"

#include <QFileDialog>

namespace countersign {

void DialogPrompter::askSaveFile(
    QWidget *parent, const SaveRequest &request, std::function<void(const QString &path)> done)
{
    auto *dialog = new QFileDialog(parent, request.title, {}, request.filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(request.suggestedName);
    QObject::connect(dialog, &QFileDialog::finished, parent, [dialog, done = std::move(done)](int result) {
        done(result == QDialog::Accepted ? dialog->selectedFiles().value(0) : QString());
    });
    dialog->open();
}

void DialogPrompter::askOpenFiles(
    QWidget *parent, const OpenRequest &request, std::function<void(const QStringList &paths)> done)
{
    auto *dialog = new QFileDialog(parent, request.title, {}, request.filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    QObject::connect(dialog, &QFileDialog::finished, parent, [dialog, done = std::move(done)](int result) {
        done(result == QDialog::Accepted ? dialog->selectedFiles() : QStringList());
    });
    dialog->open();
}

void DialogPrompter::tell(QWidget *parent, const QString &title, const QString &text)
{
    auto *dialog = new ConfirmDialog({title, text, {}, {}, {}}, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void DialogPrompter::confirm(QWidget *parent, const ConfirmRequest &request, std::function<void(bool confirmed)> done)
{
    auto *dialog = new ConfirmDialog(request, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::finished, parent,
        [done = std::move(done)](int result) { done(result == QDialog::Accepted); });
    dialog->open();
}

} // namespace countersign
