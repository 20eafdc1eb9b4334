#pragma once

#include "backend/types/strings.h"
#include "models/approvals/delegatedesk.h"

#include <optional>

namespace countersign {

/// Delegates to nobody, and answers what the test says.
class FakeDelegation final : public DelegateDesk {
public:
    DeskDelegates delegates(const QString &) const override { return known; }
    void lookUp(const QString &) override
    {
        ++lookUps;
        emit changed();
    }
    Result<DelegateRequest> request(const QString &carrier, const SafeServiceDelegate &delegate, bool removes) const override
    {
        if (delegate.label.isEmpty())
            return fail(ErrorKind::Invalid, u"A label is missing."_s);
        return DelegateRequest{carrier, delegate, removes, 490'000, {}, u"Signed: %1"_s.arg(delegate.delegate.toString())};
    }
    void send(const DelegateRequest &shown, SecretBuffer pin) override
    {
        asked = shown;
        pinLength = pin.size();
    }
    QString claimOf(const Hash32 &) const override { return claim; }

    DeskDelegates known;
    QString claim;
    std::optional<DelegateRequest> asked;
    qsizetype pinLength = -1;
    int lookUps = 0;
};

} // namespace countersign
