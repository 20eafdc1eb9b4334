#pragma once

#include "backend/evm/artifact.h"
#include "backend/evm/chainclient.h"
#include "backend/evm/transaction.h"
#include "backend/rpc/jsonrpcclient.h"
#include "tests/backend/safe/testkey.h"

#include <QCoroTask>
#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>

#include <csignal>
#include <memory>
#include <sys/prctl.h>

namespace countersign::testing {

/// A real anvil on a free port, ended with this object, and with this process if that dies.
class Anvil final {
public:
    explicit Anvil(quint16 port = 0, const QStringList &arguments = {u"--no-mining"_s})
    {
        m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral(COUNTERSIGN_ANVIL), QStringList{u"--port"_s, QString::number(port), u"--host"_s, u"127.0.0.1"_s} + arguments);
        static const QRegularExpression listening(u"Listening on 127\\.0\\.0\\.1:(\\d+)"_s);
        QString output;
        while (m_process.waitForReadyRead(20'000)) {
            output += QString::fromUtf8(m_process.readAll());
            if (const auto match = listening.match(output); match.hasMatch()) {
                m_port = match.captured(1).toUShort();
                return;
            }
        }
        qFatal("anvil did not start: %s", qPrintable(output + m_process.errorString()));
    }
    Q_DISABLE_COPY_MOVE(Anvil)
    ~Anvil()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    quint16 port() const { return m_port; }
    QUrl url() const { return QUrl(u"http://127.0.0.1:"_s + QString::number(m_port)); }

private:
    QProcess m_process;
    quint16 m_port = 0;
};

/// A client of such a chain that mines when it is told to, with anvil's first account to pay.
class TestChain final {
public:
    explicit TestChain(const QUrl &url)
        : rpc(url)
        , client(rpc)
    {
    }

    QJsonValue ask(const QString &method, const QJsonArray &parameters = {})
    {
        auto answer = QCoro::waitFor(rpc.call(method, parameters));
        if (!answer)
            qFatal("%s: %s", qPrintable(method), qPrintable(answer.error().message));
        return *answer;
    }

    void mine(int blocks = 1)
    {
        for (int i = 0; i < blocks; ++i)
            ask(u"evm_mine"_s);
    }

    /// Sends without mining.
    Hash32 send(const std::optional<Address> &to, const Bytes &data, quint64 gas = 8'000'000)
    {
        const auto fee = QCoro::waitFor(client.feeSuggestion()).value();
        Eip1559Transaction transaction{.chainId = QCoro::waitFor(client.chainId()).value(),
                                       .nonce = QCoro::waitFor(client.getTransactionCount(payer.address(), BlockRef::pending())).value(),
                                       .maxPriorityFeePerGas = fee.maxPriorityFeePerGas,
                                       .maxFeePerGas = fee.maxFeePerGas,
                                       .gasLimit = gas,
                                       .to = to,
                                       .data = data};
        const Bytes raw = transaction.serialize(payer.sign(transaction.signingHash()));
        const auto hash = QCoro::waitFor(client.sendRawTransaction(raw));
        if (!hash)
            qFatal("transaction refused: %s", qPrintable(hash.error().message));
        return *hash;
    }

    TransactionReceipt execute(const std::optional<Address> &to, const Bytes &data)
    {
        const Hash32 hash = send(to, data);
        mine();
        return QCoro::waitFor(client.getTransactionReceipt(hash)).value().value();
    }

    Address deploy(const Bytes &code) { return execute(std::nullopt, code).contractAddress.value(); }

    static ContractArtifact artifact(const QString &path)
    {
        auto loaded = ContractArtifact::loadFile(QStringLiteral(COUNTERSIGN_CONTRACTS) + u'/' + path);
        if (!loaded)
            qFatal("%s", qPrintable(loaded.error().message));
        return *std::move(loaded);
    }

    JsonRpcClient rpc;
    ChainClient client;
    // anvil's first account, of the mnemonic that is printed in its manual
    TestKey payer{bytesFromHex(u"0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80").value()};
};

} // namespace countersign::testing
