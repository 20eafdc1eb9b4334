#pragma once

#include "backend/alerts/alert.h"
#include "backend/types/clock.h"
#include "backend/types/error.h"

#include <QHash>
#include <QString>

#include <optional>

namespace countersign {

/// Somebody looks after an alert: our own record, which Alertmanager does not have.
struct AlertAcknowledgement {
    QString fingerprint;
    QString alert; ///< its name, for the record
    QString owner;
    QString note;
    Timestamp at;
    Timestamp until; ///< then it counts as unattended again
    std::optional<Timestamp> remindAt;
    QStringList silences = {}; ///< ids of those that mirror it at the Alertmanagers
    bool operator==(const AlertAcknowledgement &) const = default;
};

/// The acknowledgements of this console in a file of JSON lines that only grows, each change on the disk before it counts. A line that was cut off
/// by a crash is dropped; any other that cannot be read makes the file Corrupt, and nothing is written to it.
class AlertAcknowledgements final {
public:
    /// `clock` outlives this object.
    AlertAcknowledgements(QString path, const Clock &clock);

    /// Reads the file, if it is there; leaves out what is long over.
    Result<void> open();

    /// Replaces what there was of this alert. Invalid without an owner, or when it would be over at once.
    Result<void> set(AlertAcknowledgement acknowledgement);
    Result<void> remove(const QString &fingerprint);

    /// That stands for this alert: not over, and given for this time that it fires, not for an earlier one.
    std::optional<AlertAcknowledgement> of(const Alert &alert) const;
    const QHash<QString, AlertAcknowledgement> &all() const { return m_all; }

private:
    Result<void> append(const QByteArray &line);
    Result<void> rewrite();

    QString m_path;
    const Clock &m_clock;
    QHash<QString, AlertAcknowledgement> m_all; // by fingerprint
    bool m_isOpen = false;
};

QByteArray acknowledgementLine(const AlertAcknowledgement &acknowledgement);
/// One line of the file; a record without an end takes back what was there. Corrupt when it is none.
Result<AlertAcknowledgement> parseAcknowledgement(const QByteArray &line);

} // namespace countersign
