#pragma once

#include "models/approvals/composedesk.h"

#include <QHash>
#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace countersign {

class DependencyChooser;
class Prompter;
class ToneLabel;

/// What a proposal says besides its steps: why, for which chains, with which nonce, until when, after what, with which
/// files.
class ProposalForm final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProposalForm)

public:
    /// Both outlive the form.
    ProposalForm(ComposeDesk &desk, Prompter &prompter, QWidget *parent = nullptr);

    /// How long a proposal is valid when nobody says.
    static Timestamp defaultExpiry();
    void setRequest(const ComposeRequest &request);
    /// Writes what stands in the fields into the request; its steps stay.
    void takeInto(ComposeRequest &request) const;
    /// What is no request yet; empty when all can be read.
    QString problem() const;
    void setProblems(const QStringList &problems);

    /// The fields in the order of the Tab key.
    QList<QWidget *> stops() const;
    QLineEdit *titleEdit() const { return m_title; }
    QPlainTextEdit *reasonEdit() const { return m_reason; }
    QCheckBox *chainBox(ChainId chain) const { return m_chains.value(chain); }
    QPushButton *documentsButton() const { return m_attach; }

signals:
    void changed();

private:
    QWidget *buildChains();
    QWidget *buildNonce();
    void noteChange();
    void takeValidity();
    void openDocuments();
    void showDocuments();

    ComposeDesk &m_desk;
    Prompter &m_prompter;
    bool m_isFilling = false;
    std::optional<Timestamp> m_expiresAt;
    QList<ComposeDocument> m_documents;
    QLineEdit *m_title;
    QPlainTextEdit *m_reason;
    QHash<ChainId, QCheckBox *> m_chains;
    QLineEdit *m_nonce;
    QPushButton *m_attach;
    QComboBox *m_validity;
    DependencyChooser *m_after;
    ToneLabel *m_problem;
};

} // namespace countersign
