#include "ui/pages/approvals/composeview.h"

#include "backend/types/strings.h"
#include "ui/pages/approvals/composeoutcome.h"
#include "ui/pages/approvals/proposalform.h"
#include "ui/pages/approvals/stepform.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/prompter.h"

#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSet>
#include <QStringList>
#include <QToolButton>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr int typingMilliseconds = 500; ///< after the last key, before the chain is asked
QToolButton *stepButton(const QString &text, const QString &name, QLatin1StringView icon, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setText(text);
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setAutoRaise(true);
    if (!icon.isEmpty())
        button->setIcon(themeIcon(icon));
    return button;
}

QString attention(qsizetype problems)
{
    return problems == 1 ? ComposeView::tr("One field needs attention.")
                         : ComposeView::tr("%n fields need attention.", nullptr, static_cast<int>(problems));
}

QScrollArea *scrolled(QWidget *content, QWidget *parent)
{
    auto *area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    return area;
}

} // namespace

ComposeView::ComposeView(ComposeDesk &desk, Prompter &prompter, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_prompter(prompter)
    , m_back(new QToolButton(this))
    , m_state(new QLabel(this))
    , m_steps(new QListWidget(this))
    , m_add(new QToolButton(this))
    , m_up(stepButton({}, tr("Move the step up"), "up"_L1, this))
    , m_down(stepButton({}, tr("Move the step down"), "chevron-down"_L1, this))
    , m_remove(stepButton({}, tr("Remove the step"), "close"_L1, this))
    , m_stepCard(new Card(tr("Step"), this))
    , m_form(new StepForm(desk, prompter, this))
    , m_about(new ProposalForm(desk, prompter, this))
    , m_outcome(new ComposeOutcome(desk, this))
    , m_why(new QLabel(this))
    , m_keep(new QPushButton(tr("Keep as draft"), this))
    , m_discard(new QPushButton(tr("Discard"), this))
    , m_propose(new QPushButton(themeIcon("sign"_L1), {}, this))
{
    auto *columns = new QHBoxLayout;
    columns->setSpacing(10);
    columns->addWidget(buildSteps(), 3);
    columns->addWidget(buildFields(), 5);
    columns->addWidget(m_outcome, 5);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 10, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(buildHead());
    layout->addLayout(columns, 1);
    layout->addWidget(buildFoot());

    orderStops();

    connect(m_outcome, &ComposeOutcome::retryRequested, this, &ComposeView::compose);
    m_delay.setSingleShot(true);
    m_delay.setInterval(typingMilliseconds);
    connect(&m_delay, &QTimer::timeout, this, &ComposeView::compose);
    connect(&m_desk, &ComposeDesk::composed, this,
        [this](const Outcome<Composition> &outcome) { showComposition(outcome.result); });
    begin({});
}

QWidget *ComposeView::buildHead()
{
    auto *head = new QWidget(this);
    m_back->setIcon(themeIcon("up"_L1));
    m_back->setText(tr("Queue"));
    m_back->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_back->setAutoRaise(true);
    m_back->setAccessibleName(tr("Back to the queue"));
    connect(m_back, &QToolButton::clicked, this, &ComposeView::backRequested);
    auto *title = new QLabel(tr("Propose"), head);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_state->setForegroundRole(QPalette::PlaceholderText);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    row->addWidget(m_back);
    row->addWidget(title);
    row->addWidget(m_state, 1);
    return head;
}

QWidget *ComposeView::buildSteps()
{
    auto *card = new Card(tr("Steps"), this);
    card->setFlush(true);
    card->body()->setContentsMargins(1, 2, 1, 6);
    m_steps->setFrameShape(QFrame::NoFrame);
    m_steps->setAccessibleName(tr("Steps of the proposal"));
    m_steps->setWordWrap(true);
    m_steps->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_add->setIcon(themeIcon("plus"_L1));
    m_add->setText(tr("&Add a step"));
    m_add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_add->setPopupMode(QToolButton::InstantPopup);
    m_add->setAccessibleName(tr("Add a step"));
    fillAddMenu();
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(8, 0, 8, 0);
    buttons->setSpacing(2);
    buttons->addWidget(m_add);
    buttons->addStretch();
    for (QToolButton *button : {m_up, m_down, m_remove})
        buttons->addWidget(button);
    card->body()->addWidget(m_steps, 1);
    card->body()->addLayout(buttons);
    connect(m_steps, &QListWidget::currentRowChanged, this, &ComposeView::showStep);
    connect(m_up, &QToolButton::clicked, this, [this] { moveStep(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { moveStep(1); });
    connect(m_remove, &QToolButton::clicked, this, &ComposeView::removeStep);
    return card;
}

void ComposeView::fillAddMenu()
{
    auto *menu = new QMenu(m_add);
    QMenu *group = nullptr;
    for (const ComposeChoice &choice : composeChoices()) {
        if (!group || group->title() != choice.group)
            group = menu->addMenu(choice.group);
        group->addAction(choice.text, this, [this, action = choice.action] { addStep(action); });
    }
    m_add->setMenu(menu);
}

QWidget *ComposeView::buildFields()
{
    auto *content = new QWidget(this);
    m_stepCard->body()->addWidget(m_form);
    m_stepCard->body()->addStretch();
    connect(m_form, &StepForm::changed, this, &ComposeView::takeFields);
    connect(m_form, &StepForm::built, this, &ComposeView::orderStops);

    connect(m_about, &ProposalForm::changed, this, &ComposeView::takeFields);

    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addWidget(m_stepCard, 1);
    column->addWidget(m_about);
    return scrolled(content, this);
}

QWidget *ComposeView::buildFoot()
{
    auto *foot = new QWidget(this);
    m_why->setWordWrap(true);
    m_why->setTextFormat(Qt::PlainText);
    m_why->setForegroundRole(QPalette::PlaceholderText);
    m_why->setAccessibleName(tr("What stands in the way"));
    m_keep->setAccessibleName(tr("Keep as draft"));
    m_discard->setAccessibleName(tr("Discard the draft"));
    m_propose->setMinimumHeight(34);
    m_propose->setFont(uiFont(TextSize::Body, QFont::Medium));
    m_propose->setObjectName(u"proposeButton"_s);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_keep);
    row->addWidget(m_discard);
    row->addWidget(m_why, 1);
    row->addWidget(m_propose);
    connect(m_keep, &QPushButton::clicked, this, &ComposeView::keep);
    connect(m_discard, &QPushButton::clicked, this, &ComposeView::discard);
    connect(m_propose, &QPushButton::clicked, this, &ComposeView::proposeRequested);
    return foot;
}

void ComposeView::begin(const ComposeRequest &request, const QString &draft)
{
    m_isFilling = true;
    m_request = request;
    m_draft = draft;
    if (draft.isEmpty() && request.actions.isEmpty() && !request.expiresAt)
        m_request.expiresAt = ProposalForm::defaultExpiry();
    const QList<DeskChain> chains = m_desk.chains();
    if (m_request.chains.isEmpty() && !chains.isEmpty())
        m_request.chains = {chains.first().id};
    m_about->setRequest(m_request);
    m_composition = {};
    m_error.reset();
    m_isFilling = false;
    showSteps(0);
    m_isChanged = false;
    compose();
}

// By columns, as it is read; the fields of a step are others each time.
void ComposeView::orderStops()
{
    QList<QWidget *> stops{m_steps, m_add, m_up, m_down, m_remove};
    stops += m_form->editors();
    stops += m_about->stops();
    stops += m_outcome->stops();
    stops += {m_keep, m_discard, m_propose};
    QWidget *before = m_back;
    for (QWidget *next : std::as_const(stops)) {
        if (!next)
            continue;
        setTabOrder(before, next);
        before = next;
    }
}

QLineEdit *ComposeView::titleEdit() const
{
    return m_about->titleEdit();
}

QPlainTextEdit *ComposeView::reasonEdit() const
{
    return m_about->reasonEdit();
}

QCheckBox *ComposeView::chainBox(ChainId chain) const
{
    return m_about->chainBox(chain);
}

void ComposeView::setHolder(const QString &holder)
{
    m_holder = holder;
    showCanPropose();
}

void ComposeView::addStep(const ComposeAction &action)
{
    m_request.actions.append(action);
    showSteps(static_cast<int>(m_request.actions.size()) - 1);
    changed();
    m_form->focusFirst();
}

void ComposeView::moveStep(int by)
{
    const int from = m_steps->currentRow();
    const int to = from + by;
    if (from < 0 || to < 0 || to >= m_request.actions.size())
        return;
    m_request.actions.swapItemsAt(from, to);
    showSteps(to);
    changed();
}

void ComposeView::removeStep()
{
    const int row = m_steps->currentRow();
    if (row < 0)
        return;
    m_request.actions.removeAt(row);
    showSteps(std::min(row, static_cast<int>(m_request.actions.size()) - 1));
    changed();
}

void ComposeView::showSteps(int current)
{
    m_isFilling = true;
    m_steps->clear();
    for (qsizetype i = 0; i < m_request.actions.size(); ++i)
        m_steps->addItem(u"%1  %2"_s.arg(i + 1).arg(describeAction(m_request.actions[i])));
    m_steps->setCurrentRow(current);
    m_isFilling = false;
    showStep();
}

void ComposeView::showStep()
{
    if (m_isFilling)
        return;
    const int row = m_steps->currentRow();
    const bool isStep = row >= 0 && row < m_request.actions.size();
    m_up->setEnabled(row > 0);
    m_down->setEnabled(isStep && row + 1 < m_request.actions.size());
    m_remove->setEnabled(isStep);
    m_form->setVisible(isStep);
    m_stepCard->setHeading(isStep ? formOf(m_request.actions[row]).title : tr("No step yet"));
    m_stepCard->setNote(isStep ? QString() : tr("Add one on the left"));
    if (!isStep)
        return;
    QStringList earlier;
    for (int i = 0; i < row; ++i) {
        if (std::holds_alternative<DeployAction>(m_request.actions[i]))
            earlier.append(u"#%1"_s.arg(i + 1));
    }
    m_form->setAction(m_request.actions[row], earlier);
    showProblems();
}

void ComposeView::takeFields()
{
    if (m_isFilling)
        return;
    const int row = m_steps->currentRow();
    if (row >= 0 && row < m_request.actions.size()) {
        m_request.actions[row] = m_form->action();
        m_steps->item(row)->setText(u"%1  %2"_s.arg(row + 1).arg(describeAction(m_form->action())));
    }
    m_about->takeInto(m_request);
    changed();
}

void ComposeView::changed()
{
    m_isChanged = true;
    m_isComposing = true;
    m_delay.start();
    if (m_composition.proposals.isEmpty() && !m_request.actions.isEmpty())
        m_outcome->showWaiting(true);
    showCanPropose();
}

void ComposeView::compose()
{
    m_delay.stop();
    m_error.reset();
    if (m_request.actions.isEmpty()) {
        m_isComposing = false;
        m_desk.stopComposing();
        m_composition = {};
        m_outcome->showNothing();
        showCanPropose();
        return;
    }
    m_isComposing = true;
    m_outcome->showWaiting(m_composition.proposals.isEmpty());
    showCanPropose();
    m_desk.compose(m_request);
}

void ComposeView::showComposition(const Result<Composition> &result)
{
    if (m_delay.isActive() || m_request.actions.isEmpty())
        return; // of what stood there before
    m_isComposing = false;
    m_composition = result ? *result : Composition{};
    m_error = result ? std::nullopt : std::optional(result.error());
    m_outcome->showComposition(m_composition, m_error);
    showProblems();
    showCanPropose();
}

void ComposeView::showProblems()
{
    const int row = m_steps->currentRow();
    QHash<QString, QString> ofStep;
    QStringList ofRequest;
    QSet<int> wrong;
    if (const QString problem = m_about->problem(); !problem.isEmpty())
        ofRequest.append(problem);
    for (const ComposeProblem &problem : std::as_const(m_composition.problems)) {
        if (problem.action < 0)
            ofRequest.append(problem.message);
        else
            wrong.insert(problem.action);
        if (problem.action == row && m_form->editor(problem.field))
            ofStep.insert(problem.field, problem.message);
        else if (problem.action == row)
            ofRequest.append(tr("Step %1: %2").arg(row + 1).arg(problem.message));
    }
    for (int i = 0; i < m_steps->count(); ++i) {
        m_steps->item(i)->setIcon(wrong.contains(i) ? themeIcon("warning"_L1) : QIcon());
        m_steps->item(i)->setToolTip(wrong.contains(i) ? tr("Something in this step needs attention") : QString());
    }
    m_form->setProblems(ofStep);
    ofRequest.removeDuplicates();
    m_about->setProblems(ofRequest);
}

QString ComposeView::cannotProposeReason() const
{
    if (m_holder.isEmpty())
        return tr("Choose whose key you use: the key button on top.");
    if (m_request.actions.isEmpty())
        return tr("Add a step.");
    if (const QString problem = m_about->problem(); !problem.isEmpty())
        return problem;
    if (m_isComposing)
        return tr("Reading the chain and simulating…");
    if (m_error)
        return m_error->message;
    if (!m_composition.problems.isEmpty())
        return attention(m_composition.problems.size());
    if (m_composition.proposals.isEmpty())
        return tr("Nothing came of it.");
    return m_request.rationale.isEmpty() ? tr("Say why: the other holders read it before they sign.") : QString();
}

void ComposeView::showCanPropose()
{
    const QString why = cannotProposeReason();
    int blocking = 0;
    for (const ComposedProposal &proposal : m_composition.proposals)
        blocking += proposal.review && proposal.review->isBlocked() ? 1 : 0;
    m_propose->setText(m_holder.isEmpty() ? tr("Propose…") : tr("Propose as %1…").arg(m_holder));
    m_propose->setAccessibleName(m_propose->text());
    m_propose->setEnabled(why.isEmpty());
    m_why->setText(!why.isEmpty() ? why
            : blocking > 0        ? tr("It may be proposed, but as it stands nobody will be able to sign it: see the findings.")
                                  : QString());
    m_discard->setVisible(!m_draft.isEmpty());
    m_keep->setEnabled(m_isChanged && !m_request.actions.isEmpty());
    m_state->setText(m_draft.isEmpty() ? QString() : m_isChanged ? tr("draft, changed") : tr("draft, kept on this machine"));
}

bool ComposeView::keep()
{
    const Result<QString> kept = m_desk.keepDraft(m_draft, m_request);
    if (!kept) {
        m_why->setText(kept.error().message);
        return false;
    }
    m_draft = *kept;
    m_isChanged = false;
    showCanPropose();
    return true;
}

void ComposeView::discard()
{
    m_prompter.confirm(this,
        {tr("Discard the draft"), tr("The draft is on this machine only."), tr("It cannot be brought back."), tr("Discard it"), {}},
        [this](bool confirmed) {
            if (!confirmed)
                return;
            (void)m_desk.discardDraft(m_draft);
            begin({});
            emit backRequested();
        });
}

} // namespace countersign
