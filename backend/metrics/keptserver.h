#pragma once

#include "backend/types/clock.h"
#include "backend/types/error.h"
#include "backend/types/sourcestatus.h"

#include <QObject>
#include <QProcess>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <functional>

namespace countersign {

/// A program that serves HTTP at a free port of the loopback and tells in its log (logfmt) which.
struct KeptProgram {
    QString name; ///< as people know it: "Prometheus"
    QString program; ///< on the path, or absolute
    QString package; ///< Debian's, to install when it is missing
    QByteArray readyMark; ///< what its log says when it is ready; empty: it is when it listens
    /// Writes what the program reads and answers its arguments; called before every start.
    std::function<Result<QStringList>()> prepare;
};

/// A server as a child of this process: started, watched, started again after a pause when it dies. It ends with this object, and also when this
/// process is killed.
class KeptServer final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeptServer)

public:
    /// `id` and `kind` are those of the status. `clock` outlives this object.
    KeptServer(KeptProgram program, const QString &id, SourceKind kind, const Clock &clock, QObject *parent = nullptr);
    ~KeptServer() override;

    void start();
    /// Ends the child; returns when it is gone, after three seconds at the latest.
    void stop();

    /// Where it answers; empty until it does.
    const QUrl &url() const { return m_url; }
    const SourceStatus &status() const { return m_status; }
    qint64 processId() const { return m_process.processId(); }

signals:
    /// It is ready to be asked, at another port than before if it was started again.
    void ready(const QUrl &url);
    void statusChanged(const countersign::SourceStatus &status);

private:
    Result<QStringList> prepare() const;
    void launch();
    void readLog();
    void takeLine(const QByteArray &line);
    void died();
    void setState(SourceState state, const QString &error = {});

    KeptProgram m_program;
    const Clock &m_clock;
    QProcess m_process;
    QTimer m_again;
    QByteArray m_partial;
    QStringList m_lastLines;
    QUrl m_listening;
    bool m_serves = false;
    QUrl m_url;
    SourceStatus m_status;
    std::chrono::milliseconds m_pause{500};
    bool m_wanted = false;
};

/// Writes a file whole or not at all, for this user only; makes its folder. Denied with the path when it cannot.
Result<void> writeServerFile(const QString &path, const QByteArray &content);

/// A YAML double-quoted scalar: JSON's escapes are a subset of YAML's. Control characters are left out.
QByteArray yamlQuoted(const QString &text);

} // namespace countersign
