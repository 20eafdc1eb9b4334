#pragma once

#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace countersign {

struct SaveRequest {
    QString title;
    QString suggestedName;
    QString filter; ///< as QFileDialog takes it
};

struct OpenRequest {
    QString title;
    QString filter; ///< as QFileDialog takes it
};

struct ConfirmRequest {
    QString title;
    QString text; ///< what will happen
    QString detail; ///< what cannot be taken back
    QString confirmLabel; ///< says the act, never "OK"
    QString typeThis; ///< when not empty, the person has to type it
};

/// Whatever has to be asked of the person in a dialog of its own. Injected, so that tests can answer. Every answer
/// comes later, by the callback, on the main thread; nothing nests an event loop.
class Prompter {
public:
    Prompter() = default;
    Prompter(const Prompter &) = delete;
    Prompter &operator=(const Prompter &) = delete;
    virtual ~Prompter() = default;

    /// An empty path when cancelled.
    virtual void askSaveFile(QWidget *parent, const SaveRequest &request, std::function<void(const QString &path)> done)
        = 0;
    /// Files that exist; none when cancelled.
    virtual void askOpenFiles(
        QWidget *parent, const OpenRequest &request, std::function<void(const QStringList &paths)> done)
        = 0;
    /// Only says something; there is nothing to choose.
    virtual void tell(QWidget *parent, const QString &title, const QString &text) = 0;
    virtual void confirm(QWidget *parent, const ConfirmRequest &request, std::function<void(bool confirmed)> done) = 0;
};

} // namespace countersign
