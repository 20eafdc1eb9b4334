#pragma once

#include "backend/keys/secretbuffer.h"
#include "backend/types/error.h"

#include <QByteArray>
#include <QString>

namespace countersign {

/// The person's terminal, whatever standard input and output are: /dev/tty. Echo is off while a secret is typed and comes
/// back however the program goes on.
class Terminal final {
public:
    /// Error Unavailable when there is none: nothing can be asked then.
    static Result<Terminal> open();
    Terminal(Terminal &&other) noexcept;
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;
    Terminal &operator=(Terminal &&) = delete;
    ~Terminal();

    void print(const QByteArray &text) const;
    /// A line without its end; Cancelled at the end of the input.
    Result<QString> askLine(const QByteArray &prompt) const;
    /// Typed without echo, into memory that is wiped. Cancelled at the end of the input.
    Result<SecretBuffer> askSecret(const QByteArray &prompt) const;

private:
    explicit Terminal(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor;
};

} // namespace countersign
