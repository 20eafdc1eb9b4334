#include "backend/types/strings.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/lampstrip.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/page.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QLineEdit>
#include <QTest>

using namespace countersign;

namespace {

class SpyPage final : public Page {
public:
    explicit SpyPage(const QString &name)
        : m_edit(new QLineEdit(this))
    {
        m_edit->setAccessibleName(name);
    }
    void refresh() override { ++refreshed; }
    void focusFilter() override { m_edit->setFocus(); }
    bool closeInnermost() override { return std::exchange(open, false); }
    bool copySelection() override { return ++copied; }

    int refreshed = 0;
    int copied = 0;
    bool open = false;
    QLineEdit *m_edit;
};

} // namespace

class TestShell final : public QObject {
    Q_OBJECT

private:
    struct Fixture {
        Theme theme;
        ManualClock clock;
        MainWindow window{theme, clock, {u"PRACTICE"_s, u"practice"_s, Token::PracticeBand}};
        QHash<QString, SpyPage *> pages;
        int built = 0;

        Fixture()
        {
            theme.apply(ThemeMode::Light);
            for (const QString &id : {u"overview"_s, u"intents"_s, u"approvals"_s, u"journal"_s}) {
                window.addPage({id, id, "info"_L1, [this, id]() -> Page * {
                                    ++built;
                                    return pages[id] = new SpyPage(id);
                                }});
            }
            window.showPage(u"overview"_s);
            window.show();
            window.activateWindow();
        }
        bool ready() { return QTest::qWaitForWindowActive(&window); }
    };

private slots:
    void pagesAreBuiltWhenTheyAreFirstOpened()
    {
        Fixture f;
        QCOMPARE(f.built, 1);
        f.window.showPage(u"journal"_s);
        f.window.showPage(u"overview"_s);
        f.window.showPage(u"journal"_s);
        QCOMPARE(f.built, 2);
    }

    void everyPageHasItsDigit()
    {
        Fixture f;
        QVERIFY(f.ready());
        QTest::keyClick(&f.window, Qt::Key_2, Qt::AltModifier);
        QCOMPARE(f.window.currentPage(), u"intents"_s);
        QTest::keyClick(&f.window, Qt::Key_4, Qt::AltModifier);
        QCOMPARE(f.window.currentPage(), u"journal"_s);
        QTest::keyClick(&f.window, Qt::Key_1, Qt::AltModifier);
        QCOMPARE(f.window.currentPage(), u"overview"_s);
    }

