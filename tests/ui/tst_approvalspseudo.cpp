#include "tests/backend/proposals/safechain.h"
#include "tests/ui/approvalsfixture.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/delegatesdialog.h"
#include "ui/pages/approvals/publishdialog.h"
#include "ui/pages/approvals/queueview.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/stepform.h"
#include "ui/pages/approvals/tokendialog.h"

#include <QAbstractButton>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSet>
#include <QTest>
#include <QToolButton>
#include <QTranslator>

#include <memory>

using namespace countersign;
using namespace countersign::testing;

namespace {

/// Every text as in a language of long words, and told from one that nobody translates by its brackets.
class PseudoLocale final : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *, const char *sourceText, const char *, int n) const override
    {
        QString text = QString::fromUtf8(sourceText);
        const qsizetype length = text.size();
        for (QChar &letter : text) {
            static const QString from = u"aeiou"_s;
            static const QString to = u"áéíóú"_s;
            if (const qsizetype at = from.indexOf(letter); at >= 0)
                letter = to.at(at);
        }
        // "%n" is a place and no text.
        if (n >= 0)
            text.replace(u"%n"_s, QString::number(n));
        const qsizetype more = std::max<qsizetype>(1, length * 4 / 10 - 3);
        for (qsizetype i = 0; i < more; ++i)
            text += i % 6 == 0 ? u' ' : u'~';
        return u'[' + text + u']';
    }
};

QString where(const QWidget *widget)
{
    QString path;
    for (const QWidget *parent = widget; parent && path.size() < 120; parent = parent->parentWidget())
        path += u'/' + QString::fromLatin1(parent->metaObject()->className()).section(u':', -1);
    return path;
}

QString textOf(const QWidget *widget)
{
    if (const auto *label = qobject_cast<const QLabel *>(widget))
        return label->text();
    if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        return button->text();
    return {};
}

/// What does not fit into its place.
QStringList clippedIn(const QWidget *root)
{
    QStringList found;
    for (const QScrollArea *area : root->findChildren<QScrollArea *>()) {
        if (area->isVisible() && area->widget() && area->widget()->minimumSizeHint().width() > area->viewport()->width())
            found.append(u"wider than its place by %1: %2"_s.arg(area->widget()->minimumSizeHint().width() - area->viewport()->width()).arg(where(area)));
    }
    for (const QWidget *widget : root->findChildren<QWidget *>()) {
        const QString text = textOf(widget);
        if (text.isEmpty() || !widget->isVisible() || widget->window() != root->window())
            continue;
        const auto *label = qobject_cast<const QLabel *>(widget);
        const bool isWrapped = label && label->wordWrap();
        const bool isClipped = isWrapped ? widget->heightForWidth(widget->width()) > widget->height()
                                         : widget->sizeHint().width() > widget->width() || widget->sizeHint().height() > widget->height() + 2;
        if (isClipped)
            found.append(u"%1 (%2x%3, needs %4x%5) %6"_s.arg(text).arg(widget->width()).arg(widget->height())
                    .arg(widget->sizeHint().width()).arg(isWrapped ? widget->heightForWidth(widget->width()) : widget->sizeHint().height()).arg(where(widget)));
    }
    return found;
}

/// Words that went past the translator: texts, hints in empty fields, tooltips.
QStringList untranslatedIn(const QWidget *root, const QStringList &data)
{
    QStringList found;
    const auto look = [&](const QWidget *widget, const QString &text) {
        static const QRegularExpression words(u"[A-Za-z]{3,}.* |^[A-Za-z]{4,}$"_s);
        if (text.contains(u'[') || !words.match(text).hasMatch())
            return;
        for (const QString &one : data) {
            if (text.contains(one))
                return;
        }
        found.append(text + u' ' + where(widget));
    };
    for (const QWidget *widget : root->findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->window() != root->window())
            continue;
        look(widget, textOf(widget));
        look(widget, widget->toolTip());
        if (!widget->objectName().startsWith(u"qt_"_s))
            look(widget, widget->accessibleName());
        if (const auto *edit = qobject_cast<const QLineEdit *>(widget))
            look(widget, edit->placeholderText());
        if (const auto *edit = qobject_cast<const QPlainTextEdit *>(widget))
            look(widget, edit->placeholderText());
    }
    return found;
}

} // namespace

