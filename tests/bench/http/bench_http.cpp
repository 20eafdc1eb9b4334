// JSON-RPC round trips, one after the other over a kept connection, against a bare blocking socket that writes the same question to the
// same anvil and reads until the answer is whole.
#include "backend/rpc/httpclient.h"
#include "backend/rpc/jsonrpcmessage.h"
#include "backend/types/strings.h"
#include "tests/backend/evm/testchain.h"
#include "tests/bench/support/figures.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QEventLoop>
#include <QFutureWatcher>

#include <array>
#include <cstdlib>

using namespace countersign;
using namespace countersign::bench;

namespace {

constexpr int rounds = 25;
constexpr int warmUp = 5;
constexpr int perRound = 20;

void ask(HttpClient &client, const QUrl &url, const Bytes &question)
{
    QFutureWatcher<Result<HttpReply>> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(client.post(url, question, "application/json"));
    if (!watcher.isFinished())
        loop.exec();
    const Result<HttpReply> reply = watcher.result();
    if (!reply || !decodeJsonRpcResponse(reply->body, 1))
        std::exit(2);
}

class BareSocket final {
public:
    BareSocket(quint16 port, const Bytes &question)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
        , m_question("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(question.size())
              + "\r\n\r\n" + question)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            std::exit(2);
    }
    ~BareSocket() { ::close(m_socket); }
    Q_DISABLE_COPY_MOVE(BareSocket)

    void ask() const
    {
        if (::send(m_socket, m_question.constData(), static_cast<size_t>(m_question.size()), MSG_NOSIGNAL) != m_question.size())
            std::exit(2);
        std::array<char, 4096> piece;
        QByteArray reply;
        while (!reply.endsWith('}')) {
            const ssize_t size = ::recv(m_socket, piece.data(), piece.size(), 0);
            if (size <= 0)
                std::exit(2);
            reply.append(piece.data(), size);
        }
        if (!decodeJsonRpcResponse(reply.mid(reply.indexOf("\r\n\r\n") + 4), 1))
            std::exit(2);
    }

private:
    int m_socket;
    QByteArray m_question;
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const countersign::testing::Anvil anvil;
    const Bytes question = encodeJsonRpcRequest(1, {u"eth_blockNumber"_s, {}});
    std::vector<double> mine, floor;
    {
        HttpClient client;
        const BareSocket bare(anvil.port(), question);
        for (int round = 0; round < rounds; ++round) {
            double start = wallSeconds();
            for (int i = 0; i < perRound; ++i)
                ask(client, anvil.url(), question);
            const double mineTime = wallSeconds() - start;
            start = wallSeconds();
            for (int i = 0; i < perRound; ++i)
                bare.ask();
            const double floorTime = wallSeconds() - start;
            if (round >= warmUp) {
                mine.push_back(mineTime);
                floor.push_back(floorTime);
            }
        }
    }

    Figures figures(u"http"_s);
    figures.add(u"JSON-RPC round trip"_s, median(mine) / perRound * 1e6, u"us"_s);
    figures.add(u"JSON-RPC round trip / bare blocking socket"_s, median(mine) / median(floor), u"ratio"_s, Bound::AtMost, 3.5, 2.5);
    return figures.print();
}
