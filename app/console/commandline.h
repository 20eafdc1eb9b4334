#pragma once

#include "backend/types/error.h"
#include "ui/theme/theme.h"

#include <QSize>
#include <QString>
#include <QStringList>

namespace countersign {

/// What the console was asked for on its command line.
struct CommandLine {
    QString environment; ///< path of the environment file
    QString page; ///< page to open first; empty: the overview
    QString tour; ///< folder for the tour's images; empty: no tour
    QVector<ThemeMode> themes; ///< of the tour both, unless one was named
    QSize size{1366, 768};
    bool sized = false; ///< the size was asked for
    double scale = 1;
    bool confidential = false; ///< entries of the shared folder are written encrypted
    bool reportStart = false; ///< say when the first frame was painted, and end; for tests/bench/start
    bool help = false;
    bool version = false;

    /// Invalid with a sentence that says what to write instead.
    static Result<CommandLine> parse(const QStringList &arguments);
    static QString helpText();
};

} // namespace countersign
