#pragma once

#include "backend/proposals/compose/composition.h"
#include "backend/proposals/compose/draftstore.h"
#include "models/approvals/composeforms.h"
#include "models/approvals/outcome.h"

#include <QObject>

namespace countersign {

/// A parameter of a constructor, as it is asked for.
struct DeskParameter {
    QString name; ///< "cantonSigner_"
    QString type; ///< "address"
};

/// A chain that may be proposed for.
struct DeskChain {
    ChainId id;
    QString name;
};

/// A proposal that is open, which another may wait for.
struct DeskDependency {
    Hash32 id; ///< safeTxHash
    QString title;
    QString chain;
    Uint256 nonce;
};

/// A draft at rest on this machine.
struct DeskDraft {
    QString id;
    ComposeRequest request;
};

/// Composing proposals: what there is to choose from, what comes of a request, and drafts. The application puts the
/// composer behind it.
class ComposeDesk : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComposeDesk)

public:
    explicit ComposeDesk(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    virtual QList<DeskChain> chains() const = 0; ///< that have a Safe
    virtual QList<DeskDependency> openProposals() const = 0; ///< by chain and nonce
    virtual QStringList artifacts() const = 0; ///< names of the known builds
    /// Of the constructor. Of the user's own \a json where it is given; empty when it cannot be read.
    virtual QList<DeskParameter> parameters(const QString &artifact, const QByteArray &json) const = 0;
    /// Names that a field of that kind may hold.
    virtual QStringList suggestions(FieldKind kind) const = 0;

    /// Reads the chains and simulates; ends in composed(). A new call gives up the one before.
    virtual void compose(const ComposeRequest &request) = 0;
    virtual void stopComposing() = 0;

    virtual QList<DeskDraft> drafts() const = 0;
    /// The value is the draft's id; \a id empty makes a new one.
    virtual Result<QString> keepDraft(const QString &id, const ComposeRequest &request) = 0;
    virtual Result<void> discardDraft(const QString &id) = 0;

signals:
    void composed(const countersign::Outcome<countersign::Composition> &outcome);
    void draftsChanged();
};

} // namespace countersign
