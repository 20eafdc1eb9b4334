#pragma once

#include "backend/types/strings.h"
#include "models/approvals/publicationdesk.h"

#include <optional>

namespace countersign {

/// Publishes nothing, and answers what the test says.
class FakePublication final : public PublicationDesk {
public:
    QList<DeskPublisher> publishers(const Hash32 &) const override { return servers; }
    QString hindrance(const Hash32 &) const override { return servers.isEmpty() ? u"nowhere"_s : QString(); }
    void lookUpToken(const QString &origin) override
    {
        ++lookUps;
        emit tokenLookedUp(origin);
    }
    Result<QStringList> contents(const ExecutionReport &, const DeskPublisher &publisher) const override
    {
        return QStringList{u"CantonKeyRegistry.sol, 4 kB"_s, publisher.name};
    }
    void find(const Hash32 &id) override
    {
        ++finds;
        sought = id;
    }
    void publish(const ExecutionReport &report, const DeskPublisher &publisher) override
    {
        publishedAs = report;
        publishedAt = publisher.id;
    }
    void stop() override
    {
        ++stops;
        emit published({std::unexpected(Error{ErrorKind::Cancelled, u"No longer waited for."_s, {}})});
    }
    std::optional<DeskToken> token(const QString &origin) const override
    {
        return DeskToken{origin, hasKey ? u"Its API key is in the keychain."_s : u"There is no API key for it."_s, hasKey};
    }
    void keepToken(const QString &origin, SecretBuffer token) override
    {
        hasKey = true;
        keyOrigin = origin;
        keyLength = token.size();
        emit tokenLookedUp(origin);
        emit tokenKept({u"Kept."_s});
    }
    void removeToken(const QString &) override { hasKey = false; }

    static DeskPublisher sourcify() { return {u"s"_s, u"the Sourcify server https://sources.example"_s, {}}; }
    static DeskPublisher explorer() { return {u"e"_s, u"the block explorer https://api.example/v2/api"_s, u"https://api.example"_s}; }

    QList<DeskPublisher> servers;
    std::optional<ExecutionReport> publishedAs;
    QString publishedAt;
    Hash32 sought;
    QString keyOrigin;
    qsizetype keyLength = -1;
    int lookUps = 0;
    int finds = 0;
    int stops = 0;
    bool hasKey = false;
};

} // namespace countersign
