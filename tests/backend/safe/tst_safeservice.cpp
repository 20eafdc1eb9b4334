#include "backend/safe/safehash.h"
#include "backend/safe/safeservice.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/support/safeservice/safeservicemodel.h"
#include "tests/backend/safe/testkey.h"

#include <QCoroTask>
#include <QJsonArray>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

using Lie = std::function<void(QJsonObject &)>;
Q_DECLARE_METATYPE(Lie)

namespace {

const ChainId chain(1);

Address theSafe()
{
    return address(u"0x5afe000000000000000000000000000000005afe");
}

} // namespace

/// The client of a Safe Transaction Service against one that behaves, and against one that does not.
class TestSafeService final : public QObject {
    Q_OBJECT

private:
    TestKey m_alice{11};
    TestKey m_bob{12};
    TestKey m_carol{13};
    TestKey m_mallory{66};
    std::unique_ptr<SafeServiceModel> m_model;
    std::unique_ptr<SafeService> m_service;

    SafeServiceSubject subject() const
    {
        return {.chainId = chain, .safe = theSafe(), .version = SafeVersion::v141(), .owners = {m_alice.address(), m_bob.address(), m_carol.address()}};
    }
    static SafeTransaction transaction(quint64 nonce)
    {
        return {.to = address(u"0x7a11000000000000000000000000000000007a11"),
                .value = Uint256::parse(u"1000000000000000000000").value(), // more than 64 bits
                .data = hex(u"a9059cbb00"),
                .nonce = nonce};
    }
    static Hash32 hashOf(const SafeTransaction &transaction) { return safeTxHash(chain, theSafe(), transaction); }
    static SafeSignature by(const TestKey &key, const Hash32 &hash) { return SafeSignature::ecdsa(key.sign(hash)); }

    void store(quint64 nonce, const std::vector<const TestKey *> &keys)
    {
        std::vector<SafeSignature> signatures;
        for (const TestKey *key : keys)
            signatures.push_back(by(*key, hashOf(transaction(nonce))));
        m_model->store(transaction(nonce), signatures);
    }
    Result<SafeServiceQueue> queue(quint64 from = 0) { return QCoro::waitFor(m_service->queue(subject(), from)); }
    Result<SafeServiceTransaction> one(quint64 nonce) { return QCoro::waitFor(m_service->transaction(subject(), hashOf(transaction(nonce)))); }
    Result<void> propose(const SafeServiceProposal &proposal) { return QCoro::waitFor(m_service->propose(subject(), proposal)); }
    SafeServiceProposal proposal(quint64 nonce, const TestKey &sender) const
    {
        return {.transaction = transaction(nonce), .sender = sender.address(), .signatures = {by(sender, hashOf(transaction(nonce)))}, .origin = u"Countersign"_s};
    }
    static QStringList codes(const std::vector<SafeServiceFinding> &findings)
    {
        QStringList list;
        for (const SafeServiceFinding &finding : findings)
            list.append(finding.code);
        return list;
    }
    static void setOfFirst(QJsonObject &object, const QString &name, const QJsonValue &value)
    {
        QJsonArray list = object.value(u"confirmations"_s).toArray();
        QJsonObject first = list.first().toObject();
        first.insert(name, value);
        list.replace(0, first);
        object.insert(u"confirmations"_s, list);
    }

private slots:
    void init()
    {
        m_model = std::make_unique<SafeServiceModel>(chain, theSafe(), subject().owners);
        m_service = std::make_unique<SafeService>(m_model->url());
    }

    // --- a service that behaves

    void tellsWhatItThinksOfTheSafe()
    {
        const auto info = QCoro::waitFor(m_service->info(theSafe()));
        QVERIFY2(info.has_value(), qPrintable(info ? QString() : info.error().message));
        SafeState state;
        state.safe = theSafe();
        state.owners = subject().owners;
        std::ranges::reverse(state.owners); // the order is the contract's business
        state.threshold = 2;
        state.version = u"1.4.1"_s;
        QVERIFY(compareWithChain(*info, state).empty());
        state.threshold = 1;
        state.guard = m_mallory.address();
        const auto findings = compareWithChain(*info, state);
        QCOMPARE(findings.size(), 2U);
        QVERIFY(findings.at(0).message.contains(u"threshold") && findings.at(1).message.contains(u"guard"));
    }

