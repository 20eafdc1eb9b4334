#include "backend/safe/safesimulatedevents.h"

#include "backend/evm/tokenmovements.h"
#include "backend/safe/safeevents.h"
#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

QString textOf(const DecodedEvent &event)
{
    QStringList arguments;
    for (const AbiEventArgument &argument : event.arguments) {
        const QString value = argument.hashed ? u"hash "_s + toHex(*argument.value.get<Bytes>())
                                              : abiToText(argument.type, argument.value);
        arguments.append(argument.name.isEmpty() ? value : u"%1: %2"_s.arg(argument.name, value));
    }
    return u"%1(%2)"_s.arg(event.name, arguments.join(u", "_s));
}

QString unknownText(const EvmLog &log)
{
    const QString topic = log.topics.empty() ? u"no topic"_s : log.topics.front().toString();
    return u"unknown event %1 (%2 topics, %3 bytes)"_s.arg(topic).arg(log.topics.size()).arg(log.data.size());
}

} // namespace

QList<ReadLog> readLogs(std::span<const EvmLog> logs, const QHash<Address, const JsonAbi *> &interfaces)
{
    QList<ReadLog> read;
    for (const EvmLog &log : logs) {
        ReadLog entry{log, {}, unknownText(log), false};
        const JsonAbi *own = interfaces.value(log.address);
        for (const JsonAbi *abi : {own, &safeEvents(), &tokenEvents()}) {
            auto event = abi ? abi->decodeLog(log) : Result<DecodedEvent>(fail(ErrorKind::NotFound, {}));
            if (!event)
                continue;
            entry.text = textOf(*event);
            entry.event = *std::move(event);
            entry.isByContract = abi == own;
            break;
        }
        read.append(entry);
    }
    return read;
}

} // namespace countersign
