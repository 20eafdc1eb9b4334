#pragma once

#include "backend/environment/environment.h"
#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QStringList>
#include <QTest>

#include <optional>

namespace countersign::testing {

/// A chain of this test's own with a Safe of the given owners at nonce 2 that two of them open (estate.mjs). Ends with
/// the object.
class SafeChain final {
public:
    SafeChain(const QString &name, const QList<Address> &owners, ChainId chain)
        : m_name(name)
    {
        QStringList arguments{QStringLiteral(ESTATE_SCRIPT)};
        for (const Address &owner : owners)
            arguments.append(owner.toString());
        arguments.append(QString::number(chain.value()));
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(u"node"_s, arguments);
    }
    ~SafeChain()
    {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(10'000))
            m_process.kill();
        m_process.waitForFinished();
    }
    SafeChain(const SafeChain &) = delete;
    SafeChain &operator=(const SafeChain &) = delete;

    /// Absent when it does not stand within a minute.
    std::optional<ChainSettings> settings()
    {
        const bool answered = QTest::qWaitFor(
            [this] { return m_process.canReadLine() || m_process.state() == QProcess::NotRunning; }, 60'000);
        const QJsonObject facts = answered ? QJsonDocument::fromJson(m_process.readLine()).object() : QJsonObject();
        const auto safe = Address::parse(facts.value(u"safe"_s).toString());
        const auto registry = Address::parse(facts.value(u"registry"_s).toString());
        if (!safe || !registry)
            return std::nullopt;
        ChainSettings chain;
        chain.name = m_name;
        chain.chainId = ChainId(static_cast<quint64>(facts.value(u"chainId"_s).toInt()));
        chain.rpc = {QUrl(facts.value(u"url"_s).toString())};
        chain.safe = *safe;
        chain.registry = *registry;
        return chain;
    }

private:
    QString m_name;
    QProcess m_process;
};

} // namespace countersign::testing
