#pragma once

#include "backend/proposals/compose/composer.h"
#include "backend/proposals/compose/draftstore.h"
#include "backend/proposals/proposalexchange.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/composedesk.h"

#include <QCoroTask>

#include <functional>

namespace countersign {

/// Composing in one environment: the composer over its chains, and the drafts beside its journal.
class Composing final : public ComposeDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Composing)

public:
    /// All outlive this object.
    Composing(const Environment &environment, const ProposalExchange &exchange, ReviewReader &reader, const Clock &clock,
        QObject *parent = nullptr);

    /// Who proposes, and under which policy: what is composed from now on is reviewed as theirs.
    void setAuthor(const Address &author, const Hash32 &policy);

    /// Whether a proposal can still be executed, as the chain says.
    void setOpen(std::function<bool(const Hash32 &)> isOpen) { m_isOpen = std::move(isOpen); }

    QList<DeskChain> chains() const override;
    QList<DeskDependency> openProposals() const override;
    QStringList artifacts() const override;
    QList<DeskParameter> parameters(const QString &artifact, const QByteArray &json) const override;
    QStringList suggestions(FieldKind kind) const override;
    void compose(const ComposeRequest &request) override;
    void stopComposing() override { m_composing.restart(); }
    QList<DeskDraft> drafts() const override;
    Result<QString> keepDraft(const QString &id, const ComposeRequest &request) override;
    Result<void> discardDraft(const QString &id) override;

private:
    QCoro::Task<> run(ComposeRequest request);

    const Environment &m_environment;
    const ProposalExchange &m_exchange;
    Composer m_composer;
    std::optional<DraftStore> m_drafts; // absent without a journal: there is no place of this machine's own
    std::function<bool(const Hash32 &)> m_isOpen;
    Address m_author;
    Hash32 m_policy;
    LifetimeScope m_composing;
};

} // namespace countersign
