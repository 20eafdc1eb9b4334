#pragma once

#include "backend/proposals/statement.h"
#include "backend/types/error.h"

#include <QByteArrayView>

namespace countersign {

inline constexpr qsizetype maxStatementBytes = 48 * 1024;
inline constexpr qsizetype maxStatementText = 2000;
inline constexpr qsizetype maxFindingText = 100; ///< of an override: the id of the finding
inline constexpr qsizetype minOverrideReason = 10; ///< as the policy demands of a reason
inline constexpr qsizetype maxHeads = 128; ///< of an acknowledgement
inline constexpr qsizetype maxSealedBytes = 8 * 1024; ///< of a sealed signature

/// A member's statement as a file of the exchange, in the form of proposaljson.h; one kind of file a kind of statement.
/// Errors Invalid, Exhausted.
Result<Statement> statementFromJson(QByteArrayView file);
Bytes statementToJson(const Statement &statement);

/// Whether it may be signed: a text that can be read, heads by author and each once, nothing that its kind does not
/// have.
Result<void> checkStatement(const Statement &statement);

/// "countersign.rejection" and so on.
QLatin1StringView statementKindName(StatementKind kind);

} // namespace countersign
