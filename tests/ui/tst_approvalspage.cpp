#include "backend/proposals/proposaljson.h"
#include "backend/types/devicetext.h"
#include "tests/ui/approvalsfixture.h"
#include "ui/pages/approvals/announcekeydialog.h"
#include "ui/pages/approvals/attachmentsdialog.h"
#include "ui/pages/approvals/carrydialogs.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/dependencychooser.h"
#include "ui/pages/approvals/delegatesdialog.h"
#include "ui/pages/approvals/documentsdialog.h"
#include "ui/pages/approvals/environmentdialog.h"
#include "ui/pages/approvals/flowdialog.h"
#include "ui/pages/approvals/proposalform.h"
#include "ui/pages/approvals/mismatchdialog.h"
#include "ui/pages/approvals/overridedialog.h"
#include "ui/pages/approvals/publishdialog.h"
#include "ui/pages/approvals/queueside.h"
#include "ui/pages/approvals/queueview.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/pages/approvals/statementdialog.h"
#include "ui/pages/approvals/stepform.h"
#include "ui/pages/approvals/tokendialog.h"
#include "ui/widgets/datatable.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <memory>

using namespace countersign;

namespace {

constexpr int mostStops = 120;

/// When a popup or a dialog closes, a window manager gives the window under it the keys back; the platform of the tests
/// does not.
QWidget *active()
{
    const QWidget *now = QApplication::activeWindow();
    if (!QApplication::activePopupWidget() && (!now || !now->isVisible() || now->windowType() == Qt::Popup)) {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (widget->isVisible() && (widget->windowType() == Qt::Window || widget->windowType() == Qt::Dialog)
                && (!QApplication::activeModalWidget() || widget == QApplication::activeModalWidget()))
                widget->activateWindow();
        }
        QCoreApplication::sendPostedEvents();
    }
    return QApplication::activeWindow();
}

/// Where the next key goes.
QWidget *target()
{
    if (QWidget *popup = QApplication::activePopupWidget())
        return popup;
    active();
    if (QWidget *focus = QApplication::focusWidget())
        return focus;
    return QApplication::activeWindow();
}

void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    if (QWidget *widget = target())
        QTest::keyClick(widget, key, modifiers);
}

void type(const QString &text)
{
    for (const QChar letter : text) {
        if (QWidget *widget = target())
            QTest::keyClicks(widget, QString(letter));
    }
}

bool tabTo(const QWidget *wanted)
{
    for (int i = 0; i < mostStops; ++i) {
        const QWidget *focus = QApplication::focusWidget();
        if (focus && (focus == wanted || focus->focusProxy() == wanted || wanted->focusProxy() == focus))
            return true;
        press(Qt::Key_Tab);
    }
    return false;
}

QString plain(const QAction *action)
{
    return action ? action->text().remove(u'&').section(u'…', 0, 0) : QString();
}

/// A menu runs its own loop until it closes: the keys for it are queued before it opens.
void walkMenu(const QStringList &path)
{
    auto *timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, qApp, [timer, path, at = 0]() mutable {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        if (!menu)
            return;
        for (int i = 0; i < mostStops && plain(menu->activeAction()) != path[at]; ++i)
            QTest::keyClick(menu, Qt::Key_Down);
        if (plain(menu->activeAction()) != path[at]) {
            timer->deleteLater();
            while (QWidget *open = QApplication::activePopupWidget())
                open->close();
            return;
        }
        const bool isLast = ++at == path.size();
        if (isLast)
            timer->deleteLater();
        QTest::keyClick(menu, isLast ? Qt::Key_Return : Qt::Key_Right);
    });
    timer->start(0);
}

bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray profileOf(const ChainSettings &chain)
{
    return "version: 1\nname: test\nkind: test\ncanton:\n  participants:\n    - {id: n, ledger: \"127.0.0.1:1\", tls: none}\n"
           "chains:\n  - name: main # ours\n    chainId: "
        + QByteArray::number(chain.chainId.value()) + "\n    rpc: [\"http://127.0.0.1:1\"]\n    confirmations: 2\njournal: /j\n";
}

