#include "backend/records/recordverification.h"

#include "backend/evm/abifunction.h"
#include "backend/records/reviewjson.h"
#include "backend/review/artifactstore.h"
#include "backend/review/reviewsafetransaction.h"
#include "backend/safe/safehash.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <memory>

namespace countersign {

namespace {

using Outcome = RecordPoint::Outcome;

class Verification final {
public:
    Verification(const RecordFile &file, const RecordEvidence &evidence)
        : m_file(file)
        , m_record(file.record)
        , m_review(file.record.review)
        , m_evidence(evidence)
        , m_item(file.record.item())
        , m_proposal(file.record.proposal())
    {
    }

    QList<RecordPoint> run()
    {
        lookAtFile();
        lookAtEnvelope();
        lookAtHashes();
        lookAtSignature();
        lookAtComparison();
        lookAtCalls();
        lookAtArguments();
        lookAtSentence();
        lookAtFindings();
        lookAtPromises();
        lookAtBasis();
        lookAtPolicy();
        if (m_record.execution || m_record.act == RecordedAct::Executed)
            lookAtExecution();
        if (m_record.act == RecordedAct::Refused)
            lookAtIncident();
        lookAtClaims();
        return m_points;
    }

private:
    void add(const QString &id, const QString &title, Outcome outcome, const QString &detail = {})
    {
        m_points.append({id, title, outcome, detail});
    }
    void check(const QString &id, const QString &title, bool holds, const QString &otherwise)
    {
        add(id, title, holds ? Outcome::Ok : Outcome::Failed, holds ? QString() : otherwise);
    }

    void lookAtFile()
    {
        check(u"record.form"_s, u"The file is in the one form that a record has"_s, m_file.isCanonical,
            u"it is spelled otherwise than this program writes it"_s);
        const Hash32 computed = m_record.contentHash();
        check(u"record.hash"_s, u"The content has the hash that the file names"_s, computed == m_file.claimedHash,
            u"computed %1, named %2"_s.arg(computed.toString(), m_file.claimedHash.toString()));
        const QString title = u"The holder's key signed the record"_s;
        if (!m_record.recordSignature) {
            add(u"record.signature"_s, title, Outcome::NotChecked,
                m_record.unsignedBecause.isEmpty() ? u"the record is not signed and does not say why"_s
                                                   : m_record.unsignedBecause);
            return;
        }
        const auto signer = recoverAddress(m_record.digest(), *m_record.recordSignature);
        check(u"record.signature"_s, title, signer && *signer == m_record.address && m_record.recordSignature->isLowS(),
            signer ? u"it is signed by %1, not by %2"_s.arg(signer->toString(), m_record.address.toString())
                   : signer.error().message);
    }

    void lookAtEnvelope()
    {
        if (isUndescribed()) {
            add(u"envelope"_s, u"The transaction is whole, and nobody signed a description of it"_s, Outcome::Ok,
                u"it came from %1; what it does proves itself by its hash, whatever was said of it is nobody's word"_s.arg(
                    m_item->import->source.isEmpty() ? u"a carrier that is not named"_s : m_item->import->source));
        } else {
            check(u"envelope"_s, u"The proposal is whole and signed by its proposer"_s, m_proposal.has_value(),
                m_proposal ? QString() : m_proposal.error().message);
        }
        if (!m_proposal)
            return;
        const bool isSame = m_proposal->chainId == m_review.chainId && m_proposal->safe == m_review.safe
            && m_proposal->transaction.nonce == m_review.nonce;
        check(u"subject"_s, u"The review is about the proposal's chain, Safe and nonce"_s, isSame,
            u"the proposal is for chain %1, Safe %2, nonce %3"_s.arg(m_proposal->chainId.value())
                .arg(m_proposal->safe.toString(), m_proposal->transaction.nonce.toDecimal()));
        check(u"times"_s, u"Proposal, review and act follow each other"_s,
            m_review.reviewedAt <= m_record.madeAt && m_proposal->createdAt <= m_record.madeAt,
            u"proposed %1, reviewed %2, recorded %3"_s.arg(
                m_proposal->createdAt.toIsoString(), m_review.reviewedAt.toIsoString(), m_record.madeAt.toIsoString()));
    }

