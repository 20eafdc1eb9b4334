#include "ui/pages/approvals/reviewview.h"

#include "backend/types/strings.h"
#include "models/approvals/discussionmodel.h"
#include "models/approvals/reviewmodel.h"
#include "ui/pages/approvals/queuedelegates.h"
#include "ui/pages/approvals/reviewdelegates.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/hashview.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"
#include "ui/widgets/statusbadge.h"

#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace countersign {

namespace {

QListView *listOf(QAbstractItemModel &model, QStyledItemDelegate *delegate, const QString &name, QWidget *parent)
{
    auto *list = new QListView(parent);
    delegate->setParent(list);
    list->setModel(&model);
    list->setItemDelegate(delegate);
    list->setFrameShape(QFrame::NoFrame);
    list->setResizeMode(QListView::Adjust);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setAccessibleName(name);
    return list;
}

void fill(Card *card, QWidget *content)
{
    card->setFlush(true);
    card->body()->setContentsMargins(1, 2, 1, 4);
    card->body()->addWidget(content, 1);
}

} // namespace

ReviewView::ReviewView(ReviewModel &review, DiscussionModel &discussion, QWidget *parent)
    : QWidget(parent)
    , m_review(review)
    , m_discussionModel(discussion)
    , m_back(new QToolButton(this))
    , m_sentence(new QLabel(this))
    , m_stage(new StatusBadge(this))
    , m_meta(new QLabel(this))
    , m_rationale(new QLabel(this))
    , m_sealed(new QLabel(this))
    , m_claim(new QLabel(this))
    , m_attachments(new QPushButton(this))
    , m_siblings(new QWidget(this))
    , m_calls(new Card(tr("What it calls"), this))
    , m_findings(new Card(tr("Findings"), this))
    , m_effects(new Card(tr("Effect"), this))
    , m_members(new Card({}, this))
    , m_memberLists(new QStackedWidget(m_members))
    , m_showSigners(new QToolButton(m_members))
    , m_showDiscussion(new QToolButton(m_members))
    , m_tree(new QTreeView(this))
    , m_domain(new HashView(tr("Domain hash"), this))
    , m_message(new HashView(tr("Message hash"), this))
    , m_safeTx(new HashView(tr("SafeTx hash, what is signed"), this))
    , m_signatures(new QLabel(this))
    , m_why(new QLabel(this))
    , m_sign(new QPushButton(themeIcon("sign"_L1), {}, this))
    , m_execute(new QPushButton(themeIcon("run"_L1), {}, this))
    , m_override(new QPushButton(tr("O&verride…"), this))
    , m_more(new QToolButton(this))
    , m_content(new QWidget(this))
{
    auto *inside = new QVBoxLayout(m_content);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(10);
    inside->addWidget(buildMiddle(), 1);
    inside->addWidget(buildFoot());
    auto *strip = new StaleStrip(this);
    m_overlay = new StateOverlay(strip, m_content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 10, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(buildHead());
    layout->addWidget(strip);
    layout->addWidget(m_content, 1);
    orderStops();

    connect(m_sign, &QPushButton::clicked, this, &ReviewView::signRequested);
    connect(m_execute, &QPushButton::clicked, this, &ReviewView::executeRequested);
    connect(m_overlay, &StateOverlay::retryRequested, this, &ReviewView::retryRequested);
    connect(&m_review, &ReviewModel::changed, this, &ReviewView::refresh);
    refresh();
}

QWidget *ReviewView::buildHead()
{
    auto *head = new QWidget(this);
    m_back->setIcon(themeIcon("up"_L1));
    m_back->setText(tr("Queue"));
    m_back->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_back->setAutoRaise(true);
    m_back->setAccessibleName(tr("Back to the queue"));
    connect(m_back, &QToolButton::clicked, this, &ReviewView::backRequested);
    m_sentence->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_sentence->setAccessibleName(tr("What it does"));
    m_meta->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel *label : {m_sentence, m_meta, m_rationale, m_sealed, m_claim}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_meta->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *first = new QHBoxLayout;
    first->setSpacing(10);
    first->addWidget(m_back, 0, Qt::AlignTop);
    first->addWidget(m_sentence, 1);
    first->addWidget(m_stage, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(first);
    layout->addWidget(m_rationale);
    m_sealed->setAccessibleName(tr("Sealed signatures"));
    m_sealed->hide();
    layout->addWidget(m_sealed);
    auto *about = new QHBoxLayout;
    about->addWidget(m_meta, 1);
    about->addWidget(m_attachments);
    m_attachments->setObjectName(u"attachmentsButton"_s);
    setAttachments(0);
    connect(m_attachments, &QPushButton::clicked, this, &ReviewView::attachmentsRequested);
    layout->addLayout(about);
    m_claim->setAccessibleName(tr("Who proposed it, as a service claims"));
    m_claim->hide();
    layout->addWidget(m_claim);
    layout->addWidget(m_siblings);
    auto *row = new QHBoxLayout(m_siblings);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    m_siblings->hide();
    return head;
}

QWidget *ReviewView::buildMiddle()
{
    auto *middle = new QWidget(m_content);
    // Lists scroll by themselves; what they would like to have must not make the page scroll on a small screen.
    middle->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);
    middle->setMinimumHeight(280);
    m_tree->setModel(&m_review.callTree());
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAccessibleName(tr("Decoded calls"));
    m_tree->setUniformRowHeights(true);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    m_tree->header()->setStretchLastSection(true);
    m_tree->setColumnWidth(CallTreeModel::NameColumn, 170);
    m_tree->setColumnWidth(CallTreeModel::ValueColumn, 180);
    m_calls->setFlush(true);
    m_calls->body()->setContentsMargins(1, 2, 1, 1);
    m_calls->body()->addWidget(m_tree, 1);
    fill(m_findings, listOf(m_review.findings(), new FindingDelegate, tr("Findings"), m_findings));
    m_override->setAccessibleName(tr("Override the finding"));
    m_override->setToolTip(tr("Two people may go on in spite of it, each with a reason"));
    m_override->setObjectName(u"overrideButton"_s);
    connect(m_override, &QPushButton::clicked, this, &ReviewView::askForOverride);
    auto *overriding = new QHBoxLayout;
    overriding->setContentsMargins(10, 2, 9, 2);
    overriding->addWidget(m_override);
    overriding->addStretch();
    m_findings->body()->addLayout(overriding);
    fill(m_effects, listOf(m_review.effects(), new EffectDelegate, tr("Effect"), m_effects));
    connect(&m_review.callTree(), &QAbstractItemModel::modelReset, m_tree, &QTreeView::expandAll);

    auto *right = new QVBoxLayout;
    right->setSpacing(10);
    right->addWidget(m_effects, 1);
    right->addWidget(buildMembers(), 1);
    auto *layout = new QHBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(m_calls, 5);
    layout->addWidget(m_findings, 4);
    layout->addLayout(right, 4);
    return middle;
}

QWidget *ReviewView::buildMembers()
{
    m_memberLists->addWidget(listOf(m_review.signers(), new SignerDelegate, tr("Owners of the Safe"), m_members));
    m_memberLists->addWidget(listOf(m_discussionModel, new DiscussionDelegate, tr("What members said"), m_members));
    fill(m_members, m_memberLists);
    for (QToolButton *button : {m_showSigners, m_showDiscussion}) {
        button->setCheckable(true);
        button->setAutoRaise(true);
        m_members->addHeadingWidget(button);
    }
    connect(m_showSigners, &QToolButton::clicked, this, [this] { showDiscussion(false); });
    connect(m_showDiscussion, &QToolButton::clicked, this, [this] { showDiscussion(true); });
    connect(&m_discussionModel, &QAbstractItemModel::rowsInserted, this, &ReviewView::showDiscussionCount);
    connect(&m_discussionModel, &QAbstractItemModel::rowsRemoved, this, &ReviewView::showDiscussionCount);
    m_showSigners->setText(tr("Signatures"));
    m_showSigners->setAccessibleName(tr("Show who signed"));
    m_showDiscussion->setAccessibleName(tr("Show what members said"));
    showDiscussion(false);
    showDiscussionCount();
    return m_members;
}

void ReviewView::showDiscussion(bool shown)
{
    m_showSigners->setChecked(!shown);
    m_showDiscussion->setChecked(shown);
    m_memberLists->setCurrentIndex(shown ? 1 : 0);
}

void ReviewView::showDiscussionCount()
{
    const int count = m_discussionModel.rowCount();
    m_showDiscussion->setText(count > 0 ? tr("Said: %1").arg(count) : tr("Said"));
}

QWidget *ReviewView::buildFoot()
{
    auto *foot = new Card({}, m_content);
    foot->body()->setContentsMargins(10, 0, 12, 10);
    m_signatures->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_why->setWordWrap(true);
    m_why->setTextFormat(Qt::PlainText);
    m_why->setFont(uiFont(TextSize::Small));
    m_why->setForegroundRole(QPalette::PlaceholderText);
    m_why->setAccessibleName(tr("What stands in the way"));
    for (QPushButton *button : {m_sign, m_execute}) {
        button->setMinimumHeight(34);
        QFont font = uiFont(TextSize::Body, QFont::Medium);
        button->setFont(font);
    }
    m_more->setText(tr("More"));
    m_more->setAccessibleName(tr("What else may be done about the proposal"));
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_sign->setObjectName(u"signButton"_s);
    m_execute->setObjectName(u"executeButton"_s);

    auto *hashes = new QHBoxLayout;
    hashes->setSpacing(6);
    hashes->addWidget(m_domain);
    hashes->addWidget(m_message);
    hashes->addWidget(m_safeTx);
    hashes->addStretch();
    auto *act = new QHBoxLayout;
    act->setContentsMargins(6, 0, 0, 0);
    act->setSpacing(8);
    act->addWidget(m_signatures);
    act->addSpacing(8);
    act->addWidget(m_why, 1);
    act->addWidget(m_sign);
    act->addWidget(m_execute);
    act->addWidget(m_more);
    foot->body()->addLayout(hashes);
    foot->body()->addLayout(act);
    return foot;
}

void ReviewView::setAttachments(qsizetype count)
{
    m_attachments->setVisible(count > 0);
    m_attachments->setText(count == 1 ? tr("1 attachment…") : tr("%n attachments…", nullptr, static_cast<int>(count)));
    m_attachments->setAccessibleName(m_attachments->text());
}

void ReviewView::setSiblings(const QList<Sibling> &siblings)
{
    if (siblings == m_siblingList)
        return;
    m_siblingList = siblings;
    QLayout *row = m_siblings->layout();
    while (QLayoutItem *taken = row->takeAt(0)) {
        const std::unique_ptr<QLayoutItem> item(taken);
        if (QWidget *widget = item->widget())
            widget->deleteLater();
    }
    row->addWidget(new QLabel(tr("The same, byte for byte, on"), m_siblings));
    for (const Sibling &sibling : siblings) {
        auto *button = new QToolButton(m_siblings);
        button->setText(sibling.text);
        button->setAccessibleName(tr("Review it on %1").arg(sibling.text));
        connect(button, &QToolButton::clicked, this, [this, id = sibling.id] { emit siblingRequested(id); });
        row->addWidget(button);
    }
    static_cast<QHBoxLayout *>(row)->addStretch();
    m_siblings->setVisible(!siblings.isEmpty());
}

// As it is read: what it does, what speaks against it, who is for it, the hashes, and only then the acts.
void ReviewView::orderStops()
{
    QWidget *before = m_back;
    const QList<QWidget *> stops{m_attachments, m_tree, m_findings->findChild<QListView *>(), m_override, m_effects->findChild<QListView *>(), m_showSigners,
        m_showDiscussion, m_memberLists->widget(0), m_memberLists->widget(1), m_domain, m_message, m_safeTx, m_sign, m_execute, m_more};
    for (QWidget *next : stops) {
        setTabOrder(before, next);
        before = next;
    }
}

// The finding that is looked at, when it may be overridden; else the first that may.
void ReviewView::askForOverride()
{
    const QModelIndex current = m_findings->findChild<QListView *>()->currentIndex();
    const int row = current.isValid() && current.data(FindingsModel::OverridableRole).toBool()
        ? current.row()
        : m_review.findings().firstOverridable();
    if (row >= 0)
        emit overrideRequested(m_review.findings().finding(row));
}

void ReviewView::setHolder(const QString &holder)
{
    m_holder = holder;
    refresh();
}

void ReviewView::setStanding(Tone tone, const QString &stage, const QString &reason, const QString &rationale)
{
    m_stage->setState(tone, stage);
    m_stage->setToolTip(reason);
    m_rationale->setText(rationale.isEmpty() ? QString() : tr("The proposer says: %1").arg(rationale));
    m_rationale->setVisible(!rationale.isEmpty());
}

void ReviewView::setSealed(const QString &text)
{
    m_sealed->setText(text);
    m_sealed->setVisible(!text.isEmpty());
}

void ReviewView::setClaim(const QString &text)
{
    m_claim->setText(text);
    m_claim->setVisible(!text.isEmpty());
}

void ReviewView::refresh()
{
    using Hash = ReviewModel::Hash;
    m_sentence->setText(m_review.sentence());
    m_domain->setGroups(m_review.hashGroups(Hash::Domain));
    m_message->setGroups(m_review.hashGroups(Hash::Message));
    m_safeTx->setGroups(m_review.hashGroups(Hash::SafeTx));
    m_signatures->setText(m_review.signaturesText());
    if (const std::optional<Review> &review = m_review.review()) {
        const QLocale locale;
        m_meta->setText(tr("Safe %1 on %2 · nonce %3, the Safe is at %4 · proposed by %5 · reviewed at block %6, %7")
                .arg(shortId(review->safe.toString()), review->chainName, review->nonce.toDecimal(),
                    review->safeNonce.toDecimal(), review->proposer.isEmpty() ? tr("nobody") : review->proposer, locale.toString(review->blockNumber.value()),
                    utcTime(review->reviewedAt) + u" UTC"_s));
        m_meta->setToolTip(review->safe.toString());
        const auto blocking = review->count(Severity::Block);
        const auto warning = review->count(Severity::Warn);
        m_findings->setNote(!m_review.outcome().isEmpty() ? tr("before it was executed")
                : blocking > 0 ? tr("%n blocking", nullptr, int(blocking))
                : warning > 0            ? tr("%n to look at", nullptr, int(warning))
                                         : tr("nothing in the way"));
        const std::optional<ReviewedSimulation> &run = review->basis.simulation;
        m_effects->setNote(!review->effects.isEmpty() ? QString()
                : !m_review.outcome().isEmpty()       ? tr("not recorded here")
                : !run                                ? tr("not simulated")
                : run->succeeded                      ? tr("nothing changes")
                                                      : tr("none: its call fails"));
    } else {
        m_meta->clear();
        m_effects->setNote({});
        m_findings->setNote({});
    }
    m_sign->setText(m_holder.isEmpty() ? tr("Sign…") : tr("Sign as %1…").arg(m_holder));
    m_execute->setText(m_holder.isEmpty() ? tr("Execute…") : tr("Execute as %1…").arg(m_holder));
    m_sign->setAccessibleName(m_sign->text());
    m_execute->setAccessibleName(m_execute->text());
    const bool keyed = !m_holder.isEmpty();
    m_override->setVisible(m_review.findings().firstOverridable() >= 0);
    m_override->setEnabled(keyed);
    m_sign->setEnabled(keyed && m_review.canSign());
    m_execute->setEnabled(keyed && m_review.canExecute());
    m_sign->setToolTip(m_review.cannotSignReason());
    m_execute->setToolTip(m_review.cannotExecuteReason());
    QString why;
    if (!keyed)
        why = tr("Choose whose key you use: the key button on top.");
    else if (!m_review.canExecute() && !m_review.canSign())
        why = m_review.cannotSignReason();
    else if (m_review.canExecute())
        why = tr("All signatures are there.");
    else
        why = m_review.cannotExecuteReason();
    m_why->setText(why);

    switch (m_review.state()) {
    case ReviewModel::State::Loading:
        if (m_review.review())
            m_overlay->clear();
        else
            m_overlay->showLoading(tr("Reading the chain and simulating…"));
        break;
    case ReviewModel::State::Failed:
        if (m_review.review())
            m_overlay->showStale(m_review.error() ? m_review.error()->message : QString());
        else
            m_overlay->showError(
                tr("This cannot be reviewed now"), m_review.error() ? m_review.error()->message : QString());
        break;
    case ReviewModel::State::Empty:
    case ReviewModel::State::Ready:
        m_overlay->clear();
        break;
    }
}

} // namespace countersign
