#include "backend/proposals/flowjournal.h"

#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QJsonArray>

namespace countersign {

QJsonObject reviewEvidence(const Review &review)
{
    const auto severityName = [](Severity severity) {
        switch (severity) {
        case Severity::Block:
            return u"block"_s;
        case Severity::Warn:
            return u"warn"_s;
        case Severity::Info:
            break;
        }
        return u"info"_s;
    };
    QJsonArray findings;
    for (const Finding &finding : review.findings) {
        findings.append(QJsonObject{{u"code"_s, finding.code}, {u"severity"_s, severityName(finding.severity)},
            {u"message"_s, finding.message}, {u"evidence"_s, finding.evidence}});
    }
    QJsonArray effects;
    for (const Effect &effect : review.effects) {
        effects.append(QJsonObject{{u"variable"_s, effect.variable}, {u"before"_s, effect.before},
            {u"after"_s, effect.after}, {u"promised"_s, effect.promised}});
    }
    return {{u"sentence"_s, review.sentence}, {u"chainId"_s, QString::number(review.chainId.value())},
        {u"safe"_s, review.safe.toString()}, {u"domainHash"_s, review.hashes.domain.toString()},
        {u"messageHash"_s, review.hashes.message.toString()}, {u"safeTxHash"_s, review.hashes.safeTx.toString()},
        {u"nonce"_s, review.nonce.toDecimal()}, {u"block"_s, QString::number(review.blockNumber.value())},
        {u"blockHash"_s, review.blockHash.toString()}, {u"threshold"_s, QString::number(review.threshold)},
        {u"findings"_s, findings}, {u"effects"_s, effects}};
}

QJsonObject keyEvidenceJson(const KeyEvidence &evidence)
{
    return {{u"custody"_s, custodyText(evidence.custody)}, {u"provider"_s, evidence.provider},
        {u"module"_s, evidence.modulePath}, {u"moduleSha256"_s, evidence.moduleSha256},
        {u"manufacturer"_s, evidence.manufacturer}, {u"model"_s, evidence.model}, {u"serial"_s, evidence.serial},
        {u"label"_s, evidence.label}, {u"firmware"_s, evidence.firmware}, {u"keyId"_s, evidence.keyId},
        {u"address"_s, evidence.address.toString()}, {u"hardwareSlot"_s, evidence.hardwareSlot},
        {u"sensitive"_s, evidence.sensitive}, {u"extractable"_s, evidence.extractable},
        {u"alwaysSensitive"_s, evidence.alwaysSensitive}, {u"neverExtractable"_s, evidence.neverExtractable},
        {u"generatedOnToken"_s, evidence.generatedOnToken}};
}

QJsonObject errorEvidence(const Error &error)
{
    return {{u"kind"_s, errorKindName(error.kind)}, {u"message"_s, error.message}, {u"detail"_s, error.detail}};
}

QCoro::Task<Result<void>> record(Journal &journal, JournalEntry entry)
{
    const auto future = journal.append(std::move(entry));
    const auto row = co_await future;
    if (!row)
        co_return fail(row.error().kind, u"It could not be recorded in the journal: %1"_s.arg(row.error().message),
            row.error().detail);
    co_return Result<void>{};
}

} // namespace countersign
