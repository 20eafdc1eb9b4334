#include "tests/backend/proposals/member.h"
#include "tests/ui/approvalsfixture.h"
#include "ui/pages/approvals/retractdialog.h"
#include "ui/pages/approvals/reviewview.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace countersign;

namespace {

const QString menuText = u"Take an override &back…"_s;

QAction *actionOf(const ApprovalsPage &page)
{
    for (QAction *action : page.reviewView()->moreButton()->menu()->actions()) {
        if (action->text() == menuText)
            return action;
    }
    return nullptr;
}

RetractDialog *openDialog()
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        auto *dialog = qobject_cast<RetractDialog *>(widget);
        if (dialog && dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

bool tabTo(const QWidget *wanted)
{
    for (int i = 0; i < 40 && QApplication::focusWidget() != wanted; ++i)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    return QApplication::focusWidget() == wanted;
}

} // namespace

/// Taking back on the page what one has answered for.
class TestRetraction final : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        f = std::make_unique<ApprovalsFixture>();
        m_proposal = proposalOn(f->chain(), 2, u"Revoke the key of Treasury desk"_s, bob);
        m_mine = override(alice, u"policy.coolingOff"_s, 1);
        m_others = override(carol, u"policy.coolingOff"_s, 1);
        f->window.resize(1366, 768);
        f->window.show();
        f->window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&f->window));
    }
    void cleanup() { f.reset(); }

    void oneTakesBackWhatOneAnsweredFor()
    {
        const Statement window = override(alice, u"policy.window"_s, 2, m_mine.digest());
        open({m_mine, window, m_others});
        // By the letter in the menu, then the fields.
        QMenu *menu = f->page->reviewView()->moreButton()->menu();
        menu->popup({});
        QVERIFY(actionOf(*f->page)->isEnabled());
        QTest::keyClick(menu, Qt::Key_B);
        RetractDialog *dialog = openDialog();
        QVERIFY(dialog);
        dialog->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), dialog);
        QCOMPARE(dialog->choice()->count(), 2);
        QVERIFY2(!dialog->goButton()->isEnabled(), "it has no reason yet");
        QVERIFY(tabTo(dialog->choice()));
        QTest::keyClick(dialog->choice(), Qt::Key_Down);
        QVERIFY(tabTo(dialog->reasonEdit()));
        QTest::keyClicks(dialog->reasonEdit(), u"It can wait"_s);
        auto *pin = dialog->findChild<QWidget *>(u"pin"_s);
        QVERIFY(tabTo(pin));
        QTest::keyClicks(pin, u"1234"_s);
        QVERIFY(dialog->goButton()->isEnabled());
        QTest::keyClick(pin, Qt::Key_Return);
        QCOMPARE(f->desk.saidKind, StatementKind::Retraction);
        QVERIFY(f->desk.retracted == window.digest());
        QCOMPARE(f->desk.saidText, u"It can wait"_s);
        QCOMPARE(f->desk.pinLength, 4);
        emit f->desk.said({StatementOutcome{retraction(alice, window, 3, window.digest()), true}});
        QVERIFY(dialog->isFinished());
    }
    void itIsOfferedOnlyForWhatStands()
    {
        open({m_others});
        QVERIFY2(!isOffered(), "another's");
        QVERIFY(!f->page->say(StatementKind::Retraction));
        open({m_mine, m_others});
        QVERIFY(isOffered());
        open({m_mine, m_others, retraction(carol, m_mine, 2, m_others.digest())});
        QVERIFY2(isOffered(), "another's word takes nothing back");
        open({m_mine, m_others, retraction(alice, m_mine, 2, m_mine.digest())});
        QVERIFY2(!isOffered(), "it is taken back already");
    }

private:
    Statement blank(StatementKind kind, const QString &text, quint64 sequence, const Hash32 &previous) const
    {
        Statement statement;
        statement.kind = kind;
        statement.chainId = m_proposal.chainId;
        statement.safe = m_proposal.safe;
        statement.safeTxHash = m_proposal.safeTxHash();
        statement.madeAt = Timestamp::fromSeconds(1'700'000'200);
        statement.text = text;
        statement.link = {sequence, previous};
        return statement;
    }
    Statement override(const TestKey &by, const QString &finding, quint64 sequence, const Hash32 &previous = {}) const
    {
        Statement statement = blank(StatementKind::Override, u"It cannot wait."_s, sequence, previous);
        statement.finding = finding;
        statement.policy = keccak256("policy");
        return by.state(statement);
    }
    Statement retraction(const TestKey &by, const Statement &of, quint64 sequence, const Hash32 &previous) const
    {
        Statement statement = blank(StatementKind::Retraction, u"It can wait."_s, sequence, previous);
        statement.retracts = of.digest();
        return by.state(statement);
    }
    void open(const QList<Statement> &statements)
    {
        QList<ExchangeEntry> entries{m_proposal};
        for (const Statement &statement : statements)
            entries.append(statement);
        f->exchange.hold(entries);
        QTRY_COMPARE(f->queue.rowCount(), 1);
        QTRY_COMPARE(f->queue.entry(0).item.statements.size(), statements.size());
        QVERIFY(f->page->openReview(m_proposal.safeTxHash()));
    }
    bool isOffered() const
    {
        emit f->page->reviewView()->moreButton()->menu()->aboutToShow();
        return actionOf(*f->page)->isEnabled();
    }

    std::unique_ptr<ApprovalsFixture> f;
    Proposal m_proposal;
    Statement m_mine;
    Statement m_others;
};

QTEST_MAIN(TestRetraction)
#include "tst_retraction.moc"
