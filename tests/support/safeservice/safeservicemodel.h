#pragma once

#include "backend/safe/safeserviceact.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safetransaction.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QUrl>
#include <QUrlQuery>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace countersign::testing {

/// A Safe Transaction Service for one Safe, as far as a client can tell: it checks what it is sent as the real one does
/// (checksummed addresses, hash, sender, every signature, no delegatecall to what it does not know), and lies on demand.
class SafeServiceModel final {
public:
    SafeServiceModel(ChainId chain, const Address &safe, std::vector<Address> safeOwners);
    Q_DISABLE_COPY_MOVE(SafeServiceModel)

    QUrl url() const { return m_server.url(QStringLiteral("/tx-service/test/api/")); }
    const QList<test::FakeHttpRequest> &requests() const { return m_server.requests(); }
    void stop() { m_server.stop(); }
    bool resume() { return m_server.resume(); }

    std::vector<Address> owners;
    QByteArray token;                            ///< demanded when not empty
    std::function<void(QJsonObject &)> lie;      ///< spoils the answer to a GET
    std::function<void(QJsonObject &)> lieOfEach; ///< spoils each transaction in it
    std::optional<test::FakeHttpReply> instead;  ///< answered to everything
    /// Answered to what it has a reply for, before anything is done.
    std::function<std::optional<test::FakeHttpReply>(const test::FakeHttpRequest &)> before;
    /// Spoils an answer after what was asked for has been done: silent, hung up, or another status.
    std::function<void(const test::FakeHttpRequest &, test::FakeHttpReply &)> afterwards;
    std::vector<Address> allowedDelegatecalls;
    bool numbersAsNumbers = false; ///< as the API had them before
    qsizetype mostEntries = 100;   ///< of a page, whatever is asked for

    /// Stores without asking, as the history of the service has it.
    void store(const SafeTransaction &transaction, const std::vector<SafeSignature> &signatures, const QString &origin = {});
    size_t transactionCount() const { return m_transactions.size(); }
    /// As somebody without a signature proposed it, which the service shows when they are a delegate.
    void setProposer(const Hash32 &safeTxHash, const Address &proposer);
    std::vector<SafeServiceDelegate> delegates;
    /// The hours of the requests that it takes; now and before, when there is none.
    std::optional<quint64> hour;
    std::vector<Address> confirmedBy(const Hash32 &safeTxHash) const;

private:
    struct Stored {
        SafeTransaction transaction;
        std::map<Address, SafeSignature> confirmations;
        QString origin;
        Address proposer;
    };

    QJsonValue number(const Uint256 &value) const;
    QJsonObject jsonOf(const Stored &stored) const;
    test::FakeHttpReply answer(const test::FakeHttpRequest &request);
    test::FakeHttpReply served(const test::FakeHttpRequest &request);
    test::FakeHttpReply asked(const QString &path, const QUrlQuery &query);
    QString take(Stored &stored, const Hash32 &hash, const QJsonValue &blob, const std::optional<Address> &sender);
    std::optional<Address> signerOf(const QJsonObject &body, const std::function<Hash32(quint64)> &digest) const;
    test::FakeHttpReply delegated(const QJsonObject &body);
    test::FakeHttpReply erased(const QString &path, const QJsonObject &body);
    test::FakeHttpReply posted(const QString &path, const QJsonObject &body);

    ChainId m_chain;
    Address m_safe;
    std::map<std::pair<Uint256, Hash32>, Stored> m_transactions;
    test::FakeHttpServer m_server;
};

} // namespace countersign::testing
