#include "backend/proposals/compose/composerequestjson.h"
#include "backend/proposals/compose/draftstore.h"
#include "backend/proposals/compose/proposaldocuments.h"
#include "backend/proposals/proposaljson.h"
#include "backend/review/claimedbuilds.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

QByteArray artifact(const QString &name)
{
    QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/artifacts/"_s + name + u".json"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no artifact %s", qPrintable(name));
    return file.readAll();
}

ComposeDocument document(const QString &name, const Bytes &content)
{
    return {{name, u"application/pdf"_s, static_cast<quint64>(content.size()), keccak256(content)}, content};
}

/// What attaching them has against it, as one text.
QString problemsOf(const QList<ComposeDocument> &documents, const ExchangeSnapshot &queue = {})
{
    ComposeRequest request;
    request.documents = documents;
    ProposalDraft draft;
    QList<Bytes> contents;
    QStringList messages;
    for (const ComposeProblem &problem : attachDocuments(draft, contents, request, ArtifactStore::ours(), queue))
        messages.append(problem.message);
    return messages.join(u'\n');
}

} // namespace

class TestProposalDocuments final : public QObject {
    Q_OBJECT

private slots:
    void namesThatAreNoNamesAreRefused_data();
    void namesThatAreNoNamesAreRefused();
    void filesAreTakenWithinLimits();
    void whatDoesNotGoTogetherIsSaid();
    void buildsThatOthersDoNotHaveComeAlong();
    void aDraftRemembersTheFilesButNotWhatIsInThem();
    void anEditKeepsWhatIsAttached();
};

void TestProposalDocuments::namesThatAreNoNamesAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isName");
    const auto row = [](const char *label, const QString &name, bool isName) { QTest::newRow(label) << name << isName; };
    row("plain", u"audit report (final) v2.pdf"_s, true);
    row("other letters", u"Prüfbericht 監査.pdf"_s, true);
    row("empty", {}, false);
    row("a path", u"../../etc/passwd"_s, false);
    row("a path of Windows", u"..\\evil.exe"_s, false);
    row("a drive", u"C:evil"_s, false);
    row("a stream", u"a.pdf:evil"_s, false);
    row("hidden", u".bashrc"_s, false);
    row("up", u".."_s, false);
    row("an option", u"-rf"_s, false);
    row("two lines", u"a\nb"_s, false);
    row("a bell", u"a\ab"_s, false);
    row("turns", u"a\u202Efdp.exe"_s, false);
    row("spaces around it", u" a.pdf"_s, false);
    row("a dot at the end", u"a.pdf."_s, false);
    row("too long", QString(201, u'a'), false);
}

void TestProposalDocuments::namesThatAreNoNamesAreRefused()
{
    QFETCH(const QString, name);
    QFETCH(const bool, isName);
    QCOMPARE(isAttachmentName(name), isName);
    QCOMPARE(problemsOf({document(name, "x")}).isEmpty(), isName);
}

void TestProposalDocuments::filesAreTakenWithinLimits()
{
    const QTemporaryDir folder;
    const auto write = [&folder](const QString &name, const QByteArray &content) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the file cannot be written");
        return file.fileName();
    };
    const auto good = documentFromFile(write(u"report.pdf"_s, "audited"));
    QVERIFY(good);
    QCOMPARE(good->attachment.name, u"report.pdf"_s);
    QCOMPARE(good->attachment.size, quint64(7));
    QCOMPARE(good->attachment.contentHash, keccak256("audited"));
    QCOMPARE(good->content, Bytes("audited"));
    QVERIFY(documentFromFile(write(u"full.bin"_s, QByteArray(maxAttachmentBytes, 'x'))));
    QCOMPARE(documentFromFile(write(u"large.bin"_s, QByteArray(maxAttachmentBytes + 1, 'x'))).error().kind, ErrorKind::Exhausted);
    QCOMPARE(documentFromFile(write(u"empty"_s, {})).error().kind, ErrorKind::Invalid);
    QCOMPARE(documentFromFile(write(u".hidden"_s, "x")).error().kind, ErrorKind::Invalid);
    QCOMPARE(documentFromFile(folder.path()).error().kind, ErrorKind::Invalid);
    QCOMPARE(documentFromFile(folder.filePath(u"nothing"_s)).error().kind, ErrorKind::NotFound);
}