template <class T> T *openDialog()
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        auto *dialog = qobject_cast<T *>(widget);
        if (dialog && dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

QString nameOf(const QWidget *widget)
{
    return u"%1 “%2” %3"_s.arg(QString::fromLatin1(widget->metaObject()->className()), widget->accessibleName(), widget->objectName());
}

bool isStop(const QWidget *widget)
{
    return (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && widget->isEnabled() && widget->isVisible()
        && !widget->focusProxy();
}

QImage look(QWidget *widget)
{
    QWidget *window = widget->window();
    const QRect rect(widget->mapTo(window, QPoint()), widget->size());
    return window->grab(rect.adjusted(-4, -4, 4, 4)).toImage();
}

/// Goes round once by Tab from where the focus is; says what is wrong with the way.
QStringList problemsOfWalk(QWidget *root, QStringList *order = nullptr)
{
    QStringList problems;
    QList<QWidget *> way;
    QPointer<QWidget> before;
    QImage focused;
    for (int i = 0; i < mostStops; ++i) {
        press(Qt::Key_Tab);
        QWidget *now = QApplication::focusWidget();
        if (!now)
            return {u"the focus is lost"_s};
        if (now == before)
            return {u"caught in "_s + nameOf(now)};
        if (before && root->isAncestorOf(before) && look(before) == focused)
            problems.append(u"no sign of focus on "_s + nameOf(before));
        before = now;
        focused = look(now);
        if (!way.isEmpty() && now == way.first())
            break;
        way.append(now);
    }
    for (const QWidget *stop : way) {
        if (root->isAncestorOf(stop) && stop->accessibleName().isEmpty())
            problems.append(u"no name: "_s + nameOf(stop));
        if (order && root->isAncestorOf(stop))
            order->append(stop->accessibleName());
    }
    for (QWidget *widget : root->findChildren<QWidget *>()) {
        if (isStop(widget) && widget->window() == root->window() && !way.contains(widget)
            && !widget->objectName().startsWith(u"qt_"_s))
            problems.append(u"not reached: "_s + nameOf(widget));
    }
    for (const QWidget *stop : std::as_const(way)) { // and the way back is the same
        Q_UNUSED(stop)
        press(Qt::Key_Backtab, Qt::ShiftModifier);
    }
    if (QApplication::focusWidget() != before)
        problems.append(u"the way back is another"_s);
    return problems;
}

} // namespace

/// What a person without a mouse does on this page, from end to end.
class TestApprovalsPage final : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        f = std::make_unique<ApprovalsFixture>();
        m_revoke = proposalOn(f->chain(), 2, u"Revoke the key of Treasury desk"_s, bob);
        m_other = proposalOn(f->chain(), 3, u"Pause the treasury"_s, bob);
        f->exchange.hold({m_revoke, m_other});
        f->window.resize(1366, 768);
        f->window.show();
        f->window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&f->window));
        QTRY_COMPARE(f->queue.rowCount(), 2);
        f->page->focusFilter();
    }
    void cleanup() { f.reset(); }

    void aProposalIsReviewedSignedAndLeft()
    {
        press(Qt::Key_Home);
        press(Qt::Key_Return);
        QTRY_VERIFY(f->page->reviewView()->isVisible());
        QVERIFY2(f->page->isAncestorOf(QApplication::focusWidget()), "the focus goes with the page");
        const Hash32 id = f->review.review()->hashes.safeTx;
        press(Qt::Key_Return, Qt::ControlModifier);
        auto *dialog = openDialog<SignDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        const QString digits = deviceText(id);
        QVERIFY(tabTo(dialog->firstEdit(ComparedHash::SafeTx)));
        type(digits.sliced(2, 4)); // the fourth goes on to the next field
        type(digits.last(4));
        QVERIFY(tabTo(dialog->findChild<QWidget *>(u"pin"_s)));
        type(u"1234"_s);
        QVERIFY(dialog->goButton()->isEnabled());
        press(Qt::Key_Return);
        QCOMPARE(f->desk.signs, 1);
        QVERIFY(f->desk.isRight);
        QVERIFY(f->desk.signedId == id);
        emit f->desk.signatureCollected({CollectedSignature{id, SafeSignature::approved(alice.address()), alice.address(), {}}});
        QVERIFY(dialog->isFinished());
        QVERIFY2(dialog->goButton()->hasFocus(), "the last key closes it");
        press(Qt::Key_Return);
        QTRY_VERIFY(!openDialog<SignDialog>());
        QTRY_COMPARE(active(), &f->window);
        press(Qt::Key_Escape);
        QTRY_VERIFY(f->page->queueView()->isVisible());
        QVERIFY(f->page->queueView()->table()->hasFocus());
    }

    void aVaultIsEnteredIntoTheEnvironmentByKeyboard()
    {
        const QTemporaryDir folder;
        f->desk.profile = folder.filePath(u"environment.yaml"_s);
        const QByteArray before = profileOf(f->chain());
        QVERIFY(writeFile(f->desk.profile, before));
        const DeploymentVerification vault = createdVault();
        DeploymentVerification claimed = vault;
        claimed.isClaimed = true;
        f->desk.deployments = QList<DeploymentVerification>{claimed};
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        QMenu *more = f->page->reviewView()->moreButton()->menu();
        emit more->aboutToShow();
        const auto actions = more->actions();
        const auto entry = std::ranges::find(actions, u"Add to the environment"_s, plain);
        QVERIFY(entry != actions.end());
        QVERIFY2(!(*entry)->isEnabled(), "nothing was executed");
        auto *refused = qobject_cast<EnvironmentDialog *>(f->page->addToEnvironment());
        QVERIFY(refused);
        QVERIFY2(!refused->writeButton()->isEnabled(), "a claim gets no role");
        QVERIFY(!refused->message().isEmpty());
        QTRY_COMPARE(active(), refused);
        press(Qt::Key_Escape);
        QTRY_VERIFY(!openDialog<EnvironmentDialog>());

        f->desk.deployments = QList<DeploymentVerification>{vault};
        auto *dialog = qobject_cast<EnvironmentDialog *>(f->page->addToEnvironment());
        QVERIFY(dialog);
        QTRY_COMPARE(active(), dialog);
        QVERIFY2(dialog->nameEdit()->hasFocus(), "the name is what is left to say");
        QCOMPARE(dialog->nameEdit()->text(), u"CantonDeFiVault"_s);
        type(u"safe"_s); // the proposed name is selected
        QVERIFY2(!dialog->writeButton()->isEnabled(), "a word that means something else");
        for (int i = 0; i < 4; ++i)
            press(Qt::Key_Backspace);
        type(u"settlement"_s);
        QVERIFY2(dialog->writeButton()->isEnabled(), qPrintable(dialog->message()));
        QVERIFY2(dialog->diffView()->toPlainText().contains(u"+       - name: \"settlement\""_s), qPrintable(dialog->diffView()->toPlainText()));
        QCOMPARE(readFile(f->desk.profile), before);
        QVERIFY(tabTo(dialog->writeButton()));
        press(Qt::Key_Space);
        QVERIFY2(dialog->message().contains(u"start it again"_s), qPrintable(dialog->message()));
        const auto read = Environment::load(f->desk.profile);
        QVERIFY(read && read->chain(f->chain().chainId)->vaults.contains(VaultSettings{u"settlement"_s, vault.address}));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 2);
        QVERIFY2(dialog->undoButton()->hasFocus(), "the way back is at hand");
        press(Qt::Key_Space);
        QCOMPARE(readFile(f->desk.profile), before);
        QCOMPARE(f->desk.noted.size(), 2);
        press(Qt::Key_Escape);
        QTRY_VERIFY(!openDialog<EnvironmentDialog>());
    }

    void filesAreAttachedByKeyboard()
    {
        const QTemporaryDir folder;
        const QString report = folder.filePath(u"audit report.pdf"_s);
        const QString hidden = folder.filePath(u".bashrc"_s);
        const QString large = folder.filePath(u"large.bin"_s);
        QVERIFY(writeFile(report, "audited") && writeFile(hidden, "x") && writeFile(large, QByteArray(maxAttachmentBytes + 1, 'x')));
        press(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(f->page->composeView()->isVisible());
        ComposeView *view = f->page->composeView();
        f->prompter.open = {report, hidden, large, report};
        QVERIFY(tabTo(view->about()->documentsButton()));
        press(Qt::Key_Space);
        auto *dialog = openDialog<DocumentsDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(active(), dialog);
        QVERIFY(tabTo(dialog->addButton()));
        press(Qt::Key_Space);
        QCOMPARE(dialog->list()->topLevelItemCount(), 1);
        QCOMPARE(dialog->list()->topLevelItem(0)->text(0), u"audit report.pdf"_s);
        QCOMPARE(dialog->list()->topLevelItem(0)->text(2), keccak256("audited").toString());
        for (const QString &said : {u".bashrc"_s, u"large.bin"_s, u"two attachments"_s})
            QVERIFY2(dialog->message().contains(said), qPrintable(dialog->message()));
        press(Qt::Key_Escape);
        QTRY_VERIFY(!openDialog<DocumentsDialog>());
        QCOMPARE(view->request().documents.size(), 1);
        QCOMPARE(view->request().documents.first().content, QByteArray("audited"));
        QTRY_COMPARE(active(), &f->window);
        QVERIFY(tabTo(view->about()->documentsButton()));
        press(Qt::Key_Space);
        dialog = openDialog<DocumentsDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(active(), dialog);
        QVERIFY(tabTo(dialog->removeButton()));
        press(Qt::Key_Space);
        QVERIFY(!dialog->removeButton()->isEnabled());
        press(Qt::Key_Escape);
        QVERIFY(view->request().documents.isEmpty());
    }

    void anAttachmentIsSavedAndNeverOpened()
    {
        const QTemporaryDir folder;
        QTRY_VERIFY(f->page->openReview(holdAttachment()));
        QVERIFY(f->page->reviewView()->attachmentsButton()->isVisible());
        QVERIFY(tabTo(f->page->reviewView()->attachmentsButton()));
        press(Qt::Key_Space);
        auto *dialog = openDialog<AttachmentsDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(active(), dialog);
        QCOMPARE(dialog->list()->topLevelItem(0)->text(2), keccak256("audited").toString());
        const QString path = folder.filePath(u"report.pdf"_s);
        f->prompter.save = path;
        f->desk.attachment = Bytes("swapped");
        QVERIFY(tabTo(dialog->saveButton()));
        press(Qt::Key_Space);
        QVERIFY2(!QFile::exists(path) && dialog->message().contains(u"not the file"_s), qPrintable(dialog->message()));
        f->desk.attachment = Bytes("audited");
        press(Qt::Key_Space);
        QCOMPARE(readFile(path), QByteArray("audited"));
        QVERIFY(dialog->folderButton()->isEnabled());
        press(Qt::Key_Escape);
    }

    void aFindingIsOverriddenByKeyboard()
    {
        Review review = f->reviewOf(m_revoke.safeTxHash());
        f->desk.onReview = [&](const Hash32 &) { f->review.setReview(review); };
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        QVERIFY2(!f->page->reviewView()->overrideButton()->isVisible(), "nothing can be overridden");
        review.findings.prepend({u"policy.coolingOff"_s, Severity::Block, u"The proposal must have been known for 4 h first"_s, {}});
        review.overridable = {u"policy.coolingOff"_s};
        f->page->refresh();
        QVERIFY(f->page->reviewView()->overrideButton()->isVisible());
        QVERIFY(tabTo(f->page->reviewView()->overrideButton()));
        press(Qt::Key_Space);
        auto *dialog = openDialog<OverrideDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        QVERIFY(tabTo(dialog->reasonEdit()));
        type(u"It cannot wait"_s);
        QVERIFY(tabTo(dialog->findChild<QWidget *>(u"pin"_s)));
        type(u"1234"_s);
        press(Qt::Key_Return);
        QCOMPARE(f->desk.saidKind, StatementKind::Override);
        QCOMPARE(f->desk.overridden, u"policy.coolingOff"_s);
        QCOMPARE(f->desk.pinLength, 4);
    }

    void escapeGivesTheSigningUp()
    {
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(openDialog<SignDialog>());
        QTRY_COMPARE(QApplication::activeWindow(), openDialog<SignDialog>());
        press(Qt::Key_Escape);
        QTRY_VERIFY(!openDialog<SignDialog>());
        QCOMPARE(f->desk.signs, 0);
        QVERIFY2(f->page->reviewView()->isVisible(), "one key, one step back");
    }

    void aProposalIsComposedAndProposed()
    {
        f->composer.answer = goodComposition();
        press(Qt::Key_N, Qt::ControlModifier);
        ComposeView *view = f->page->composeView();
        QVERIFY(view->isVisible());
        QVERIFY(view->addButton()->hasFocus());
        walkMenu({u"Canton keys"_s, u"Revoke a key"_s});
        press(Qt::Key_Space);
        QTRY_COMPARE(view->stepList()->count(), 1);
        QWidget *party = view->stepForm()->editor(u"party"_s);
        QVERIFY2(party->hasFocus(), "one types on where the step begins");
        type(u"Settlement"_s);
        if (QApplication::activePopupWidget()) // the list of names
            press(Qt::Key_Escape);
        QVERIFY(view->isVisible());
        QVERIFY(tabTo(view->reasonEdit()));
        type(u"The key was seen in a log."_s);
        QTRY_VERIFY(view->proposeButton()->isEnabled());
        const auto *revoke = std::get_if<RevokeKeyAction>(&f->composer.asked.actions.first());
        QVERIFY(revoke);
        QCOMPARE(revoke->party, u"Settlement"_s);
        press(Qt::Key_Return, Qt::AltModifier);
        auto *dialog = openDialog<FlowDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        QVERIFY(tabTo(dialog->findChild<QWidget *>(u"pin"_s)));
        type(u"1234"_s);
        press(Qt::Key_Return);
        QCOMPARE(f->desk.pinLength, qsizetype(4));
        emit f->desk.proposed({QList<Proposal>{m_other}});
        QVERIFY(dialog->goButton()->hasFocus());
        press(Qt::Key_Return);
        QTRY_VERIFY(!openDialog<FlowDialog>());
        QVERIFY2(f->page->reviewView()->isVisible(), "what was proposed is reviewed next");
    }

    void aDraftIsKeptByLeavingAndOpenedAgain()
    {
        f->composer.answer = goodComposition();
        press(Qt::Key_N, Qt::ControlModifier);
        ComposeView *view = f->page->composeView();
        walkMenu({u"Vaults"_s, u"Pause"_s});
        press(Qt::Key_Plus, Qt::ControlModifier);
        QTRY_COMPARE(view->stepList()->count(), 1);
        press(Qt::Key_S, Qt::ControlModifier);
        QCOMPARE(f->composer.kept.size(), 1);
        type(u"treasury"_s);
        press(Qt::Key_Escape);
        if (view->isVisible())
            press(Qt::Key_Escape);
        QTRY_VERIFY(f->page->queueView()->isVisible());
        const auto *pause = std::get_if<PauseAction>(&f->composer.kept.first().request.actions.first());
        QVERIFY(pause);
        QCOMPARE(pause->vault, u"treasury"_s);
        QToolButton *drafts = nullptr;
        for (QToolButton *button : f->page->queueView()->findChildren<QToolButton *>())
            drafts = button->accessibleName() == u"Drafts on this machine"_s ? button : drafts;
        QVERIFY(drafts && drafts->isVisible());
        QVERIFY(tabTo(drafts));
        walkMenu({u"Pause treasury"_s});
        press(Qt::Key_Space);
        QTRY_VERIFY(view->isVisible());
        QCOMPARE(view->draft(), u"one"_s);
        QCOMPARE(view->stepList()->count(), 1);
    }

    void stepsAreMovedAndRemoved()
    {
        f->page->compose({});
        ComposeView *view = f->page->composeView();
        view->addStep(PauseAction{u"treasury"_s});
        view->addStep(UnpauseAction{u"treasury"_s});
        const auto press2 = [&](const QString &name) {
            for (QToolButton *button : view->findChildren<QToolButton *>()) {
                if (button->accessibleName() == name && tabTo(button))
                    press(Qt::Key_Space);
            }
        };
        press2(u"Move the step up"_s);
        QVERIFY(std::holds_alternative<UnpauseAction>(view->request().actions.first()));
        QVERIFY2(QApplication::focusWidget() && view->isAncestorOf(QApplication::focusWidget()), "a button that goes grey hands the focus on");
        press2(u"Remove the step"_s);
        QCOMPARE(view->request().actions.size(), 1);
        press2(u"Remove the step"_s);
        QCOMPARE(view->request().actions.size(), 0);
        QVERIFY2(QApplication::focusWidget() && view->isAncestorOf(QApplication::focusWidget()), "a button that goes grey hands the focus on");
    }

    void pastedTextIsImported()
    {
        press(Qt::Key_I, Qt::ControlModifier);
        auto *dialog = openDialog<ReceiveDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        QVERIFY(tabTo(dialog->textEdit()));
        type(u"{}"_s);
        QVERIFY(tabTo(dialog->takeButton()));
        press(Qt::Key_Space);
        QCOMPARE(f->exchangeDesk.contents, QList<Bytes>{"{}"});
        QCOMPARE(f->exchangeDesk.takenFrom, u"pasted text"_s);
        emit f->exchangeDesk.taken({TakenReport{u"One proposal was taken."_s, {}, {}, {}}});
        QCOMPARE(dialog->message(), u"One proposal was taken."_s);
        QVERIFY2(QApplication::focusWidget() && dialog->isAncestorOf(QApplication::focusWidget()), "a button that goes grey hands the focus on");
        press(Qt::Key_Escape);
        QTRY_VERIFY(!openDialog<ReceiveDialog>());
    }

    void aProposalIsRejectedWithAReason()
    {
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        press(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        auto *dialog = openDialog<FlowDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        type(u"Not agreed"_s);
        press(Qt::Key_Tab);
        type(u"1234"_s);
        press(Qt::Key_Return);
        QCOMPARE(f->desk.saidKind, StatementKind::Rejection);
        QCOMPARE(f->desk.saidText, u"Not agreed"_s);
        QCOMPARE(f->desk.pinLength, qsizetype(4));
    }

    void aMismatchIsReportedFromTheMenu()
    {
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        QVERIFY(tabTo(f->page->reviewView()->moreButton()));
        walkMenu({u"The device shows something else"_s});
        press(Qt::Key_Space);
        QTRY_VERIFY(openDialog<MismatchDialog>());
        auto *dialog = openDialog<MismatchDialog>();
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        type(u"0xDEAD"_s);
        QVERIFY(tabTo(dialog->goButton()));
        press(Qt::Key_Space);
        QCOMPARE(f->desk.saidKind, StatementKind::MismatchReport);
        QCOMPARE(f->desk.saidText, u"0xDEAD"_s);
        QVERIFY(!f->desk.isSigned);
    }

    void aSignatureIsGivenSealed()
    {
        f->desk.possibleExecutors = {{u"bob"_s, bob.address(), keccak256("key")}};
        f->desk.unopened = {u"A signature is sealed for you, and the keychain is locked"_s};
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        const auto labels = f->page->reviewView()->findChildren<QLabel *>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel *label) { return label->text().contains(u"the keychain is locked"_s); }));
        press(Qt::Key_Return, Qt::ControlModifier);
        auto *dialog = openDialog<SignDialog>();
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        const QString digits = deviceText(f->review.review()->hashes.safeTx);
        QVERIFY(tabTo(dialog->firstEdit(ComparedHash::SafeTx)));
        type(digits.sliced(2, 4));
        type(digits.last(4));
        QVERIFY(tabTo(dialog->giveBox()));
        press(Qt::Key_Down);
        QVERIFY(tabTo(dialog->findChild<QWidget *>(u"pin"_s)));
        type(u"1234"_s);
        press(Qt::Key_Return);
        QCOMPARE(f->desk.signs, 1);
        QCOMPARE(f->desk.sealedFor, std::optional(bob.address()));
    }

    void anEncryptedPackageSaysWhoCannotReadIt()
    {
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        f->exchangeDesk.unreachable = {u"carol"_s};
        QVERIFY(tabTo(f->page->reviewView()->moreButton()));
        walkMenu({u"Give to the owners only, encrypted"_s});
        press(Qt::Key_Space);
        QTRY_VERIFY(openDialog<SendDialog>());
        const auto labels = openDialog<SendDialog>()->findChildren<QLabel *>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel *label) { return label->text().contains(u"carol cannot read it"_s); }));
    }

    void anEncryptionKeyIsAnnouncedFromTheMenu()
    {
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        QVERIFY(tabTo(f->page->reviewView()->moreButton()));
        walkMenu({u"Announce my encryption key"_s});
        press(Qt::Key_Space);
        QTRY_VERIFY(openDialog<AnnounceKeyDialog>());
        auto *dialog = openDialog<AnnounceKeyDialog>();
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        QVERIFY(tabTo(dialog->findChild<QWidget *>(u"pin"_s)));
        type(u"1234"_s);
        press(Qt::Key_Return);
        QCOMPARE(f->desk.saidKind, StatementKind::EncryptionKey);
        QCOMPARE(f->desk.announcedFor, ChainId(1));
        Statement statement;
        statement.kind = StatementKind::EncryptionKey;
        statement.encryptionKey = keccak256("key");
        emit f->desk.said({StatementOutcome{statement, true}});
        QVERIFY(dialog->isFinished());
        QVERIFY(dialog->goButton()->hasFocus());
    }

    void anAlarmIsAccepted()
    {
        ExchangeAlarm alarm;
        alarm.text = u"Entry 3 of bob is missing."_s;
        f->exchange.held.alarms = {alarm};
        emit f->exchange.changed();
        QueueSide *side = f->page->queueView()->side();
        QVERIFY(tabTo(side->notices()));
        press(Qt::Key_Home);
        QWidget *accept = nullptr;
        for (QPushButton *button : side->findChildren<QPushButton *>())
            accept = button->accessibleName() == u"I have looked into the alarm"_s ? button : accept;
        QVERIFY(accept);
        QTRY_VERIFY(accept->isVisible());
        QVERIFY(tabTo(accept));
        press(Qt::Key_Space);
        QCOMPARE(f->exchangeDesk.accepted.size(), 1);
        QVERIFY(QApplication::focusWidget());
    }

    void withdrawingOffersToDeleteWhatACarrierWouldDelete()
    {
        {
            StatementDialog none(f->desk, StatementKind::Withdrawal, m_revoke.safeTxHash(), u"Revoke"_s);
            QVERIFY(!none.deleteBox());
        }
        f->desk.deletable = {u"transaction service api.safe.global (ethereum)"_s};
        StatementDialog note(f->desk, StatementKind::Note, m_revoke.safeTxHash(), u"Revoke"_s);
        QVERIFY(!note.deleteBox());
        StatementDialog dialog(f->desk, StatementKind::Withdrawal, m_revoke.safeTxHash(), u"Revoke"_s);
        QVERIFY(dialog.deleteBox());
        QVERIFY(dialog.deleteBox()->isChecked());
        QVERIFY(dialog.deleteBox()->text().contains(u"api.safe.global"_s));
        dialog.show();
        QTest::keyClicks(dialog.textEdit(), u"Bob is right"_s);
        QTest::keyClicks(dialog.findChild<PinEntry *>(), u"1234"_s);
        QTRY_VERIFY(dialog.goButton()->isEnabled());
        dialog.goButton()->click();
        QCOMPARE(f->desk.saidKind, StatementKind::Withdrawal);
        QVERIFY(f->desk.isDeleted);
    }

    void whatMustComeFirstIsChosenAndKept()
    {
        const Hash32 gone = keccak256("gone");
        const Hash32 there = keccak256("there");
        f->composer.answer = goodComposition();
        f->composer.open = {{there, u"Deploy the vault"_s, u"ethereum"_s, Uint256(7)}};
        ComposeRequest request;
        request.dependsOn = {gone};
        f->page->compose(request);
        ComposeView *view = f->page->composeView();
        view->addStep(RawCallAction{});
        auto *chooser = view->findChild<DependencyChooser *>();
        QVERIFY(chooser);
        QVERIFY2(chooser->toolTip().contains(gone.toString()), "what is not open is said");
        emit chooser->menu()->aboutToShow();
        QCOMPARE(chooser->menu()->actions().size(), 2);
        QVERIFY(chooser->menu()->actions().at(0)->text().contains(u"nonce 7: Deploy the vault"_s));
        chooser->menu()->actions().at(0)->trigger();
        QTRY_COMPARE(f->composer.asked.dependsOn, (QList<Hash32>{gone, there}));
        emit chooser->menu()->aboutToShow();
        chooser->menu()->actions().at(1)->trigger();
        QTRY_COMPARE(f->composer.asked.dependsOn, QList<Hash32>{there});
        QVERIFY(!chooser->toolTip().contains(gone.toString()));
    }

    void aTokenIsPastedAndNeverShown()
    {
        f->exchangeDesk.known.append({u"transaction service api.safe.global (ethereum)"_s, Tone::Bad, u"token needed"_s, u"It wants one."_s, 0,
            DeskToken{u"https://api.safe.global"_s, u"No access token."_s, false}});
        emit f->exchangeDesk.carriersChanged();
        auto *button = f->page->queueView()->side()->findChild<QPushButton *>(u"tokenButton"_s);
        QVERIFY(button);
        QTRY_VERIFY(button->isVisible());
        QVERIFY(tabTo(button));
        emit f->exchangeDesk.carriersChanged(); // the rows are made anew
        auto *renewed = qobject_cast<QPushButton *>(QApplication::focusWidget());
        QVERIFY(renewed);
        QCOMPARE(renewed->accessibleName(), u"Access token of transaction service api.safe.global (ethereum)"_s);
        press(Qt::Key_Space);
        auto *dialog = f->page->findChild<TokenDialog *>();
        QVERIFY(dialog);
        QVERIFY(!dialog->keepButton()->isEnabled());
        QVERIFY(!dialog->removeButton()->isEnabled());
        QGuiApplication::clipboard()->setText(u"two words"_s);
        dialog->pasteButton()->click();
        QVERIFY(dialog->entry()->isEmpty());
        QGuiApplication::clipboard()->setText(u"  eyJhbGciOi.token.of-the-service \n"_s);
        dialog->pasteButton()->click();
        QCOMPARE(dialog->entry()->length(), 31);
        QVERIFY(dialog->keepButton()->isEnabled());
        for (const QLabel *label : dialog->findChildren<QLabel *>())
            QVERIFY(!label->text().contains(u"eyJ"_s));
        f->exchangeDesk.known.last().token->isPresent = true;
        dialog->keepButton()->click();
        QCOMPARE(f->exchangeDesk.tokenOrigin, u"https://api.safe.global"_s);
        QCOMPARE(f->exchangeDesk.tokenLength, 31);
        QVERIFY(dialog->entry()->isEmpty());
        QCOMPARE(dialog->message(), u"In use."_s);
        dialog->removeButton()->click();
        QTRY_COMPARE(f->exchangeDesk.tokenLength, 0);
        dialog->close();
    }

    void sourcesArePublishedLaterByKeyboard()
    {
        f->desk.sources.servers = {FakePublication::explorer()};
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        QVERIFY(tabTo(f->page->reviewView()->moreButton()));
        walkMenu({u"Publish the sources"_s});
        press(Qt::Key_Space);
        QTRY_VERIFY(openDialog<PublishDialog>());
        auto *dialog = openDialog<PublishDialog>();
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        QCOMPARE(f->desk.sources.finds, 1);
        QVERIFY(f->desk.sources.sought == m_revoke.safeTxHash());
        QVERIFY2(!dialog->goButton()->isEnabled(), "what is to be published is not known yet");
        ExecutionReport report;
        report.safeTxHash = m_revoke.safeTxHash();
        emit f->desk.sources.found({report});
        QVERIFY(dialog->contents()->toPlainText().contains(u"CantonKeyRegistry.sol"_s));
        QVERIFY2(!dialog->goButton()->isEnabled(), "the explorer wants a key");
        QVERIFY(tabTo(dialog->keyButton()));
        press(Qt::Key_Space);
        auto *entry = dialog->findChild<TokenDialog *>();
        QVERIFY(entry);
        QTRY_COMPARE(QApplication::activeWindow(), entry);
        type(u"K3Y"_s);
        press(Qt::Key_Return);
        QCOMPARE(f->desk.sources.keyOrigin, u"https://api.example"_s);
        QCOMPARE(f->desk.sources.keyLength, qsizetype(3));
        press(Qt::Key_Escape);
        QTRY_COMPARE(active(), dialog);
        QVERIFY(dialog->goButton()->isEnabled());
        QVERIFY(!f->desk.sources.publishedAs);
        QVERIFY(tabTo(dialog->goButton()));
        press(Qt::Key_Space);
        QVERIFY(f->desk.sources.publishedAs && f->desk.sources.publishedAs->safeTxHash == m_revoke.safeTxHash());
        QCOMPARE(f->desk.sources.publishedAt, u"e"_s);
        press(Qt::Key_Escape); // leaves off waiting, and says what that means
        QCOMPARE(f->desk.sources.stops, 1);
        QVERIFY(dialog->isVisible());
        QCOMPARE(dialog->message(), u"No longer waited for."_s);
        QVERIFY(dialog->goButton()->hasFocus());
        press(Qt::Key_Space); // looks again
        press(Qt::Key_Space); // and publishes
        emit f->desk.sources.published({PublishedSources{0, 1, {u"0x11 on chain 1"_s}}});
        QVERIFY2(dialog->message().contains(u"already"_s), qPrintable(dialog->message()));
        QVERIFY(dialog->goButton()->hasFocus());
        press(Qt::Key_Return);
        QTRY_VERIFY(!openDialog<PublishDialog>());
    }

    void whatCannotBeVerifiedAgainIsNotPublished()
    {
        f->desk.sources.servers = {FakePublication::sourcify(), FakePublication::explorer()};
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        auto *dialog = qobject_cast<PublishDialog *>(f->page->publishSources());
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        QVERIFY(dialog->publisherChoice()->hasFocus());
        emit f->desk.sources.found({std::unexpected(Error{ErrorKind::Rejected, u"The Safe's call failed"_s, {}})});
        QCOMPARE(dialog->message(), u"The Safe's call failed"_s);
        press(Qt::Key_Down);
        QVERIFY(!f->desk.sources.publishedAs);
        QVERIFY(tabTo(dialog->goButton()));
        press(Qt::Key_Space);
        QCOMPARE(f->desk.sources.finds, 2);
        QVERIFY(!dialog->goButton()->isEnabled());
        ExecutionReport report;
        report.safeTxHash = m_revoke.safeTxHash();
        emit f->desk.sources.found({report});
        QVERIFY(dialog->contents()->toPlainText().contains(u"api.example"_s));
        QVERIFY2(!dialog->goButton()->isEnabled(), "the second server wants a key");
        QVERIFY(tabTo(dialog->publisherChoice()));
        press(Qt::Key_Up);
        QVERIFY(dialog->contents()->toPlainText().contains(u"sources.example"_s));
        QVERIFY(dialog->goButton()->isEnabled());
    }

    void aDelegateIsAddedByKeyboard()
    {
        const QString service = u"transaction service api.safe.global (ethereum)"_s;
        DeskCarrier carrier{service, Tone::Good, u"read"_s, {}, 0};
        carrier.hasDelegates = true;
        f->exchangeDesk.known.append(carrier);
        emit f->exchangeDesk.carriersChanged();
        auto *button = f->page->queueView()->side()->findChild<QPushButton *>(u"delegatesButton"_s);
        QVERIFY(button);
        QTRY_VERIFY(button->isVisible());
        f->desk.delegation.known.delegates = {{SafeServiceDelegate{carol.address(), alice.address(), {}, u"assistant"_s, {}}, u"alice"_s, true, false}};
        QVERIFY(tabTo(button));
        press(Qt::Key_Space);
        QTRY_VERIFY(openDialog<DelegatesDialog>());
        auto *dialog = openDialog<DelegatesDialog>();
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        QCOMPARE(f->desk.delegation.lookUps, 1);
        QCOMPARE(dialog->list()->count(), 1);
        QVERIFY(dialog->list()->item(0)->text().contains(carol.address().toString()));
        QVERIFY(tabTo(dialog->addressEdit()));
        type(bob.address().toString());
        QVERIFY(tabTo(dialog->labelEdit()));
        type(u"desk"_s);
        QVERIFY(dialog->words()->toPlainText().contains(bob.address().toString()));
        QVERIFY(tabTo(dialog->endEdit()));
        type(u"soon"_s);
        QVERIFY2(dialog->words()->toPlainText().contains(u"is no day"_s), qPrintable(dialog->words()->toPlainText()));
        press(Qt::Key_A, Qt::ControlModifier);
        type(u"2099-12-31"_s);
        QVERIFY(tabTo(dialog->findChild<QWidget *>(u"pin"_s)));
        type(u"1234"_s);
        press(Qt::Key_Return);
        QVERIFY(f->desk.delegation.asked);
        QCOMPARE(f->desk.delegation.pinLength, qsizetype(4));
        QCOMPARE(f->desk.delegation.asked->delegate.label, u"desk"_s);
        QVERIFY(!f->desk.delegation.asked->removes);
        QCOMPARE(f->desk.delegation.asked->delegate.expiresAt->toIsoString(), u"2099-12-31T23:59:59.999Z"_s);
        emit f->desk.delegation.sent({std::unexpected(Error{ErrorKind::Rejected, u"The service refused."_s, {}})});
        QCOMPARE(dialog->message(), u"The service refused."_s);
        QVERIFY(dialog->addressEdit()->isEnabled());
        dialog->act()->setCurrentIndex(1);
        QVERIFY(dialog->words()->toPlainText().contains(carol.address().toString()));
        QVERIFY(tabTo(dialog->goButton()));
        press(Qt::Key_Space); // looks for the token again
        QVERIFY(tabTo(dialog->findChild<QWidget *>(u"pin"_s)));
        type(u"12345"_s);
        press(Qt::Key_Return);
        QVERIFY(f->desk.delegation.asked->removes);
        emit f->desk.delegation.sent({u"The service took it."_s});
        QVERIFY(dialog->isFinished());
        press(Qt::Key_Return);
        QTRY_VERIFY(!openDialog<DelegatesDialog>());
    }

    void aDelegatesHandIsSaidToBeAClaim()
    {
        f->desk.delegation.claim = u"Proposed by delegate 0x11 for owner alice, as the service claims."_s;
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        const auto labels = f->page->reviewView()->findChildren<QLabel *>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel *label) { return label->isVisible() && label->text().contains(u"as the service claims"_s); }));
    }

    void tabGoesRoundTheQueue()
    {
        ExchangeAlarm alarm;
        alarm.text = u"Entry 3 of bob is missing."_s;
        f->exchange.held.alarms = {alarm};
        emit f->exchange.changed();
        f->composer.kept = {{u"one"_s, {}}};
        f->composer.kept.first().request.title = u"A draft"_s;
        emit f->composer.draftsChanged();
        QStringList order;
        const QStringList problems = problemsOfWalk(f->page, &order);
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u"; "_s)));
        const auto at = [&](const QString &name) { return order.indexOf(name); };
        const qsizetype first = at(u"Show all proposals"_s);
        std::rotate(order.begin(), order.begin() + first, order.end());
        const QStringList wanted{u"Show all proposals"_s, u"Drafts on this machine"_s, u"Import proposals and signatures"_s,
            u"Propose a transaction"_s, u"Show what is not well with the exchange"_s, u"Proposals"_s, u"Nonces of the Safes"_s,
            u"What is not well with the exchange"_s};
        QStringList met;
        for (const QString &name : std::as_const(order)) {
            if (wanted.contains(name))
                met.append(name);
        }
        QCOMPARE(met, wanted);
    }

    void tabGoesRoundTheReview()
    {
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        QTRY_VERIFY(f->page->reviewView()->isVisible());
        QStringList order;
        const QStringList problems = problemsOfWalk(f->page, &order);
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u"; "_s)));
        std::rotate(order.begin(), order.begin() + order.indexOf(u"Back to the queue"_s), order.end());
        const QStringList wanted{u"Back to the queue"_s, u"Decoded calls"_s, u"Findings"_s, u"Effect"_s, u"Sign as alice…"_s,
            u"What else may be done about the proposal"_s};
        QStringList met;
        for (const QString &name : std::as_const(order)) {
            if (wanted.contains(name))
                met.append(name);
        }
        QCOMPARE(met, wanted);
    }

    void tabGoesRoundTheComposer()
    {
        f->composer.answer = goodComposition();
        f->page->compose({});
        ComposeView *view = f->page->composeView();
        view->addStep(DeployAction{.artifact = u"TreasuryAdapter"_s});
        view->addStep(RawCallAction{});
        QTest::keyClicks(view->reasonEdit(), u"Because"_s);
        QTRY_VERIFY(view->proposeButton()->isEnabled());
        QStringList order;
        const QStringList problems = problemsOfWalk(f->page, &order);
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u"; "_s)));
        std::rotate(order.begin(), order.begin() + order.indexOf(u"Back to the queue"_s), order.end());
        const QStringList wanted{u"Back to the queue"_s, u"Steps of the proposal"_s, u"Add a step"_s, u"Move the step up"_s,
            u"Remove the step"_s, u"To"_s, u"Ether, in wei"_s, u"Data"_s, u"As delegatecall"_s, u"Reason"_s, u"Title"_s,
            u"Propose on ethereum"_s, u"Nonce"_s, u"How long it is valid"_s, u"Findings"_s, u"Keep as draft"_s, u"Propose as alice…"_s};
        QStringList met;
        for (const QString &name : std::as_const(order)) {
            if (wanted.contains(name))
                met.append(name);
        }
        QCOMPARE(met, wanted);
    }

    void tabGoesRoundEveryDialog_data()
    {
        QTest::addColumn<int>("which");
        for (const char *name : {"sign", "execute", "note", "mismatch", "send", "import", "attachments", "environment", "propose"})
            QTest::newRow(name) << static_cast<int>(m_dialogs++);
    }
    void tabGoesRoundEveryDialog()
    {
        QFETCH(const int, which);
        const QTemporaryDir folder;
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        QDialog *dialog = nullptr;
        switch (which) {
        case 0:
            dialog = f->page->sign();
            break;
        case 1:
            dialog = f->page->execute();
            break;
        case 2:
            dialog = f->page->say(StatementKind::Note);
            break;
        case 3:
            dialog = f->page->reportMismatch();
            break;
        case 4:
            dialog = f->page->send();
            break;
        case 5:
            dialog = f->page->import();
            break;
        case 6:
            QTRY_VERIFY(f->page->openReview(holdAttachment()));
            dialog = f->page->showAttachments();
            break;
        case 7:
            f->desk.profile = folder.filePath(u"environment.yaml"_s);
            QVERIFY(writeFile(f->desk.profile, profileOf(f->chain())));
            f->desk.deployments = QList<DeploymentVerification>{createdVault()};
            dialog = f->page->addToEnvironment();
            break;
        default:
            f->composer.answer = goodComposition();
            f->page->compose({});
            f->page->composeView()->addStep(PauseAction{u"treasury"_s});
            QTRY_VERIFY(!f->page->composeView()->proposals().isEmpty());
            dialog = f->page->publish();
        }
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        const QStringList problems = problemsOfWalk(dialog);
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u"; "_s)));
        press(Qt::Key_Escape);
        QTRY_VERIFY(!openDialog<QDialog>());
    }

private:
    /// A proposal with a file that goes with it.
    Hash32 holdAttachment()
    {
        ProposalDraft draft = testDraft(4);
        draft.chainId = f->chain().chainId;
        draft.safe = *f->chain().safe;
        draft.attachments = {{u"report.pdf"_s, u"application/pdf"_s, 7, keccak256("audited")}};
        const Proposal proposal = bob.propose(draft);
        f->exchange.hold({proposal});
        return proposal.safeTxHash();
    }
    static DeploymentVerification createdVault()
    {
        DeploymentVerification vault;
        vault.address = Address::parse(u"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB").value();
        vault.contract = u"CantonDeFiVault"_s;
        vault.steps = {{u"The code is the build CantonDeFiVault"_s, true, {}}};
        return vault;
    }

    std::unique_ptr<ApprovalsFixture> f;
    Proposal m_revoke;
    Proposal m_other;
    int m_dialogs = 0;
};

QTEST_MAIN(TestApprovalsPage)
#include "tst_approvalspage.moc"
