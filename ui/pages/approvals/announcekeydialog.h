#pragma once

#include "ui/pages/approvals/flowdialog.h"

class QComboBox;
class QLabel;

namespace countersign {

/// Telling the other owners of a Safe the key that they encrypt to. Done anew when a key was lost: what was sealed for
/// it stays closed.
class AnnounceKeyDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AnnounceKeyDialog)

public:
    explicit AnnounceKeyDialog(ApprovalDesk &desk, QWidget *parent = nullptr);

    QComboBox *safeBox() const { return m_safe; }

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    void showPlace();

    QList<DeskKeyPlace> m_places;
    QComboBox *m_safe;
    QLabel *m_standing;
};

} // namespace countersign
