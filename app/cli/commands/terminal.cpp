#include "app/cli/commands/terminal.h"

#include "backend/types/strings.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <utility>

namespace countersign {

namespace {

/// No echo, and no Ctrl+C in the middle, which would leave the terminal silent.
class Silence final {
public:
    explicit Silence(int descriptor)
        : m_descriptor(descriptor)
    {
        if (::tcgetattr(m_descriptor, &m_before) != 0)
            return;
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        silent.c_lflag |= ECHONL;
        m_active = ::tcsetattr(m_descriptor, TCSAFLUSH, &silent) == 0;
    }
    ~Silence()
    {
        if (m_active)
            ::tcsetattr(m_descriptor, TCSAFLUSH, &m_before);
    }
    Silence(const Silence &) = delete;
    Silence &operator=(const Silence &) = delete;
    bool isActive() const { return m_active; }

private:
    int m_descriptor;
    termios m_before{};
    bool m_active = false;
};

constexpr char interrupt = 3; // Ctrl+C, which is an ordinary byte meanwhile

} // namespace

Result<Terminal> Terminal::open()
{
    const int descriptor = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return fail(ErrorKind::Unavailable, u"There is no terminal to ask at: sign where a person can read and answer"_s);
    return Terminal(descriptor);
}

Terminal::Terminal(Terminal &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

Terminal::~Terminal()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

void Terminal::print(const QByteArray &text) const
{
    [[maybe_unused]] const auto written = ::write(m_descriptor, text.constData(), static_cast<size_t>(text.size()));
}

Result<QString> Terminal::askLine(const QByteArray &prompt) const
{
    constexpr qsizetype longest = 1024;
    print(prompt);
    QByteArray line;
    char byte = 0;
    while (line.size() < longest && ::read(m_descriptor, &byte, 1) == 1) {
        if (byte == '\n')
            return QString::fromUtf8(line).trimmed();
        line.append(byte);
    }
    return fail(ErrorKind::Cancelled, u"Nothing was answered"_s);
}

Result<SecretBuffer> Terminal::askSecret(const QByteArray &prompt) const
{
    const Silence silence(m_descriptor);
    if (!silence.isActive())
        return fail(ErrorKind::Unavailable, u"The terminal cannot hide what is typed"_s);
    print(prompt);
    SecretBuffer secret;
    char byte = 0;
    while (::read(m_descriptor, &byte, 1) == 1 && byte != interrupt) {
        if (byte == '\n' || byte == '\r')
            return secret;
        if (!secret.append(byte))
            return fail(ErrorKind::Invalid, u"That is longer than any PIN"_s);
    }
    return fail(ErrorKind::Cancelled, u"No PIN was given"_s);
}

} // namespace countersign
