#include "backend/proposals/statementjson.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "models/approvals/discussionmodel.h"
#include "models/approvals/reviewmodel.h"
#include "tests/ui/approvalfakes.h"
#include "ui/pages/approvals/acknowledgedialog.h"
#include "ui/pages/approvals/announcekeydialog.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/executedialog.h"
#include "ui/pages/approvals/mismatchdialog.h"
#include "ui/pages/approvals/overridedialog.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/pages/approvals/proposedialog.h"
#include "ui/pages/approvals/publishdialog.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/pages/approvals/statementdialog.h"
#include "ui/pages/approvals/stepform.h"
#include "ui/theme/theme.h"
#include "ui/widgets/stateoverlay.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace countersign;

class TestApprovals final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.apply(ThemeMode::Light); }

    void thePinGoesKeyByKeyAndLeavesNothingBehind()
    {
        PinEntry entry;
        entry.show();
        QTest::keyClicks(&entry, u"12x"_s);
        QTest::keyClick(&entry, Qt::Key_Backspace);
        QTest::keyClick(&entry, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(entry.length(), qsizetype(2));
        QVERIFY(!entry.accessibleDescription().contains(u"12"_s));
        QVERIFY(entry.findChildren<QLineEdit *>().isEmpty());
        QVERIFY(!entry.testAttribute(Qt::WA_InputMethodEnabled));
        const SecretBuffer pin = entry.take();
        QCOMPARE(pin.view(), QByteArrayView("12"));
        QVERIFY(entry.isEmpty());
    }

    void signingNeedsTheComparisonAndThePin()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setHolder(desk.address);
        model.setReview(someReview(desk));
        SignDialog dialog(desk, model);
        dialog.show();
        QPushButton *go = dialog.goButton();
        QVERIFY(!go->isEnabled());
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QVERIFY(!go->isEnabled());
        QLineEdit *first = dialog.firstEdit(ComparedHash::SafeTx);
        QLineEdit *last = dialog.lastEdit(ComparedHash::SafeTx);
        QTest::keyClicks(first, u"0x0011"_s);
        QTest::keyClicks(last, u"3211"_s);
        QVERIFY2(!go->isEnabled(), "a wrong digit must not pass");
        QTest::keyClick(last, Qt::Key_Backspace);
        QVERIFY(!go->isEnabled());
        QTest::keyClicks(last, u"0"_s);
        QVERIFY(go->isEnabled());
        QTest::mouseClick(go, Qt::LeftButton);
        QCOMPARE(desk.signs, 1);
        QVERIFY(desk.isRight);
        QCOMPARE(desk.shownId, model.review()->hashes.safeTx);
        QCOMPARE(desk.compared.typed.size(), 1);
        QCOMPARE(desk.compared.typed.first().last4, u"3210"_s);
        QVERIFY(dialog.isRunning());
        dialog.close();
        QVERIFY2(dialog.isVisible(), "a running step cannot be hidden");

        CollectedSignature signature{desk.signedId, SafeSignature::approved(desk.address), desk.address, {}};
        emit desk.signatureCollected({signature});
        QVERIFY(dialog.isFinished());
        QVERIFY(dialog.message().contains(desk.address.toString()));
    }

    void aWrongPinIsSaidAndNothingIsRepeatedByItself()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setReview(someReview(desk));
        SignDialog dialog(desk, model);
        dialog.show();
        QTest::keyClicks(dialog.firstEdit(ComparedHash::SafeTx), u"0011"_s);
        QTest::keyClicks(dialog.lastEdit(ComparedHash::SafeTx), u"3210"_s);
        QTest::keyClicks(dialog.pinEntry(), u"9999"_s);
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        emit desk.signatureCollected({fail(ErrorKind::Denied, u"The PIN is wrong. Two tries are left."_s)});
        QVERIFY(!dialog.isRunning());
        QVERIFY(!dialog.isFinished());
        QCOMPARE(dialog.message(), u"The PIN is wrong. Two tries are left."_s);
        QVERIFY(dialog.pinEntry()->isEmpty());
        QCOMPARE(desk.signs, 1);
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        QCOMPARE(desk.signs, 1);
        QCOMPARE(desk.prepared, 2);
    }

    void aSignatureIsGivenOpenlyUnlessSomebodyIsChosen()
    {
        FakeDesk desk;
        const Address bob = Address::fromBytes(QByteArray(20, '\x22')).value();
        desk.possibleExecutors = {{u"bob"_s, bob, keccak256("key")}};
        ReviewModel model;
        model.setHolder(desk.address);
        model.setReview(someReview(desk));
        const auto run = [&desk, &model](bool sealed) {
            SignDialog dialog(desk, model);
            dialog.show();
            QCOMPARE(dialog.giveBox()->currentIndex(), 0);
            QCOMPARE(dialog.giveBox()->count(), 2);
            QVERIFY(!dialog.giveBox()->accessibleName().isEmpty());
            if (sealed) {
                dialog.giveBox()->setFocus();
                QTest::keyClick(dialog.giveBox(), Qt::Key_Down);
                QCOMPARE(dialog.giveBox()->currentText(), u"Sealed to bob"_s);
            }
            QTest::keyClicks(dialog.firstEdit(ComparedHash::SafeTx), u"0011"_s);
            QTest::keyClicks(dialog.lastEdit(ComparedHash::SafeTx), u"3210"_s);
            QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
            QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
            QVERIFY2(!dialog.giveBox()->isEnabled(), "who gets it is settled once it is signed");
            const CollectedSignature signature{desk.signedId, SafeSignature::approved(desk.address), desk.address, {}};
            emit desk.signatureCollected({signature});
            QVERIFY(dialog.isFinished());
            QCOMPARE(dialog.message().contains(u"given to bob only"_s), sealed);
        };
        run(false);
        QVERIFY(!desk.sealedFor);
        run(true);
        QCOMPARE(desk.sealedFor, std::optional(bob));
    }

    void nobodyToSealForIsSaid()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setReview(someReview(desk));
        SignDialog dialog(desk, model);
        QVERIFY(!dialog.giveBox()->isEnabled());
        QVERIFY(!dialog.giveBox()->toolTip().isEmpty());
    }

    void aKeyIsAnnouncedForOneSafe()
    {
        FakeDesk desk;
        desk.places[1].key = keccak256("old");
        AnnounceKeyDialog dialog(desk);
        dialog.show();
        for (const QWidget *widget : dialog.findChildren<QWidget *>()) {
            if (widget->focusPolicy() != Qt::NoFocus && widget->isVisible())
                QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
        QVERIFY(!dialog.goButton()->isEnabled());
        QTest::keyClick(dialog.safeBox(), Qt::Key_Down);
        const auto labels = dialog.findChildren<QLabel *>();
        QVERIFY2(std::ranges::any_of(labels, [](const QLabel *label) { return label->text().contains(u"ask for it anew"_s); }),
            "what a new key means for what was sealed for the old one is said first");
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QTest::keyClick(dialog.pinEntry(), Qt::Key_Return);
        QCOMPARE(desk.announcedFor, ChainId(137));
        QCOMPARE(desk.pinLength, 4);
        emit desk.said({fail(ErrorKind::Unavailable, u"The keychain is locked"_s)});
        QCOMPARE(dialog.message(), u"The keychain is locked"_s);
        QVERIFY(!dialog.isFinished());
    }

    void aMissingTokenIsSaidAndLookedForAgain()
    {
        FakeDesk desk;
        desk.need = fail(ErrorKind::Unavailable, u"The token is not there. Plug it in."_s);
        ReviewModel model;
        model.setReview(someReview(desk));
        SignDialog dialog(desk, model);
        dialog.show();
        QVERIFY(dialog.message().startsWith(u"The token is not there"_s));
        desk.need = UnlockNeed{UnlockNeed::Kind::Pin, PinTries::Normal, u"alice's token"_s, {}};
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        QCOMPARE(desk.prepared, 2);
        QVERIFY(dialog.message().isEmpty());
    }

    void cancelIsTheDefault()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setReview(someReview(desk));
        ExecuteDialog dialog(desk, model);
        dialog.show();
        for (const QPushButton *button : dialog.findChildren<QPushButton *>())
            QCOMPARE(button->isDefault(), button->accessibleName() == u"Cancel"_s);
    }

    void aDeviceThatShowsTwoHashesIsComparedWithBoth()
    {
        FakeDesk desk;
        ReviewModel model;
        Review review = someReview(desk);
        review.hashes.domain = Hash32::fromBytes(QByteArray(32, '\x33')).value();
        review.hashes.message = Hash32::fromBytes(QByteArray(32, '\x44')).value();
        model.setReview(review);
        SignDialog dialog(desk, model);
        dialog.show();
        dialog.deviceBox()->setCurrentIndex(1);
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QTest::keyClicks(dialog.firstEdit(ComparedHash::Domain), u"3333"_s);
        QTest::keyClicks(dialog.lastEdit(ComparedHash::Domain), u"3333"_s);
        QVERIFY2(!dialog.goButton()->isEnabled(), "the domain alone says nothing of the transaction");
        QTest::keyClicks(dialog.firstEdit(ComparedHash::Message), u"4444"_s);
        QTest::keyClicks(dialog.lastEdit(ComparedHash::Message), u"4444"_s);
        QVERIFY(dialog.goButton()->isEnabled());
    }

    void aMismatchIsReportedWithOrWithoutTheToken()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setReview(someReview(desk));
        SignDialog sign(desk, model);
        const QSignalSpy asked(&sign, &SignDialog::mismatchRequested);
        sign.show();
        QTest::mouseClick(sign.mismatchButton(), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        QVERIFY(!sign.isVisible());

        desk.need = fail(ErrorKind::Unavailable, u"The token is not there. Plug it in."_s);
        MismatchDialog report(desk, model.review()->hashes.safeTx, u"Revoke"_s);
        report.show();
        QTest::keyClicks(report.shownEdit(), u"0xDEAD"_s);
        QVERIFY2(report.goButton()->isEnabled(), "an incident can be told without a token");
        QTest::mouseClick(report.goButton(), Qt::LeftButton);
        QCOMPARE(desk.saidKind, StatementKind::MismatchReport);
        QCOMPARE(desk.saidText, u"0xDEAD"_s);
        QVERIFY(!desk.isSigned);
    }

    void aRejectionNeedsItsReason()
    {
        FakeDesk desk;
        StatementDialog dialog(desk, StatementKind::Rejection, Hash32(), u"Revoke"_s);
        dialog.show();
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QVERIFY(!dialog.goButton()->isEnabled());
        QTest::keyClicks(dialog.textEdit(), u"Not agreed"_s);
        QVERIFY(dialog.goButton()->isEnabled());
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        QCOMPARE(desk.saidKind, StatementKind::Rejection);
        QCOMPARE(desk.saidText, u"Not agreed"_s);
    }

    void anAcknowledgementIsOfWhatWasShown()
    {
        FakeDesk desk;
        AcknowledgementState state;
        state.safe = desk.address;
        state.chain = u"ethereum"_s;
        state.head = u"1a2b 3c4d"_s;
        state.acknowledged = {u"bob"_s};
        state.open = {u"alice"_s, u"carol"_s};
        state.heads = {{desk.address, 3, Hash32()}};
        QVERIFY(state.detail().contains(u"alice, carol"_s));
        AcknowledgeDialog dialog(desk, state);
        dialog.show();
        QVERIFY(!dialog.goButton()->isEnabled());
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        QCOMPARE(desk.saidKind, StatementKind::Acknowledgement);
        QCOMPARE(desk.acknowledged, state.heads);
        QCOMPARE(desk.saidText, desk.address.toString());
    }

    void anOverrideNeedsAReasonAndSaysWhatTheOtherHasToDo()
    {
        FakeDesk desk;
        const Finding finding{u"policy.coolingOff"_s, Severity::Block, u"The proposal must have been known for 4 h first"_s, {}};
        const auto saysOf = [](const OverrideDialog &dialog) {
            QStringList texts;
            for (const QLabel *label : dialog.findChildren<QLabel *>())
                texts.append(label->text());
            return texts.join(u'\n');
        };
        QCOMPARE(OverrideDialog::minReason, minOverrideReason);
        QCOMPARE(OverrideDialog::maxReason, maxStatementText);
        OverrideDialog dialog(desk, Hash32(), finding, nullptr);
        dialog.show();
        QVERIFY(saysOf(dialog).contains(u"A second approver has to override"_s));
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QTest::keyClicks(dialog.reasonEdit(), u"Because"_s);
        QVERIFY2(!dialog.goButton()->isEnabled(), "that is no reason");
        QTest::keyClicks(dialog.reasonEdit(), u" it cannot wait"_s);
        QVERIFY(dialog.goButton()->isEnabled());
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        QCOMPARE(desk.saidKind, StatementKind::Override);
        QCOMPARE(desk.overridden, u"policy.coolingOff"_s);
        QCOMPARE(desk.saidText, u"Because it cannot wait"_s);

        const ReviewedOverride byBob{finding.code, {u"bob"_s}, u"bob: It is urgent"_s, false};
        OverrideDialog second(desk, Hash32(), finding, &byBob);
        QVERIFY(saysOf(second).contains(u"bob: It is urgent"_s));
        const ReviewedOverride byMe{finding.code, {desk.holder()}, u"alice: It is urgent"_s, false};
        OverrideDialog again(desk, Hash32(), finding, &byMe);
        again.show();
        QTest::keyClicks(again.pinEntry(), u"1234"_s);
        QTest::keyClicks(again.reasonEdit(), u"Because it cannot wait"_s);
        QVERIFY2(!again.goButton()->isEnabled(), "one person twice is one person");
    }

    void whoCannotPayIsToldBeforeThePin()
    {
        FakeDesk desk;
        FeeQuote quote;
        quote.worstCase = Uint256(5);
        quote.balance = Uint256(4);
        desk.fees = quote;
        ReviewModel model;
        model.setReview(someReview(desk));
        ExecuteDialog dialog(desk, model);
        dialog.show();
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QVERIFY(!dialog.goButton()->isEnabled());
        desk.fees = FakeDesk::cheap();
        emit desk.quoted({desk.fees});
        QVERIFY(dialog.goButton()->isEnabled());
    }

    void whatIsOnItsWayCanBeRaisedWithThePin()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setReview(someReview(desk));
        ExecuteDialog dialog(desk, model);
        dialog.show();
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        emit desk.stepChanged({FlowStep::Kind::WaitingForBlock, {}});
        QPushButton *raise = nullptr;
        for (QPushButton *button : dialog.findChildren<QPushButton *>())
            raise = button->text() == u"Raise the fee"_s ? button : raise;
        QVERIFY(raise && raise->isVisible());
        QTest::mouseClick(raise, Qt::LeftButton);
        QVERIFY2(desk.acts.isEmpty(), "no PIN, no act");
        QTest::keyClicks(dialog.pinEntry(), u"12345"_s);
        QTest::mouseClick(raise, Qt::LeftButton);
        QCOMPARE(desk.acts, QList<ExecutionAct>{ExecutionAct::RaiseFee});
        QCOMPARE(desk.pinLength, qsizetype(5));
    }

    void sourcesArePublishedOnlyWhereTheEnvironmentSaysSo()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setReview(someReview(desk));
        ExecutionReport report;
        report.safeTxHash = model.review()->hashes.safeTx;
        report.isAsPromised = report.isReadBack = report.isFinal = true;
        report.deployments = {DeploymentVerification{
            .address = desk.address, .contract = u"CantonKeyRegistry"_s, .steps = {{u"The code is our build"_s, true, {}}}}};
        for (const bool isOffered : {false, true}) {
            desk.sources.servers = isOffered ? QList{FakePublication::sourcify()} : QList<DeskPublisher>();
            ExecuteDialog dialog(desk, model);
            dialog.show();
            QSignalSpy wanted(&dialog, &ExecuteDialog::publishRequested);
            QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
            QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
            emit desk.executed({report});
            QVERIFY(dialog.isFinished());
            QCOMPARE(dialog.publishButton()->isVisible(), isOffered);
            if (isOffered)
                QTest::mouseClick(dialog.publishButton(), Qt::LeftButton);
            QCOMPARE(wanted.count(), isOffered ? 1 : 0);
        }
        SilentPrompter prompter;
        PublishDialog dialog(desk, report, prompter);
        dialog.show();
        QVERIFY2(!desk.sources.publishedAs, "nothing leaves before the person has seen what it is");
        QVERIFY(dialog.contents()->toPlainText().contains(u"CantonKeyRegistry.sol"_s));
        QVERIFY(!dialog.keyButton()->isVisible());
        QVERIFY(dialog.goButton()->isEnabled());
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        QCOMPARE(desk.sources.publishedAs, std::optional(report));
        emit desk.sources.published({PublishedSources{1, 0, {u"https://sources.example/v2/contract/1/0x11"_s}}});
        QVERIFY(dialog.isFinished());
        QVERIFY(dialog.message().contains(u"make the code"_s));
    }

    void aStepIsFilledInByKeyboardAndItsProblemsStandBesideItsFields()
    {
        FakeComposer composer;
        SilentPrompter prompter;
        ComposeView view(composer, prompter);
        view.setHolder(u"alice"_s);
        view.show();
        QVERIFY(!view.proposeButton()->isEnabled());
        composer.answer = Composition{{}, {ComposeProblem{0, u"arguments[1]"_s, u"Needs a number"_s, {}}}};
        view.addStep(DeployAction{.artifact = u"TreasuryAdapter"_s});
        QCOMPARE(view.stepList()->count(), 1);
        auto *vault = qobject_cast<QComboBox *>(view.stepForm()->editor(u"arguments[0]"_s));
        auto *limit = qobject_cast<QLineEdit *>(view.stepForm()->editor(u"arguments[1]"_s));
        QVERIFY(vault && limit);
        QTest::keyClicks(vault->lineEdit(), u"treasury"_s);
        QTRY_COMPARE(limit->accessibleDescription(), u"Needs a number"_s);
        QVERIFY(!view.proposeButton()->isEnabled());

        composer.answer = goodComposition();
        QTest::keyClicks(limit, u"100"_s);
        QTest::keyClicks(view.reasonEdit(), u"A new adapter"_s);
        QTRY_VERIFY(view.proposeButton()->isEnabled());
        const auto *deploy = std::get_if<DeployAction>(&composer.asked.actions.first());
        QVERIFY(deploy);
        QCOMPARE(deploy->arguments, QStringList({u"treasury"_s, u"100"_s}));
        QCOMPARE(composer.asked.rationale, u"A new adapter"_s);
        QCOMPARE(composer.asked.chains, QList<ChainId>{ChainId(1)});
        view.chainBox(ChainId(137))->click();
        QTRY_COMPARE(composer.asked.chains.size(), 2);
        QVERIFY(limit->accessibleDescription().isEmpty());
    }

    void aDraftIsKeptAndTakenUpAgain()
    {
        FakeComposer composer;
        SilentPrompter prompter;
        ComposeView view(composer, prompter);
        view.addStep(RevokeKeyAction{{}, u"Settlement"_s});
        QVERIFY(view.isChanged());
        QVERIFY(view.keep());
        QVERIFY(!view.isChanged());
        const DeskDraft draft = composer.kept.first();
        view.begin({});
        QCOMPARE(view.stepList()->count(), 0);
        view.begin(draft.request, draft.id);
        QCOMPARE(view.stepList()->count(), 1);
        QCOMPARE(view.draft(), u"one"_s);
        QVERIFY(!view.isChanged());
    }

    void aNonceThatIsNoNumberIsSaid()
    {
        FakeComposer composer;
        composer.answer = goodComposition();
        SilentPrompter prompter;
        ComposeView view(composer, prompter);
        view.setHolder(u"alice"_s);
        view.addStep(RevokeKeyAction{{}, u"Settlement"_s});
        QTest::keyClicks(view.reasonEdit(), u"Lost"_s);
        QTRY_VERIFY(view.proposeButton()->isEnabled());
        auto *nonce = view.findChild<QLineEdit *>(u"nonce"_s);
        QVERIFY(nonce);
        QTest::keyClicks(nonce, u"seven"_s);
        QVERIFY(view.cannotProposeReason().contains(u"no number"_s));
        QVERIFY(!view.proposeButton()->isEnabled());
    }

    void proposingSaysWhatIsSigned()
    {
        FakeDesk desk;
        Composition composition = goodComposition();
        composition.proposals.first().draft.rationale = u"The key was seen in a log."_s;
        ProposeDialog dialog(desk, composition.proposals);
        dialog.show();
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QVERIFY(dialog.goButton()->isEnabled());
        QTest::mouseClick(dialog.goButton(), Qt::LeftButton);
        QCOMPARE(desk.proposedReason, u"The key was seen in a log."_s);
        QCOMPARE(desk.pinLength, qsizetype(4));
    }

    void aBlockingFindingDisablesSigning()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setHolder(desk.address);
        Review review = someReview(desk);
        model.setReview(review);
        const Environment environment;
        DiscussionModel discussion(environment);
        ReviewView view(model, discussion);
        view.setHolder(u"alice"_s);
        QVERIFY(view.signButton()->isEnabled());
        QVERIFY(view.signButton()->text().contains(u"alice"_s));
        review.findings = {{u"chain.mismatch"_s, Severity::Block, u"The node is on another chain."_s, {}}};
        model.setReview(review);
        QVERIFY(!view.signButton()->isEnabled());
    }

    void aReviewThatCannotBeReadSaysWhy()
    {
        ReviewModel model;
        const Environment environment;
        DiscussionModel discussion(environment);
        ReviewView view(model, discussion);
        view.show();
        model.setFailed({ErrorKind::Unavailable, u"ethereum does not answer."_s, {}});
        QCOMPARE(view.overlay()->state(), StateOverlay::State::Error);
    }

    void everyFocusableControlHasAName()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setReview(someReview(desk));
        SignDialog sign(desk, model);
        ExecuteDialog execute(desk, model);
        FakeComposer composer;
        SilentPrompter prompter;
        ComposeView compose(composer, prompter);
        compose.addStep(DeployAction{.artifact = u"TreasuryAdapter"_s});
        const Environment environment;
        DiscussionModel discussion(environment);
        ReviewView view(model, discussion);
        for (const QWidget *root : {static_cast<QWidget *>(&sign), static_cast<QWidget *>(&execute),
                 static_cast<QWidget *>(&compose), static_cast<QWidget *>(&view)}) {
            for (const QWidget *widget : root->findChildren<QWidget *>()) {
                if ((widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && widget->window() == root
                    && !widget->objectName().startsWith(u"qt_"_s))
                    QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
            }
        }
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestApprovals)
#include "tst_approvals.moc"