    void proposedTransactionIsInTheQueue()
    {
        const auto proposed = propose(proposal(3, m_bob));
        QVERIFY2(proposed.has_value(), qPrintable(proposed ? QString() : proposed.error().message));
        const auto read = queue();
        QVERIFY(read.has_value() && read->isComplete && read->findings.empty());
        QCOMPARE(read->transactions.size(), 1U);
        const SafeServiceTransaction &entry = read->transactions.front();
        QVERIFY(entry.transaction == transaction(3));
        QCOMPARE(entry.safeTxHash, hashOf(transaction(3)));
        QCOMPARE(entry.origin, u"Countersign"_s);
        QCOMPARE(entry.confirmations.size(), 1U);
        QCOMPARE(entry.confirmations.front().owner, m_bob.address());
        QVERIFY(entry.findings.empty());
    }

    void everyKindOfConfirmationIsReadBack()
    {
        QVERIFY(propose(proposal(3, m_bob)).has_value());
        const Hash32 hash = hashOf(transaction(3));
        const auto confirm = [&](const std::vector<SafeSignature> &signatures) { return QCoro::waitFor(m_service->confirm(subject(), hash, signatures)).has_value(); };
        QVERIFY(confirm({SafeSignature::ethSign(m_alice.sign(safeEthSignHash(hash)))}));
        QVERIFY(confirm({SafeSignature::contract(m_carol.address(), hex(u"c0ffee"))}));
        const auto read = QCoro::waitFor(m_service->confirmations(subject(), hash));
        QVERIFY(read.has_value() && read->findings.empty());
        QCOMPARE(read->confirmations.size(), 3U);
        for (const SafeServiceConfirmation &confirmation : read->confirmations)
            QCOMPARE(confirmation.needsChain, confirmation.owner == m_carol.address());
        const auto same = one(3);
        QVERIFY(same.has_value());
        QCOMPARE(same->confirmations.size(), 3U);
    }

    void severalSignaturesConfirmAtOnce()
    {
        store(3, {});
        const Hash32 hash = hashOf(transaction(3));
        QVERIFY(QCoro::waitFor(m_service->confirm(subject(), hash, {by(m_carol, hash), SafeSignature::approved(m_bob.address()), by(m_alice, hash)})).has_value());
        QCOMPARE(one(3)->confirmations.size(), 3U);
    }

    void approvalOnChainHasNoSignature()
    {
        store(3, {&m_alice});
        m_model->lieOfEach = [](QJsonObject &object) {
            setOfFirst(object, u"signature"_s, QJsonValue::Null);
            setOfFirst(object, u"signatureType"_s, u"APPROVED_HASH"_s);
        };
        const auto read = one(3);
        QVERIFY(read.has_value() && read->findings.empty());
        QVERIFY(read->confirmations.front().needsChain);
        QVERIFY(read->confirmations.front().signature == SafeSignature::approved(m_alice.address()));
    }