/// The page in a language of long words: nothing is cut off, nothing stays English. COUNTERSIGN_PICTURES names a folder
/// that keeps what was drawn.
class TestApprovalsPseudo final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_safe = std::make_unique<SafeChain>(u"ethereum"_s, QList<Address>{alice.address(), bob.address(), carol.address()}, ChainId(31337));
        m_chain = m_safe->settings();
        QVERIFY2(m_chain, "the chain of the test does not stand");
    }
    void cleanupTestCase() { m_safe.reset(); }
    void cleanup() { f.reset(); }

    void nothingIsCutOffOrLeftInEnglish_data()
    {
        QTest::addColumn<bool>("isPseudo");
        QTest::addColumn<bool>("isDark");
        QTest::addColumn<QSize>("size");
        QTest::newRow("long words on a small screen") << true << false << QSize(1366, 768);
        QTest::newRow("long words on a large screen") << true << true << QSize(2560, 1440);
        QTest::newRow("English on a small screen") << false << true << QSize(1366, 768);
        QTest::newRow("English on a large screen") << false << false << QSize(2560, 1440);
    }
    void nothingIsCutOffOrLeftInEnglish()
    {
        QFETCH(const bool, isPseudo);
        QFETCH(const bool, isDark);
        QFETCH(const QSize, size);
        PseudoLocale pseudo;
        if (isPseudo)
            QCoreApplication::installTranslator(&pseudo);
        m_isPseudo = isPseudo;
        m_problems.clear();
        f = std::make_unique<ApprovalsFixture>(m_chain, isDark ? ThemeMode::Dark : ThemeMode::Light);
        f->window.resize(size);
        f->window.show();
        lookAtQueue();
        lookAtReview();
        lookAtComposer();
        lookAtDialogs();
        if (isPseudo)
            QCoreApplication::removeTranslator(&pseudo);
        m_problems.removeDuplicates();
        for (const QString &problem : std::as_const(m_problems))
            qWarning("%s", qPrintable(problem));
        QCOMPARE(m_problems, QStringList());
    }

