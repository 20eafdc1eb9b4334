#pragma once

#include "app/cli/report/report.h"

#include <QCommandLineOption>
#include <QCommandLineParser>
#include <QList>
#include <QStringList>

#include <span>

namespace countersign {

/// What a command is given: its options read, and the words behind them.
class Invocation final {
public:
    Invocation(const QCommandLineParser &parser, QStringList words) : m_parser(parser), m_words(std::move(words)) {}

    bool has(const QString &option) const { return m_parser.isSet(option); }
    QString value(const QString &option) const { return m_parser.value(option); }
    QStringList values(const QString &option) const { return m_parser.values(option); }
    const QStringList &words() const { return m_words; }
    /// The word at that place; Error Invalid that names what is missing.
    Result<QString> word(qsizetype index, const QString &what) const;
    /// The option's value; Error Invalid when it is not given.
    Result<QString> need(const QString &option) const;

private:
    const QCommandLineParser &m_parser;
    QStringList m_words;
};

/// One command of countersign-cli.
struct Command {
    const char *name; ///< one word, or two: "verify record"
    const char *words; ///< "KIND INPUT"
    const char *summary; ///< one line
    const char *description; ///< paragraphs for its help
    QList<QCommandLineOption> (*options)();
    /// Fills the report. An error ends the command with its message; its detail "usage" or "policy" chooses the exit code.
    Result<void> (*run)(const Invocation &invocation, Report &report);
    ExitCode whenBlocked = ExitCode::Bad;
    ExitCode whenUnusable = ExitCode::Input;
};

std::span<const Command> allCommands();

// Each in a file of its own.
extern const Command inspectCommand, hashCommand, verifyCommand, predictCommand, policyCommand, recordCommand, reviewCommand, signCommand, qrCommand,
    dashboardCommand;

/// Runs the program with the arguments behind its name; prints to the descriptors 1 and 2.
ExitCode runCommandLine(const QStringList &arguments);

} // namespace countersign
