#pragma once

#include "models/approvals/composedesk.h"
#include "ui/pages/approvals/flowdialog.h"

namespace countersign {

/// Signing what was composed, one envelope a chain, and publishing it.
class ProposeDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProposeDialog)

public:
    ProposeDialog(ApprovalDesk &desk, const QList<ComposedProposal> &proposals, QWidget *parent = nullptr);

signals:
    void proposed(const QList<countersign::Hash32> &ids);

protected:
    void start(SecretBuffer pin) override;

private:
    QList<ProposalDraft> m_drafts;
    QList<Bytes> m_documents;
};

} // namespace countersign
