#pragma once

#include "app/console/approvalstour.h"
#include "app/console/commandline.h"
#include "app/console/tourstop.h"

#include <QDir>
#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTimer>
#include <QVector>

class QDialog;

namespace countersign {

class Application;

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
    void plan();
    void planShell();
    void next();
    void check();
    void take();
    void closeDialog();
    QWidget *window() const;
    void shoot(QWidget &subject, const QString &name);

    Application &m_application;
    Theme &m_theme;
    CommandLine m_line;
    QDir m_folder;
    ApprovalsTour m_approvals;
    QVector<TourStop> m_stops;
    qsizetype m_at = -1;
    qsizetype m_themeAt = 0;
    QTimer m_timer;
    int m_waited = 0;
    QPointer<QDialog> m_dialog;
    QStringList m_problems;
};

} // namespace countersign
