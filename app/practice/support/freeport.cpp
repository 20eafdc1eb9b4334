#include "app/practice/support/freeport.h"

#include "backend/types/strings.h"

#include <QHostAddress>
#include <QTcpServer>

#include <algorithm>

namespace countersign {

FreePorts::FreePorts() = default;
FreePorts::~FreePorts() = default;

Result<quint16> FreePorts::reserve()
{
    auto server = std::make_unique<QTcpServer>();
    if (!server->listen(QHostAddress(QHostAddress::LocalHost), 0))
        return fail(ErrorKind::Exhausted, u"No free port on 127.0.0.1"_s, server->errorString());
    const quint16 port = server->serverPort();
    m_held.push_back(std::move(server));
    return port;
}

void FreePorts::release(quint16 port)
{
    std::erase_if(m_held, [port](const auto &server) { return server->serverPort() == port; });
}

} // namespace countersign
