#pragma once

#include "models/approvals/approvalscontent.h"
#include "models/approvals/exchangedesk.h"

#include <QWidget>

class QListView;
class QPushButton;
class QVBoxLayout;

namespace countersign {

class Card;

/// Beside the queue: the nonces of each Safe, and how the exchange is doing.
class QueueSide final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QueueSide)

public:
    QueueSide(const ApprovalsContent &content, ExchangeDesk &desk, QWidget *parent = nullptr);

    QListView *lanes() const { return m_lanes; }
    QListView *notices() const { return m_notices; }
    QWidget *acknowledgements() const { return m_seen; }
    QPushButton *levelButton() const { return m_level; }

signals:
    void proposalRequested(const countersign::Hash32 &id);
    void acknowledgeRequested(countersign::ChainId chain, const countersign::Address &safe);
    /// The person wants to enter, replace or remove the access token of that carrier.
    void tokenRequested(const countersign::DeskCarrier &carrier);
    /// The person wants to see, add or remove who may propose for owners there.
    void delegatesRequested(const countersign::DeskCarrier &carrier);

private:
    void showCarriers();
    void showAcknowledgements();
    void acceptCurrent();

    ExchangeNoticesModel &m_noticesModel;
    Acknowledgements &m_acknowledgements;
    ExchangeDesk &m_desk;
    Card *m_exchange;
    QWidget *m_carriers;
    QVBoxLayout *m_carrierRows;
    QWidget *m_seen;
    QVBoxLayout *m_seenRows;
    QListView *m_lanes;
    QListView *m_notices;
    QPushButton *m_level;
    QPushButton *m_accept;
};

} // namespace countersign
