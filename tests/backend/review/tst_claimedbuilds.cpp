#include "backend/proposals/proposaljson.h"
#include "backend/review/claimedbuilds.h"
#include "backend/safe/safecreate.h"
#include "backend/types/keccak.h"
#include "tests/backend/review/adversarialestate.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <deque>
#include <memory>

using namespace countersign;
using namespace countersign::testing;

using Package = AdversarialEstate::Package;

namespace {

QJsonObject build(const QString &name)
{
    QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/artifacts/"_s + name + u".json"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no artifact %s", qPrintable(name));
    return QJsonDocument::fromJson(file.readAll()).object();
}

Bytes text(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Attachment attachmentOf(const Bytes &content, const QString &name = u"Build.json"_s)
{
    return {name, artifactMediaType, static_cast<quint64>(content.size()), keccak256(content)};
}

/// One other byte of code, behind what compilers write at the start of everything.
QJsonObject bent(QJsonObject object)
{
    for (const QString &member : {u"bytecode"_s, u"deployedBytecode"_s}) {
        QString code = object.value(member).toString();
        const qsizetype at = code.size() - 400;
        code[at] = code[at] == u'0' ? u'1' : u'0';
        object.insert(member, code);
    }
    return object;
}

Bytes creationOf(const QJsonObject &object)
{
    return ContractArtifact::load(text(object)).value().creationCode().value();
}

} // namespace

/// Builds that proposals bring with them: what they are taken for, and what they are not.
class TestClaimedBuilds final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_estate = std::make_unique<AdversarialEstate>(); }
    void cleanupTestCase() { m_estate.reset(); }
    void hostileFilesAreRefused_data();
    void hostileFilesAreRefused();
    void aClaimNeverStandsBeforeWhatIsKnown();
    void aClaimOfOurNameHasNoneOfOurVariables();
    void filesAreTakenFromWhatIsNearestAndFewEnough();
    void oneOtherByteBlocksAndTheTwinPasses();
    void aBuildOfOurNameIsAnImpostor();
    void whatCannotBeUsedIsTold();
    void callsToItAreReadByItsInterfaceAndSaySo();
    void aKnownSelectorIsNotRenamed();
    void aVaultDoesNotTrustAClaimedAdapter();

private:
    /// A creation by the Safe, with that file attached by alice.
    Package creation(const Bytes &initCode, const Bytes &content);
    Package withClaims(Package package, const QList<Bytes> &contents);

    std::unique_ptr<AdversarialEstate> m_estate;
    std::deque<ArtifactStore> m_stores; // reviews look at them
};

Package TestClaimedBuilds::withClaims(Package package, const QList<Bytes> &contents)
{
    ArtifactStore &store = m_stores.emplace_back(ArtifactStore::ours());
    for (const Bytes &content : contents) {
        if (const auto added = addClaimedBuild(store, {attachmentOf(content), m_estate->alice.address()}, content); !added)
            qFatal("%s", qPrintable(added.error().message));
    }
    package.artifacts = &store;
    return package;
}

Package TestClaimedBuilds::creation(const Bytes &initCode, const Bytes &content)
{
    const Bytes data = encodeCreateCall({Uint256(), initCode, Hash32()});
    return withClaims(
        m_estate->package(m_estate->chain.contracts(u"1.4.1"_s).createCall, data, SafeOperation::DelegateCall), {content});
}

