#pragma once

#include "models/approvals/composedesk.h"

#include <QHash>
#include <QList>
#include <QWidget>

#include <functional>

class QFormLayout;
class QLabel;

namespace countersign {

class Prompter;

/// The fields of one step, each with its problem under it.
class StepForm final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StepForm)

public:
    /// Both outlive the form.
    StepForm(const ComposeDesk &desk, Prompter &prompter, QWidget *parent = nullptr);

    /// \a earlier: names of what earlier steps create, "#1".
    void setAction(const ComposeAction &action, const QStringList &earlier);
    const ComposeAction &action() const { return m_action; }
    /// By field name; shown until the next call.
    void setProblems(const QHash<QString, QString> &problems);
    /// The editor of a field, for the keyboard and for tests; null when there is none.
    QWidget *editor(const QString &field) const { return m_editors.value(field); }
    void focusFirst();
    const QList<QWidget *> &editors() const { return m_stops; } ///< from top to bottom

signals:
    void changed();
    void built(); ///< the editors are others now

private:
    void build();
    void addRow(const QString &field, const QString &label, QWidget *editor);
    QWidget *editorOf(const ComposeField &field);
    QWidget *suggestingEditor(
        FieldKind kind, const QString &help, const QString &text, std::function<void(const QString &)> take);
    QWidget *choiceEditor(const ComposeField &field);
    QWidget *dataEditor(const ComposeField &field);
    QWidget *fileEditor(const ComposeField &field);
    void addArguments();
    void set(const QString &field, const QVariant &value, bool rebuilds = false);
    void setArgument(qsizetype index, const QString &text);

    const ComposeDesk &m_desk;
    Prompter &m_prompter;
    ComposeAction m_action = CancelNonceAction{};
    QStringList m_earlier;
    QLabel *m_explanation;
    QWidget *m_rows;
    QFormLayout *m_layout = nullptr;
    QHash<QString, QWidget *> m_editors;
    QList<QWidget *> m_stops;
    QHash<QString, QLabel *> m_problems;
};

} // namespace countersign
