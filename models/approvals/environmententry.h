#pragma once

#include "backend/environment/environmentchange.h"

#include <optional>

namespace countersign {

/// Entering one contract into the environment file: planned, written once, and taken out again.
class EnvironmentEntry final {
public:
    explicit EnvironmentEntry(const QString &file)
        : m_file(file)
    {
    }

    /// What would be written; forgets what was planned before. Errors as planContract().
    Result<void> plan(const NewContract &contract);
    bool isPlanned() const { return m_change.has_value(); }
    bool isWritten() const { return m_isWritten; }
    /// The lines of the plan; empty without one.
    QString diff() const { return m_change ? m_change->diff() : QString(); }
    /// Writes the plan. The value is the path of the old file's copy. Errors as applyChange().
    Result<QString> write(Timestamp now);
    /// Errors as undoChange().
    Result<void> undo();

private:
    QString m_file;
    std::optional<EnvironmentChange> m_change;
    bool m_isWritten = false;
};

} // namespace countersign
