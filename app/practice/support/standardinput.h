#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

namespace countersign {

/// Lines from standard input as they arrive; silent once it ends.
class StandardInput final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StandardInput)

public:
    explicit StandardInput(QObject *parent = nullptr);

signals:
    void lineArrived(const QByteArray &line);

private:
    void onReadable();

    QSocketNotifier m_notifier;
    QByteArray m_received;
};

} // namespace countersign
