#include "app/practice/support/console.h"

#include <cstdio>

namespace countersign {

void printLine(const QString &line)
{
    std::puts(qUtf8Printable(line));
    std::fflush(stdout);
}

void printError(const QString &line)
{
    std::fputs(qUtf8Printable(line + QLatin1Char('\n')), stderr);
}

} // namespace countersign
