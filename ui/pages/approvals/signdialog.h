#pragma once

#include "ui/pages/approvals/flowdialog.h"

#include <array>

class QLineEdit;

namespace countersign {

class ReviewModel;

/// Signing one reviewed transaction: the forced comparison of two hash groups with a second source, then the PIN.
class SignDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SignDialog)

public:
    /// \a groups: the two positions that have to be compared, different, chosen at random by the caller.
    SignDialog(ApprovalDesk &desk, const ReviewModel &review, std::array<int, 2> groups, QWidget *parent = nullptr);

    const std::array<int, 2> &comparedGroups() const { return m_groups; }
    QLineEdit *groupEdit(int which) const { return m_edits[static_cast<std::size_t>(which)]; }

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    bool isCompared() const;

    QStringList m_expected;
    std::array<int, 2> m_groups;
    std::array<QLineEdit *, 2> m_edits{};
    Hash32 m_id;
    QString m_text;
};

} // namespace countersign
