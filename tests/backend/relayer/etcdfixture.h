#pragma once

#include "backend/types/strings.h"

#include <QDir>
#include <QHostAddress>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <csignal>
#include <memory>
#include <vector>

namespace countersign {

/// A free port of this machine; 0 when there is none.
inline quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

/// A cluster of real etcd in a folder of its own; every member ends with the test, by its process.
class EtcdCluster final {
    Q_DISABLE_COPY_MOVE(EtcdCluster)

public:
    /// \a scheme "http" or "https"; \a extra are arguments for every member.
    explicit EtcdCluster(int members, QString scheme = u"http"_s, QStringList extra = {})
        : m_scheme(std::move(scheme))
        , m_extra(std::move(extra))
    {
        for (int i = 0; i < members; ++i) {
            auto member = std::make_unique<Member>();
            member->name = u"etcd-%1"_s.arg(i + 1);
            member->client = u"%1://127.0.0.1:%2"_s.arg(m_scheme).arg(freePort());
            member->peer = u"http://127.0.0.1:%1"_s.arg(freePort());
            m_members.push_back(std::move(member));
        }
    }
    ~EtcdCluster()
    {
        for (int i = 0; i < size(); ++i)
            stop(i);
    }

    bool start()
    {
        for (int i = 0; i < size(); ++i) {
            if (!start(i))
                return false;
        }
        for (int attempt = 0; attempt < 150; ++attempt) {
            if (ctl({u"get"_s, u"nothing"_s}, nullptr))
                return true;
            QTest::qWait(100);
        }
        return false;
    }

    bool start(int i)
    {
        QStringList peers;
        for (const auto &member : m_members)
            peers.append(member->name + u'=' + member->peer);
        Member &member = *m_members[static_cast<size_t>(i)];
        member.process.setStandardErrorFile(m_folder.filePath(member.name + u".log"_s), QIODevice::Append);
        member.process.start(u"etcd"_s,
            QStringList{u"--name"_s, member.name, u"--data-dir"_s, m_folder.filePath(member.name),
                u"--listen-client-urls"_s, member.client, u"--advertise-client-urls"_s, member.client,
                u"--listen-peer-urls"_s, member.peer, u"--initial-advertise-peer-urls"_s, member.peer,
                u"--initial-cluster"_s, peers.join(u','), u"--unsafe-no-fsync"_s, u"--heartbeat-interval"_s, u"50"_s,
                u"--election-timeout"_s, u"500"_s}
                + m_extra);
        return member.process.waitForStarted();
    }

    void stop(int i)
    {
        QProcess &process = m_members[static_cast<size_t>(i)]->process;
        if (process.state() == QProcess::NotRunning)
            return;
        process.kill(); // ends what is frozen as well
        process.waitForFinished();
    }

    void freeze(int i) { ::kill(pid(i), SIGSTOP); }
    void thaw(int i) { ::kill(pid(i), SIGCONT); }

    [[nodiscard]] int size() const { return static_cast<int>(m_members.size()); }
    [[nodiscard]] QUrl url(int i) const { return QUrl(m_members[static_cast<size_t>(i)]->client); }
    [[nodiscard]] QVector<QUrl> urls() const
    {
        QVector<QUrl> out;
        for (int i = 0; i < size(); ++i)
            out.append(url(i));
        return out;
    }

    /// For etcdctl, e.g. {"--user", "root:secret"}.
    void setCtlArguments(const QStringList &arguments) { m_ctl = arguments; }

    /// Runs etcdctl against the members that run; its output goes to \a out.
    bool ctl(const QStringList &arguments, QString *out, int only = -1)
    {
        QStringList endpoints;
        for (int i = 0; i < size(); ++i) {
            if (m_members[static_cast<size_t>(i)]->process.state() == QProcess::Running && (only < 0 || only == i))
                endpoints.append(url(i).toString());
        }
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"ETCDCTL_API"_s, u"3"_s);
        process.setProcessEnvironment(environment);
        process.start(u"etcdctl"_s, QStringList{u"--endpoints"_s, endpoints.join(u','), u"--command-timeout"_s, u"3s"_s} + m_ctl + arguments);
        for (int i = 0; i < 800 && !process.waitForFinished(0) && process.state() != QProcess::NotRunning; ++i)
            QTest::qWait(10);
        if (process.state() != QProcess::NotRunning) {
            process.kill();
            process.waitForFinished();
            return false;
        }
        if (out)
            *out = QString::fromUtf8(process.readAllStandardOutput());
        return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    }

    /// Stands for election as etcd's concurrency library does: a key named by its lease. Answers the lease in hex, empty
    /// on failure.
    QString campaign(const QString &election, const QString &relayer, int ttl = 60, int only = -1)
    {
        QString out;
        if (!ctl({u"lease"_s, u"grant"_s, QString::number(ttl)}, &out, only))
            return {};
        const QString lease = out.section(u' ', 1, 1);
        QString key = lease;
        while (key.startsWith(u'0'))
            key.remove(0, 1);
        if (!ctl({u"put"_s, u"--lease="_s + lease, election + u'/' + key, relayer}, nullptr, only))
            return {};
        return lease;
    }

    bool revoke(const QString &lease, int only = -1) { return ctl({u"lease"_s, u"revoke"_s, lease}, nullptr, only); }

    [[nodiscard]] QString folder() const { return m_folder.path(); }

private:
    struct Member {
        QString name;
        QString client;
        QString peer;
        QProcess process;
    };

    [[nodiscard]] pid_t pid(int i) const { return static_cast<pid_t>(m_members[static_cast<size_t>(i)]->process.processId()); }

    QTemporaryDir m_folder;
    QString m_scheme;
    QStringList m_extra;
    QStringList m_ctl;
    std::vector<std::unique_ptr<Member>> m_members;
};

} // namespace countersign
