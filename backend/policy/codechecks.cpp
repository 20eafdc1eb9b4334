#include "backend/policy/policychecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

enum class CodeJudgement { Allowed, NotListed, OtherCode, Unread };

/// By address and by code: the one without the other proves nothing.
CodeJudgement judge(
    const QList<AllowedCode> &list, ChainId chain, const Address &address, const std::optional<Hash32> &codeHash)
{
    bool isListed = false;
    const auto published = knownSafeContract(address, chain);
    for (const AllowedCode &allowed : list) {
        std::optional<Hash32> expected;
        if (allowed.published) {
            if (published && published->deployment.contract == *allowed.published)
                expected = published->deployment.codeHash;
        } else if (allowed.chain == chain && allowed.address == address) {
            expected = allowed.codeHash;
        }
        if (!expected)
            continue;
        isListed = true;
        if (codeHash == *expected)
            return CodeJudgement::Allowed;
    }
    if (!isListed)
        return CodeJudgement::NotListed;
    return codeHash ? CodeJudgement::OtherCode : CodeJudgement::Unread;
}

QString roleName(CodeRole role)
{
    switch (role) {
    case CodeRole::Delegatecall:
        return u"the target of a delegatecall"_s;
    case CodeRole::Module:
        return u"the module"_s;
    case CodeRole::Guard:
        return u"the guard"_s;
    case CodeRole::FallbackHandler:
        return u"the fallback handler"_s;
    case CodeRole::Implementation:
        break;
    }
    return u"the implementation"_s;
}

void check(const PolicyDesk &desk, CodeRole role, const Address &address, const std::optional<Hash32> &codeHash)
{
    const QString id = role == CodeRole::Delegatecall ? u"policy.delegatecall"_s : u"policy.code"_s;
    const QString name = roleName(role);
    switch (judge(desk.policy.allow.of(role), desk.question.chainId, address, codeHash)) {
    case CodeJudgement::Allowed:
        break;
    case CodeJudgement::NotListed:
        desk.block(id, u"The policy does not allow %1: it is on no list for that"_s.arg(name), address.toString());
        break;
    case CodeJudgement::OtherCode:
        desk.block(id, u"The code of %1 is not the code that the policy allows at this address"_s.arg(name),
            u"%1, code hash %2"_s.arg(address.toString(), codeHash->toString()));
        break;
    case CodeJudgement::Unread:
        desk.missing(u"the code of %1, %2,"_s.arg(name, address.toString()));
        break;
    }
}

} // namespace

void checkCode(const PolicyDesk &desk)
{
    for (const PolicyCall &call : desk.question.calls) {
        if (call.operation == SafeOperation::DelegateCall)
            check(desk, CodeRole::Delegatecall, call.to, call.codeHash);
        for (const InstalledCode &code : call.installs) {
            if (!code.address.isZero())
                check(desk, code.role, code.address, code.codeHash);
        }
    }
}

} // namespace countersign