    bool isUndescribed() const { return m_item && m_item->import; }

    void lookAtHashes()
    {
        const QList<std::tuple<QString, QString, Hash32, Hash32>> hashes = [this] {
            const SafeHashes computed = m_proposal
                ? safeHashes(SafeVersion::v141(), m_proposal->chainId, m_proposal->safe, m_proposal->transaction)
                : SafeHashes();
            return QList<std::tuple<QString, QString, Hash32, Hash32>>{
                {u"hashes.domain"_s, u"Domain hash"_s, computed.domainHash, m_review.hashes.domain},
                {u"hashes.message"_s, u"Message hash"_s, computed.messageHash, m_review.hashes.message},
                {u"hashes.safeTx"_s, u"SafeTx hash"_s, computed.safeTxHash, m_review.hashes.safeTx}};
        }();
        for (const auto &[id, name, computed, recorded] : hashes)
            check(id, u"%1 computed again from the proposal"_s.arg(name), m_proposal && computed == recorded,
                m_proposal ? u"computed %1, recorded %2"_s.arg(computed.toString(), recorded.toString())
                           : u"the proposal cannot be read"_s);
    }

    void lookAtSignature()
    {
        check(u"key"_s, u"The key that is described is the holder's"_s, m_record.key.address == m_record.address,
            u"the key is that of %1"_s.arg(m_record.key.address.toString()));
        if (m_record.act != RecordedAct::Executed)
            check(u"owner"_s, u"The holder is among the Safe's owners as they were shown"_s,
                std::ranges::find(m_review.signers, m_record.address, &ReviewSigner::owner) != m_review.signers.end(),
                u"%1 is not among them"_s.arg(m_record.address.toString()));
        const QString title = u"The signature over the SafeTx hash is the holder's"_s;
        if (m_record.act != RecordedAct::Signed) {
            check(u"signature"_s, u"Nothing was signed for the Safe"_s, !m_record.signature,
                u"there is a signature, though the record is of no signing"_s);
            return;
        }
        if (!m_record.signature) {
            add(u"signature"_s, title, Outcome::Failed, u"there is none"_s);
            return;
        }
        const auto signer = recoverAddress(m_review.hashes.safeTx, *m_record.signature);
        check(u"signature"_s, title, signer && *signer == m_record.address,
            signer ? u"it is by %1, not by %2"_s.arg(signer->toString(), m_record.address.toString())
                   : signer.error().message);
    }

    void lookAtComparison()
    {
        if (m_record.act == RecordedAct::Executed) {
            check(u"comparison"_s, u"An execution is compared with nothing"_s, !m_record.comparison,
                u"there is a comparison all the same"_s);
            return;
        }
        const bool refused = m_record.act == RecordedAct::Refused;
        const bool isOneAnswer = !m_record.comparison || m_record.comparison->typed.isEmpty()
            || m_record.comparison->shownByDevice.isEmpty();
        const auto verdict = m_record.comparison && isOneAnswer ? judgeComparison(*m_record.comparison, m_review.hashes)
                                                                : ComparisonVerdict::Incomplete;
        check(u"comparison"_s,
            refused ? u"What the device showed is not the hash"_s : u"What the holder typed is the hash"_s,
            verdict == (refused ? ComparisonVerdict::DoesNotMatch : ComparisonVerdict::Matches),
            m_record.comparison ? comparisonSummary(*m_record.comparison) : u"nothing was compared"_s);
    }

    // Without a chain and an address book: what the bytes alone say.
    Review reviewedOffline() const
    {
        ReviewContext context;
        context.environment = m_evidence.environment;
        context.policy = {std::shared_ptr<const Policy>(), m_evidence.policy}; // not owned
        context.artifacts = &ArtifactStore::ours();
        context.isOnline = false;
        context.now = m_review.reviewedAt;
        return reviewSafeTransaction(ReviewSubject::of(*m_item), context);
    }

    static bool isContained(const DecodedCall &inner, const DecodedCall &outer)
    {
        return outer.data.contains(inner.data) && outer.data.contains(inner.to.bytes());
    }

