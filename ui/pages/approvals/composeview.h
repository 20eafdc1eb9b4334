#pragma once

#include "models/approvals/composedesk.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace countersign {

class Card;
class ComposeOutcome;
class Prompter;
class ProposalForm;
class StepForm;

/// Composing a proposal: its steps, the fields of one of them, and what it would do on each chain, simulated and
/// reviewed while one types. Nothing is signed here.
class ComposeView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComposeView)

public:
    /// Both outlive the view.
    ComposeView(ComposeDesk &desk, Prompter &prompter, QWidget *parent = nullptr);

    /// Begins with a request; \a draft: the id of the draft that it is, empty for a new one.
    void begin(const ComposeRequest &request, const QString &draft = {});
    void setHolder(const QString &holder);
    const ComposeRequest &request() const { return m_request; }
    const QList<ComposedProposal> &proposals() const { return m_composition.proposals; }
    QString draft() const { return m_draft; }
    const QList<ComposeProblem> &problems() const { return m_composition.problems; }
    /// Something was typed that no draft holds.
    bool isChanged() const { return m_isChanged; }
    /// What hinders proposing; empty when nothing does.
    QString cannotProposeReason() const;

    void addStep(const ComposeAction &action);
    StepForm *stepForm() const { return m_form; }
    ProposalForm *about() const { return m_about; }
    QLineEdit *titleEdit() const;
    QPlainTextEdit *reasonEdit() const;
    QCheckBox *chainBox(ChainId chain) const;
    QToolButton *addButton() const { return m_add; }
    QPushButton *proposeButton() const { return m_propose; }
    QPushButton *keepButton() const { return m_keep; }
    QListWidget *stepList() const { return m_steps; }

    bool keep();

signals:
    void backRequested();
    void proposeRequested();

private:
    QWidget *buildHead();
    QWidget *buildSteps();
    QWidget *buildFields();
    QWidget *buildFoot();
    void fillAddMenu();
    void showSteps(int current);
    void showStep();
    void moveStep(int by);
    void removeStep();
    void takeFields();
    void changed();
    void compose();
    void showComposition(const Result<Composition> &result);
    void showProblems();
    void showCanPropose();
    void discard();
    void orderStops();

    ComposeDesk &m_desk;
    Prompter &m_prompter;
    ComposeRequest m_request;
    QString m_draft;
    QString m_holder;
    bool m_isChanged = false;
    bool m_isFilling = false;
    bool m_isComposing = false;
    Composition m_composition;
    std::optional<Error> m_error;
    QTimer m_delay;

    QToolButton *m_back;
    QLabel *m_state;
    QListWidget *m_steps;
    QToolButton *m_add;
    QToolButton *m_up;
    QToolButton *m_down;
    QToolButton *m_remove;
    Card *m_stepCard;
    StepForm *m_form;
    ProposalForm *m_about;
    ComposeOutcome *m_outcome;
    QLabel *m_why;
    QPushButton *m_keep;
    QPushButton *m_discard;
    QPushButton *m_propose;
};

} // namespace countersign
