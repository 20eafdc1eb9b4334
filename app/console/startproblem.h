#pragma once

#include "backend/types/error.h"

#include <QDialog>

namespace countersign {

/// Why the console cannot start, calmly and in full: every problem of the environment file with its line, and what to
/// do.
class StartProblem final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StartProblem)

public:
    StartProblem(const QString &file, const Error &error, QWidget *parent = nullptr);
};

} // namespace countersign
