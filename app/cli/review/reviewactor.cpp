#include "app/cli/review/reviewactor.h"

#include "backend/types/strings.h"

#include <QDateTime>

namespace countersign {

namespace {

const QString approverOption = u"approver"_s;
const QString executorOption = u"executor"_s;
const QString firstSeenOption = u"first-seen"_s;

Error unusable(const QString &option, const QString &message)
{
    return {ErrorKind::Invalid, u"--%1: %2"_s.arg(option, message), u"usage"_s};
}

Result<Address> addressOf(const Invocation &invocation, const QString &option)
{
    const auto address = Address::parse(invocation.value(option));
    if (!address)
        return std::unexpected(unusable(option, address.error().message));
    if (address->isZero())
        return std::unexpected(unusable(option, u"nobody has the zero address"_s));
    return *address;
}

Result<Timestamp> timeOf(const QString &text)
{
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!time.isValid() || !text.endsWith(u'Z') || time.date().year() < 1970 || time.date().year() > 9999)
        return std::unexpected(unusable(firstSeenOption, u"\"%1\" is no time; one reads 2025-03-01T09:30:00Z"_s.arg(text)));
    return Timestamp::fromDateTime(time);
}

} // namespace

QList<QCommandLineOption> reviewActorOptions()
{
    return {{approverOption, u"Who would sign now, for what the policy says of approvers."_s, u"ADDRESS"_s},
        {executorOption, u"Who would execute it now: the policy is asked about executing instead of signing."_s, u"ADDRESS"_s},
        {firstSeenOption, u"Since when you know of the proposal (UTC); without it waiting times rest on its author's date alone."_s, u"TIME"_s}};
}

Result<ReviewRequester> reviewRequester(const Invocation &invocation)
{
    ReviewRequester requester;
    if (invocation.has(approverOption) && invocation.has(executorOption))
        return std::unexpected(unusable(executorOption, u"one review is for one step; --approver asks for signing"_s));
    for (const QString &option : {approverOption, executorOption}) {
        if (!invocation.has(option))
            continue;
        const auto who = addressOf(invocation, option);
        if (!who)
            return std::unexpected(who.error());
        requester.actor = {option == executorOption ? PolicyStage::Execute : PolicyStage::Sign, *who};
    }
    if (invocation.has(firstSeenOption)) {
        const auto seen = timeOf(invocation.value(firstSeenOption));
        if (!seen)
            return std::unexpected(seen.error());
        requester.past.firstSeenAt = *seen;
    }
    return requester;
}

} // namespace countersign
