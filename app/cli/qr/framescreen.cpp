#include "app/cli/qr/framescreen.h"

#include "backend/types/strings.h"

#include <QDeadlineTimer>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace countersign {

namespace {

constexpr std::array endings{SIGINT, SIGTERM, SIGHUP};
constexpr char interrupt = 3; // Ctrl+C, which is an ordinary byte meanwhile

volatile std::sig_atomic_t ended = 0;

void noteEnd(int)
{
    ended = 1;
}

} // namespace

void printOut(const QByteArray &text)
{
    for (qsizetype at = 0; at < text.size();) {
        const auto written = ::write(STDOUT_FILENO, text.constData() + at, static_cast<size_t>(text.size() - at));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        at += written;
    }
}

QSize FrameScreen::size()
{
    winsize window{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0)
        return {};
    return {window.ws_col, window.ws_row};
}

Result<FrameScreen> FrameScreen::open()
{
    const int keys = ::isatty(STDOUT_FILENO) == 1 ? ::open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
    if (keys < 0)
        return fail(ErrorKind::Unavailable, u"There is no terminal to show frames on"_s);
    return FrameScreen(keys);
}

FrameScreen::FrameScreen(int keys)
    : m_keys(keys)
{
    ended = 0;
    struct sigaction action{};
    action.sa_handler = noteEnd;
    for (const int signal : endings)
        ::sigaction(signal, &action, &m_actions.emplace_back());
    ::tcgetattr(m_keys, &m_before);
    termios raw = m_before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    ::tcsetattr(m_keys, TCSAFLUSH, &raw);
    printOut("\x1b[?1049h\x1b[?25l\x1b[2J");
}

FrameScreen::FrameScreen(FrameScreen &&other) noexcept
    : m_keys(std::exchange(other.m_keys, -1))
    , m_before(other.m_before)
    , m_actions(std::move(other.m_actions))
{
}

FrameScreen::~FrameScreen()
{
    if (m_keys < 0)
        return;
    printOut("\x1b[?25h\x1b[?1049l");
    ::tcsetattr(m_keys, TCSAFLUSH, &m_before);
    ::close(m_keys);
    for (size_t i = 0; i < endings.size(); ++i)
        ::sigaction(endings[i], &m_actions[i], nullptr);
}

void FrameScreen::show(const QByteArray &text) const
{
    printOut("\x1b[H" + text + "\x1b[J");
}

bool FrameScreen::wait(int milliseconds) const
{
    const QDeadlineTimer deadline(milliseconds);
    while (ended == 0) {
        pollfd keys{.fd = m_keys, .events = POLLIN, .revents = 0};
        const int ready = ::poll(&keys, 1, static_cast<int>(deadline.remainingTime()));
        if (ready == 0)
            return true;
        if (ready < 0)
            continue; // a signal, which the loop looks at
        char key = 0;
        if (::read(m_keys, &key, 1) != 1 || key == 'q' || key == 'Q' || key == interrupt)
            return false;
    }
    return false;
}

} // namespace countersign
