#pragma once

#include "backend/alerts/alert.h"
#include "backend/types/error.h"

#include <QByteArray>
#include <QVector>

namespace countersign {

struct AlertmanagerLimits {
    qsizetype bytes = 32 * 1024 * 1024;
    qsizetype entries = 20'000; ///< of alerts, or of silences
    int depth = 16; ///< of the JSON
};

/// Readers of the API v2 (prometheus/alertmanager, api/v2/openapi.yaml; 0.25 and newer). What the server says of a refused question becomes Invalid,
/// NotFound, Unauthenticated, Denied, Unavailable or Internal with its text; Corrupt when the answer is not of its shape; Exhausted beyond the
/// limits.
Result<QVector<Alert>> parseAlerts(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits = {});
Result<QVector<AlertGroup>> parseAlertGroups(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits = {});
Result<QVector<Silence>> parseSilences(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits = {});
Result<AlertmanagerStatus> parseAlertmanagerStatus(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits = {});
Result<QStringList> parseReceivers(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits = {});
/// The id of a silence that was created or changed.
Result<QString> parseSilenceId(int httpStatus, const QByteArray &body, const AlertmanagerLimits &limits = {});
/// An answer without content.
Result<void> parseDone(int httpStatus, const QByteArray &body);

/// The body that creates a silence, or changes it when it has an id.
QByteArray silenceJson(const Silence &silence);

} // namespace countersign