    // Every inner call must at least stand in the bytes of the call around it.
    static const DecodedCall *strayCall(const DecodedCall &root)
    {
        for (const CallAtDepth &place : flattened(root)) {
            for (const DecodedCall &inner : place.call->inner) {
                if (!isContained(inner, *place.call))
                    return &inner;
            }
        }
        return nullptr;
    }

    void lookAtCalls()
    {
        const QString title = u"The calls are those of the transaction"_s;
        if (!m_proposal) {
            add(u"calls"_s, title, Outcome::Failed, u"the proposal cannot be read"_s);
            return;
        }
        const SafeTransaction &transaction = m_proposal->transaction;
        const DecodedCall &outer = m_review.call;
        if (outer.to != transaction.to || outer.value != transaction.value || outer.data != transaction.data
            || outer.isDelegate != (transaction.operation == SafeOperation::DelegateCall)) {
            add(u"calls"_s, title, Outcome::Failed, u"the outermost call is not the transaction"_s);
            return;
        }
        const Review offline = reviewedOffline();
        const bool isSame = std::ranges::equal(
            flattened(offline.call), flattened(outer), [](const CallAtDepth &a, const CallAtDepth &b) {
                return a.depth == b.depth && a.call->to == b.call->to && a.call->value == b.call->value
                    && a.call->data == b.call->data && a.call->isDelegate == b.call->isDelegate;
            });
        if (isSame)
            add(u"calls"_s, title, Outcome::Ok);
        else if (const DecodedCall *stray = strayCall(outer))
            add(u"calls"_s, title, Outcome::Failed,
                u"a call to %1 does not stand in the call around it"_s.arg(stray->to.toString()));
        else
            add(u"calls"_s, title, Outcome::NotChecked,
                u"the tree rests on what the chain said; every call stands in the bytes of the one around it"_s);
    }

    static QString argumentProblem(const DecodedCall &call)
    {
        const auto function = AbiFunction::parse(call.signature);
        if (!function)
            return u"%1 is no function"_s.arg(call.signature);
        const auto values = function->decodeCall(call.data);
        if (!values)
            return u"%1: %2"_s.arg(call.signature, values.error().message);
        if (function->name() != call.function)
            return u"%1 is named %2"_s.arg(call.signature, call.function);
        if (static_cast<qsizetype>(values->size()) != call.arguments.size())
            return u"%1 has another number of arguments"_s.arg(call.signature);
        for (size_t i = 0; i < values->size(); ++i) {
            const DecodedArgument &argument = call.arguments[static_cast<qsizetype>(i)];
            if (argument.type != function->inputs()[i].type.canonical())
                return u"%1: %2 is recorded as %3"_s.arg(call.signature, argument.name, argument.type);
            const QString text = abiToText(function->inputs()[i].type, (*values)[i]);
            if (text != argument.value)
                return u"%1: %2 is %3, recorded %4"_s.arg(call.signature, argument.name, text, argument.value);
        }
        return {};
    }

    void lookAtArguments()
    {
        QStringList problems;
        int unread = 0;
        for (const CallAtDepth &place : flattened(m_review.call)) {
            if (place.call->isDecoded && !place.call->signature.isEmpty()) {
                if (const QString problem = argumentProblem(*place.call); !problem.isEmpty())
                    problems.append(problem);
            } else if (!place.call->arguments.isEmpty()) {
                problems.append(u"a call that was not decoded has arguments"_s);
            } else if (!place.call->data.isEmpty()) {
                ++unread;
            }
        }
        if (!problems.isEmpty())
            add(u"arguments"_s, u"The arguments are decoded again to the same values"_s, Outcome::Failed,
                problems.first());
        else
            add(u"arguments"_s, u"The arguments are decoded again to the same values"_s, Outcome::Ok,
                unread > 0 ? u"%1 calls were shown undecoded"_s.arg(unread) : QString());
    }

