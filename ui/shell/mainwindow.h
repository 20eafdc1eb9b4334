#pragma once

#include "backend/types/clock.h"
#include "backend/types/sourcestatus.h"
#include "ui/shell/commandpalette.h"
#include "ui/shell/topbar.h"
#include "ui/theme/theme.h"

#include <QMainWindow>

#include <functional>

class QSettings;
class QStackedWidget;
class QTimer;

namespace countersign {

class ActionRegistry;
class LogDock;
class Page;
class Rail;
class SourceDock;

/// A page of the rail; built when it is first opened, so that the start pays for one page only.
struct PageSpec {
    QString id;
    QString title;
    QLatin1StringView icon;
    std::function<Page *()> build;
};

/// The frame around the pages: rail, top bar, docks, palette, keyboard.
class MainWindow final : public QMainWindow {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)

public:
    /// Saved with the docks; raised whenever the set of docks changes.
    static constexpr int stateVersion = 1;

    MainWindow(Theme &theme, const Clock &clock, const EnvironmentBand &band);
    ~MainWindow() override;

    void addPage(PageSpec spec);
    void showPage(const QString &id);
    const QString &currentPage() const { return m_current; }
    /// Built on demand; null for an unknown id.
    Page *page(const QString &id);
    QStringList pageIds() const;

    ActionRegistry &actions() { return *m_actions; }
    CommandPalette &commandPalette(); ///< made when it is first asked for: nobody needs it for the first frame
    TopBar &topBar() { return *m_bar; }
    void setSources(const QVector<SourceStatus> &sources);
    void setWaitingForMe(const QString &pageId, int count);
    void appendLog(const QString &line);
    void showSource(const QString &id);
    void setLogVisible(bool visible);

    /// Geometry, docks and page; kept between runs only when asked for.
    void restoreFrom(QSettings &settings);
    void saveTo(QSettings &settings) const;

signals:
    void firstPainted();
    void pageShown(const QString &id);
    void closing();

protected:
    bool event(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    struct Slot {
        PageSpec spec;
        Page *page = nullptr;
    };

    void registerActions();
    void fillMenu();
    void tick();
    void cyclePanes();
    void escape();
    void copySelection();
    Page *currentPageWidget() const;

    Theme &m_theme;
    const Clock &m_clock;
    QVector<Slot> m_slots;
    QString m_current;
    TopBar *m_bar;
    Rail *m_rail;
    QStackedWidget *m_stack;
    ActionRegistry *m_actions;
    CommandPalette *m_palette = nullptr;
    LogDock *m_log;
    SourceDock *m_source;
    QTimer *m_timer;
    QByteArray m_defaultState;
    bool m_painted = false;
};

} // namespace countersign
