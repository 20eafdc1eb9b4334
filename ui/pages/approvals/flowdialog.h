#pragma once

#include "models/approvals/approvaldesk.h"
#include "ui/theme/tokens.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace countersign {

class CopyButton;
class PinEntry;
class StatusBadge;
class StepList;

/// What signing, executing and proposing have in common: what is done with which key, the PIN, the steps while it runs,
/// and the result with an id to copy. Cancel is the default; nothing starts by itself.
class FlowDialog : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlowDialog)

public:
    bool isRunning() const { return m_running; }
    bool isFinished() const { return m_finished; }
    QString message() const;
    PinEntry *pinEntry() const { return m_pin; }
    QPushButton *goButton() const { return m_go; }

protected:
    /// One step of the flow in the order in which it is expected.
    struct Step {
        FlowStep::Kind kind;
        QString text;
    };

    FlowDialog(ApprovalDesk &desk, const QString &title, const QString &goLabel, QVector<Step> steps, QWidget *parent);

    QVBoxLayout *body() const { return m_body; }
    void setSentence(const QString &sentence);
    /// Looks for the token; call when the dialog is built.
    void prepare();
    void succeed(const QString &text, const QString &idName, const QString &id);
    void fail(const Error &error);
    void updateGo();
    /// For what needs no key: call instead of prepare().
    void goWithoutKey();
    /// After a failure, when the person asks for another try: prepare(), or what the step needs instead of it.
    virtual void tryAgain() { prepare(); }
    /// Grows to what the text needs.
    void fit();

    virtual void start(SecretBuffer pin) = 0;
    /// Whether the step can be taken without the token as well.
    virtual bool isPinOptional() const { return false; }
    /// While something is on its way: takes a PIN for what is done about it.
    void askPinAgain();
    SecretBuffer takePin();
    /// Whether everything but the PIN is there; otherwise why not.
    virtual QString missing() const { return {}; }

    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void reject() override;

    ApprovalDesk &m_desk;

private:
    void go();
    void showNeed(const Result<UnlockNeed> &need);
    void showStep(const FlowStep &step);
    void setMessage(Tone tone, const QString &word, const QString &text);

    QVector<Step> m_flow;
    QLabel *m_sentence;
    QLabel *m_key;
    StatusBadge *m_custody;
    QVBoxLayout *m_body;
    QWidget *m_pinRow;
    PinEntry *m_pin;
    QLabel *m_hint;
    StepList *m_steps;
    QWidget *m_outcome;
    StatusBadge *m_outcomeBadge;
    QLabel *m_outcomeText;
    CopyButton *m_copy;
    QPushButton *m_cancel;
    QPushButton *m_go;
    bool m_ready = false;
    bool m_lookAgain = false; ///< the button offers to look for the token again, whatever is typed meanwhile
    bool m_sent = false; ///< a transaction is on its way: it is never started a second time from here
    bool m_running = false;
    bool m_finished = false;
};

} // namespace countersign