void TestClaimedBuilds::hostileFilesAreRefused_data()
{
    QTest::addColumn<Bytes>("content");
    QTest::addColumn<ErrorKind>("kind");
    const QJsonObject good = build(u"test/ReentrantAdapter"_s);
    const auto row = [](const char *name, const Bytes &content, ErrorKind kind) { QTest::newRow(name) << content << kind; };
    const auto with = [&good](const QString &member, const QJsonValue &value) {
        QJsonObject object = good;
        object.insert(member, value);
        return text(object);
    };
    row("too large", Bytes(maxAttachmentBytes + 1, ' '), ErrorKind::Exhausted);
    row("no artifact", "{}", ErrorKind::Invalid);
    row("nested too deeply", Bytes(200, '[') + Bytes(200, ']'), ErrorKind::Exhausted);
    row("a name that turns", with(u"contractName"_s, u"Vault\u202e"_s), ErrorKind::Invalid);
    row("a name with a path", with(u"contractName"_s, u"../Vault"_s), ErrorKind::Invalid);
    row("a name that is a sentence", with(u"contractName"_s, u"the verified build of the Vault"_s), ErrorKind::Invalid);
    row("a name without end", with(u"contractName"_s, QString(5000, u'A')), ErrorKind::Invalid);
    row("a source that breaks the line", with(u"sourceName"_s, u"a\nb"_s), ErrorKind::Invalid);
    QJsonArray abi = good.value(u"abi"_s).toArray();
    QJsonObject entry = abi.first().toObject();
    for (qsizetype i = 0; i < abi.size() && entry.value(u"inputs"_s).toArray().isEmpty(); ++i)
        entry = abi.at(i).toObject();
    QJsonArray inputs = entry.value(u"inputs"_s).toArray();
    QJsonObject input = inputs.first().toObject();
    input.insert(u"name"_s, u"harmless\u200b"_s);
    inputs.replace(0, input);
    entry.insert(u"inputs"_s, inputs);
    row("a parameter that hides a character", with(u"abi"_s, QJsonArray{entry}), ErrorKind::Invalid);
}

void TestClaimedBuilds::hostileFilesAreRefused()
{
    QFETCH(const Bytes, content);
    QFETCH(const ErrorKind, kind);
    ArtifactStore store = ArtifactStore::ours();
    const size_t before = store.artifacts().size();
    const auto added = addClaimedBuild(store, {attachmentOf(content), {}}, content);
    QVERIFY(!added);
    QCOMPARE(added.error().kind, kind);
    QCOMPARE(store.artifacts().size(), before);

    const Bytes good = text(build(u"test/ReentrantAdapter"_s));
    Attachment wrongHash = attachmentOf(good);
    wrongHash.contentHash = keccak256("another");
    QCOMPARE(addClaimedBuild(store, {wrongHash, {}}, good).error().kind, ErrorKind::Corrupt);
    Attachment wrongSize = attachmentOf(good);
    ++wrongSize.size;
    QCOMPARE(addClaimedBuild(store, {wrongSize, {}}, good).error().kind, ErrorKind::Corrupt);
    QVERIFY(addClaimedBuild(store, {attachmentOf(good), {}}, good));
}

void TestClaimedBuilds::aClaimNeverStandsBeforeWhatIsKnown()
{
    // Our vault with its arguments as the code of a build that says other things of it.
    const QJsonObject ours = build(u"CantonKeyRegistry"_s);
    const Bytes initCode = creationOf(ours);
    QJsonObject lie = ours;
    lie.insert(u"contractName"_s, u"Harmless"_s);
    lie.insert(u"abi"_s, QJsonArray());
    ArtifactStore store = ArtifactStore::ours();
    QVERIFY(addClaimedBuild(store, {attachmentOf(text(lie)), {}}, text(lie)));
    const auto match = store.nearestCreation(initCode);
    QVERIFY(match);
    QVERIFY(!match->claim);
    QCOMPARE(match->artifact->contractName(), u"CantonKeyRegistry"_s);
    QVERIFY(!store.find(u"Harmless"));
    const ContractArtifact *known = ArtifactStore::ours().find(u"CantonKeyRegistry");
    QCOMPARE(store.ofRuntime(known->runtimeCode())->contractName(), u"CantonKeyRegistry"_s);
    QVERIFY(store.hasCreationCode(initCode));

    const QJsonObject foreign = build(u"test/ReentrantAdapter"_s);
    QVERIFY(addClaimedBuild(store, {attachmentOf(text(foreign)), {}}, text(foreign)));
    const auto claimed = store.nearestCreation(creationOf(foreign));
    QVERIFY(claimed && claimed->claim);
    QVERIFY(!store.hasCreationCode(creationOf(foreign)));
    QVERIFY(!store.ofRuntime(claimed->artifact->runtimeCode()));
    QVERIFY(store.claimedForRuntime(claimed->artifact->runtimeCode()));
    QVERIFY2(!store.layoutOf(*claimed->artifact), "a claim names no variables");
}

