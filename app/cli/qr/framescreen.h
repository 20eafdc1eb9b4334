#pragma once

#include "backend/types/error.h"

#include <QByteArray>
#include <QSize>

#include <termios.h>

#include <csignal>
#include <vector>

namespace countersign {

/// The terminal as a place for one picture after the other: its second screen, without cursor and echo, until the
/// object goes or the program is told to end.
class FrameScreen final {
public:
    /// Error Unavailable when standard output is no terminal, or there is none to read keys from.
    static Result<FrameScreen> open();
    FrameScreen(FrameScreen &&other) noexcept;
    FrameScreen(const FrameScreen &) = delete;
    FrameScreen &operator=(const FrameScreen &) = delete;
    FrameScreen &operator=(FrameScreen &&) = delete;
    ~FrameScreen();

    /// Columns and lines of the terminal on standard output; nothing when it is none.
    static QSize size();

    /// The text from the upper left corner on.
    void show(const QByteArray &text) const;
    /// Waits so long. False when the person wants to end: q, Ctrl+C, or a signal that ends programs.
    bool wait(int milliseconds) const;

private:
    explicit FrameScreen(int keys);

    int m_keys;
    termios m_before{};
    std::vector<struct sigaction> m_actions;
};

/// All of it to standard output; gives up when nobody reads it.
void printOut(const QByteArray &text);

} // namespace countersign
