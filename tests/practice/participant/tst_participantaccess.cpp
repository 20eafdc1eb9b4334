#include "selfsigned.h"
#include "serverfixture.h"

#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

QString save(const QTemporaryDir &folder, const QString &name, const QByteArray &content)
{
    QFile file(folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? file.fileName() : QString();
}

} // namespace

class TestParticipantAccess : public QObject {
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_fixture.start()); }
    void cleanup() { m_fixture.stop(); }

    void oversizedRequestIsRefused();
    void tlsIsSpokenAndPlainTextRefused();
    void clientCertificateIsAskedFor();
    void tokensDecideWhoMayReadAndSubmit();
    void takenPortIsReported();
    void unreadableTlsFileIsReported();

private:
    ServerFixture m_fixture;
};

void TestParticipantAccess::oversizedRequestIsRefused()
{
    ParticipantOptions options = ServerFixture::options();
    options.maxMessageBytes = 64 * 1024;
    QVERIFY(m_fixture.start(options));
    QVERIFY(m_fixture.probe->create(*m_fixture.server, "small", 1000).ok());
    QCOMPARE(m_fixture.probe->create(*m_fixture.server, "large", 100'000).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    QVERIFY(m_fixture.probe->create(*m_fixture.server, "small again", 1000).ok());
}

void TestParticipantAccess::tlsIsSpokenAndPlainTextRefused()
{
    const QTemporaryDir folder;
    const SelfSigned identity = SelfSigned::make();
    ParticipantOptions options = ServerFixture::options();
    options.tlsCertificate = save(folder, u"certificate.pem"_s, identity.certificate);
    options.tlsKey = save(folder, u"key.pem"_s, identity.key);
    QVERIFY(m_fixture.start(options));
    grpc::SslCredentialsOptions trust;
    trust.pem_root_certs = identity.certificate.toStdString();
    LedgerProbe trusting(m_fixture.server->ledgerAddress(), grpc::SslCredentials(trust));
    std::int64_t offset = 0;
    const grpc::Status good = trusting.ledgerEnd(offset);
    QVERIFY2(good.ok(), good.error_message().c_str());

    trust.pem_root_certs = SelfSigned::make().certificate.toStdString();
    LedgerProbe distrusting(m_fixture.server->ledgerAddress(), grpc::SslCredentials(trust));
    QCOMPARE(distrusting.ledgerEnd(offset).error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(m_fixture.probe->ledgerEnd(offset).error_code(), grpc::StatusCode::UNAVAILABLE);
}

void TestParticipantAccess::clientCertificateIsAskedFor()
{
    const QTemporaryDir folder;
    const SelfSigned identity = SelfSigned::make();
    const SelfSigned client = SelfSigned::make();
    ParticipantOptions options = ServerFixture::options();
    options.tlsCertificate = save(folder, u"certificate.pem"_s, identity.certificate);
    options.tlsKey = save(folder, u"key.pem"_s, identity.key);
    options.tlsClientCa = save(folder, u"client.pem"_s, client.certificate);
    QVERIFY(m_fixture.start(options));
    grpc::SslCredentialsOptions trust;
    trust.pem_root_certs = identity.certificate.toStdString();
    std::int64_t offset = 0;
    LedgerProbe anonymous(m_fixture.server->ledgerAddress(), grpc::SslCredentials(trust));
    QCOMPARE(anonymous.ledgerEnd(offset).error_code(), grpc::StatusCode::UNAVAILABLE);
    trust.pem_cert_chain = client.certificate.toStdString();
    trust.pem_private_key = client.key.toStdString();
    LedgerProbe known(m_fixture.server->ledgerAddress(), grpc::SslCredentials(trust));
    const grpc::Status good = known.ledgerEnd(offset);
    QVERIFY2(good.ok(), good.error_message().c_str());
}

void TestParticipantAccess::tokensDecideWhoMayReadAndSubmit()
{
    const QTemporaryDir folder;
    ParticipantOptions options = ServerFixture::options();
    options.tokenFile = save(folder, u"full"_s, "full-token\n");
    options.readTokenFile = save(folder, u"read"_s, "read-token");
    QVERIFY(m_fixture.start(options));
    std::int64_t offset = 0;
    QCOMPARE(m_fixture.probe->ledgerEnd(offset).error_code(), grpc::StatusCode::UNAUTHENTICATED);
    m_fixture.probe->setToken("wrong");
    QCOMPARE(m_fixture.probe->ledgerEnd(offset).error_code(), grpc::StatusCode::UNAUTHENTICATED);
    m_fixture.probe->setToken("read-token");
    QVERIFY(m_fixture.probe->ledgerEnd(offset).ok());
    const grpc::Status denied = m_fixture.probe->create(*m_fixture.server, "a");
    QCOMPARE(denied.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    QVERIFY(QByteArray::fromStdString(denied.error_message()).startsWith("An error occurred. Please contact the operator"));
    m_fixture.probe->setToken("full-token");
    QVERIFY(m_fixture.probe->create(*m_fixture.server, "a").ok());
}

void TestParticipantAccess::takenPortIsReported()
{
    ParticipantOptions options = ServerFixture::options();
    options.ledgerPort = m_fixture.server->ports().ledger;
    ParticipantServer second(options, m_fixture.clock);
    const auto started = second.start();
    QVERIFY(!started);
    QCOMPARE(started.error().kind, ErrorKind::Unavailable);
    options.ledgerPort = 0;
    options.metricsPort = m_fixture.server->ports().metrics;
    ParticipantServer third(options, m_fixture.clock);
    QVERIFY(!third.start());
}

void TestParticipantAccess::unreadableTlsFileIsReported()
{
    ParticipantOptions options = ServerFixture::options();
    options.tlsCertificate = u"/nowhere/certificate.pem"_s;
    options.tlsKey = u"/nowhere/key.pem"_s;
    ParticipantServer server(options, m_fixture.clock);
    const auto started = server.start();
    QVERIFY(!started);
    QCOMPARE(started.error().kind, ErrorKind::Invalid);
    QVERIFY(started.error().message.contains(options.tlsCertificate));
}

QTEST_GUILESS_MAIN(TestParticipantAccess)

#include "tst_participantaccess.moc"
