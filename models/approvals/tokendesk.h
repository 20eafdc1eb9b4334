#pragma once

#include "backend/keys/secretbuffer.h"
#include "models/approvals/outcome.h"

#include <QObject>
#include <QString>

#include <optional>

namespace countersign {

/// The access token or API key of somebody's server, as far as it is shown: whether there is one, never what it is.
struct DeskToken {
    QString origin; ///< "https://api.safe.global": whom it is for, and where alone it is sent
    QString state; ///< one sentence
    bool isPresent = false;
};

/// Takes the secrets that servers give out, by the origin of the server.
class TokenDesk : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TokenDesk)

public:
    explicit TokenDesk(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    /// Absent for an origin that takes none.
    virtual std::optional<DeskToken> token(const QString &origin) const = 0;
    /// Enters or replaces the secret of whoever is at \a origin; ends in tokenKept().
    virtual void keepToken(const QString &origin, SecretBuffer token) = 0;
    /// Ends in tokenKept().
    virtual void removeToken(const QString &origin) = 0;

signals:
    /// One sentence: where it is now, or that there is none.
    void tokenKept(const countersign::Outcome<QString> &outcome);
};

} // namespace countersign
