#include "models/dashboards/dashboardlayout.h"

#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

Panel panel(int id, int x, int y, int w, int h, const QString &repeat = {})
{
    Panel one;
    one.id = id;
    one.type = u"stat"_s;
    one.title = u"p%1 $v"_s.arg(id);
    one.grid = {x, y, w, h};
    one.repeat = repeat;
    return one;
}

InterpolationScope scopeOf(const QStringList &values)
{
    InterpolationScope scope;
    VariableValue value;
    value.values = values;
    value.isMulti = true;
    scope.variables.insert(u"v"_s, value);
    return scope;
}

const PanelSlot *slotOf(const QList<PanelSlot> &all, const QString &title)
{
    const auto found = std::ranges::find(all, title, &PanelSlot::title);
    return found == all.end() ? nullptr : &*found;
}

} // namespace

class TestDashboardLayout final : public QObject {
    Q_OBJECT

private slots:
    void repeatedPanelsStandBesideEachOther()
    {
        Dashboard dashboard;
        Panel repeated = panel(1, 0, 0, 24, 4, u"v"_s);
        repeated.maxPerRow = 2;
        dashboard.panels = {repeated, panel(2, 0, 4, 24, 4)};
        const QList<PanelSlot> all = layOut(dashboard, scopeOf({u"a"_s, u"b"_s, u"c"_s}));
        QCOMPARE(all.size(), 4);
        QCOMPARE(slotOf(all, u"p1 a"_s)->grid, (GridPosition{0, 0, 12, 4}));
        QCOMPARE(slotOf(all, u"p1 b"_s)->grid, (GridPosition{12, 0, 12, 4}));
        QCOMPARE(slotOf(all, u"p1 c"_s)->grid, (GridPosition{0, 4, 12, 4}));
        QCOMPARE(all.at(3).grid.y, 8); // moved down
        QCOMPARE(slotOf(all, u"p1 b"_s)->scoped.value(u"v"_s).values, QStringList{u"b"_s});
    }

    void rowsOpenAndClose()
    {
        Dashboard dashboard;
        Panel closed = panel(10, 0, 0, 24, 1);
        closed.type = u"row"_s;
        closed.title = u"closed"_s;
        closed.isCollapsed = true;
        closed.panels = {panel(11, 0, 1, 24, 5)};
        Panel open = panel(20, 0, 1, 24, 1);
        open.type = u"row"_s;
        open.title = u"open"_s;
        open.panels = {panel(21, 0, 2, 24, 3)};
        Panel last = panel(30, 0, 5, 24, 1);
        last.type = u"row"_s;
        last.title = u"last"_s;
        dashboard.panels = {closed, open, last};
        QList<PanelSlot> all = layOut(dashboard, {});
        QCOMPARE(all.size(), 4);
        QCOMPARE(slotOf(all, u"open"_s)->grid.y, 1);
        QCOMPARE(slotOf(all, u"p21 $v"_s)->grid.y, 2);
        QCOMPARE(slotOf(all, u"last"_s)->grid.y, 5);
        const QString closedKey = slotOf(all, u"closed"_s)->key;
        const QString openKey = slotOf(all, u"open"_s)->key;
        all = layOut(dashboard, {}, {closedKey});
        QCOMPARE(all.size(), 5);
        QCOMPARE(slotOf(all, u"p11 $v"_s)->grid.y, 1);
        QCOMPARE(slotOf(all, u"open"_s)->grid.y, 6);
        QCOMPARE(slotOf(all, u"last"_s)->grid.y, 10);
        all = layOut(dashboard, {}, {openKey});
        QCOMPARE(all.size(), 3);
        QCOMPARE(slotOf(all, u"last"_s)->grid.y, 2);
    }

    void rowsAreRepeatedWithWhatIsUnderThem()
    {
        Dashboard dashboard;
        Panel row = panel(10, 0, 0, 24, 1, u"v"_s);
        row.type = u"row"_s;
        row.title = u"row $v"_s;
        row.panels = {panel(11, 0, 1, 24, 3)};
        Panel last = panel(30, 0, 4, 24, 1);
        last.type = u"row"_s;
        last.title = u"last"_s;
        dashboard.panels = {row, last};
        const QList<PanelSlot> all = layOut(dashboard, scopeOf({u"a"_s, u"b"_s}));
        QCOMPARE(all.size(), 5);
        QCOMPARE(slotOf(all, u"row a"_s)->grid.y, 0);
        QCOMPARE(slotOf(all, u"p11 a"_s)->grid.y, 1);
        QCOMPARE(slotOf(all, u"row b"_s)->grid.y, 4);
        QCOMPARE(slotOf(all, u"p11 b"_s)->grid.y, 5);
        QCOMPARE(slotOf(all, u"last"_s)->grid.y, 8);
    }
};

QTEST_GUILESS_MAIN(TestDashboardLayout)
#include "tst_dashboardlayout.moc"
