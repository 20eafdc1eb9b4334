#include "backend/logs/logblock.h"
#include "backend/logs/logmatcher.h"
#include "backend/relayer/logline.h"
#include "backend/types/strings.h"

#include <cstddef>
#include <cstdint>

// The first line is a word; the rest is a log in which it is looked for. What the quick way finds must hold when the line
// is read, and no block may deny a word that is in it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace countersign;
    const QByteArrayView all(data, static_cast<qsizetype>(size));
    const qsizetype end = all.indexOf('\n');
    if (end < 1)
        return 0;
    const QString word = QString::fromUtf8(all.first(end));
    const QByteArrayView log = all.sliced(end + 1);
    const LogBlock block(log);
    for (const auto field : {LogCondition::Field::Text, LogCondition::Field::Message, LogCondition::Field::Level, LogCondition::Field::Named}) {
        const LogMatcher matcher({.conditions = {{.field = field, .name = u"chain"_s, .words = {word}}}});
        matcher.scan(log, [&](qsizetype from, qsizetype length, Timestamp) {
            const QByteArrayView raw = log.sliced(from, length);
            const auto line = parseLogLine(raw);
            if (line && field != LogCondition::Field::Text && !matcher.holds(*line, raw))
                __builtin_trap();
            if (!matcher.mayBeIn(block))
                __builtin_trap();
            return true;
        });
    }
    return 0;
}
