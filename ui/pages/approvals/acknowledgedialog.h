#pragma once

#include "models/approvals/acknowledgements.h"
#include "ui/pages/approvals/flowdialog.h"

namespace countersign {

/// Saying under one's own key that one has seen all that the exchange of a Safe holds now.
class AcknowledgeDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AcknowledgeDialog)

public:
    AcknowledgeDialog(ApprovalDesk &desk, const AcknowledgementState &state, QWidget *parent = nullptr);

protected:
    void start(SecretBuffer pin) override;

private:
    AcknowledgementState m_state; ///< as it was shown: what comes later is not acknowledged with it
};

} // namespace countersign
