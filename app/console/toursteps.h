#pragma once

#include "app/console/tourstop.h"
#include "backend/proposals/compose/composition.h"
#include "backend/proposals/proposalstanding.h"
#include "backend/rpc/jsonrpcmessage.h"
#include "backend/types/lifetimescope.h"

#include <QDialog>
#include <QHash>
#include <QPointer>
#include <QProcess>
#include <QSet>
#include <QStringList>
#include <QVector>

#include <QCoroTask>

#include <functional>

namespace countersign {

class Application;
class ApprovalsPage;
class Deciding;
class FlowDialog;

/// What a tour can do on the page Approvals, one stop after the other: show, open, and, on a practice network, whose PINs
/// lie beside its environment, really do.
class TourSteps : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TourSteps)

public:
    explicit TourSteps(Application &application, QObject *parent = nullptr);

protected:
    using Request = std::function<ComposeRequest()>;
    using Opening = std::function<QDialog *()>;
    using Filling = std::function<void(FlowDialog &)>;

    /// A picture of the page; of nothing when \a name is empty.
    void show(const QString &name, const std::function<void()> &arrange = {}, const std::function<bool()> &ready = {});
    /// A request that is composed until its outcome is there.
    void compose(const QString &name, const Request &request);
    /// A dialog as it opens, closed again after the picture.
    void open(const QString &name, const Opening &opening);
    /// Something that a holder really does: the dialog is opened, filled, and photographed as \a name where that is
    /// given; then its button is pressed, and its end photographed as \a name "-done".
    void act(const QString &name, const QString &holder, const Opening &opening, const Filling &fill = {});
    /// Proposes; known by \a id, of the caller's choice, from then on. No pictures.
    void propose(int id, const Request &request);
    /// The same for what has been composed by the stop before, with pictures.
    void proposeComposed(const QString &name, int id, const QString &holder);
    /// Both without pictures, for the review that is open.
    void sign(const QString &holder);
    void execute(const QString &holder);
    /// \a words of `countersign-practice fault`; goes on when it was done.
    void fault(const std::function<QStringList()> &words);
    /// What somebody does on the environment's first chain without this console; goes on when its node has answered.
    void ask(const std::function<QList<JsonRpcCall>()> &calls);
    /// From \a stop on, all of the plan applies only where \a condition holds, beside what it says itself.
    void restrict(qsizetype stop, const std::function<bool()> &condition);

    bool acts() const; ///< a practice network: things are really done
    bool isReviewed() const;
    bool hasStage(int id, ProposalStage stage) const;
    /// A proposal that came another way.
    void note(int id, const Hash32 &proposal);
    Hash32 made(int id) const { return m_made.value(id); }
    FlowDialog *flow() const; ///< the open dialog, where it is one that acts; null
    bool typePin();
    void closeDialog();
    /// Types what the device shows.
    void compareHash(FlowDialog &dialog) const;
    ApprovalsPage &page() const;
    Deciding &deciding() const;

    Application &m_application;
    QVector<TourStop> m_stops;
    QPointer<QDialog> m_dialog;

private:
    bool press();
    QCoro::Task<> runAsk(QList<JsonRpcCall> calls);

    QHash<int, Hash32> m_made; ///< proposals of this tour
    QSet<Hash32> m_known; ///< those and their siblings
    QPointer<QDialog> m_pressed;
    QProcess m_fault;
    bool m_answered = false;
    LifetimeScope m_scope;
};

} // namespace countersign
