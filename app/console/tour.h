#pragma once

#include "app/console/commandline.h"

#include <QDir>
#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTimer>

#include <functional>

class QDialog;

namespace countersign {

class Application;
class FlowDialog;

/// Drives the real console through every page and dialog and writes a PNG of each, in every theme asked for. Waits for
/// the data that a picture is about, but not for ever.
class Tour final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Tour)

public:
    Tour(Application &application, Theme &theme, const CommandLine &line, QObject *parent = nullptr);

    void start();

signals:
    /// Empty when every picture was written.
    void finished(const QString &problem);

private:
    /// One picture: what to do first, what to wait for, and what is photographed.
    struct Stop {
        QString name;
        std::function<void()> arrange;
        std::function<bool()> ready;
        std::function<QWidget *()> subject;
        std::function<void()> leave;
    };

    void plan();
    void planApprovals();
    void next();
    void check();
    void take();
    bool typePin(const FlowDialog &dialog);
    void closeDialog();
    QWidget *window() const;
    void shoot(QWidget &subject, const QString &name);

    Application &m_application;
    Theme &m_theme;
    CommandLine m_line;
    QDir m_folder;
    QVector<Stop> m_stops;
    qsizetype m_at = -1;
    qsizetype m_themeAt = 0;
    QTimer m_timer;
    int m_waited = 0;
    QPointer<QDialog> m_dialog;
    bool m_acts = false; ///< a proposal is really made, because there was none to show
    QStringList m_problems;
};

} // namespace countersign
