#include "tests/practice/etcdserver.h"

#include "app/practice/network/partcommands.h"
#include "backend/types/strings.h"

#include <QStandardPaths>
#include <QTcpSocket>
#include <QTest>

namespace countersign {

Result<void> EtcdServer::start()
{
    FreePorts ports;
    NetworkLayout layout;
    layout.folder = DataFolder(m_folder.path());
    if (const Result<void> prepared = layout.folder.prepare(); !prepared)
        return prepared;
    layout.etcdClient = ports.reserve().value_or(0);
    layout.etcdPeer = ports.reserve().value_or(0);
    ToolLocations tools;
    tools.etcd = QStandardPaths::findExecutable(u"etcd"_s);
    m_url = QUrl(layout.etcdUrl());
    m_process = std::make_unique<ManagedProcess>(u"etcd"_s, etcdCommand(layout, tools));
    ports.release(layout.etcdClient);
    ports.release(layout.etcdPeer);
    if (const Result<void> started = m_process->start(); !started)
        return started;
    const bool answers = QTest::qWaitFor([&] {
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, layout.etcdClient);
        return socket.waitForConnected(200);
    }, 15'000);
    return answers ? Result<void>() : fail(ErrorKind::Timeout, u"etcd does not answer"_s, m_process->lastLogLines().join(u'\n'));
}

} // namespace countersign