void TestClaimedBuilds::aClaimOfOurNameHasNoneOfOurVariables()
{
    ArtifactStore store = ArtifactStore::ours();
    const Bytes ours = text(build(u"CantonKeyRegistry"_s));
    QVERIFY(store.layoutOf(*store.find(u"CantonKeyRegistry"_s)));
    QVERIFY(addClaimedBuild(store, {attachmentOf(ours), m_estate->alice.address()}, ours));
    QVERIFY(!store.layoutOf(store.artifacts().back()));
}

void TestClaimedBuilds::filesAreTakenFromWhatIsNearestAndFewEnough()
{
    const auto draftWith = [](quint64 nonce, const QString &mediaType, const QByteArray &seed) {
        Proposal proposal;
        proposal.chainId = ChainId(1);
        proposal.transaction.nonce = Uint256(nonce);
        proposal.proposer = Address::fromBytes(Bytes(Address::size, static_cast<char>(nonce + 1))).value();
        proposal.attachments = {{u"a.json"_s, mediaType, 1, keccak256(seed)}};
        return proposal;
    };
    const Proposal far = draftWith(1, artifactMediaType, "far");
    const Proposal needed = draftWith(2, artifactMediaType, "needed");
    const Proposal report = draftWith(3, u"application/pdf"_s, "report");
    Proposal elsewhere = draftWith(4, artifactMediaType, "elsewhere");
    elsewhere.chainId = ChainId(5);
    Proposal subject = draftWith(5, artifactMediaType, "own");
    subject.dependsOn = {needed.safeTxHash()};
    QList<ExchangeItem> others{{far, {}}, {report, {}}, {elsewhere, {}}, {needed, {}}, {draftWith(6, artifactMediaType, "own"), {}}};
    const auto files = claimedFiles(&subject, ChainId(1), {}, others);
    QCOMPARE(files.size(), 3);
    QCOMPARE(files[0].proposer, subject.proposer);
    QCOMPARE(files[1].attachment.contentHash, keccak256("needed"));
    QCOMPARE(files[2].attachment.contentHash, keccak256("far"));
    for (quint64 i = 10; i < 60; ++i)
        others.append({draftWith(i, artifactMediaType, QByteArray::number(i)), {}});
    QCOMPARE(claimedFiles(nullptr, ChainId(1), {}, others).size(), maxClaimedBuilds);
}

void TestClaimedBuilds::oneOtherByteBlocksAndTheTwinPasses()
{
    verifyPackage(*m_estate, u"deploy.mismatch"_s, [this](AdversarialEstate &, bool isAttack) {
        const QJsonObject honest = build(u"test/ReentrantAdapter"_s);
        return creation(creationOf(honest), text(isAttack ? bent(honest) : honest));
    });
    // The build that is attached is honest, and what would be created is not.
    verifyPackage(*m_estate, u"deploy.mismatch"_s, [this](AdversarialEstate &, bool isAttack) {
        const QJsonObject honest = build(u"test/ReentrantAdapter"_s);
        return creation(creationOf(isAttack ? bent(honest) : honest), text(honest));
    });
    const QJsonObject honest = build(u"test/ReentrantAdapter"_s);
    const Review review = m_estate->review(creation(creationOf(honest), text(honest)));
    QVERIFY(!review.isBlocked());
    const Finding *claim = review.finding(u"artifact.claimed");
    QVERIFY(claim);
    QCOMPARE(claim->severity, Severity::Warn);
    QVERIFY2(claim->message.contains(u"alice"_s), qPrintable(claim->message));
    QVERIFY2(claim->evidence.contains(keccak256(text(honest)).toString()), qPrintable(claim->evidence));
    QVERIFY2(review.sentence.contains(u"its proposer calls ReentrantAdapter"_s), qPrintable(review.sentence));
}

void TestClaimedBuilds::aBuildOfOurNameIsAnImpostor()
{
    verifyPackage(*m_estate, u"artifact.impostor"_s, [this](AdversarialEstate &, bool isAttack) {
        QJsonObject foreign = build(u"test/ReentrantAdapter"_s);
        if (isAttack)
            foreign.insert(u"contractName"_s, u"CantonDeFiVault"_s);
        return creation(creationOf(foreign), text(foreign));
    });
    // Our vault with one byte changed, under a name of its own.
    QJsonObject changed = bent(build(u"CantonKeyRegistry"_s));
    changed.insert(u"contractName"_s, u"CantonKeyRegistry2"_s);
    const Review review = m_estate->review(creation(creationOf(changed), text(changed)));
    QVERIFY(review.finding(u"artifact.resembles"));
    QVERIFY(review.finding(u"artifact.claimed"));
}

