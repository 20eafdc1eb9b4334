#include "backend/journal/journalfile.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QTemporaryDir>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

struct Sound {
    QTemporaryDir folder;
    QByteArray bytes;
    QList<JournalRow> rows;

    Sound()
    {
        const QString path = folder.filePath(u"sound.sqlite"_s);
        if (!JournalFile::create(path, Timestamp::fromSeconds(1), {}, {}))
            std::abort();
        {
            auto journal = JournalFile::open(path, {});
            if (!journal || !journal->verify().ok)
                std::abort();
            std::vector<JournalFile::Stamped> entries;
            for (int i = 0; i < 3; ++i)
                entries.push_back({JournalEntry::make(JournalKind::Review, u"alice"_s, u"0x01"_s, u"Reviewed"_s), Timestamp::fromSeconds(i)});
            auto appended = journal->append(entries);
            if (!appended)
                std::abort();
            rows = *appended;
        }
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            std::abort();
        bytes = file.readAll();
    }
};

} // namespace

// A journal with some bytes overwritten (the input: position, length, bytes, and so on). It may not be opened, or is found
// broken, or still tells the rows as they were: a change never goes unseen.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Sound sound;
    QByteArray bytes = sound.bytes;
    for (size_t at = 0; at + 4 <= size;) {
        const qsizetype position = (data[at] | data[at + 1] << 8 | data[at + 2] << 16) % bytes.size();
        const size_t length = std::min<size_t>(data[at + 3] % 16, size - at - 4);
        for (size_t i = 0; i < length && position + static_cast<qsizetype>(i) < bytes.size(); ++i)
            bytes[position + static_cast<qsizetype>(i)] = static_cast<char>(data[at + 4 + i]);
        at += 4 + length;
    }
    const QString path = sound.folder.filePath(u"damaged.sqlite"_s);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size())
        std::abort();
    file.close();
    auto journal = JournalFile::openForReading(path, {});
    if (!journal || !journal->verify().ok)
        return 0;
    const auto rows = journal->load(1, 1000);
    const auto lines = journal->loadLines(1, 1000);
    if (!rows || rows->size() != sound.rows.size() || !lines || lines->size() != sound.rows.size())
        std::abort();
    for (qsizetype i = 0; i < rows->size(); ++i) {
        const JournalRow &row = rows->at(i), &expected = sound.rows.at(i);
        if (row.hash != expected.hash || row.text != expected.text || row.actor != expected.actor)
            std::abort();
        if ((*lines)[i].text != QUtf8StringView(row.text.toUtf8()) || (*lines)[i].id != row.id)
            std::abort();
    }
    return 0;
}
