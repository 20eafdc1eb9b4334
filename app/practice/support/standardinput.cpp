#include "app/practice/support/standardinput.h"

#include <unistd.h>

#include <array>

namespace countersign {

namespace {

constexpr qsizetype longestLine = 64 * 1024;

} // namespace

StandardInput::StandardInput(QObject *parent)
    : QObject(parent)
    , m_notifier(STDIN_FILENO, QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &StandardInput::onReadable);
}

void StandardInput::onReadable()
{
    std::array<char, 4096> chunk{};
    const ssize_t size = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (size <= 0 || m_received.size() > longestLine) {
        m_notifier.setEnabled(false);
        return;
    }
    m_received.append(chunk.data(), size);
    for (qsizetype end = m_received.indexOf('\n'); end >= 0; end = m_received.indexOf('\n')) {
        const QByteArray line = m_received.left(end);
        m_received.remove(0, end + 1);
        emit lineArrived(line);
    }
}

} // namespace countersign
