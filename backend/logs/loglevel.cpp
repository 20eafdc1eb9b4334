#include "backend/logs/loglevel.h"

#include "backend/types/strings.h"

#include <array>
#include <utility>

namespace countersign {

namespace {

// The first of each level is its name.
constexpr std::array<std::pair<QStringView, LogLevel>, 13> words{{
    {u"trace", LogLevel::Trace},
    {u"debug", LogLevel::Debug},
    {u"info", LogLevel::Info},
    {u"notice", LogLevel::Info},
    {u"warning", LogLevel::Warning},
    {u"warn", LogLevel::Warning},
    {u"error", LogLevel::Error},
    {u"err", LogLevel::Error},
    {u"fatal", LogLevel::Fatal},
    {u"critical", LogLevel::Fatal},
    {u"crit", LogLevel::Fatal},
    {u"panic", LogLevel::Fatal},
    {u"emerg", LogLevel::Fatal},
}};

} // namespace

LogLevel logLevelOf(QStringView word)
{
    for (const auto &[known, level] : words) {
        if (word.compare(known, Qt::CaseInsensitive) == 0)
            return level;
    }
    return LogLevel::Unknown;
}

QStringList logLevelWords(LogLevel atLeast)
{
    QStringList out;
    for (const auto &[known, level] : words) {
        const bool isPartOfAnother = known == u"warning" || known == u"error" || known == u"critical";
        if (level >= atLeast && !isPartOfAnother)
            out.append(known.toString());
    }
    return out;
}

QString logLevelName(LogLevel level)
{
    for (const auto &[known, of] : words) {
        if (of == level)
            return known.toString();
    }
    return {};
}

} // namespace countersign
