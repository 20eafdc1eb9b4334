#include "backend/types/strings.h"
#include "models/approvals/reviewmodel.h"
#include "ui/pages/approvals/composedialog.h"
#include "ui/pages/approvals/executedialog.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/theme/theme.h"
#include "ui/widgets/stateoverlay.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace countersign;

namespace {

/// A desk that notes what it was asked, and answers what the test says.
class FakeDesk final : public ApprovalDesk {
public:
    QList<DeskHolder> holders() const override { return {{u"alice"_s, address, true}, {u"bob"_s, {}, false}}; }
    QList<DeskParty> parties() const override { return {{party, u"Settlement"_s, {}}}; }
    QStringList chains() const override { return {u"ethereum"_s}; }
    QString holder() const override { return name; }
    void chooseHolder(const QString &chosen) override
    {
        name = chosen;
        emit holderChanged();
    }
    KeyEvidence evidence() const override
    {
        KeyEvidence evidence;
        evidence.custody = KeyCustody::HardwareBound;
        evidence.address = address;
        return evidence;
    }
    QString pinHint() const override { return {}; }
    void review(const Hash32 &) override { }
    void prepareSigner() override
    {
        ++prepared;
        emit signerPrepared({need});
    }
    void draftRevocation(const QString &, const Hash32 &id, const QString &) override
    {
        ProposalDraft draft;
        draft.promises = {{u"CantonKeyRegistry.cantonPartyToKey(%1)"_s.arg(id.toString()), u"0xaa"_s, u"none"_s}};
        emit drafted({draft});
    }
    void propose(const ProposalDraft &draft, SecretBuffer pin) override
    {
        proposedReason = draft.rationale;
        pinLength = pin.size();
    }
    void sign(const Hash32 &id, const Hash32 &shown, SecretBuffer pin) override
    {
        ++signs;
        signedId = id;
        shownId = shown;
        pinLength = pin.size();
        isRight = pin.view() == QByteArrayView("1234");
    }
    void execute(const Hash32 &, SecretBuffer pin) override { pinLength = pin.size(); }
    bool isBusy() const override { return false; }
    void refresh() override { }

    QString name = u"alice"_s;
    Address address = Address::fromBytes(QByteArray(20, '\x11')).value();
    Hash32 party = Hash32::fromBytes(QByteArray(32, '\x22')).value();
    Result<UnlockNeed> need = UnlockNeed{UnlockNeed::Kind::Pin, PinTries::Normal, u"alice's token"_s, {}};
    int prepared = 0;
    int signs = 0;
    Hash32 signedId;
    Hash32 shownId;
    qsizetype pinLength = -1;
    bool isRight = false;
    QString proposedReason;
};

Review someReview(const FakeDesk &desk)
{
    Review review;
    review.sentence = u"Revoke the key of Settlement."_s;
    review.chainName = u"ethereum"_s;
    review.threshold = 2;
    review.hashes.safeTx
        = Hash32::parse(u"0x00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"_s).value();
    review.signers = {{desk.address, u"alice"_s, false, {}}, {Address(), u"bob"_s, false, {}}};
    review.effects = {{u"Canton key of Settlement"_s, u"CantonKeyRegistry.cantonPartyToKey(0x22)"_s, u"0xaa"_s,
        u"none"_s, u"none"_s}};
    return review;
}

} // namespace

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
        SignDialog dialog(desk, model, {1, 6});
        dialog.show();
        QPushButton *go = dialog.goButton();
        QVERIFY(!go->isEnabled());
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QVERIFY(!go->isEnabled());
        QTest::keyClicks(dialog.groupEdit(0), u"44556677"_s);
        QTest::keyClicks(dialog.groupEdit(1), u"FEDCBA99"_s);
        QVERIFY2(!go->isEnabled(), "a wrong digit must not pass");
        QTest::keyClick(dialog.groupEdit(1), Qt::Key_Backspace);
        QTest::keyClicks(dialog.groupEdit(1), u"8"_s);
        QVERIFY(go->isEnabled());
        QTest::mouseClick(go, Qt::LeftButton);
        QCOMPARE(desk.signs, 1);
        QVERIFY(desk.isRight);
        QCOMPARE(desk.shownId, model.review()->hashes.safeTx);
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
        SignDialog dialog(desk, model, {0, 1});
        dialog.show();
        QTest::keyClicks(dialog.groupEdit(0), u"00112233"_s);
        QTest::keyClicks(dialog.groupEdit(1), u"44556677"_s);
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

    void aMissingTokenIsSaidAndLookedForAgain()
    {
        FakeDesk desk;
        desk.need = fail(ErrorKind::Unavailable, u"The token is not there. Plug it in."_s);
        ReviewModel model;
        model.setReview(someReview(desk));
        SignDialog dialog(desk, model, {0, 1});
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

    void aProposalNeedsAReason()
    {
        FakeDesk desk;
        ComposeDialog dialog(desk);
        dialog.show();
        QTest::keyClicks(dialog.pinEntry(), u"1234"_s);
        QVERIFY(!dialog.goButton()->isEnabled());
        QTest::keyClicks(dialog.reasonEdit(), u"The key was seen in a log."_s);
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
        ReviewView view(model);
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
        ReviewView view(model);
        view.show();
        model.setFailed({ErrorKind::Unavailable, u"ethereum does not answer."_s, {}});
        QCOMPARE(view.overlay()->state(), StateOverlay::State::Error);
    }

    void everyFocusableControlHasAName()
    {
        FakeDesk desk;
        ReviewModel model;
        model.setReview(someReview(desk));
        SignDialog sign(desk, model, {0, 1});
        ExecuteDialog execute(desk, model);
        ComposeDialog compose(desk);
        ReviewView view(model);
        for (const QWidget *root : {static_cast<QWidget *>(&sign), static_cast<QWidget *>(&execute),
                 static_cast<QWidget *>(&compose), static_cast<QWidget *>(&view)}) {
            for (const QWidget *widget : root->findChildren<QWidget *>()) {
                if ((widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus
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