void TestProposalDocuments::whatDoesNotGoTogetherIsSaid()
{
    QVERIFY(problemsOf({document(u"a"_s, "1"), document(u"b"_s, "2")}).isEmpty());
    QVERIFY(problemsOf({document(u"a"_s, "1"), document(u"a"_s, "2")}).contains(u"one name"_s));
    QVERIFY2(problemsOf({document(u"a"_s, "1"), document(u"b"_s, "1")}).isEmpty(), "the same file is taken once");
    QList<ComposeDocument> many;
    for (int i = 0; i <= maxAttachments; ++i)
        many.append(document(QString::number(i), QByteArray::number(i)));
    QVERIFY(problemsOf(many).contains(u"more than 32"_s));
    QList<ComposeDocument> heavy;
    for (int i = 0; i < 5; ++i)
        heavy.append(document(QString::number(i), QByteArray(maxAttachmentBytes, static_cast<char>('a' + i))));
    QVERIFY(problemsOf(heavy).contains(u"together"_s));

    ComposeDocument gone = document(u"report.pdf"_s, "audited");
    gone.content.clear();
    QVERIFY(problemsOf({gone}).contains(u"add the file again"_s));
    auto set = std::make_shared<ExchangeSet>();
    set->addAttachment(gone.attachment.contentHash, 7);
    ExchangeSnapshot held;
    held.set = set;
    QVERIFY2(problemsOf({gone}, held).isEmpty(), "the exchange has it");
}

void TestProposalDocuments::buildsThatOthersDoNotHaveComeAlong()
{
    ComposeRequest request;
    const QByteArray own = artifact(u"test/ReentrantAdapter"_s);
    QByteArray spaced = own;
    spaced.append("\n");
    request.actions = {DeployAction{.artifact = u"CantonKeyRegistry"_s}, DeployAction{.artifact = {}, .json = artifact(u"CantonKeyRegistry"_s)},
        DeployAction{.artifact = {}, .json = own}, DeployAction{.artifact = {}, .json = own}, DeployAction{.artifact = {}, .json = spaced},
        DeployAction{.artifact = {}, .json = "no artifact"}};
    const auto documents = documentsOf(request, ArtifactStore::ours());
    QCOMPARE(documents.size(), 2); // ours are everywhere, and one file is one attachment
    QCOMPARE(documents[0].attachment.name, u"ReentrantAdapter.json"_s);
    QCOMPARE(documents[0].attachment.mediaType, QString(artifactMediaType));
    QCOMPARE(documents[0].attachment.contentHash, keccak256(own));
    QVERIFY(documents[1].attachment.name != documents[0].attachment.name);
    ProposalDraft draft;
    QList<Bytes> contents;
    QVERIFY(attachDocuments(draft, contents, request, ArtifactStore::ours(), {}).isEmpty());
    QCOMPARE(draft.attachments.size(), 2);
    QCOMPARE(contents, (QList<Bytes>{own, spaced}));

    const auto ours = std::shared_ptr<const ArtifactStore>(std::shared_ptr<void>(), &ArtifactStore::ours());
    const auto store = withOwnBuilds(ours, request);
    QVERIFY2(store->hasClaim(keccak256(own)), "for the proposer it is what it is for the others");
    QVERIFY(withOwnBuilds(ours, {})->artifacts().size() == ours->artifacts().size());
}

void TestProposalDocuments::aDraftRemembersTheFilesButNotWhatIsInThem()
{
    ComposeRequest request;
    request.actions = {PauseAction{u"treasury"_s}};
    request.documents = {document(u"report.pdf"_s, "audited")};
    const auto again = composeRequestFromJson(composeRequestToJson(request));
    QVERIFY2(again, again ? "" : qPrintable(again.error().message));
    QCOMPARE(again->documents.size(), 1);
    QCOMPARE(again->documents[0].attachment, request.documents[0].attachment);
    QVERIFY(again->documents[0].content.isEmpty());
}

void TestProposalDocuments::anEditKeepsWhatIsAttached()
{
    ProposalDraft draft = testDraft();
    draft.attachments = {document(u"report.pdf"_s, "audited").attachment};
    const auto edited = editOf(TestKey(1).propose(draft));
    QVERIFY(edited);
    QCOMPARE(edited->documents.size(), 1);
    QCOMPARE(edited->documents[0].attachment, draft.attachments[0]);
}

QTEST_GUILESS_MAIN(TestProposalDocuments)
#include "tst_proposaldocuments.moc"
