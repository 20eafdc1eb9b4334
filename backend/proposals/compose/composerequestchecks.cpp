#include "backend/proposals/compose/composerequestchecks.h"

#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"

#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxActions = 100;
constexpr qsizetype maxTitle = 120;
constexpr qsizetype maxRationale = 3000;

QList<ComposeProblem> chainProblems(const ComposeRequest &request, const Environment &environment)
{
    QList<ComposeProblem> problems;
    if (request.chains.isEmpty())
        problems.append({-1, u"chains"_s, u"Choose a chain"_s, {}});
    QList<ChainId> seen;
    for (const ChainId id : request.chains) {
        const ChainSettings *chain = environment.chain(id);
        if (!chain)
            problems.append({-1, u"chains"_s, u"The environment has no chain %1"_s.arg(id.value()), id});
        else if (!chain->safe)
            problems.append({-1, u"chains"_s, u"The environment names no Safe on %1"_s.arg(chain->name), id});
        else if (chain->rpc.isEmpty())
            problems.append({-1, u"chains"_s, u"The environment names no node of %1"_s.arg(chain->name), id});
        else if (seen.contains(id))
            problems.append({-1, u"chains"_s, u"%1 is named twice"_s.arg(chain->name), id});
        seen.append(id);
    }
    return problems;
}

} // namespace

QList<ComposeProblem> requestProblems(
    const ComposeRequest &request, const ExchangeSnapshot &queue, const Environment &environment, Timestamp now)
{
    QList<ComposeProblem> problems = chainProblems(request, environment);
    const auto refuse = [&problems](const QString &field, const QString &message) {
        problems.append({-1, field, message, {}});
    };
    if (request.actions.isEmpty())
        refuse(u"actions"_s, u"Say at least one step"_s);
    else if (request.actions.size() > maxActions)
        refuse(u"actions"_s, u"More than %1 steps in one transaction"_s.arg(maxActions));
    if (request.expiresAt && *request.expiresAt <= now)
        refuse(u"expiresAt"_s, u"That time has passed"_s);
    if (request.notBefore && request.expiresAt && *request.expiresAt <= *request.notBefore)
        refuse(u"notBefore"_s, u"It would expire before it may be executed"_s);
    const bool isLater = !request.replaces.isZero() || !request.previousEnvelope.isZero();
    if (isLater && request.chains.size() > 1)
        refuse(u"chains"_s, u"What replaces or edits a proposal is for its chain alone"_s);
    if (!request.replaces.isZero() && !request.previousEnvelope.isZero())
        refuse(u"replaces"_s, u"A proposal is either edited or replaced"_s);
    for (const Hash32 &hash : request.dependsOn) {
        if (!queue.find(hash))
            refuse(u"dependsOn"_s, u"The proposal %1 is not in the queue"_s.arg(hash.toString()));
    }
    const bool cancels = std::ranges::any_of(
        request.actions, [](const ComposeAction &action) { return std::holds_alternative<CancelNonceAction>(action); });
    if (cancels && !request.nonce && !isLater)
        refuse(u"nonce"_s, u"Say which nonce is to be used up"_s);
    return problems;
}

QString titleFor(const QList<ComposeAction> &actions)
{
    if (actions.isEmpty())
        return {};
    QStringList steps;
    for (const ComposeAction &action : actions)
        steps.append(describeAction(action));
    const QString all = steps.join(u"; "_s).simplified();
    if (all.size() <= maxTitle)
        return all;
    const QString first = steps.first().simplified().left(maxTitle);
    return actions.size() == 1 ? first : u"%1; and %2 more"_s.arg(first).arg(actions.size() - 1);
}

QString rationaleFor(const QList<ComposeAction> &actions)
{
    QString text;
    for (qsizetype i = 0; i < actions.size(); ++i) {
        const QString line = u"%1. %2\n"_s.arg(i + 1).arg(describeAction(actions.at(i)).simplified());
        if (text.size() + line.size() > maxRationale)
            return text + u"…"_s;
        text += line;
    }
    return text.trimmed();
}

void fillClaims(ProposalDraft &draft, const ComposeRequest &request)
{
    draft.title = request.title.trimmed().isEmpty() ? titleFor(request.actions) : request.title.trimmed();
    draft.rationale = request.rationale.trimmed().isEmpty() ? rationaleFor(request.actions) : request.rationale.trimmed();
    draft.expiresAt = request.expiresAt;
    draft.notBefore = request.notBefore;
    draft.links = request.links;
    draft.policy = request.policy;
    draft.replaces = request.replaces;
    draft.previousEnvelope = request.previousEnvelope;
    draft.dependsOn = request.dependsOn;
    draft.proposer = request.proposer;
}

QList<ComposeProblem> draftProblems(
    const ProposalDraft &draft, const ComposeRequest &request, const ExchangeSnapshot &queue)
{
    QList<ComposeProblem> problems;
    const auto check = [&problems, &draft](const QString &field, const ProposalDraft &part) {
        if (const auto checked = checkDraft(part); !checked)
            problems.append({-1, field, checked.error().message, draft.chainId});
    };
    // One part at a time, so that what is refused has the name of its field.
    ProposalDraft bare = draft;
    bare.title = u"x"_s;
    bare.rationale.clear();
    bare.links.clear();
    check(u"actions"_s, bare);
    if (!problems.isEmpty())
        return problems;
    ProposalDraft part = bare;
    part.title = draft.title;
    check(u"title"_s, part);
    part = bare;
    part.rationale = draft.rationale;
    check(u"rationale"_s, part);
    part = bare;
    part.links = draft.links;
    check(u"links"_s, part);

    const ExchangeItem *same = queue.find(draft.safeTxHash());
    if (!request.previousEnvelope.isZero() && !same)
        problems.append({-1, u"actions"_s,
            u"An edit leaves the transaction as it is: propose another in its stead (replace)"_s, draft.chainId});
    else if (request.previousEnvelope.isZero() && same && same->isDescribed())
        problems.append({-1, u"actions"_s, u"This very transaction has been proposed already"_s, draft.chainId});
    return problems;
}

} // namespace countersign
