#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace countersign {

/// What can be asked of a running practice network through its control socket, one JSON object a line:
/// {"command":"status"}, {"command":"down"}, {"command":"fault","name":"reorg","arguments":["3"]}.
struct ControlRequest {
    QString command;
    QString fault;
    QStringList arguments;
};

/// Longest line of the protocol, in bytes.
inline constexpr qsizetype longestControlLine = 64 * 1024;

/// Error: Invalid. Total: any bytes give a request or an error.
Result<ControlRequest> parseControlRequest(const Bytes &line);
Bytes encodeControlRequest(const ControlRequest &request);

/// An answer: {"ok":true,…} with what there is to tell, or {"ok":false,"error":…}.
Bytes encodeControlAnswer(QJsonObject answer);
Bytes encodeControlError(const Error &error);
/// The answer's object, or the error that it reports. Error: Corrupt when it is no answer.
Result<QJsonObject> parseControlAnswer(const Bytes &line);

} // namespace countersign
