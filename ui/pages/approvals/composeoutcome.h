#pragma once

#include "models/approvals/composedesk.h"
#include "models/approvals/effectsmodel.h"
#include "models/approvals/findingsmodel.h"
#include "ui/widgets/keyvalueview.h"

#include <QList>
#include <QWidget>

class QComboBox;
class QLabel;
class QListView;
class QStyledItemDelegate;

namespace countersign {

class Card;
class StateOverlay;

/// What a composed request would do on each chain: the sentence, what it creates, its effect and the findings.
class ComposeOutcome final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComposeOutcome)

public:
    /// \a desk outlives the widget.
    explicit ComposeOutcome(const ComposeDesk &desk, QWidget *parent = nullptr);

    void showNothing();
    /// \a isFirst: there is nothing older to look at meanwhile.
    void showWaiting(bool isFirst);
    void showComposition(const Composition &composition, const std::optional<Error> &error);
    QList<QWidget *> stops() const; ///< in reading order

signals:
    void retryRequested();

private:
    static QListView *listIn(Card *card, QAbstractItemModel &model, QStyledItemDelegate *delegate, const QString &name);
    void showParts(bool shown);
    void fillChains();
    void showChain();
    QVector<KeyValue> factsOf(const ComposedProposal &proposal) const;

    const ComposeDesk &m_desk;
    Composition m_composition;
    EffectsModel m_effects;
    FindingsModel m_findings;
    Card *m_card;
    QComboBox *m_chain;
    QLabel *m_sentence;
    KeyValueView *m_facts;
    QLabel *m_notes;
    Card *m_effectsCard;
    Card *m_findingsCard;
    QListView *m_effectsList;
    QListView *m_findingsList;
    StateOverlay *m_overlay;
};

} // namespace countersign