void TestClaimedBuilds::whatCannotBeUsedIsTold()
{
    const QJsonObject foreign = build(u"test/ReentrantAdapter"_s);
    Package package = creation(creationOf(foreign), text(foreign));
    package.artifacts = nullptr;
    package.claimProblems = {{{attachmentOf(text(foreign), u"Reentrant.json"_s), m_estate->alice.address()}, u"It is not here"_s}};
    const Review review = m_estate->review(package);
    QVERIFY(review.isBlocked());
    QVERIFY(review.finding(u"deploy.unknown"));
    QVERIFY(review.finding(u"artifact.unusable")->message.contains(u"Reentrant.json"_s));
}

void TestClaimedBuilds::callsToItAreReadByItsInterfaceAndSaySo()
{
    const QJsonObject foreign = build(u"test/ReentrantAdapter"_s);
    const ContractArtifact artifact = ContractArtifact::load(text(foreign)).value();
    const Address there = m_estate->chain.chain().deploy(creationOf(foreign));
    const Bytes data = m_estate->call(artifact, u"arm", {AbiValue(m_estate->vault), AbiValue(Bytes("xyz")), AbiValue(true)});
    const Review unread = m_estate->review(m_estate->package(there, data));
    QVERIFY(unread.finding(u"call.unknown"));
    const Review review = m_estate->review(withClaims(m_estate->package(there, data), {text(foreign)}));
    QVERIFY(review.finding(u"call.claimed"));
    QVERIFY(!review.finding(u"call.decoded"));
    QCOMPARE(review.call.signature, u"arm(address,bytes,bool)"_s);
    QVERIFY(review.call.isGuess);
    QVERIFY2(review.call.toName.contains(u"as its proposer says"_s), qPrintable(review.call.toName));
    QVERIFY(review.call.isDecoded);
    const Review dirty = m_estate->review(withClaims(m_estate->package(there, data + Bytes(1, 'x')), {text(foreign)}));
    QVERIFY(!dirty.call.isDecoded);
    QVERIFY(dirty.isBlocked());
}

void TestClaimedBuilds::aKnownSelectorIsNotRenamed()
{
    // An interface that calls the receiver of the ownership something else.
    QJsonObject foreign = build(u"test/ReentrantAdapter"_s);
    foreign.insert(u"abi"_s,
        QJsonArray{QJsonObject{{u"type"_s, u"function"_s}, {u"name"_s, u"transferOwnership"_s}, {u"stateMutability"_s, u"nonpayable"_s},
            {u"outputs"_s, QJsonArray()},
            {u"inputs"_s, QJsonArray{QJsonObject{{u"name"_s, u"reporter"_s}, {u"type"_s, u"address"_s}}}}}});
    const Address there = m_estate->chain.chain().deploy(creationOf(foreign));
    const Bytes data = AbiFunction::parse(u"transferOwnership(address)")->encodeCall({AbiValue(m_estate->mallory.address())}).value();
    const Review review = m_estate->review(withClaims(m_estate->package(there, data), {text(foreign)}));
    QVERIFY(review.finding(u"ownership.unknown"));
    QVERIFY(review.finding(u"call.guess"));
    QVERIFY(!review.finding(u"call.claimed"));
}

void TestClaimedBuilds::aVaultDoesNotTrustAClaimedAdapter()
{
    const QJsonObject foreign = build(u"test/ReentrantAdapter"_s);
    const Address there = m_estate->chain.chain().deploy(creationOf(foreign));
    verifyPackage(*m_estate, u"adapter.claimed"_s, [&](AdversarialEstate &estate, bool isAttack) {
        const Bytes data = estate.call(estate.vaultBuild, u"registerAdapter",
            {AbiValue(estate.newAdapterId), AbiValue(isAttack ? there : estate.adapter)});
        return withClaims(estate.package(estate.vault, data), {text(foreign)});
    });
}

QTEST_GUILESS_MAIN(TestClaimedBuilds)
#include "tst_claimedbuilds.moc"
