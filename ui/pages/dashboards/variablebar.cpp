#include "ui/pages/dashboards/variablebar.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

#include <algorithm>

namespace countersign {

namespace {

const QString allMark = u"$__all"_s;
constexpr int longestShown = 32; ///< characters of a value in its closed box
constexpr qsizetype mostShown = 500; ///< options in a menu

QString shortened(const QString &text)
{
    return text.size() <= longestShown ? text : text.first(longestShown - 1) + u'…';
}

} // namespace

VariableBar::VariableBar(DashboardSession &session, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_layout(new QHBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(6);
    connect(&m_session, &DashboardSession::variablesChanged, this, &VariableBar::rebuild);
    rebuild();
}

void VariableBar::rebuild()
{
    const QWidget *focus = focusWidget();
    const QString focused = m_fields.key(const_cast<QWidget *>(focus));
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    m_fields.clear();
    const QList<VariableChoice> choices = m_session.variables();
    for (const VariableChoice &choice : choices) {
        auto *label = new QLabel(choice.label, this);
        label->setForegroundRole(QPalette::PlaceholderText);
        label->setFont(uiFont(TextSize::Small));
        label->setTextFormat(Qt::PlainText);
        QWidget *field = choice.isText ? textField(choice) : choiceField(choice);
        field->setAccessibleName(choice.label);
        label->setBuddy(field);
        m_layout->addWidget(label);
        m_layout->addWidget(field);
        m_layout->addSpacing(6);
        m_fields.insert(choice.name, field);
        if (choice.name == focused)
            field->setFocus();
    }
    m_layout->addStretch();
    setVisible(!choices.isEmpty());
}

QWidget *VariableBar::textField(const VariableChoice &choice)
{
    auto *edit = new QLineEdit(choice.chosen.value(0), this);
    edit->setMaximumWidth(200);
    connect(edit, &QLineEdit::editingFinished, this, [this, edit, choice] {
        if (edit->text() != choice.chosen.value(0))
            m_session.choose(choice.name, {edit->text()});
    });
    return edit;
}

QWidget *VariableBar::choiceField(const VariableChoice &choice)
{
    auto *button = new QPushButton(choice.shown.isEmpty() ? tr("none") : shortened(choice.shown), this);
    button->setToolTip(choice.error.isEmpty() ? choice.shown : tr("Its values could not be asked for: %1").arg(choice.error));
    auto *menu = new QMenu(button);
    button->setMenu(menu);
    const auto add = [this, menu, &choice](const QString &text, const QString &value) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(choice.chosen.contains(value));
        connect(action, &QAction::triggered, this, [this, choice, value](bool checked) {
            if (!choice.isMulti || value == allMark) {
                m_session.choose(choice.name, {value});
                return;
            }
            QStringList values = choice.chosen;
            values.removeAll(allMark);
            if (checked)
                values.append(value);
            else
                values.removeAll(value);
            m_session.choose(choice.name, values.isEmpty() && choice.includesAll ? QStringList{allMark} : values);
        });
    };
    if (choice.includesAll)
        add(tr("All"), allMark);
    for (qsizetype i = 0; i < std::min(choice.options.size(), mostShown); ++i)
        add(choice.options.at(i).text.isEmpty() ? tr("(empty)") : choice.options.at(i).text, choice.options.at(i).value);
    if (menu->isEmpty())
        menu->addAction(choice.error.isEmpty() ? tr("There is nothing to choose") : choice.error)->setEnabled(false);
    return button;
}

} // namespace countersign