    void numbersMayBeStringsOrNumbers()
    {
        store(3, {&m_alice});
        for (const bool asNumbers : {false, true}) {
            m_model->numbersAsNumbers = asNumbers;
            const auto read = one(3);
            QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().message));
            QVERIFY(read->transaction == transaction(3));
        }
    }

    void queueOfSeveralPagesIsRead()
    {
        m_model->mostEntries = 7;
        for (quint64 nonce = 0; nonce < 30; ++nonce)
            store(29 - nonce, {&m_alice});
        const auto read = queue(5);
        QVERIFY(read.has_value() && read->isComplete && read->findings.empty());
        QCOMPARE(read->transactions.size(), 25U);
        for (size_t i = 0; i < read->transactions.size(); ++i)
            QCOMPARE(read->transactions.at(i).transaction.nonce, Uint256(5 + i));
        QCOMPARE(m_model->requests().size(), 4);
    }

    void oldVersionsHaveTheirOwnHashes()
    {
        // The same ten fields; 1.1.1 leaves the chain out of the domain, and before 1.0.0 a field has another name. What is
        // right for one version is a wrong hash for another.
        auto old = subject();
        const auto hash = [&old](SafeVersion version) {
            old.version = version;
            return old.hashOf(transaction(3));
        };
        QCOMPARE(hash(SafeVersion::v130()), hashOf(transaction(3)));
        QCOMPARE(hash(SafeVersion::v111()), safeTxHash(safeLegacyDomainHash(theSafe()), safeMessageHash(transaction(3))));
        QCOMPARE(hash(SafeVersion::v010()), safeTxHash(safeLegacyDomainHash(theSafe()), safeMessageHashBefore100(transaction(3))));
        store(3, {});
        const auto read = QCoro::waitFor(m_service->queue(old, 0));
        QVERIFY(read.has_value() && read->transactions.empty());
        QCOMPARE(codes(read->findings), QStringList{u"service.hash"_s});
    }

    void subjectIsTakenFromTheChain()
    {
        SafeState state;
        state.version = u"1.3.0"_s;
        state.owners = subject().owners;
        const auto taken = SafeServiceSubject::of(state);
        QVERIFY(taken.has_value() && taken->version == SafeVersion::v130() && taken->owners == state.owners);
        state.version = u"latest"_s;
        QVERIFY(!SafeServiceSubject::of(state).has_value());
    }

    // --- refusals

    void delegatecallIsRefusedWithAnExplanation()
    {
        auto wanted = proposal(3, m_alice);
        wanted.transaction.operation = SafeOperation::DelegateCall;
        wanted.signatures = {by(m_alice, hashOf(wanted.transaction))};
        const auto refused = propose(wanted);
        QCOMPARE(refused.error().kind, ErrorKind::Rejected);
        QVERIFY2(refused.error().message.contains(u"DELEGATE_CALL is not allowed") && refused.error().message.contains(u"file"), qPrintable(refused.error().message));
        m_model->allowedDelegatecalls = {wanted.transaction.to};
        QVERIFY(propose(wanted).has_value());
    }

    void strangersAreRefusedByTheService()
    {
        const auto refused = propose(proposal(3, m_mallory));
        QCOMPARE(refused.error().kind, ErrorKind::Rejected);
        QVERIFY2(refused.error().message.contains(u"not an owner or delegate"), qPrintable(refused.error().message));
    }

    void whatIsWrongHereIsNotSent()
    {
        auto unsignedProposal = proposal(3, m_alice);
        unsignedProposal.signatures.clear();
        auto foreign = proposal(3, m_alice);
        foreign.sender = m_bob.address();
        auto ofAnother = proposal(3, m_alice);
        ofAnother.transaction.nonce = 4;
        auto longOrigin = proposal(3, m_alice);
        longOrigin.origin = QString(201, u'x');
        for (const SafeServiceProposal &wrong : {unsignedProposal, foreign, ofAnother, longOrigin})
            QCOMPARE(propose(wrong).error().kind, ErrorKind::Invalid);
        const Hash32 hash = hashOf(transaction(3));
        const auto confirm = [&](const std::vector<SafeSignature> &signatures) { return QCoro::waitFor(m_service->confirm(subject(), hash, signatures)); };
        QCOMPARE(confirm({}).error().kind, ErrorKind::Invalid);
        QCOMPARE(confirm({by(m_mallory, hash)}).error().kind, ErrorKind::Invalid);
        QCOMPARE(confirm({by(m_alice, Hash32())}).error().kind, ErrorKind::Invalid);
        QCOMPARE(confirm({by(m_alice, hash), SafeSignature::approved(m_alice.address())}).error().kind, ErrorKind::Conflict);
        QVERIFY(m_model->requests().isEmpty());
    }

    void statusesBecomeErrors_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addRow("400") << 400 << ErrorKind::Rejected;
        QTest::addRow("401") << 401 << ErrorKind::Unauthenticated;
        QTest::addRow("403") << 403 << ErrorKind::Denied;
        QTest::addRow("404") << 404 << ErrorKind::NotFound;
        QTest::addRow("422") << 422 << ErrorKind::Rejected;
        QTest::addRow("429") << 429 << ErrorKind::Exhausted;
        QTest::addRow("500") << 500 << ErrorKind::Unavailable;
        QTest::addRow("503") << 503 << ErrorKind::Unavailable;
        QTest::addRow("302") << 302 << ErrorKind::Rejected;
        QTest::addRow("418") << 418 << ErrorKind::Rejected;
    }
    void statusesBecomeErrors()
    {
        QFETCH(int, status);
        QFETCH(ErrorKind, kind);
        m_model->instead = {.status = status, .body = R"({"detail": "said by the service"})"};
        for (const Error &error : {queue().error(), one(3).error(), propose(proposal(3, m_alice)).error()}) {
            QCOMPARE(error.kind, kind);
            QVERIFY(error.detail.contains(u"said by the service"));
        }
        m_model->instead->body = "<html>not even JSON";
        QCOMPARE(queue().error().kind, kind);
    }

    void noAnswerIsUnavailable()
    {
        m_model->instead = {.body = {}, .hangUp = true};
        QCOMPARE(queue().error().kind, ErrorKind::Unavailable);
    }

    void givenUpRequestsEnd()
    {
        m_model->instead = {.body = {}, .silent = true};
        std::stop_source stop;
        QTimer::singleShot(20, this, [&stop] { stop.request_stop(); });
        QCOMPARE(QCoro::waitFor(m_service->queue(subject(), 0, stop.get_token())).error().kind, ErrorKind::Cancelled);
    }

    // --- the token

    void requestsAreSignedInTheServicesOwnDomain()
    {
        const Hash32 one = safeServiceDelegateDigest(chain, m_bob.address(), 490'000);
        QVERIFY(one != safeServiceDelegateDigest(ChainId(5), m_bob.address(), 490'000));
        QVERIFY(one != safeServiceDelegateDigest(chain, m_carol.address(), 490'000));
        QVERIFY(one != safeServiceDelegateDigest(chain, m_bob.address(), 490'001));
        // EIP-712 by hand: domain without a contract, then the struct.
        const auto word = [](QByteArrayView bytes) { return QByteArray(32 - bytes.size(), '\0') + bytes.toByteArray(); };
        const Bytes domainType = keccak256("EIP712Domain(string name,string version,uint256 chainId)").bytes();
        const Bytes domain = keccak256(domainType + keccak256("Safe Transaction Service").bytes() + keccak256("1.0").bytes()
            + word(QByteArray(1, '\1'))).bytes();
        const Bytes data = keccak256(keccak256("Delegate(address delegateAddress,uint256 totp)").bytes()
            + word(m_bob.address().view()) + word(QByteArray::fromHex("077a10"))).bytes();
        QCOMPARE(one, keccak256(QByteArray("\x19\x01") + domain + data));
        const Hash32 hash = hashOf(transaction(0));
        const Bytes boundType = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)").bytes();
        const Bytes bound = keccak256(boundType + keccak256("Safe Transaction Service").bytes() + keccak256("1.0").bytes()
            + word(QByteArray(1, '\1')) + word(theSafe().view())).bytes();
        const Bytes request = keccak256(keccak256("DeleteRequest(bytes32 safeTxHash,uint256 totp)").bytes()
            + hash.bytes() + word(QByteArray::fromHex("077a10"))).bytes();
        QCOMPARE(safeServiceDeletionDigest(subject(), hash, 490'000), keccak256(QByteArray("\x19\x01") + bound + request));
        QCOMPARE(safeServiceHour(Timestamp::fromSeconds(3600 * 490'000 + 3599)), quint64(490'000));
    }
    void whoProposedMayDelete()
    {
        m_model->hour = 490'001;
        store(0, {&m_alice});
        const Hash32 hash = hashOf(transaction(0));
        const auto ask = [&](const TestKey &key, quint64 hour) {
            return QCoro::waitFor(m_service->remove(hash, key.sign(safeServiceDeletionDigest(subject(), hash, hour))));
        };
        QVERIFY(!ask(m_bob, 490'001)); // an owner, but not who proposed it
        QVERIFY(!ask(m_mallory, 490'001));
        QVERIFY(!ask(m_alice, 489'999)); // too old
        QCOMPARE(m_model->transactionCount(), size_t(1));
        QVERIFY(ask(m_alice, 490'000)); // of the hour before
        QCOMPARE(m_model->transactionCount(), size_t(0));
        const auto again = ask(m_alice, 490'001);
        QVERIFY(!again);
        QCOMPARE(again.error().kind, ErrorKind::NotFound);
        QCOMPARE(m_model->requests().last().method, "DELETE"_ba);
    }
    void delegatesAreAddedReadAndRemoved()
    {
        m_model->hour = 490'001;
        const SafeServiceDelegate wanted{m_mallory.address(), m_alice.address(), theSafe(), u"assistant"_s};
        const Hash32 digest = safeServiceDelegateDigest(chain, wanted.delegate, 490'001);
        QVERIFY(!QCoro::waitFor(m_service->addDelegate(wanted, m_bob.sign(digest)))); // another owner's word
        QVERIFY(!QCoro::waitFor(m_service->addDelegate({wanted.delegate, wanted.delegator, {}, {}}, m_alice.sign(digest))));
        QVERIFY(QCoro::waitFor(m_service->addDelegate(wanted, m_alice.sign(digest))));
        const auto read = QCoro::waitFor(m_service->delegates(subject()));
        QVERIFY(read);
        QCOMPARE(read->delegates, std::vector{wanted});
        QVERIFY(!QCoro::waitFor(m_service->removeDelegate(wanted, m_bob.sign(digest))));
        QVERIFY(QCoro::waitFor(m_service->removeDelegate(wanted, m_alice.sign(digest))));
        QVERIFY(m_model->delegates.empty());
    }
    void delegatesOfStrangersAndOtherSafesAreLeftOut()
    {
        m_model->delegates = {{m_mallory.address(), m_mallory.address(), {}, u"own"_s}, // of no owner
            {m_mallory.address(), m_bob.address(), {}, u"all Safes"_s}};
        const Timestamp end = Timestamp::fromSeconds(1'800'000'000);
        m_model->delegates.push_back({m_carol.address(), m_bob.address(), theSafe(), u"until"_s, end});
        const auto read = QCoro::waitFor(m_service->delegates(subject()));
        QVERIFY(read);
        QCOMPARE(read->delegates.size(), size_t(2));
        QCOMPARE(read->leftOut, 1);
        QVERIFY(holdsAt(read->delegates.at(0), end));
        QVERIFY(!holdsAt(read->delegates.at(1), end));
        QVERIFY(holdsAt(read->delegates.at(1), Timestamp::fromSeconds(1'799'999'999)));
        m_model->lie = [](QJsonObject &object) { object.insert(u"results"_s, 3); };
        QCOMPARE(QCoro::waitFor(m_service->delegates(subject())).error().kind, ErrorKind::Corrupt);
    }
    void tokenIsSentAndNeverTold()
    {
        m_model->token = "s3cr3t-token";
        QCOMPARE(queue().error().kind, ErrorKind::Unauthenticated);
        m_service = std::make_unique<SafeService>(m_model->url(), m_model->token);
        QVERIFY(queue().has_value());
        // A server that repeats what it was sent.
        m_model->instead = {.status = 403, .body = R"({"detail": "no rights for Bearer s3cr3t-token"})"};
        const auto error = queue().error();
        QVERIFY(!error.message.contains(u"s3cr3t") && !error.detail.contains(u"s3cr3t"));
        QVERIFY(error.message.contains(u"no rights"));
    }

    void tokenDoesNotTravelInClear()
    {
        const auto ask = [](const QString &url, const QByteArray &token) {
            SafeService service{QUrl(url), token};
            return QCoro::waitFor(service.info(theSafe())).error();
        };
        QVERIFY(ask(u"http://service.invalid/api/"_s, "token").message.contains(u"unencrypted"));
        QCOMPARE(ask(u"http://service.invalid/api/"_s, {}).kind, ErrorKind::Unavailable); // without a token it is asked
        QCOMPARE(ask(u"https://user:password@service.invalid/api/"_s, {}).kind, ErrorKind::Invalid);
        QCOMPARE(ask(u"https://service.invalid/api/?key=1"_s, {}).kind, ErrorKind::Invalid);
        QCOMPARE(ask(u"https://service.invalid/api/"_s, "two\r\nlines").kind, ErrorKind::Invalid);
    }

    // --- a service that lies

    void liesAboutATransactionDropIt_data()
    {
        QTest::addColumn<Lie>("lie");
        QTest::addColumn<QString>("code");
        const auto row = [](const char *name, const QString &member, const QJsonValue &value, const QString &code) {
            QTest::newRow(name) << Lie([member, value](QJsonObject &object) { object.insert(member, value); }) << code;
        };
        const QString hash = u"service.hash"_s;
        row("hash", u"safeTxHash"_s, Hash32().toString(), hash);
        row("to", u"to"_s, theSafe().toString(), hash);
        row("value", u"value"_s, u"1"_s, hash);
        row("data", u"data"_s, u"0xa9059cbb01"_s, hash);
        row("no data", u"data"_s, QJsonValue::Null, hash);
        row("operation", u"operation"_s, 1, hash);
        row("safeTxGas", u"safeTxGas"_s, u"1"_s, hash);
        row("baseGas", u"baseGas"_s, u"1"_s, hash);
        row("gasPrice", u"gasPrice"_s, u"1"_s, hash);
        row("gasToken", u"gasToken"_s, theSafe().toString(), hash);
        row("refundReceiver", u"refundReceiver"_s, theSafe().toString(), hash);
        row("nonce", u"nonce"_s, u"4"_s, hash);
        row("another Safe", u"safe"_s, address(u"0x7a11000000000000000000000000000000007a11").toString(), u"service.safe"_s);
        const QString malformed = u"service.malformed"_s;
        row("third operation", u"operation"_s, 2, malformed);
        row("fraction", u"value"_s, 0.5, malformed);
        row("negative", u"nonce"_s, -3, malformed);
        row("hexadecimal", u"nonce"_s, u"0x3"_s, malformed);
        row("blank", u"value"_s, u""_s, malformed);
        row("too large", u"value"_s, QString(78, u'9'), malformed);
        row("no address", u"to"_s, u"0x7a11"_s, malformed);
        row("wrong checksum", u"to"_s, u"0x5aFE000000000000000000000000000000005AfE"_s, malformed);
        row("odd data", u"data"_s, u"0xa90"_s, malformed);
        row("data that is a number", u"data"_s, 17, malformed);
        row("missing hash", u"safeTxHash"_s, QJsonValue::Null, malformed);
        row("confirmations that are none", u"confirmations"_s, u"many"_s, malformed);
    }
    void liesAboutATransactionDropIt()
    {
        QFETCH(Lie, lie);
        QFETCH(QString, code);
        store(3, {&m_alice});
        store(4, {&m_alice});
        const QString third = hashOf(transaction(3)).toString();
        m_model->lieOfEach = [&](QJsonObject &object) {
            if (object.value(u"safeTxHash"_s) == third)
                lie(object);
        };
        const auto read = queue();
        QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().message));
        QCOMPARE(codes(read->findings), QStringList{code});
        QCOMPARE(read->transactions.size(), 1U); // the other one is as it was
        QCOMPARE(read->transactions.front().safeTxHash, hashOf(transaction(4)));
        QCOMPARE(one(3).error().kind, ErrorKind::Corrupt);
    }

    void liesAboutAConfirmationDropIt_data()
    {
        QTest::addColumn<Lie>("lie");
        QTest::addColumn<QString>("code");
        const auto row = [](const char *name, const QString &member, const QJsonValue &value, const QString &code) {
            QTest::newRow(name) << Lie([member, value](QJsonObject &object) { setOfFirst(object, member, value); }) << code;
        };
        const Hash32 hash = hashOf(transaction(3));
        const auto blob = [&hash](const SafeSignature &signature) { return toHex(encodeSafeSignatures({signature}, hash).value()); };
        row("wrong owner", u"owner"_s, m_bob.address().toString(), u"service.signer"_s);
        row("foreign signature", u"signature"_s, blob(by(m_mallory, hash)), u"service.signer"_s);
        row("of another hash", u"signature"_s, blob(by(m_alice, hashOf(transaction(4)))), u"service.signer"_s);
        row("plain for wrapped", u"signature"_s, blob(SafeSignature::ethSign(m_alice.sign(hash))), u"service.signer"_s);
        row("approval by another", u"signature"_s, blob(SafeSignature::approved(m_bob.address())), u"service.signer"_s);
        row("out of range", u"signature"_s, toHex(Bytes(64, '\xff') + char(27)), u"service.signature"_s);
        row("unknown type", u"signature"_s, toHex(Bytes(64, '\x01') + char(2)), u"service.signature"_s);
        row("too short", u"signature"_s, u"0x1234"_s, u"service.signature"_s);
        row("two in one", u"signature"_s, toHex(by(m_alice, hash).staticPart() + by(m_bob, hash).staticPart()), u"service.signature"_s);
        row("not hexadecimal", u"signature"_s, u"signed!"_s, u"service.signature"_s);
        row("missing", u"signature"_s, QJsonValue::Null, u"service.signature"_s);
        row("owner that is none", u"owner"_s, 5, u"service.malformed"_s);
        QTest::newRow("of no owner") << Lie([hash, blob, this](QJsonObject &object) {
            setOfFirst(object, u"owner"_s, m_mallory.address().toString());
            setOfFirst(object, u"signature"_s, blob(by(m_mallory, hash)));
        }) << u"service.owner"_s;
        QTest::newRow("twice") << Lie([](QJsonObject &object) {
            QJsonArray list = object.value(u"confirmations"_s).toArray();
            list.append(list.last());
            list.removeFirst();
            object.insert(u"confirmations"_s, list);
        }) << u"service.duplicate"_s;
    }
    void liesAboutAConfirmationDropIt()
    {
        QFETCH(Lie, lie);
        QFETCH(QString, code);
        // The first of the list is alice's for the lies; what is right beside it stays.
        store(3, {&m_alice, &m_carol});
        const bool aliceIsFirst = m_alice.address() < m_carol.address();
        m_model->lieOfEach = [&](QJsonObject &object) {
            QJsonArray list = object.value(u"confirmations"_s).toArray();
            if (!aliceIsFirst)
                list = QJsonArray{list.at(1), list.at(0)};
            object.insert(u"confirmations"_s, list);
            lie(object);
        };
        const auto read = one(3);
        QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().message));
        QCOMPARE(codes(read->findings), QStringList{code});
        QCOMPARE(read->confirmations.size(), 1U);
        QCOMPARE(read->confirmations.front().owner, m_carol.address());
        QVERIFY(!read->findings.front().message.isEmpty());
        const auto list = QCoro::waitFor(m_service->confirmations(subject(), hashOf(transaction(3))));
        QCOMPARE(codes(list->findings), QStringList{code});
        QCOMPARE(list->confirmations.size(), 1U);
    }

    void anotherTransactionIsNotTheOneAskedFor()
    {
        store(3, {&m_alice});
        store(4, {&m_alice});
        QByteArray fourth;
        m_model->lie = [&fourth](QJsonObject &object) { fourth = QJsonDocument(object).toJson(); };
        QVERIFY(one(4).has_value());
        m_model->instead = {.body = fourth};
        QCOMPARE(one(3).error().kind, ErrorKind::Corrupt);
        QVERIFY(one(4).has_value());
    }

    void anotherSafeIsNotTheOneAskedFor()
    {
        m_model->lie = [](QJsonObject &object) { object.insert(u"address"_s, address(u"0x7a11000000000000000000000000000000007a11").toString()); };
        QCOMPARE(QCoro::waitFor(m_service->info(theSafe())).error().kind, ErrorKind::Corrupt);
    }

    void oldNoncesAreNotListed()
    {
        store(3, {&m_alice});
        // What the service gives although it was told where to start.
        QByteArray all;
        m_model->lie = [&all](QJsonObject &object) { all = QJsonDocument(object).toJson(); };
        QCOMPARE(queue(0)->transactions.size(), 1U);
        m_model->instead = {.body = all};
        QCOMPARE(queue(4)->transactions.size(), 0U);
    }

    void pagesThatDoNotEndAreLeft()
    {
        store(3, {&m_alice});
        m_model->lie = [](QJsonObject &object) { object.insert(u"next"_s, u"http://elsewhere.invalid/?page=2"_s); };
        const auto emptyPages = queue();
        QVERIFY(emptyPages.has_value() && !emptyPages->isComplete);
        QVERIFY(codes(emptyPages->findings).contains(u"service.paging"_s));
        QCOMPARE(emptyPages->transactions.size(), 1U);
        QVERIFY(m_model->requests().size() <= 2);
    }

    void samePageAgainIsLeft()
    {
        store(3, {&m_alice});
        QByteArray page;
        m_model->lie = [&page](QJsonObject &object) {
            object.insert(u"next"_s, u"more"_s);
            if (page.isEmpty())
                page = QJsonDocument(object).toJson();
        };
        QVERIFY(queue().has_value());
        m_model->instead = {.body = page};
        const auto asked = m_model->requests().size();
        const auto read = queue();
        QVERIFY(read.has_value() && !read->isComplete);
        QCOMPARE(read->transactions.size(), 1U);
        QCOMPARE(m_model->requests().size(), asked + 2);
    }

    void pagesAreCountedToo()
    {
        // New ones for ever: after ten pages it is enough.
        m_model->mostEntries = 1;
        for (quint64 nonce = 0; nonce < 30; ++nonce)
            store(nonce, {});
        const auto read = queue();
        QVERIFY(read.has_value() && !read->isComplete);
        QCOMPARE(read->transactions.size(), 10U);
        QCOMPARE(codes(read->findings), QStringList{u"service.paging"_s});
    }

    void answersOfAnotherShapeAreCorrupt_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("<html></html>");
        QTest::newRow("cut off") << QByteArray(R"({"results": [)");
        QTest::newRow("null") << QByteArray("null");
        QTest::newRow("number") << QByteArray("7");
        QTest::newRow("list") << QByteArray("[]");
        QTest::newRow("empty") << QByteArray("{}");
        QTest::newRow("results are none") << QByteArray(R"({"results": {}})");
        QTest::newRow("member twice") << QByteArray(R"({"results": [], "results": []})");
        QTest::newRow("no UTF-8") << QByteArray("{\"results\": [], \"x\": \"\xff\"}");
        QTest::newRow("too deep") << QByteArray(R"({"results": )") + QByteArray("[").repeated(100'000);
    }
    void answersOfAnotherShapeAreCorrupt()
    {
        QFETCH(QByteArray, body);
        m_model->instead = {.body = body};
        const QList<ErrorKind> expected{ErrorKind::Corrupt, ErrorKind::Exhausted};
        QVERIFY(expected.contains(queue().error().kind));
        QVERIFY(expected.contains(one(3).error().kind));
        QVERIFY(expected.contains(QCoro::waitFor(m_service->info(theSafe())).error().kind));
        QVERIFY(expected.contains(QCoro::waitFor(m_service->confirmations(subject(), Hash32())).error().kind));
    }

    void oversizeAnswersAreRefused()
    {
        m_model->instead = {.body = "{\"results\": [], \"x\": \"" + QByteArray("x").repeated(9 * 1024 * 1024) + "\"}"};
        QCOMPARE(queue().error().kind, ErrorKind::Exhausted);
        m_model->instead = {.body = "{\"next\": null, \"results\": [" + QByteArray("0,").repeated(2000) + "0]}"};
        QCOMPARE(queue().error().kind, ErrorKind::Corrupt);
    }

    void claimsAreCutToWhatFitsALine()
    {
        store(3, {&m_alice});
        m_model->lieOfEach = [](QJsonObject &object) { object.insert(u"origin"_s, u"one\n\ntwo "_s + QString(5000, u'x')); };
        const auto read = one(3);
        QVERIFY(read.has_value());
        QVERIFY(read->origin.startsWith(u"one two") && read->origin.size() <= 300);
    }
};

QTEST_GUILESS_MAIN(TestSafeService)
#include "tst_safeservice.moc"