    void lookAtSentence()
    {
        const QString title = u"The sentence is what this program says of the proposal"_s;
        if (!m_proposal || !m_evidence.environment) {
            add(u"sentence"_s, title, Outcome::NotChecked, u"its names are those of an environment"_s);
            return;
        }
        const QString sentence = reviewedOffline().sentence;
        add(u"sentence"_s, title, sentence == m_review.sentence ? Outcome::Ok : Outcome::NotChecked,
            sentence == m_review.sentence ? QString() : u"without the chain it reads: %1"_s.arg(sentence));
    }

    void lookAtFindings()
    {
        const Finding *worst = m_review.findings.isEmpty() ? nullptr : &m_review.findings.first();
        if (m_record.act != RecordedAct::Refused)
            check(u"findings"_s, u"No finding forbade it"_s, !m_review.isBlocked(),
                worst ? u"%1: %2"_s.arg(worst->code, worst->message) : QString());
    }

    void lookAtPromises()
    {
        if (!m_proposal)
            return;
        QStringList problems;
        for (const Effect &effect : m_review.effects) {
            if (effect.promised.isEmpty())
                continue;
            const bool isPromised = std::ranges::any_of(m_proposal->promises, [&effect](const PromisedEffect &promise) {
                return promise.name == effect.variable && promise.after == effect.promised;
            });
            if (!isPromised)
                problems.append(u"%1: %2 is not promised"_s.arg(effect.variable, effect.promised));
            else if (m_record.act != RecordedAct::Refused && !effect.isAsPromised())
                problems.append(u"%1: promised %2, simulated %3"_s.arg(effect.variable, effect.promised, effect.after));
        }
        check(u"promises"_s, u"What was promised is what the proposal promises, and what was simulated"_s,
            problems.isEmpty(), problems.join(u"; "_s));
    }

    void lookAtBasis()
    {
        const auto &nodes = m_review.basis.nodes;
        const bool isOneBlock = !nodes.isEmpty() && std::ranges::all_of(nodes, [this](const ReviewedNode &node) {
            return node.blockNumber == m_review.blockNumber && node.blockHash == m_review.blockHash
                && (node.dissent.isEmpty() || m_record.act == RecordedAct::Refused);
        });
        check(u"basis"_s, u"Every node that was asked spoke of the reviewed block"_s, isOneBlock,
            u"the record names no node, another block, or a node that did not agree"_s);
        check(u"threshold"_s, u"The threshold can be reached by the owners"_s,
            m_review.threshold >= 1 && m_review.threshold <= static_cast<quint64>(m_review.signers.size()),
            u"%1 of %2"_s.arg(m_review.threshold).arg(m_review.signers.size()));
    }

    void lookAtPolicy()
    {
        const QString title = u"The signing policy is the one that was asked"_s;
        const ReviewBasis &basis = m_review.basis;
        const Policy *policy = m_evidence.policy;
        if (!policy) {
            add(u"policy"_s, title, Outcome::NotChecked,
                basis.policyName.isEmpty() ? u"the record says that none was asked"_s
                                           : u"the policy is needed for it"_s);
            return;
        }
        check(u"policy"_s, title,
            policy->id() == basis.policyId && policy->name == basis.policyName
                && policy->version == basis.policyVersion,
            u"the file is %1, recorded %2"_s.arg(policy->id().toString(), basis.policyId.toString()));
        const auto stray = std::ranges::find_if(basis.rules, [policy](const DecidingRule &rule) {
            return std::ranges::find(policy->rules, rule.rule, &PolicyRule::name) == policy->rules.end();
        });
        check(u"rules"_s, u"The rules that decided are the policy's"_s, stray == basis.rules.end(),
            stray == basis.rules.end() ? QString() : u"there is no rule %1"_s.arg(stray->rule));
    }

    void lookAtExecution()
    {
        if (!m_record.execution || m_record.act != RecordedAct::Executed) {
            add(u"execution"_s, u"The execution belongs to the record"_s, Outcome::Failed,
                u"act and execution do not go together"_s);
            return;
        }
        const ExecutionReport &report = *m_record.execution;
        const bool isSame = report.safeTxHash == m_review.hashes.safeTx
            && std::ranges::equal(report.effects, m_review.effects, [](const Effect &done, const Effect &shown) {
                   return done.variable == shown.variable && done.before == shown.before
                       && done.promised == shown.after;
               });
        check(u"execution"_s, u"What was executed and read back is what was reviewed"_s, isSame,
            u"hash or effects are others"_s);
        const bool differs = std::ranges::any_of(
            report.effects, [](const Effect &effect) { return effect.place && effect.after != effect.promised; });
        check(u"effect"_s, u"It says honestly whether the effect was as promised"_s, report.isAsPromised || differs,
            u"no effect differs, but the record says so"_s);
    }

