#include "app/practice/network/controlclient.h"

#include "backend/types/strings.h"

#include <QDeadlineTimer>
#include <QLocalSocket>

namespace countersign {

namespace {

constexpr int connectTimeoutMs = 2000;

} // namespace

Result<QJsonObject> askNetwork(const QString &controlSocket, const ControlRequest &request, std::chrono::milliseconds patience)
{
    QLocalSocket socket;
    socket.connectToServer(controlSocket);
    if (!socket.waitForConnected(connectTimeoutMs))
        return fail(ErrorKind::Unavailable, u"No practice network runs in this folder"_s, socket.errorString());
    socket.write(encodeControlRequest(request));
    const QDeadlineTimer deadline(patience);
    while (!socket.canReadLine()) {
        if (!socket.waitForReadyRead(static_cast<int>(deadline.remainingTime()))) {
            if (deadline.hasExpired())
                return fail(ErrorKind::Timeout, u"The practice network does not answer"_s);
            return fail(ErrorKind::Unavailable, u"The practice network ended before it answered"_s, socket.errorString());
        }
    }
    return parseControlAnswer(socket.readLine(longestControlLine));
}

} // namespace countersign
