#pragma once

#include "backend/types/clock.h"
#include "ui/shell/page.h"

class QComboBox;
class QLabel;

namespace countersign {

class Card;
class DataTable;
class ElidedLabel;
class LeadershipStrip;
class LogView;
class RelayersState;
class StatusBadge;
class ToneLabel;

/// Who leads, who lags, what do they say: the election, the relayers, the etcd behind it, and the relayers' log.
class RelayersPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RelayersPage)

public:
    /// Both outlive the page.
    RelayersPage(RelayersState &relayers, const Clock &clock, QWidget *parent = nullptr);

    void registerActions(ActionRegistry &registry) override;
    void refresh() override;
    void focusFilter() override;
    bool closeInnermost() override;
    bool copySelection() override;

    /// What the logs say about an intent: in their whole history.
    void showLogOf(const QString &intent);
    LogView *log() const { return m_log; }
    DataTable *election() const { return m_election; }
    /// Why lines of the log are missing or old; empty: nothing.
    void setLogProblem(const QString &problem);

signals:
    void intentRequested(const QString &intent);
    void refreshRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    Card *electionCard();
    Card *relayersCard();
    Card *membersCard();
    void showElections();
    void showState();

    RelayersState &m_state;
    StatusBadge *m_badge;
    ElidedLabel *m_sentence;
    ToneLabel *m_alarm;
    QComboBox *m_elections;
    DataTable *m_election;
    DataTable *m_relayers;
    DataTable *m_members;
    LeadershipStrip *m_strip;
    QLabel *m_etcd;
    LogView *m_log;
};

} // namespace countersign
