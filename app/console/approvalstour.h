#pragma once

#include "app/console/tourstop.h"
#include "backend/proposals/compose/composition.h"
#include "backend/proposals/proposalstanding.h"

#include <QDialog>
#include <QPointer>
#include <QVector>

namespace countersign {

class Application;
class ApprovalsPage;
class Deciding;
class FlowDialog;

/// The tour's way through the page Approvals. On a practice network, whose PINs lie beside its environment, it really
/// proposes, signs, executes, quarrels and tampers, so that each picture is of the state it is named after; anywhere
/// else it opens what is there and changes nothing.
class ApprovalsTour final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalsTour)

public:
    explicit ApprovalsTour(Application &application, QObject *parent = nullptr);

    QVector<TourStop> stops();

private:
    void planComposing();
    void planSigning();
    void planSaying();
    void planExecution();
    void planTrouble();
    void planSiblings();

    /// A request that is composed until its outcome is there.
    TourStop composed(const QString &name, const std::function<ComposeRequest()> &request);
    /// A dialog as it opens, closed again after the picture.
    void opened(const QString &name, const std::function<QDialog *()> &open);
    /// Something that a holder really does: the dialog is opened, filled, photographed under \a name where that is
    /// given; then its button is pressed and its end photographed as \a name "-done".
    void done(const QString &name, const QString &holder, const std::function<QDialog *()> &open,
        const std::function<void(FlowDialog &)> &fill = {});
    void publish(const std::function<ComposeRequest()> &request);
    void show(const QString &name, const std::function<void()> &arrange = {}, const std::function<bool()> &ready = {});

    bool acts() const; ///< a practice network: things are really done
    bool isReviewed() const;
    bool hasStage(const Hash32 &id, ProposalStage stage) const;
    Hash32 newest() const;
    bool press();
    bool typePin(const FlowDialog &dialog) const;
    void closeDialog();
    QString party(bool last) const;
    ApprovalsPage &page() const;
    Deciding &deciding() const;

    Application &m_application;
    QVector<TourStop> m_stops;
    QPointer<QDialog> m_dialog;
    QList<Hash32> m_made; ///< proposals, in the order in which this tour made them
};

} // namespace countersign