    void lookAtIncident()
    {
        const JournalHead &head = m_record.journal;
        add(u"incident"_s, u"The incident stands in the journal of the holder's console"_s, Outcome::NotChecked,
            u"it comes after entry %1 (%2) and names this record by its content, %3"_s.arg(head.count)
                .arg(head.hash.toString(), m_record.contentHash().toString()));
    }

    static QString quoted(const QString &text)
    {
        constexpr qsizetype most = 160;
        return u"“%1”"_s.arg(text.size() > most ? text.left(most) + u'…' : text);
    }

    // By name, so that whoever relies on the record sees what they would rely on.
    QStringList claimed() const
    {
        const auto isProved = [this](QStringView id) {
            const auto point = std::ranges::find(m_points, id, &RecordPoint::id);
            return point != m_points.end() && point->outcome == Outcome::Ok;
        };
        QStringList claims;
        if (!isProved(u"sentence"))
            claims.append(u"the sentence %1"_s.arg(quoted(m_review.sentence)));
        claims.append(u"the chain's name %1"_s.arg(quoted(m_review.chainName)));
        if (!m_review.proposer.isEmpty())
            claims.append(u"the proposer's name %1"_s.arg(quoted(m_review.proposer)));
        claims.append(u"the holder's name %1"_s.arg(quoted(m_record.holder)));
        QStringList named;
        QStringList labels;
        QStringList known;
        for (const CallAtDepth &place : flattened(m_review.call)) {
            if (!place.call->toName.isEmpty())
                named.append(quoted(place.call->toName));
            for (const DecodedArgument &argument : place.call->arguments) {
                labels.append(u"%1 %2"_s.arg(argument.type, argument.name));
                if (!argument.known.isEmpty())
                    known.append(quoted(argument.known));
            }
        }
        const auto list = [&claims](const QString &what, QStringList words) {
            constexpr qsizetype most = 12;
            words.removeDuplicates();
            if (words.isEmpty())
                return;
            const qsizetype more = words.size() - most;
            claims.append(u"%1 %2%3"_s.arg(what, words.mid(0, most).join(u", "_s), more > 0 ? u" and %1 more"_s.arg(more) : QString()));
        };
        list(u"the names of the called contracts"_s, named);
        list(u"the names (not the types and values) of the arguments"_s, labels);
        list(u"what is said of arguments"_s, known);
        claims.append(u"owners and threshold (%1 of %2), findings, simulation, effects, nodes, the device's own words about the key, the program"_s
                          .arg(m_review.threshold).arg(m_review.signers.size()));
        return claims;
    }

    void lookAtClaims()
    {
        QStringList claims = claimed();
        if (!m_record.recordSignature)
            claims.append(u"the times of review and act"_s);
        claims.append(u"the journal's entry %1"_s.arg(m_record.journal.count));
        add(u"claims"_s, u"What only this record says"_s, Outcome::NotChecked,
            claims.join(u"; "_s)
                + (m_record.recordSignature
                        ? u": the holder's signature binds them, nothing proves them"_s
                        : u": only the journal's entry with the content's hash binds them"_s));
    }

    const RecordFile &m_file;
    const ApprovalRecord &m_record;
    const Review &m_review;
    RecordEvidence m_evidence;
    Result<ExchangeItem> m_item;
    Result<Proposal> m_proposal;
    QList<RecordPoint> m_points;
};

} // namespace

QList<RecordPoint> verifyRecord(const RecordFile &file, const RecordEvidence &evidence)
{
    return Verification(file, evidence).run();
}

bool hasFailed(const QList<RecordPoint> &points)
{
    return std::ranges::find(points, Outcome::Failed, &RecordPoint::outcome) != points.end();
}

} // namespace countersign
