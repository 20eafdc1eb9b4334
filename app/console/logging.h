#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

namespace countersign {

/// Takes over every message of Qt and of ours: one file, and the last lines for the log dock. Long runs of hexadecimal
/// digits in a message are cut: neither signatures nor payloads belong into a log.
class Logging final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Logging)

public:
    /// \a path: of the log file; empty writes none. There is one at a time.
    explicit Logging(const QString &path, QObject *parent = nullptr);
    ~Logging() override;

    /// The last lines, oldest first.
    QStringList recent() const;
    /// Where the file is; empty when it could not be opened.
    QString path() const;

    static QString redact(const QString &message);

signals:
    void lineAdded(const QString &line);
};

} // namespace countersign
