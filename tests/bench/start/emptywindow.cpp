// The floor of a start: an empty main window. Prints the moment after its first paint, as `countersign --report-start` does.
#include <QApplication>
#include <QMainWindow>
#include <QPaintEvent>
#include <QTimer>

#include <cstdio>
#include <ctime>

namespace {

qint64 monotonicNanoseconds()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return qint64{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

class Window final : public QMainWindow {
protected:
    void paintEvent(QPaintEvent *event) override
    {
        QMainWindow::paintEvent(event);
        if (m_painted)
            return;
        m_painted = true;
        QTimer::singleShot(0, this, [] {
            std::printf("{\"painted\":%lld}\n", static_cast<long long>(monotonicNanoseconds()));
            std::fflush(stdout);
            QCoreApplication::quit();
        });
    }

private:
    bool m_painted = false;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Window window;
    window.resize(1366, 768);
    window.show();
    return QApplication::exec();
}
