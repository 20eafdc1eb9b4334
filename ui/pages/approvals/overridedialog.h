#pragma once

#include "models/approvals/reviewmodel.h"
#include "ui/pages/approvals/flowdialog.h"

class QPlainTextEdit;

namespace countersign {

/// Answering under one's own key, with a reason, for going on in spite of a finding. It takes two people.
class OverrideDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OverrideDialog)

public:
    static constexpr qsizetype minReason = 10; ///< as the exchange wants it
    static constexpr qsizetype maxReason = 2000;

    /// \a given: what others have signed for that finding already; null when nobody has.
    OverrideDialog(ApprovalDesk &desk, const Hash32 &id, const Finding &finding, const ReviewedOverride *given,
        QWidget *parent = nullptr);

    QPlainTextEdit *reasonEdit() const { return m_reason; }

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    Hash32 m_id;
    QString m_code;
    QPlainTextEdit *m_reason;
    bool m_isMine = false; ///< the active holder has said so already
};

} // namespace countersign
