#include "backend/keys/desktopkeychain.h"
#include "backend/keys/keychainsecretstore.h"
#include "backend/types/strings.h"

#include <QCoroTask>
#include <QTest>

#include <qt6keychain/keychain.h>

using namespace countersign;

/// The desktop's keychain as a store of secrets. A real keyring is not asked: this machine has none, which is one of the
/// cases.
class TestKeychainSecretStore final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    }
    void everyOutcomeOfTheLibraryHasAMeaning_data()
    {
        QTest::addColumn<int>("outcome");
        QTest::addColumn<int>("kind");
        QTest::newRow("no entry") << int(QKeychain::EntryNotFound) << int(ErrorKind::NotFound);
        QTest::newRow("not deleted") << int(QKeychain::CouldNotDeleteEntry) << int(ErrorKind::Unavailable);
        QTest::newRow("declined") << int(QKeychain::AccessDeniedByUser) << int(ErrorKind::Unavailable);
        QTest::newRow("denied") << int(QKeychain::AccessDenied) << int(ErrorKind::Unavailable);
        QTest::newRow("none") << int(QKeychain::NoBackendAvailable) << int(ErrorKind::Unavailable);
        QTest::newRow("not implemented") << int(QKeychain::NotImplemented) << int(ErrorKind::Unavailable);
        QTest::newRow("other") << int(QKeychain::OtherError) << int(ErrorKind::Unavailable);
        QTest::newRow("of a later version") << 99 << int(ErrorKind::Unavailable);
    }
    void everyOutcomeOfTheLibraryHasAMeaning()
    {
        QFETCH(int, outcome);
        QFETCH(int, kind);
        const auto error = KeychainSecretStore::errorOf(outcome, u"words"_s);
        QVERIFY(error);
        QCOMPARE(int(error->kind), kind);
        QCOMPARE(error->detail, u"words"_s);
    }
    void successIsNoError() { QVERIFY(!KeychainSecretStore::errorOf(QKeychain::NoError, {})); }
    void withoutASessionBusItSaysThatThereIsNoKeychain()
    {
        const auto checked = QCoro::waitFor(checkDesktopKeychain());
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, ErrorKind::Unavailable);
        QCOMPARE(checked.error().detail, u"keychain.none"_s);
        KeychainSecretStore store;
        QCOMPARE(QCoro::waitFor(store.read(u"a"_s)).error().kind, ErrorKind::Unavailable);
        QCOMPARE(QCoro::waitFor(store.write(u"a"_s, secret())).error().kind, ErrorKind::Unavailable);
        QCOMPARE(QCoro::waitFor(store.remove(u"a"_s)).error().kind, ErrorKind::Unavailable);
    }
    void aLockedKeychainIsNotAnEmptyOne()
    {
        KeychainSecretStore store([]() -> QCoro::Task<Result<void>> {
            co_return fail(ErrorKind::Unavailable, u"locked"_s, u"keychain.locked"_s);
        });
        const auto read = QCoro::waitFor(store.read(u"a"_s));
        QCOMPARE(read.error().detail, u"keychain.locked"_s);
    }
    void theLibraryItselfIsAskedAndFailsVisibly()
    {
        // No bus is there, so that whatever the library tries ends in an error of its own, and nothing is written in the clear.
        KeychainSecretStore store([]() -> QCoro::Task<Result<void>> { co_return Result<void>(); });
        const auto written = QCoro::waitFor(store.write(u"a"_s, secret()));
        QVERIFY(!written);
        QCOMPARE(written.error().kind, ErrorKind::Unavailable);
        QVERIFY(!written.error().message.contains(u"hush"_s) && !written.error().detail.contains(u"hush"_s));
        QVERIFY(!QCoro::waitFor(store.read(u"a"_s)));
    }

private:
    static SecretBuffer secret()
    {
        QByteArray bytes("hush");
        return SecretBuffer::takeFrom(bytes.data(), bytes.size());
    }
};

QTEST_GUILESS_MAIN(TestKeychainSecretStore)
#include "tst_keychainsecretstore.moc"
