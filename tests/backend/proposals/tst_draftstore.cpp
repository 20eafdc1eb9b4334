#include "backend/proposals/compose/composerequestjson.h"
#include "backend/proposals/compose/draftstore.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

class TestDraftStore final : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void draftIsKeptEditedAndDiscarded()
    {
        ManualClock clock(Timestamp::fromSeconds(1'800'000'000));
        const DraftStore store(m_folder->filePath(u"drafts"_s), clock);
        QVERIFY(store.load()->drafts.isEmpty());
        ComposeRequest request = everything();
        const auto id = store.add(request);
        QVERIFY2(id, id ? "" : qPrintable(id.error().message));
        QCOMPARE(composeRequestToJson(store.load()->drafts.first().request), composeRequestToJson(request));
        QCOMPARE(store.load()->drafts.first().createdAt.micros(), clock.now().micros());

        request.title = u"Revoke it"_s;
        request.actions.removeLast();
        QVERIFY(store.edit(*id, request));
        QCOMPARE(store.load()->drafts.size(), 1);
        QCOMPARE(store.load()->drafts.first().id, *id);
        QCOMPARE(composeRequestToJson(store.load()->drafts.first().request), composeRequestToJson(request));

        clock.advance(std::chrono::seconds(1));
        const auto second = store.add(request);
        QVERIFY(second);
        QCOMPARE(store.load()->drafts.last().id, *second);
        QVERIFY(store.discard(*id));
        QCOMPARE(store.load()->drafts.size(), 1);
        QCOMPARE(store.discard(*id).error().kind, ErrorKind::NotFound);
        QCOMPARE(store.edit(*id, request).error().kind, ErrorKind::NotFound);
    }
    void everyStepComesBackAsItWas()
    {
        const auto again = composeRequestFromJson(composeRequestToJson(everything()));
        QVERIFY2(again, again ? "" : qPrintable(again.error().message));
        QCOMPARE(again->actions.size(), everything().actions.size());
        QCOMPARE(again->actions.size(), static_cast<qsizetype>(std::variant_size_v<ComposeAction>));
        const auto *deploy = std::get_if<DeployAction>(&again->actions.first());
        QVERIFY(deploy);
        QCOMPARE(deploy->method, CreateMethod::Arachnid);
        QCOMPARE(deploy->arguments, QStringList({u"registry"_s, u"#1"_s}));
        QCOMPARE(composeRequestToJson(*again), composeRequestToJson(everything()));
    }
    void idThatLeavesTheFolderIsRefused()
    {
        const ManualClock clock;
        const DraftStore store(m_folder->filePath(u"drafts"_s), clock);
        QVERIFY(store.add(everything()));
        QFile outside(m_folder->filePath(u"x.draft.json"_s));
        QVERIFY(outside.open(QIODevice::WriteOnly));
        QVERIFY(!store.discard(u"../x"_s));
        QVERIFY(!store.edit(u"../x"_s, everything()));
        QVERIFY(outside.exists());
    }
    void otherFilesAreLeftAlone()
    {
        const ManualClock clock;
        const DraftStore store(m_folder->path(), clock);
        QFile other(m_folder->filePath(u"notes.draft.json"_s));
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.write("not a draft");
        other.close();
        const auto contents = store.load();
        QVERIFY(contents);
        QVERIFY(contents->drafts.isEmpty());
        QCOMPARE(contents->unreadable.size(), 1);
        QVERIFY(other.exists());
    }
    void draftThatCouldNotBeReadAgainIsNotKept()
    {
        const ManualClock clock;
        const DraftStore store(m_folder->path(), clock);
        ComposeRequest request = everything();
        request.actions.fill(RawCallAction{}, maxComposeActions + 1);
        QVERIFY(!store.add(request));
        QVERIFY(store.load()->drafts.isEmpty());
    }
    void whatIsNoRequestIsRefused()
    {
        const Bytes good = composeRequestToJson(everything());
        QVERIFY(!composeRequestFromJson({}));
        QVERIFY(!composeRequestFromJson(good.left(good.size() / 2)));
        QVERIFY(!composeRequestFromJson(Bytes(good).replace("\"deploy\"", "\"destroy\"")));
        QVERIFY(!composeRequestFromJson(Bytes(good).replace("\"arachnid\"", "\"spider\"")));
        QVERIFY(!composeRequestFromJson(Bytes(good).replace("\"vault\"", "\"vaults\"")));
        QVERIFY2(!composeRequestFromJson(good + ' '), "only the canonical form is read");
    }
    void aPublishedProposalBeginsAnEditAReplacementOrACancellation()
    {
        Member alice(1);
        const Proposal proposal = alice.propose(testDraft());
        const auto edit = editOf(proposal);
        QVERIFY(edit);
        QVERIFY(edit->previousEnvelope == proposal.envelopeDigest());
        QVERIFY(edit->nonce == proposal.transaction.nonce);
        const auto *call = std::get_if<RawCallAction>(&edit->actions.first());
        QVERIFY(call);
        QCOMPARE(call->to, proposal.transaction.to.toString());
        QCOMPARE(call->data, toHex(proposal.transaction.data));
        const auto replacement = replacementOf(proposal);
        QVERIFY(replacement);
        QVERIFY(replacement->replaces == proposal.safeTxHash());
        QVERIFY(replacement->previousEnvelope.isZero());
        QVERIFY(cancellationOf(proposal).nonce == proposal.transaction.nonce);
        QVERIFY(!copyOf(proposal)->nonce);

        auto paying = testDraft();
        paying.transaction.gasPrice = Uint256(1);
        QCOMPARE(editOf(alice.propose(paying)).error().kind, ErrorKind::Rejected);
    }

private:
    /// One step of every kind, and every member of a request.
    static ComposeRequest everything()
    {
        ComposeRequest request;
        request.title = u"A batch"_s;
        request.rationale = u"Because"_s;
        request.chains = {ChainId(1), ChainId(31337)};
        request.actions = {DeployAction{.artifact = u"CantonDeFiVault"_s, .json = "{}", .arguments = {u"registry"_s, u"#1"_s},
                               .method = CreateMethod::Arachnid, .salt = u"word"_s, .value = u"1"_s},
            RegisterAdapterAction{u"treasury"_s, u"lending"_s, u"#1"_s}, RemoveAdapterAction{u"treasury"_s, u"lending"_s},
            TransferOwnershipAction{u"treasury"_s, u"alice"_s}, AcceptOwnershipAction{u"treasury"_s},
            RegisterKeyAction{{}, u"desk"_s, u"bob"_s}, RevokeKeyAction{{}, u"desk"_s}, SetCantonSignerAction{u"treasury"_s, u"registry"_s},
            AuthorisePartyAction{u"treasury"_s, u"desk"_s, false}, PauseAction{u"treasury"_s}, UnpauseAction{u"treasury"_s},
            SetEmergencyContactAction{u"treasury"_s, {}}, AddOwnerAction{u"dora"_s, u"3"_s}, RemoveOwnerAction{u"bob"_s, {}},
            SwapOwnerAction{u"bob"_s, u"dora"_s}, ChangeThresholdAction{u"2"_s}, EnableModuleAction{u"0x01"_s},
            DisableModuleAction{u"0x01"_s}, SetGuardAction{{}}, SetModuleGuardAction{{}}, SetFallbackHandlerAction{{}},
            MigrateAction{u"1.5.0"_s, false}, CancelNonceAction{}, RawCallAction{u"0x01"_s, u"5"_s, u"0x"_s, true},
            BuilderFileAction{"[]"}};
        request.nonce = Uint256(7);
        request.expiresAt = Timestamp::fromSeconds(1'800'000'000);
        request.notBefore = Timestamp::fromSeconds(1'700'000'000);
        request.replaces = keccak256("a");
        request.previousEnvelope = keccak256("b");
        request.dependsOn = {keccak256("c")};
        request.links = {u"https://example.org/x"_s};
        return request;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestDraftStore)
#include "tst_draftstore.moc"
