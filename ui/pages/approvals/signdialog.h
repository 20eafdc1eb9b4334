#pragma once

#include "ui/pages/approvals/flowdialog.h"

#include <array>

class QComboBox;
class QLabel;
class QLineEdit;

namespace countersign {

class ReviewModel;
class ToneLabel;

/// Signing one reviewed transaction: the forced comparison with what the device shows, then the PIN.
class SignDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SignDialog)

public:
    SignDialog(ApprovalDesk &desk, const ReviewModel &review, QWidget *parent = nullptr);

    /// What the device shows: 0 the SafeTx hash, 1 domain hash and message hash.
    QComboBox *deviceBox() const { return m_device; }
    QLineEdit *firstEdit(ComparedHash hash) const { return m_ends[static_cast<std::size_t>(hash)].first; }
    QLineEdit *lastEdit(ComparedHash hash) const { return m_ends[static_cast<std::size_t>(hash)].last; }
    /// Who gets the signature: 0 everybody, then the executors whom it can be sealed for.
    QComboBox *giveBox() const { return m_give; }
    QPushButton *mismatchButton() const { return m_mismatch; }

signals:
    /// The device shows something else. The dialog closes.
    void mismatchRequested();

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    struct Ends {
        QWidget *row = nullptr;
        QLineEdit *first = nullptr;
        QLineEdit *last = nullptr;
    };
    void addRow(ComparedHash hash, const QString &name);
    void showRows();
    void showVerdict();
    void addGiving();
    const DeskExecutor *executor() const; ///< null: it is given openly
    DeviceComparison comparison() const;

    std::array<Ends, 3> m_ends;
    QComboBox *m_device;
    QComboBox *m_give;
    QLabel *m_giving;
    QList<DeskExecutor> m_executors;
    QPushButton *m_mismatch;
    ToneLabel *m_verdict;
    ReviewHashes m_hashes;
    Hash32 m_id;
};

} // namespace countersign