    void keysReachThePage()
    {
        Fixture f;
        QVERIFY(f.ready());
        SpyPage *page = f.pages.value(u"overview"_s);
        f.window.setFocus();
        QTest::keyClick(&f.window, Qt::Key_F5);
        QCOMPARE(page->refreshed, 1);
        QTest::keyClick(&f.window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(page->copied, 1);
        QTest::keyClick(&f.window, Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(page->m_edit->hasFocus());
        f.window.setFocus();
        QTest::keyClick(&f.window, Qt::Key_Slash);
        QTRY_VERIFY(page->m_edit->hasFocus());
        page->open = true;
        QTest::keyClick(&f.window, Qt::Key_Escape);
        QVERIFY(!page->open);
    }

    void aKeyIsGivenOnce()
    {
        Fixture f;
        const ActionSpec taken{u"test.one"_s, u"Test"_s, u"One"_s, {}, {}, {QKeySequence(Qt::Key_F5)}, {}};
        const auto refused = f.window.actions().add(taken, [] { });
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(refused.error().message.contains(u"Refresh"_s));

        // The same key may mean different things on different pages, but not on one.
        const ActionSpec here{u"test.two"_s, u"Test"_s, u"Two"_s, {}, {}, {QKeySequence(Qt::Key_F9)}, u"intents"_s};
        ActionSpec there = here;
        there.id = u"test.three"_s;
        there.context = u"journal"_s;
        QVERIFY(f.window.actions().add(here, [] { }));
        QVERIFY(f.window.actions().add(there, [] { }));
        there.id = u"test.four"_s;
        QVERIFY(!f.window.actions().add(there, [] { }));
        there.id = u"test.five"_s;
        there.context.clear();
        QVERIFY(!f.window.actions().add(there, [] { }));
        QVERIFY(!f.window.actions().add(here, [] { }));
    }

    void noTwoActionsShareAKey()
    {
        Fixture f;
        QSet<QString> seen;
        for (const ActionSpec &spec : f.window.actions().specs()) {
            for (const QKeySequence &keys : spec.shortcuts) {
                const QString key = keys.toString() + u'|' + spec.context;
                QVERIFY2(!seen.contains(key), qPrintable(key));
                seen.insert(key);
            }
        }
    }

    void thePaletteFindsByAFewLettersAndRuns()
    {
        Fixture f;
        QVERIFY(f.ready());
        QTest::keyClick(&f.window, Qt::Key_K, Qt::ControlModifier);
        QVERIFY(f.window.commandPalette().isVisible());
        auto *edit = f.window.commandPalette().findChild<QLineEdit *>();
        QTRY_VERIFY(edit->hasFocus());
        QTest::keyClicks(edit, u"jour"_s);
        QCOMPARE(f.window.commandPalette().visibleTexts().value(0), u"journal"_s);
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(f.window.currentPage(), u"journal"_s);
        QVERIFY(!f.window.commandPalette().isVisible());
    }

    void wordBeginningsWinInThePalette()
    {
        QVERIFY(CommandPalette::score(u"dt", u"Dark theme") > CommandPalette::score(u"dt", u"Reset layout, different"));
        QCOMPARE(CommandPalette::score(u"xyz", u"Dark theme"), -1);
    }

    void theClockAndTheAgesFollowTheInjectedClock()
    {
        Fixture f;
        f.clock.set(Timestamp::fromMillis(1'772'366'405'000));
        SourceStatus source{
            u"relayer-1"_s, SourceKind::Relayer, SourceState::Down, f.clock.now(), {}, u"connection refused"_s, {}};
        f.window.setSources({source});
        auto *clock = f.window.findChild<QWidget *>(u"utcClock"_s);
        QVERIFY(clock);
        QTRY_COMPARE(clock->property("text").toString(), u"12:00:05 UTC"_s);
        QVERIFY(f.window.topBar().lamps()->accessibleDescription().contains(u"relayer-1 down"_s));
        f.window.showSource(u"relayer-1"_s);
        QVERIFY(f.window.findChild<QDockWidget *>(u"sourceDock"_s)->isVisible());
        QTest::keyClick(&f.window, Qt::Key_Escape);
        QVERIFY(!f.window.findChild<QDockWidget *>(u"sourceDock"_s)->isVisible());
    }

    void f6WalksThePanes()
    {
        Fixture f;
        QVERIFY(f.ready());
        f.pages.value(u"overview"_s)->m_edit->setFocus();
        QSet<QWidget *> visited;
        for (int i = 0; i < 3; ++i) {
            QTest::keyClick(&f.window, Qt::Key_F6);
            visited.insert(QApplication::focusWidget());
        }
        QCOMPARE(visited.size(), 3);
        QVERIFY(visited.contains(f.pages.value(u"overview"_s)->m_edit));
    }

    void everyFocusableControlOfTheShellHasAName()
    {
        Fixture f;
        for (const QWidget *widget : f.window.findChildren<QWidget *>()) {
            if ((widget->focusPolicy() & Qt::TabFocus) != Qt::TabFocus || widget->inherits("QDockWidgetTitleButton"))
                continue;
            QVERIFY2(!widget->accessibleName().isEmpty(),
                qPrintable(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName()));
        }
    }
};

QTEST_MAIN(TestShell)
#include "tst_shell.moc"
