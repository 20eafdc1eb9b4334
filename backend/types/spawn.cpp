#include "backend/types/spawn.h"

#include <QLoggingCategory>

#include <exception>

namespace countersign {

Q_LOGGING_CATEGORY(typesLog, "countersign.types", QtWarningMsg)

namespace {

QCoro::Task<> guard(QCoro::Task<> task)
{
    try {
        co_await task;
    } catch (const std::exception &exception) {
        qCCritical(typesLog) << "a task ended with an exception:" << exception.what();
    } catch (...) {
        qCCritical(typesLog) << "a task ended with an unknown exception";
    }
}

} // namespace

void spawn(QCoro::Task<> task)
{
    (void)guard(std::move(task)); // a QCoro task runs on when nobody holds it
}

} // namespace countersign
