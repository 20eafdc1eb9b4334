#include "models/dashboards/dashboardlayout.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr int gridWidth = 24;
constexpr qsizetype maxRepeats = 100;

class Layout final {
public:
    Layout(const InterpolationScope &scope, const QSet<QString> &toggled) : m_scope(scope), m_toggled(toggled) {}

    QList<PanelSlot> run(const Dashboard &dashboard)
    {
        for (const Panel &panel : dashboard.panels) {
            if (panel.type == u"row"_s)
                placeRow(panel);
            else
                place(panel, {}, {});
        }
        return m_slots;
    }

private:
    /// The values over which something is repeated, each as a scope of its own; one empty scope where it is not.
    QList<VariableValues> repeats(const QString &variable) const
    {
        const auto value = m_scope.variables.constFind(variable);
        if (variable.isEmpty() || value == m_scope.variables.cend() || value->isAssumed)
            return {{}};
        QList<VariableValues> all;
        for (qsizetype i = 0; i < std::min(value->values.size(), maxRepeats); ++i) {
            VariableValue one;
            one.values = {value->values.at(i)};
            one.texts = {value->texts.size() == value->values.size() ? value->texts.at(i) : value->values.at(i)};
            all.append({{variable, one}});
        }
        return all.isEmpty() ? QList<VariableValues>{{}} : all;
    }

    void append(const Panel &panel, const GridPosition &grid, const VariableValues &scoped, const QString &key)
    {
        PanelSlot slot;
        slot.panel = panel;
        slot.panel.panels.clear();
        slot.scoped = scoped;
        slot.grid = grid;
        slot.key = key;
        InterpolationScope scope = m_scope;
        scope.variables.insert(scoped);
        slot.title = interpolate(panel.title, scope, DefaultFormat::Text).text;
        m_slots.append(slot);
    }

    /// Places a panel, once for each of its values; what is below moves down by what it takes more than one line.
    void place(const Panel &panel, const VariableValues &outer, const QString &prefix)
    {
        const QList<VariableValues> values = repeats(panel.repeat);
        GridPosition grid = panel.grid;
        grid.y += m_offset;
        const auto count = static_cast<int>(values.size());
        const int perLine = panel.repeatsDown ? 1 : std::min(count, panel.maxPerRow);
        if (count > 1 && !panel.repeatsDown) {
            grid.width = std::max(1, gridWidth / perLine);
            grid.x = 0;
        }
        for (int i = 0; i < count; ++i) {
            VariableValues scoped = outer;
            scoped.insert(values.at(i));
            GridPosition own = grid;
            own.x += panel.repeatsDown ? 0 : i % perLine * grid.width;
            own.y += i / perLine * grid.height;
            append(panel, own, scoped, prefix + u"%1/%2"_s.arg(panel.id).arg(i));
        }
        m_offset += ((count + perLine - 1) / perLine - 1) * grid.height;
    }

    static int bottomOf(const Panel &row)
    {
        int bottom = row.grid.y + 1;
        for (const Panel &inner : row.panels)
            bottom = std::max(bottom, inner.grid.y + inner.grid.height);
        return bottom;
    }

    void placeRow(const Panel &row)
    {
        const QList<VariableValues> values = repeats(row.repeat);
        const int content = bottomOf(row) - row.grid.y - 1;
        for (qsizetype i = 0; i < values.size(); ++i) {
            const QString key = u"row %1 %2/%3"_s.arg(row.title).arg(row.id).arg(i);
            const bool isOpen = row.isCollapsed == m_toggled.contains(key);
            append(row, {0, row.grid.y + m_offset, gridWidth, 1}, values.at(i), key);
            m_slots.last().isRow = true;
            m_slots.last().isOpen = isOpen;
            if (isOpen) {
                for (const Panel &inner : row.panels)
                    place(inner, values.at(i), key + u' ');
            }
            // Below an open row of the file its panels' room is counted already; once for the last of its values.
            const bool isCounted = !row.isCollapsed && i == values.size() - 1;
            m_offset += (isOpen ? content : 0) + 1 - (isCounted ? content + 1 : i == values.size() - 1 ? 1 : 0);
        }
    }

    const InterpolationScope &m_scope;
    const QSet<QString> &m_toggled;
    QList<PanelSlot> m_slots;
    int m_offset = 0;
};

} // namespace

QList<PanelSlot> layOut(const Dashboard &dashboard, const InterpolationScope &scope, const QSet<QString> &toggled)
{
    return Layout(scope, toggled).run(dashboard);
}

} // namespace countersign
