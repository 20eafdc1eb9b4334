#pragma once

#include "backend/evm/selector.h"
#include "backend/policy/policy.h"
#include "backend/policy/policyquestion.h"
#include "backend/types/strings.h"

#include <QByteArray>

namespace countersign::samples {

/// 0x…nn: an address that is easy to tell apart.
inline Address account(quint8 number)
{
    return *Address::fromBytes(QByteArray(19, '\0') + static_cast<char>(number));
}

inline Hash32 codeOf(quint8 number)
{
    return *Hash32::fromBytes(QByteArray(31, '\x11') + static_cast<char>(number));
}

inline const Address alice = account(0xa1);
inline const Address bob = account(0xb2);
inline const Address carol = account(0xc3);
inline const Address mallory = account(0xee);
inline const Address safe = account(0x5a);
inline const Address custodian = account(0x70);
inline const Address usdc = account(0x71);

/// A policy that demands nothing but what a test writes into it; `sections` are whole top-level keys, and win.
inline QByteArray policyText(
    const QByteArray &sections = {}, const QByteArray &rules = {}, const QByteArray &otherwise = "allow")
{
    QByteArray text = "format: 1\nname: test\nversion: 1\n";
    if (!sections.contains("roles:"))
        text += "roles: {proposers: [anyone], approvers: [owners], executors: [anyone], proposerMayApprove: true, "
                "minimumApprovals: 1}\n";
    if (!sections.contains("coolingOff:"))
        text += "coolingOff: {otherwise: \"0\"}\n";
    text += sections;
    if (!rules.isEmpty())
        text += "rules:\n" + rules;
    return text + "default: " + otherwise + "\n";
}

inline Policy policyOf(
    const QByteArray &sections = {}, const QByteArray &rules = {}, const QByteArray &otherwise = "allow")
{
    const auto policy = Policy::parse(policyText(sections, rules, otherwise), u"p.yaml"_s);
    if (!policy)
        qFatal("%s", qPrintable(policy.error().detail));
    return *policy;
}

inline QString text(const Address &address)
{
    return address.toString();
}

/// "\"0x…\"" for a YAML file.
inline QByteArray quoted(const Address &address)
{
    return '"' + address.toString().toLatin1() + '"';
}

inline PolicyCall transferOf(const Uint256 &wei, const Address &to = custodian)
{
    PolicyCall call;
    call.safe = safe;
    call.kind = ActionKind::Transfer;
    call.to = to;
    call.value = wei;
    call.destinationKnown = true;
    return call;
}

inline PolicyCall callOf(ActionKind kind, const QString &function = {}, const Address &to = custodian)
{
    PolicyCall call = transferOf(Uint256(), to);
    call.kind = kind;
    call.signature = function;
    if (!function.isEmpty())
        call.selector = Selector::ofSignature(function);
    return call;
}

inline PolicyCall tokenTransferOf(quint64 amount, const Address &to = custodian)
{
    PolicyCall call = callOf(ActionKind::TokenTransfer, u"transfer(address,uint256)"_s, usdc);
    call.token = PolicyTokenMove{usdc, Uint256(amount), to};
    return call;
}

/// Wednesday 2025-03-05, 12:00 UTC.
inline const Timestamp noon = Timestamp::fromSeconds(1'741'176'000);

/// Everything is known and nothing is wrong: alice proposed an hour ago, bob is about to sign, carol has signed.
inline PolicyQuestion question(const QList<PolicyCall> &calls = {transferOf(1)})
{
    using namespace std::chrono_literals;
    PolicyQuestion asked;
    asked.chainId = ChainId(1);
    asked.safe = safe;
    asked.calls = calls;
    asked.environment = EnvironmentKind::Production;
    asked.owners = QList<Address>{alice, bob, carol};
    asked.threshold = 2;
    asked.holders = {{u"alice"_s, alice}, {u"bob"_s, bob}, {u"carol"_s, carol}};
    asked.proposer = alice;
    asked.createdAt = noon - 1h;
    asked.now = noon;
    asked.approver = bob;
    asked.approvals = {carol};
    asked.recentApprovals = QList<Timestamp>();
    asked.spent = QList<PolicySpending>();
    asked.fee = PolicyFee();
    return asked;
}

} // namespace countersign::samples
