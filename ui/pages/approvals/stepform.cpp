#include "ui/pages/approvals/stepform.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/prompter.h"
#include "ui/widgets/tonelabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QFile>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr qint64 maxFileBytes = qint64{1} * 1024 * 1024;

FieldKind kindOfType(const QString &type, const QString &name)
{
    if (type == "address"_L1)
        return FieldKind::Account;
    if (type == "bytes32"_L1 && name.contains("party"_L1, Qt::CaseInsensitive))
        return FieldKind::Party;
    return FieldKind::Text;
}

QString methodText(CreateMethod method)
{
    switch (method) {
    case CreateMethod::ByNonce:
        return StepForm::tr("by the Safe; the address hangs on its account nonce");
    case CreateMethod::BySalt:
        return StepForm::tr("by the Safe; the address hangs on salt and code");
    case CreateMethod::Arachnid:
        return StepForm::tr("by the deterministic deployer 0x4e59…");
    case CreateMethod::SafeSingletonFactory:
        break;
    }
    return StepForm::tr("by the Safe singleton factory 0x914d…");
}

} // namespace

StepForm::StepForm(const ComposeDesk &desk, Prompter &prompter, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_prompter(prompter)
    , m_explanation(new QLabel(this))
    , m_rows(new QWidget(this))
{
    m_explanation->setWordWrap(true);
    m_explanation->setTextFormat(Qt::PlainText);
    m_explanation->setForegroundRole(QPalette::PlaceholderText);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(m_explanation);
    layout->addWidget(m_rows);
}

void StepForm::setAction(const ComposeAction &action, const QStringList &earlier)
{
    m_action = action;
    m_earlier = earlier;
    build();
}

void StepForm::build()
{
    // The editor whose signal led here is deleted when its event is over.
    QWidget *before = m_rows;
    m_rows = new QWidget(this);
    m_layout = new QFormLayout(m_rows);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(14);
    m_layout->setVerticalSpacing(6);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_layout->setRowWrapPolicy(QFormLayout::DontWrapRows);
    layout()->replaceWidget(before, m_rows);
    before->hide();
    before->deleteLater();
    m_editors.clear();
    m_stops.clear();
    m_problems.clear();
    const ComposeForm form = formOf(m_action);
    m_explanation->setText(form.explanation);
    for (const ComposeField &field : form.fields) {
        if (field.kind == FieldKind::Arguments)
            addArguments();
        else
            addRow(field.name, field.label, editorOf(field));
    }
    emit built();
}

void StepForm::addRow(const QString &field, const QString &label, QWidget *editor)
{
    auto *cell = new QWidget(m_rows);
    auto *problem = new ToneLabel(Tone::Bad, cell);
    problem->setWordWrap(true);
    problem->setFont(uiFont(TextSize::Small));
    problem->hide();
    auto *column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(editor);
    column->addWidget(problem);
    auto *name = new QLabel(label, m_rows);
    name->setBuddy(editor);
    editor->setAccessibleName(label);
    if (const auto *box = qobject_cast<QComboBox *>(editor); box && box->lineEdit())
        box->lineEdit()->setAccessibleName(label);
    editor->setObjectName(field);
    m_layout->addRow(name, cell);
    m_editors.insert(field, editor);
    m_stops.append(editor);
    m_problems.insert(field, problem);
}

QWidget *StepForm::editorOf(const ComposeField &field)
{
    switch (field.kind) {
    case FieldKind::Account:
    case FieldKind::Vault:
    case FieldKind::Contract:
    case FieldKind::Party:
        return suggestingEditor(field.kind, field.help, fieldValue(m_action, field.name).toString(),
            [this, name = field.name](const QString &text) { set(name, text); });
    case FieldKind::Flag: {
        auto *box = new QCheckBox(m_rows);
        box->setChecked(fieldValue(m_action, field.name).toBool());
        connect(box, &QCheckBox::toggled, this, [this, name = field.name](bool on) { set(name, on); });
        return box;
    }
    case FieldKind::Method:
    case FieldKind::Artifact:
    case FieldKind::Version:
        return choiceEditor(field);
    case FieldKind::Data:
        return dataEditor(field);
    case FieldKind::File:
        return fileEditor(field);
    case FieldKind::Word:
    case FieldKind::Number:
    case FieldKind::Text:
    case FieldKind::Arguments:
        break;
    }
    auto *edit = new QLineEdit(fieldValue(m_action, field.name).toString(), m_rows);
    edit->setPlaceholderText(field.help);
    connect(edit, &QLineEdit::textEdited, this, [this, name = field.name](const QString &text) { set(name, text.trimmed()); });
    return edit;
}

QWidget *StepForm::suggestingEditor(
    FieldKind kind, const QString &help, const QString &text, std::function<void(const QString &)> take)
{
    auto *box = new QComboBox(m_rows);
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    if (kind != FieldKind::Party)
        box->addItems(m_earlier);
    box->addItems(m_desk.suggestions(kind));
    box->setMinimumContentsLength(12);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->completer()->setFilterMode(Qt::MatchContains);
    box->completer()->setCompletionMode(QCompleter::PopupCompletion);
    box->lineEdit()->setPlaceholderText(help);
    box->setEditText(text);
    connect(box, &QComboBox::editTextChanged, this, [take = std::move(take)](const QString &typed) { take(typed.trimmed()); });
    return box;
}

QWidget *StepForm::choiceEditor(const ComposeField &field)
{
    auto *box = new QComboBox(m_rows);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(16);
    const QVariant value = fieldValue(m_action, field.name);
    if (field.kind == FieldKind::Method) {
        for (const CreateMethod method :
            {CreateMethod::BySalt, CreateMethod::ByNonce, CreateMethod::Arachnid, CreateMethod::SafeSingletonFactory})
            box->addItem(methodText(method), static_cast<int>(method));
        box->setCurrentIndex(box->findData(value));
        connect(box, &QComboBox::currentIndexChanged, this,
            [this, box, name = field.name] { set(name, box->currentData().toInt()); });
        return box;
    }
    const bool isArtifact = field.kind == FieldKind::Artifact;
    const QStringList names = isArtifact ? m_desk.artifacts() : QStringList{u"1.4.1"_s, u"1.5.0"_s};
    box->addItems(names);
    box->setCurrentIndex(static_cast<int>(names.indexOf(value.toString())));
    if (isArtifact)
        box->setPlaceholderText(tr("Choose a build"));
    connect(box, &QComboBox::currentTextChanged, this,
        [this, name = field.name, isArtifact](const QString &text) { set(name, text, isArtifact); });
    return box;
}

QWidget *StepForm::dataEditor(const ComposeField &field)
{
    auto *edit = new QPlainTextEdit(fieldValue(m_action, field.name).toString(), m_rows);
    edit->setPlaceholderText(field.help);
    edit->setFont(monoFont());
    edit->setTabChangesFocus(true);
    edit->setFixedHeight(90);
    connect(edit, &QPlainTextEdit::textChanged, this,
        [this, edit, name = field.name] { set(name, edit->toPlainText().simplified().remove(u' ')); });
    return edit;
}

QWidget *StepForm::fileEditor(const ComposeField &field)
{
    auto *button = new QPushButton(m_rows);
    const qsizetype size = fieldValue(m_action, field.name).toByteArray().size();
    button->setText(size > 0 ? tr("%1 read; another…").arg(QLocale().formattedDataSize(size)) : tr("Choose a file…"));
    button->setToolTip(field.help);
    connect(button, &QPushButton::clicked, this, [this, button, name = field.name] {
        m_prompter.askOpenFiles(this, {tr("Choose a file"), tr("JSON files (*.json);;All files (*)")},
            [this, button, name](const QStringList &paths) {
                if (paths.isEmpty())
                    return;
                QFile file(paths.first());
                QString problem;
                if (!QFileInfo(file).isFile() || !file.open(QIODevice::ReadOnly))
                    problem = tr("%1 cannot be read: %2").arg(paths.first(), file.errorString());
                else if (file.size() > maxFileBytes)
                    problem = tr("The file has more than %1").arg(QLocale().formattedDataSize(maxFileBytes));
                if (!problem.isEmpty()) {
                    setProblems({{name, problem}});
                    return;
                }
                button->setEnabled(false);
                set(name, file.readAll(), true);
            });
    });
    return button;
}

void StepForm::addArguments()
{
    const QList<DeskParameter> parameters = m_desk.parameters(
        fieldValue(m_action, u"artifact"_s).toString(), fieldValue(m_action, u"json"_s).toByteArray());
    QStringList texts = fieldValue(m_action, u"arguments"_s).toStringList();
    texts.resize(parameters.size());
    setFieldValue(m_action, u"arguments"_s, texts);
    for (qsizetype i = 0; i < parameters.size(); ++i) {
        const DeskParameter &parameter = parameters[i];
        const QString name = u"arguments[%1]"_s.arg(i);
        const FieldKind kind = kindOfType(parameter.type, parameter.name);
        const auto take = [this, i](const QString &text) { setArgument(i, text); };
        QWidget *editor = nullptr;
        if (kind == FieldKind::Text) {
            auto *edit = new QLineEdit(texts[i], m_rows);
            edit->setPlaceholderText(parameter.type);
            connect(edit, &QLineEdit::textEdited, this, [take](const QString &text) { take(text.trimmed()); });
            editor = edit;
        } else {
            editor = suggestingEditor(kind, parameter.type, texts[i], take);
        }
        editor->setToolTip(u"%1 %2"_s.arg(parameter.type, parameter.name));
        addRow(name, parameter.name.isEmpty() ? parameter.type : parameter.name, editor);
    }
}

void StepForm::set(const QString &field, const QVariant &value, bool rebuilds)
{
    if (fieldValue(m_action, field) == value || !setFieldValue(m_action, field, value))
        return;
    if (rebuilds)
        QTimer::singleShot(0, this, &StepForm::build);
    emit changed();
}

void StepForm::setArgument(qsizetype index, const QString &text)
{
    QStringList texts = fieldValue(m_action, u"arguments"_s).toStringList();
    if (index >= texts.size())
        return;
    texts[index] = text;
    set(u"arguments"_s, texts);
}

void StepForm::setProblems(const QHash<QString, QString> &problems)
{
    for (const auto &[field, label] : m_problems.asKeyValueRange()) {
        const QString text = problems.value(field);
        label->setText(text);
        label->setVisible(!text.isEmpty());
        if (QWidget *editor = m_editors.value(field))
            editor->setAccessibleDescription(text);
    }
}

void StepForm::focusFirst()
{
    const ComposeForm form = formOf(m_action);
    for (const ComposeField &field : form.fields) {
        QWidget *editor = m_editors.value(field.name);
        if (!editor)
            continue;
        editor->setFocus(Qt::OtherFocusReason);
        return;
    }
}

} // namespace countersign
