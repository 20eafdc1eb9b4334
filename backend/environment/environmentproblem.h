#pragma once

#include <QString>
#include <QVector>

namespace countersign {

/// One thing wrong in an environment file, where it stands, and what to do about it. Lines and columns count from 1.
struct EnvironmentProblem {
    int line = 1;
    int column = 1;
    QString message;
    QString hint; ///< empty: nothing useful to add

    /// "file:line:column: message. hint"
    QString toString(const QString &fileName) const;
};

using EnvironmentProblems = QVector<EnvironmentProblem>;

} // namespace countersign
