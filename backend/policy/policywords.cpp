#include "backend/policy/policywords.h"

#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

template <class Enum, std::size_t count> QString wordOf(Enum value, const std::array<const char16_t *, count> &words)
{
    static_assert(count == static_cast<std::size_t>(policyWordCount<Enum>));
    return QString::fromUtf16(words.at(static_cast<std::size_t>(value)));
}

} // namespace

QString policyWord(PolicySeverity value)
{
    return wordOf(value, std::array<const char16_t *, 3>{u"info", u"warn", u"block"});
}

QString policyWord(ActionKind value)
{
    return wordOf(value,
        std::array<const char16_t *, 14>{u"transfer", u"tokenTransfer", u"allowance", u"settings", u"ownership",
            u"upgrade", u"keys", u"adapters", u"deployment", u"batch", u"cancellation", u"message", u"call",
            u"unreadable"});
}

QString policyWord(CodeRole value)
{
    return wordOf(value,
        std::array<const char16_t *, 5>{
            u"delegatecalls", u"modules", u"guards", u"fallbackHandlers", u"implementations"});
}

QString policyWord(ContactProof value)
{
    return wordOf(value, std::array<const char16_t *, 3>{u"none", u"challenge", u"code"});
}

QString policyWord(GroupLogic value)
{
    return wordOf(value, std::array<const char16_t *, 2>{u"all", u"any"});
}

QString policyWord(RuleAction value)
{
    return wordOf(value, std::array<const char16_t *, 3>{u"allow", u"block", u"require"});
}

QString policyWord(DestinationClass value)
{
    return wordOf(value, std::array<const char16_t *, 3>{u"unknown", u"known", u"listed"});
}

QString policyWord(ProposerApproval value)
{
    return wordOf(value, std::array<const char16_t *, 3>{u"false", u"notAlone", u"true"});
}

QString policyWord(PolicyWaiver value)
{
    return wordOf(value, std::array<const char16_t *, 3>{u"coolingOff", u"changeWindows", u"fatigue"});
}

QString describeKind(ActionKind kind)
{
    return wordOf(kind,
        std::array<const char16_t *, 14>{u"a transfer", u"a token transfer", u"an allowance",
            u"a change of the Safe's settings", u"a change of who controls a contract", u"an upgrade of code",
            u"a change of keys", u"a change of adapters", u"a deployment", u"a batch", u"a cancellation",
            u"a signed message", u"a contract call", u"a call that cannot be read"});
}

QString weekdayWord(int day)
{
    constexpr std::array<const char16_t *, 7> words{u"mon", u"tue", u"wed", u"thu", u"fri", u"sat", u"sun"};
    return QString::fromUtf16(words.at(static_cast<std::size_t>(day - 1)));
}

} // namespace countersign
