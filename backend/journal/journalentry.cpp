#include "backend/journal/journalentry.h"

#include "backend/types/strings.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace countersign {

namespace {

constexpr std::array kindNames{
    std::pair{JournalKind::Console, "console"_L1},
    std::pair{JournalKind::Proposal, "proposal"_L1},
    std::pair{JournalKind::Review, "review"_L1},
    std::pair{JournalKind::Signature, "signature"_L1},
    std::pair{JournalKind::Execution, "execution"_L1},
    std::pair{JournalKind::Effect, "effect"_L1},
    std::pair{JournalKind::Incident, "incident"_L1},
    std::pair{JournalKind::Operation, "operation"_L1},
    std::pair{JournalKind::Journal, "journal"_L1},
    std::pair{JournalKind::Other, "other"_L1},
};

} // namespace

QLatin1StringView journalKindName(JournalKind kind)
{
    for (const auto &[candidate, name] : kindNames) {
        if (candidate == kind)
            return name;
    }
    return "other"_L1;
}

JournalKind journalKindFromUtf8(QByteArrayView name)
{
    for (const auto &[kind, candidate] : kindNames) {
        if (name.size() == candidate.size() && std::equal(name.begin(), name.end(), candidate.begin()))
            return kind;
    }
    return JournalKind::Other;
}

JournalEntry JournalEntry::make(
    JournalKind kind, QString actor, QString subject, QString text, const QJsonObject &evidence)
{
    return {kind, std::move(actor), std::move(subject), std::move(text),
        evidence.isEmpty() ? QByteArray() : QJsonDocument(evidence).toJson(QJsonDocument::Compact)};
}

} // namespace countersign
