#pragma once

#include "ui/widgets/prompter.h"

namespace countersign {

/// Asks with real dialogs.
class DialogPrompter final : public Prompter {
public:
    void askSaveFile(
        QWidget *parent, const SaveRequest &request, std::function<void(const QString &path)> done) override;
    void askOpenFiles(
        QWidget *parent, const OpenRequest &request, std::function<void(const QStringList &paths)> done) override;
    void tell(QWidget *parent, const QString &title, const QString &text) override;
    void confirm(QWidget *parent, const ConfirmRequest &request, std::function<void(bool confirmed)> done) override;
};

} // namespace countersign
