#include "ui/pages/approvals/composeoutcome.h"

#include "backend/types/strings.h"
#include "ui/pages/approvals/reviewdelegates.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"

#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace countersign {

ComposeOutcome::ComposeOutcome(const ComposeDesk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_card(new Card(tr("What it would do"), this))
    , m_chain(new QComboBox(this))
    , m_sentence(new QLabel(this))
    , m_facts(new KeyValueView(this))
    , m_notes(new QLabel(this))
    , m_effectsCard(new Card(tr("Effect"), this))
    , m_findingsCard(new Card(tr("Findings"), this))
    , m_effectsList(listIn(m_effectsCard, m_effects, new EffectDelegate, tr("Effect")))
    , m_findingsList(listIn(m_findingsCard, m_findings, new FindingDelegate, tr("Findings")))
{
    m_chain->setAccessibleName(tr("Chain that is shown"));
    m_chain->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_card->addHeadingWidget(m_chain);
    m_card->setFlush(true);
    m_card->body()->setContentsMargins(1, 2, 1, 4);
    for (QLabel *label : {m_sentence, m_notes}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_sentence->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_sentence->setAccessibleName(tr("What it does"));
    m_notes->setForegroundRole(QPalette::PlaceholderText);
    m_notes->setFont(uiFont(TextSize::Small));

    auto *content = new QWidget(m_card);
    auto *top = new QVBoxLayout(content);
    top->setContentsMargins(12, 2, 10, 8);
    top->setSpacing(8);
    top->addWidget(m_sentence);
    top->addWidget(m_facts);
    top->addWidget(m_notes);
    top->addStretch();
    auto *strip = new StaleStrip(m_card);
    m_card->body()->addWidget(strip);
    m_card->body()->addWidget(content, 1);
    m_overlay = new StateOverlay(strip, content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(m_card, 2);
    layout->addWidget(m_effectsCard, 3);
    layout->addWidget(m_findingsCard, 4);
    connect(m_chain, &QComboBox::currentIndexChanged, this, &ComposeOutcome::showChain);
    connect(m_overlay, &StateOverlay::retryRequested, this, &ComposeOutcome::retryRequested);
    showNothing();
}

QListView *ComposeOutcome::listIn(
    Card *card, QAbstractItemModel &model, QStyledItemDelegate *delegate, const QString &name)
{
    auto *view = new QListView(card);
    delegate->setParent(view);
    view->setModel(&model);
    view->setItemDelegate(delegate);
    view->setFrameShape(QFrame::NoFrame);
    view->setResizeMode(QListView::Adjust);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setAccessibleName(name);
    card->setFlush(true);
    card->body()->setContentsMargins(1, 2, 1, 4);
    card->body()->addWidget(view, 1);
    return view;
}

void ComposeOutcome::showParts(bool shown)
{
    m_effectsCard->setVisible(shown);
    m_findingsCard->setVisible(shown);
}

QList<QWidget *> ComposeOutcome::stops() const
{
    return {m_chain, m_effectsList, m_findingsList};
}

void ComposeOutcome::showNothing()
{
    m_composition = {};
    m_card->setNote({});
    fillChains();
    showParts(false);
    m_overlay->showEmpty(tr("Nothing to do yet"), tr("Add a step: what it does is shown here before anybody signs."));
}

void ComposeOutcome::showWaiting(bool isFirst)
{
    m_card->setNote(tr("simulating…"));
    if (!isFirst)
        return;
    showParts(false);
    m_overlay->showLoading(tr("Reading the chain and simulating…"));
}

void ComposeOutcome::showComposition(const Composition &composition, const std::optional<Error> &error)
{
    m_composition = composition;
    m_card->setNote({});
    showParts(!composition.proposals.isEmpty());
    if (error)
        m_overlay->showError(tr("This cannot be composed now"), error->message);
    else if (!composition.problems.isEmpty())
        m_overlay->showEmpty(tr("Something is missing"), tr("What needs attention stands beside its field."));
    else
        m_overlay->clear();
    fillChains();
}

void ComposeOutcome::fillChains()
{
    const QString shown = m_chain->currentText();
    {
        const QSignalBlocker silent(m_chain);
        m_chain->clear();
        for (const ComposedProposal &proposal : std::as_const(m_composition.proposals)) {
            QString name;
            for (const DeskChain &chain : m_desk.chains()) {
                if (chain.id == proposal.chainId)
                    name = chain.name;
            }
            m_chain->addItem(name);
        }
        m_chain->setCurrentIndex(std::max(0, m_chain->findText(shown)));
        m_chain->setVisible(m_chain->count() > 1);
    }
    showChain();
}

QVector<KeyValue> ComposeOutcome::factsOf(const ComposedProposal &proposal) const
{
    QVector<KeyValue> rows;
    for (const PredictedCreation &creation : proposal.creations) {
        const bool same = m_composition.proposals.size() > 1 && m_composition.isSameEverywhere(creation.action);
        rows.append({creation.artifact.isEmpty() ? tr("Creates") : creation.artifact, creation.address.toString(),
            same ? tr("The same on every chain of this proposal") : tr("Predicted; created by %1").arg(creation.creator.toString()), true});
        if (!creation.warning.isEmpty())
            rows.append({tr("Mind"), creation.warning, {}, false});
    }
    rows.append({tr("Safe"), tr("%1, nonce %2").arg(shortId(proposal.draft.safe.toString()), proposal.draft.transaction.nonce.toDecimal()),
        proposal.draft.safe.toString(), false});
    const QString hash = proposal.draft.safeTxHash().toString();
    rows.append({tr("SafeTx hash"), hash, hash, true});
    return rows;
}

void ComposeOutcome::showChain()
{
    const qsizetype at = m_chain->currentIndex();
    if (at < 0 || at >= m_composition.proposals.size()) {
        m_sentence->clear();
        m_facts->setRows({});
        m_effects.setEffects({});
        m_notes->clear();
        m_findings.setFindings({}, {});
        return;
    }
    const ComposedProposal &proposal = m_composition.proposals[at];
    QList<Effect> effects = proposal.review ? proposal.review->effects : QList<Effect>();
    for (Effect &effect : effects) {
        for (const PromisedEffect &promise : proposal.draft.promises)
            effect.promised = promise.name == effect.variable ? promise.after : effect.promised;
    }
    m_effects.setEffects(effects);
    m_facts->setRows(factsOf(proposal));
    m_notes->setText(proposal.notes.join(u'\n'));
    m_notes->setVisible(!proposal.notes.isEmpty());
    m_sentence->setText(proposal.review ? proposal.review->sentence
            : proposal.reviewError      ? tr("It could not be reviewed: %1").arg(proposal.reviewError->message)
                                        : QString());
    if (proposal.review)
        m_findings.setFindings(proposal.review->findings, proposal.review->notRun);
    else
        m_findings.setFindings({}, {});
}

} // namespace countersign
