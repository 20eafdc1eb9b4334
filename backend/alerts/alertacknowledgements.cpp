#include "backend/alerts/alertacknowledgements.h"

#include "backend/metrics/jsonfields.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <fcntl.h>
#include <unistd.h>

namespace countersign {

namespace {

constexpr qint64 largestFile = 16 * 1024 * 1024;
constexpr qsizetype longestText = 4096;
constexpr std::chrono::hours kept{24 * 7}; // what is over stays this long, for whoever asks who had it

std::unexpected<Error> corrupt(const QString &detail)
{
    return fail(ErrorKind::Corrupt, u"This is no record of an acknowledgement."_s, detail);
}

std::unexpected<Error> denied(const QFile &file)
{
    return fail(ErrorKind::Denied, u"The acknowledgements in “%1” cannot be written: %2"_s.arg(file.fileName(), file.errorString()));
}

void syncFolderOf(const QString &path)
{
    const int folder = ::open(QFile::encodeName(QFileInfo(path).path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    ::fsync(folder);
    ::close(folder);
}

} // namespace

QByteArray acknowledgementLine(const AlertAcknowledgement &acknowledgement)
{
    QJsonObject json{{u"fingerprint"_s, acknowledgement.fingerprint}, {u"alert"_s, acknowledgement.alert}, {u"owner"_s, acknowledgement.owner},
                     {u"at"_s, acknowledgement.at.toIsoString()}};
    if (!acknowledgement.note.isEmpty())
        json.insert(u"note"_s, acknowledgement.note);
    if (!acknowledgement.until.isNull())
        json.insert(u"until"_s, acknowledgement.until.toIsoString());
    if (acknowledgement.remindAt)
        json.insert(u"remindAt"_s, acknowledgement.remindAt->toIsoString());
    if (!acknowledgement.silences.isEmpty())
        json.insert(u"silences"_s, QJsonArray::fromStringList(acknowledgement.silences));
    return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

Result<AlertAcknowledgement> parseAcknowledgement(const QByteArray &line)
{
    const auto text = JsonText::parse(line.trimmed(), {.maxBytes = 64 * 1024, .maxDepth = 3, .maxValues = 128});
    if (!text)
        return corrupt(text.error().detail);
    const JsonView root = text->root();
    AlertAcknowledgement read;
    read.fingerprint = textField(root, "fingerprint");
    read.alert = textField(root, "alert");
    read.owner = textField(root, "owner");
    read.note = textField(root, "note");
    read.at = timeField(root, "at");
    read.until = timeField(root, "until");
    if (const Timestamp remind = timeField(root, "remindAt"); !remind.isNull())
        read.remindAt = remind;
    read.silences = textsField(root, "silences");
    if (read.fingerprint.isEmpty() || read.at.isNull())
        return corrupt(u"no fingerprint or time"_s);
    return read;
}

AlertAcknowledgements::AlertAcknowledgements(QString path, const Clock &clock)
    : m_path(std::move(path))
    , m_clock(clock)
{
}

Result<void> AlertAcknowledgements::open()
{
    m_all.clear();
    m_isOpen = false;
    QFile file(m_path);
    if (!file.exists()) {
        m_isOpen = true;
        return {};
    }
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Denied, u"The acknowledgements in “%1” cannot be read: %2"_s.arg(m_path, file.errorString()));
    if (file.size() > largestFile)
        return fail(ErrorKind::Exhausted, u"The acknowledgements in “%1” take more than %2 MiB."_s.arg(m_path).arg(largestFile / 1024 / 1024));
    bool isCut = false;
    for (int number = 1; !file.atEnd(); ++number) {
        const QByteArray line = file.readLine();
        if (!line.endsWith('\n')) {
            isCut = true;
            break;
        }
        auto read = parseAcknowledgement(line);
        if (!read)
            return fail(ErrorKind::Corrupt, u"Line %1 of the acknowledgements in “%2” cannot be read. Move the file away to begin anew."_s.arg(number).arg(m_path), read.error().detail);
        if (read->until.isNull())
            m_all.remove(read->fingerprint);
        else
            m_all.insert(read->fingerprint, *read);
    }
    file.close();
    const Timestamp oldest = m_clock.now() - kept;
    const auto before = m_all.size();
    m_all.removeIf([oldest](const auto &entry) { return entry.value().until < oldest; });
    m_isOpen = true;
    return isCut || m_all.size() != before ? rewrite() : Result<void>();
}

Result<void> AlertAcknowledgements::set(AlertAcknowledgement acknowledgement)
{
    acknowledgement.owner = acknowledgement.owner.trimmed();
    if (acknowledgement.fingerprint.isEmpty() || acknowledgement.owner.isEmpty())
        return fail(ErrorKind::Invalid, u"An acknowledgement needs an alert and an owner."_s);
    if (acknowledgement.owner.size() > longestText || acknowledgement.note.size() > longestText)
        return fail(ErrorKind::Invalid, u"Owner and note have at most %1 characters."_s.arg(longestText));
    if (acknowledgement.until <= m_clock.now())
        return fail(ErrorKind::Invalid, u"An acknowledgement ends in the future."_s);
    acknowledgement.at = m_clock.now();
    if (auto written = append(acknowledgementLine(acknowledgement)); !written)
        return written;
    m_all.insert(acknowledgement.fingerprint, acknowledgement);
    return {};
}

Result<void> AlertAcknowledgements::remove(const QString &fingerprint)
{
    if (!m_all.contains(fingerprint))
        return {};
    AlertAcknowledgement taken = m_all.value(fingerprint);
    taken.at = m_clock.now();
    taken.until = {};
    taken.silences.clear();
    if (auto written = append(acknowledgementLine(taken)); !written)
        return written;
    m_all.remove(fingerprint);
    return {};
}

std::optional<AlertAcknowledgement> AlertAcknowledgements::of(const Alert &alert) const
{
    const auto found = m_all.constFind(alert.fingerprint);
    if (found == m_all.cend() || found->until <= m_clock.now() || found->at < alert.startsAt)
        return std::nullopt;
    return *found;
}

Result<void> AlertAcknowledgements::append(const QByteArray &line)
{
    if (!m_isOpen)
        return fail(ErrorKind::Unavailable, u"The acknowledgements in “%1” could not be read, so nothing is added."_s.arg(m_path));
    if (!QDir().mkpath(QFileInfo(m_path).path()))
        return fail(ErrorKind::Denied, u"The folder of “%1” cannot be made."_s.arg(m_path));
    QFile file(m_path);
    const bool isNew = !file.exists();
    if (!file.open(QIODevice::WriteOnly | QIODevice::Append))
        return denied(file);
    const qint64 before = file.size();
    if ((isNew && !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)) || file.write(line) != line.size() || !file.flush()
        || ::fsync(file.handle()) != 0) {
        (void)file.resize(before); // half a line would be in the way of the next one
        return denied(file);
    }
    if (isNew)
        syncFolderOf(m_path);
    return {};
}

Result<void> AlertAcknowledgements::rewrite()
{
    QSaveFile file(m_path);
    bool good = file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    for (const AlertAcknowledgement &acknowledgement : std::as_const(m_all)) {
        const QByteArray line = acknowledgementLine(acknowledgement);
        good = good && file.write(line) == line.size();
    }
    good = good && file.flush() && ::fsync(file.handle()) == 0 && file.commit();
    if (!good) {
        m_isOpen = false;
        return fail(ErrorKind::Denied, u"The acknowledgements in “%1” cannot be written: %2"_s.arg(m_path, file.errorString()));
    }
    syncFolderOf(m_path);
    return {};
}

} // namespace countersign
