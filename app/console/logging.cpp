#include "app/console/logging.h"

#include "backend/types/strings.h"

#include <QDateTime>
#include <QFile>
#include <QMutex>
#include <QRegularExpression>

#include <cstdio>

namespace countersign {

namespace {

constexpr qsizetype kept = 2000;
constexpr qint64 maximumBytes = 20LL * 1024 * 1024;

/// Messages come from any thread, and before and after the object that shows them.
struct Sink {
    QMutex mutex;
    QFile file;
    QStringList lines;
    Logging *owner = nullptr;
};

Sink &sink()
{
    static Sink instance;
    return instance;
}

QLatin1StringView levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return "debug"_L1;
    case QtInfoMsg:
        return "info "_L1;
    case QtWarningMsg:
        return "warn "_L1;
    case QtCriticalMsg:
        return "error"_L1;
    case QtFatalMsg:
        break;
    }
    return "fatal"_L1;
}

void handle(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const QString line = u"%1 %2 %3: %4"_s.arg(QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs),
        levelOf(type), QLatin1StringView(context.category ? context.category : "default"), Logging::redact(message));
    Sink &to = sink();
    Logging *owner = nullptr;
    {
        const QMutexLocker lock(&to.mutex);
        to.lines.append(line);
        if (to.lines.size() > kept)
            to.lines.removeFirst();
        if (to.file.isOpen() && to.file.size() < maximumBytes) {
            to.file.write(line.toUtf8() + '\n');
            to.file.flush();
        }
        owner = to.owner;
        if (owner)
            QMetaObject::invokeMethod(owner, [owner, line] { emit owner->lineAdded(line); }, Qt::QueuedConnection);
    }
    if (type != QtDebugMsg && type != QtInfoMsg)
        std::fprintf(stderr, "%s\n", qUtf8Printable(line));
}

} // namespace

Logging::Logging(const QString &path, QObject *parent)
    : QObject(parent)
{
    Sink &to = sink();
    const QMutexLocker lock(&to.mutex);
    to.owner = this;
    if (!path.isEmpty()) {
        to.file.setFileName(path);
        // The previous run's log is kept once beside the new one.
        if (QFile::exists(path)) {
            QFile::remove(path + u".1"_s);
            QFile::rename(path, path + u".1"_s);
        }
        if (to.file.open(QIODevice::WriteOnly | QIODevice::Append))
            to.file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    }
    qInstallMessageHandler(handle);
}

Logging::~Logging()
{
    qInstallMessageHandler(nullptr);
    Sink &to = sink();
    const QMutexLocker lock(&to.mutex);
    to.owner = nullptr;
    to.file.close();
}

QStringList Logging::recent() const
{
    const QMutexLocker lock(&sink().mutex);
    return sink().lines;
}

QString Logging::path() const
{
    const QMutexLocker lock(&sink().mutex);
    return sink().file.isOpen() ? sink().file.fileName() : QString();
}

QString Logging::redact(const QString &message)
{
    // An address has 40 digits, a hash 64; what is longer is a signature, a key or a payload.
    static const QRegularExpression longHex(u"(0x)?[0-9a-fA-F]{65,}"_s);
    QString text = message;
    return text.replace(longHex, u"[cut]"_s);
}

} // namespace countersign
