#include "backend/proposals/execution/submissionjournal.h"

#include "backend/evm/decodedtransaction.h"
#include "backend/proposals/flowjournal.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace countersign {

namespace {

constexpr qint64 rowsAtOnce = 1'000;
constexpr JsonLimits evidenceLimits{.maxBytes = 4 * 1024 * 1024, .maxDepth = 16, .maxValues = 100'000};

QString textOf(const JsonView &object, QUtf8StringView name)
{
    const auto member = object.find(name);
    return member && member->isString() ? member->toString() : QString();
}

QJsonArray effectsJson(const QList<Effect> &effects)
{
    QJsonArray array;
    for (const Effect &effect : effects) {
        if (effect.place)
            array.append(QJsonObject{{u"name"_s, effect.name}, {u"variable"_s, effect.variable}, {u"before"_s, effect.before},
                {u"after"_s, effect.after}, {u"contract"_s, effect.place->contract.toString()},
                {u"slot"_s, effect.place->slot.toString()}, {u"word"_s, effect.place->after.toString()}});
    }
    return array;
}

QList<Effect> effectsOf(const JsonView &evidence)
{
    QList<Effect> effects;
    const auto array = evidence.find("effects");
    if (!array || !array->isArray())
        return effects;
    for (const JsonView one : *array) {
        const auto contract = Address::parse(textOf(one, "contract"));
        const auto slot = Hash32::parse(textOf(one, "slot"));
        const auto word = Hash32::parse(textOf(one, "word"));
        if (contract && slot && word)
            effects.append(Effect{textOf(one, "name"), textOf(one, "variable"), textOf(one, "before"), textOf(one, "after"),
                {}, EffectSlot{*contract, *slot, *word}});
    }
    return effects;
}

SubmissionPurpose purposeOf(const QString &name)
{
    for (const auto purpose : {SubmissionPurpose::Replacement, SubmissionPurpose::Cancellation}) {
        if (name == submissionPurposeName(purpose))
            return purpose;
    }
    return SubmissionPurpose::Execution;
}

bool isSame(const Submission &submission, ChainId chain, const Address &from, quint64 nonce)
{
    return submission.chainId == chain && submission.from == from && submission.nonce().value() == nonce;
}

void takeSent(QList<Submission> &pending, const JournalRow &row, const JsonView &evidence)
{
    const auto raw = bytesFromHex(textOf(evidence, "raw"));
    const auto hash = Hash32::parse(row.subject);
    const auto safe = Address::parse(textOf(evidence, "safe"));
    const auto safeNonce = Uint256::parse(textOf(evidence, "safeNonce"));
    if (!raw || !hash || !safe || !safeNonce)
        return;
    const auto decoded = decodeTransaction(*raw, {.strict = false, .form = TransactionForm::Signed});
    if (!decoded || !decoded->from || !decoded->hash || !decoded->transaction.chainId)
        return;
    const SentTransaction sent{purposeOf(textOf(evidence, "purpose")), decoded->transaction, *raw, *decoded->hash};
    const ChainId chain = *decoded->transaction.chainId;
    const auto known = std::ranges::find_if(pending, [&](const Submission &one) {
        return one.safeTxHash == *hash && isSame(one, chain, *decoded->from, sent.transaction.nonce.value());
    });
    if (known == pending.end())
        pending.append(Submission{chain, *safe, *hash, *safeNonce, *decoded->from, {sent}, effectsOf(evidence)});
    else if (!known->find(sent.hash))
        known->sent.append(sent);
}

void takeSettled(QList<Submission> &pending, const JournalRow &row, const JsonView &settled)
{
    const auto chain = Uint256::parse(textOf(settled, "chainId"));
    const auto from = Address::parse(textOf(settled, "from"));
    const auto nonce = Uint256::parse(textOf(settled, "nonce"));
    if (!chain || !from || !nonce)
        return;
    pending.removeIf([&](const Submission &one) {
        return one.safeTxHash.toString() == row.subject
            && isSame(one, ChainId(chain->toU64().value_or(0)), *from, nonce->toU64().value_or(0));
    });
}

} // namespace

JournalEntry sendingEntry(
    const Submission &submission, const SentTransaction &sent, const QString &holder, const KeyEvidence &key)
{
    const QString hash = sent.hash.toString();
    return JournalEntry::make(JournalKind::Execution, holder, submission.safeTxHash.toString(),
        sent.purpose == SubmissionPurpose::Cancellation ? u"Sending transaction %1, which cancels the execution"_s.arg(hash)
            : sent.purpose == SubmissionPurpose::Replacement
            ? u"Sending transaction %1 with a higher fee"_s.arg(hash)
            : u"Sending transaction %1"_s.arg(hash),
        {{u"transactionHash"_s, hash}, {u"purpose"_s, QString(submissionPurposeName(sent.purpose))},
            {u"chainId"_s, QString::number(submission.chainId.value())}, {u"safe"_s, submission.safe.toString()},
            {u"safeNonce"_s, submission.safeNonce.toDecimal()}, {u"from"_s, submission.from.toString()},
            {u"nonce"_s, QString::number(sent.transaction.nonce.value())}, {u"raw"_s, toHex(sent.raw)},
            {u"effects"_s, effectsJson(submission.effects)}, {u"key"_s, keyEvidenceJson(key)}});
}

void insertSettled(QJsonObject &evidence, const Submission &submission)
{
    evidence.insert(u"settled"_s,
        QJsonObject{{u"chainId"_s, QString::number(submission.chainId.value())}, {u"from"_s, submission.from.toString()},
            {u"nonce"_s, QString::number(submission.nonce().value())}});
}

JournalEntry withSettled(JournalEntry entry, const Submission &submission)
{
    QJsonObject evidence = QJsonDocument::fromJson(entry.evidence).object();
    insertSettled(evidence, submission);
    return JournalEntry::make(entry.kind, entry.actor, entry.subject, entry.text, evidence);
}

QList<Submission> pendingSubmissions(const QList<JournalRow> &rows)
{
    QList<Submission> pending;
    for (const JournalRow &row : rows) {
        if (row.kind != JournalKind::Execution && row.kind != JournalKind::Effect && row.kind != JournalKind::Incident)
            continue;
        const auto evidence = JsonText::parse(row.evidence, evidenceLimits);
        if (!evidence || !evidence->root().isObject())
            continue;
        if (evidence->root().find("raw"))
            takeSent(pending, row, evidence->root());
        if (const auto settled = evidence->root().find("settled"))
            takeSettled(pending, row, *settled);
    }
    return pending;
}

QCoro::Task<Result<QList<Submission>>> pendingSubmissions(Journal &journal, std::stop_token stop)
{
    // Not known yet is not nothing: somebody would send a second time.
    if (journal.status().state == JournalStatus::State::Opening)
        co_return fail(ErrorKind::Unavailable, u"The journal is still being verified: try again in a moment"_s);
    const qint64 last = journal.status().head.count;
    QList<JournalRow> rows;
    for (qint64 first = 1; first <= last; first += rowsAtOnce) {
        const auto future = journal.load(first, std::min(last, first + rowsAtOnce - 1));
        const auto page = co_await future;
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"Reading the journal was given up"_s);
        if (!page)
            co_return std::unexpected(page.error());
        for (const JournalRow &row : *page) {
            if (row.kind == JournalKind::Execution || row.kind == JournalKind::Effect || row.kind == JournalKind::Incident)
                rows.append(row);
        }
    }
    co_return pendingSubmissions(rows);
}

} // namespace countersign
