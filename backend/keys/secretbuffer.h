#pragma once

#include <QByteArrayView>
#include <QDebug>

namespace countersign {

/// A secret of a person (a PIN, the token of a service) on memory pages of its own: locked against swapping, left out of core dumps, wiped in a
/// forked child, between guard pages, and overwritten when it ends. Moves, never copies, and cannot be printed.
/// What it cannot help: the copies that a PKCS#11 module makes inside itself, and the key events of the display server.
class SecretBuffer final {
public:
    static constexpr qsizetype maxSize = 4096; ///< a page of every platform; tokens of services have some hundred bytes

    SecretBuffer();
    /// Takes over and overwrites the caller's bytes; longer than maxSize is cut to nothing.
    static SecretBuffer takeFrom(char *bytes, qsizetype size);
    SecretBuffer(SecretBuffer &&other) noexcept;
    SecretBuffer &operator=(SecretBuffer &&other) noexcept;
    SecretBuffer(const SecretBuffer &) = delete;
    SecretBuffer &operator=(const SecretBuffer &) = delete;
    ~SecretBuffer();

    /// False when full; the buffer is unchanged then.
    bool append(char byte);
    /// Removes the last byte, and its trace.
    void removeLast();
    void wipe();

    qsizetype size() const { return m_size; }
    bool isEmpty() const { return m_size == 0; }
    /// Valid until the next change. Do not copy.
    QByteArrayView view() const { return {m_page, m_size}; }
    /// Whether the kernel agreed to keep the page in memory (RLIMIT_MEMLOCK may refuse).
    bool isLocked() const { return m_locked; }

    friend QDebug operator<<(QDebug, const SecretBuffer &) = delete;

private:
    void release() noexcept;

    char *m_page = nullptr;
    qsizetype m_size = 0;
    bool m_locked = false;
};

} // namespace countersign