private:
    void look(QWidget *widget, const QString &name, const QWidget *checked = nullptr)
    {
        QTest::qWait(0);
        const QWidget *root = checked ? checked : widget;
        for (const QString &clipped : clippedIn(root))
            m_problems.append(name + u": clipped: "_s + clipped);
        if (m_isPseudo) {
            // Data of the fixture, and sentences of the backend, which speaks one language.
            const QStringList data{u"Revoke"_s, u"Pause the"_s, u"alice"_s, u"bob"_s, u"ethereum"_s, u"polygon"_s, u"TreasuryAdapter"_s, u"CantonKeyRegistry"_s,
                u"Settlement"_s, u"folder /srv"_s, u"service https"_s, u"Entry 3"_s, u"Canton key"_s, u"machine was lost"_s, u"none"_s, u"address"_s,
                u"uint256"_s, u"vault_"_s, u"limit_"_s, u"Read a second"_s, u"Look twice"_s, u"0x"_s, u"QMenu"_s, u"live"_s,
                u"signature more"_s, u"inside a hardware token"_s, u"first four and the last four characters that the device"_s};
            for (const QString &text : untranslatedIn(root, data))
                m_problems.append(name + u": not translated: "_s + text);
        }
        const QString folder = qEnvironmentVariable("COUNTERSIGN_PICTURES");
        if (!folder.isEmpty())
            widget->grab().save(u"%1/%2-%3-%4.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'_'), name).arg(widget->width()));
    }
    void lookAtQueue()
    {
        look(&f->window, u"queue-empty"_s, f->page);
        m_revoke = proposalOn(f->chain(), 2, u"Revoke the key of Treasury desk"_s, bob);
        const Proposal later = proposalOn(f->chain(), 5, u"Pause the treasury"_s, alice);
        const CollectedSignature signature = *CollectedSignature::make(m_revoke.chainId, m_revoke.safe, m_revoke.safeTxHash(),
            SafeSignature::ecdsa(bob.sign(m_revoke.safeTxHash())), Timestamp::fromSeconds(1'700'000'100));
        f->exchange.hold({m_revoke, later, signature});
        ExchangeAlarm alarm;
        alarm.text = u"Entry 3 of bob is missing."_s;
        f->exchange.held.alarms = {alarm};
        f->exchange.held.rejected = {{u"0x12.json"_s, u"0x: no signature of it"_s, true}};
        emit f->exchange.changed();
        f->exchangeDesk.known.append({u"service https://proposals.example"_s, Tone::Warn, u"0x old"_s, u"Read a second ago."_s, 3});
        emit f->exchangeDesk.carriersChanged();
        f->composer.kept = {{u"one"_s, {}}};
        f->composer.kept.first().request.title = u"Pause the treasury"_s;
        emit f->composer.draftsChanged();
        QTRY_VERIFY(f->lanes.rowCount() > 3);
        look(&f->window, u"queue"_s, f->page);
    }
    void lookAtReview()
    {
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        look(&f->window, u"review"_s, f->page);
    }
    void lookAtComposer()
    {
        f->composer.answer = Composition{};
        f->page->compose({});
        look(&f->window, u"compose-empty"_s, f->page);
        ComposeView *view = f->page->composeView();
        QSet<size_t> seen;
        for (const ComposeChoice &choice : composeChoices()) {
            if (seen.contains(choice.action.index()))
                continue;
            seen.insert(choice.action.index());
            f->page->compose({});
            view->addStep(choice.action);
            look(&f->window, u"compose-%1"_s.arg(choice.action.index()), f->page);
        }
        f->composer.answer = Composition{{}, {ComposeProblem{0, u"party"_s, u"0x: Settlement is nobody"_s, {}}}};
        f->page->compose({});
        view->addStep(RevokeKeyAction{});
        QTRY_VERIFY(!view->problems().isEmpty());
        look(&f->window, u"compose-problem"_s, f->page);
        Composition good = goodComposition();
        good.proposals.first().review = f->reviewOf(m_revoke.safeTxHash());
        good.proposals.first().notes = {u"Look twice at the party of Settlement."_s};
        good.proposals.append(good.proposals.first());
        good.proposals.last().chainId = ChainId(137);
        f->composer.answer = good;
        f->page->compose({});
        view->addStep(RevokeKeyAction{{}, u"Settlement"_s});
        view->reasonEdit()->setPlainText(u"Look twice"_s);
        QTRY_VERIFY(view->proposeButton()->isEnabled());
        look(&f->window, u"compose-good"_s, f->page);
        lookAt(f->page->publish(), u"dialog-propose"_s);
    }
    void lookAtDialogs()
    {
        QVERIFY(f->page->openReview(m_revoke.safeTxHash()));
        lookAt(f->page->sign(), u"dialog-sign"_s);
        lookAt(f->page->execute(), u"dialog-execute"_s);
        lookAt(f->page->say(StatementKind::Rejection), u"dialog-reject"_s);
        lookAt(f->page->say(StatementKind::Withdrawal), u"dialog-withdraw"_s);
        lookAt(f->page->say(StatementKind::Note), u"dialog-note"_s);
        lookAt(f->page->acknowledge(f->chain().chainId, *f->chain().safe), u"dialog-acknowledge"_s);
        lookAt(f->page->overrideFinding({u"policy.coolingOff"_s, Severity::Block, u"Look twice at it"_s, {}}), u"dialog-override"_s);
        lookAt(f->page->reportMismatch(), u"dialog-mismatch"_s);
        lookAt(f->page->send(), u"dialog-send"_s);
        lookAt(f->page->import(), u"dialog-import"_s);
        lookAt(f->page->announceKey(), u"dialog-announce-key"_s);
        ExecutionReport report;
        report.deployments.emplaceBack().contract = u"CantonKeyRegistry"_s;
        f->desk.sources.servers = {FakePublication::explorer(), FakePublication::sourcify()};
        lookAt(new PublishDialog(f->desk, report, f->prompter, f->page), u"dialog-publish"_s);
        lookAt(new DelegatesDialog(f->desk, u"transaction service api.safe.global (ethereum)"_s, f->page), u"dialog-delegates"_s);
        DeskCarrier service;
        service.name = u"service https://safe.example"_s;
        service.token = DeskToken{u"https://safe.example"_s, u"No token: the service is asked without one."_s, false};
        lookAt(new TokenDialog(f->exchangeDesk, service, f->prompter, f->page), u"dialog-token"_s);
    }
    void lookAt(QDialog *dialog, const QString &name)
    {
        QVERIFY(dialog);
        look(dialog, name);
        if (dialog->width() > 1366 || dialog->height() > 768)
            m_problems.append(u"%1: %2x%3 does not fit the small screen"_s.arg(name).arg(dialog->width()).arg(dialog->height()));
        dialog->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

    std::unique_ptr<SafeChain> m_safe;
    std::optional<ChainSettings> m_chain;
    std::unique_ptr<ApprovalsFixture> f;
    Proposal m_revoke;
    QStringList m_problems;
    bool m_isPseudo = false;
};

QTEST_MAIN(TestApprovalsPseudo)
#include "tst_approvalspseudo.moc"
