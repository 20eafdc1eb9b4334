#pragma once

#include "backend/keys/secretstore.h"
#include "backend/proposals/service/serviceexchange.h"
#include "backend/types/lifetimescope.h"

#include <QHash>

#include <memory>
#include <vector>

namespace countersign {

/// What is known of a service's access token; never the token.
struct ServiceToken {
    enum class State {
        Reading, ///< the keychain is being asked; the service waits for it
        None,
        Stored, ///< in the keychain, and in use
        ThisRun, ///< in use, and forgotten when the console ends
        Unreadable, ///< whether there is one is not known
    };
    State state = State::Reading;
    QString problem; ///< of the keychain; empty without one
    friend bool operator==(const ServiceToken &, const ServiceToken &) = default;
};

/// The access tokens of the transaction services: read from the keychain before a service is asked for the first time,
/// entered, replaced and removed by the person. One token an origin (scheme, host, port): an environment file with
/// another address in it does not get the token of the old one. Main thread only.
class ServiceTokens final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServiceTokens)

public:
    /// All outlive this object. The services wait from now on until their token is known.
    ServiceTokens(const std::vector<std::unique_ptr<ServiceExchange>> &services, SecretStore &store, QObject *parent = nullptr);

    /// "https://api.safe.global"
    static QString originOf(const QUrl &base);
    /// The entry's name in the keychain.
    static QString entryOf(const QString &origin);

    /// Reads the keychain, once an origin.
    void start();
    ServiceToken token(const QString &origin) const;

    /// In use at once; the value says whether it is kept beyond this run. Errors: Invalid for what is no token, or would
    /// travel unencrypted; then nothing has changed.
    QCoro::Task<Result<ServiceToken>> keep(QString origin, SecretBuffer secret);
    /// No longer used; an error says that it is still in the keychain.
    QCoro::Task<Result<ServiceToken>> remove(QString origin);

signals:
    void changed();

private:
    QCoro::Task<> read(QString origin);
    std::vector<ServiceExchange *> servicesOf(const QString &origin) const;
    void set(const QString &origin, const ServiceToken &token);
    void use(const QString &origin, QByteArrayView secret);

    const std::vector<std::unique_ptr<ServiceExchange>> &m_services;
    SecretStore &m_store;
    QHash<QString, ServiceToken> m_tokens;
    QHash<QString, int> m_turns; // an answer of the keychain to an older question does not undo what was entered since
    LifetimeScope m_scope;
};

} // namespace countersign
