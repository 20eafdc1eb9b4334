#include "app/practice/network/controlmessage.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace countersign {

namespace {

constexpr qsizetype mostArguments = 8;

Bytes lineOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

Result<QJsonObject> parseLine(const Bytes &line)
{
    if (line.size() > longestControlLine)
        return fail(ErrorKind::Invalid, u"The line is longer than the protocol allows"_s);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(line, &error);
    if (!document.isObject())
        return fail(ErrorKind::Invalid, u"The line is no JSON object"_s, error.errorString());
    return document.object();
}

} // namespace

Result<ControlRequest> parseControlRequest(const Bytes &line)
{
    const Result<QJsonObject> object = parseLine(line);
    if (!object)
        return std::unexpected(object.error());
    ControlRequest request;
    request.command = object->value("command"_L1).toString();
    request.fault = object->value("name"_L1).toString();
    const QJsonArray arguments = object->value("arguments"_L1).toArray();
    if (arguments.size() > mostArguments)
        return fail(ErrorKind::Invalid, u"Too many arguments"_s);
    for (const QJsonValue &argument : arguments)
        request.arguments.append(argument.toVariant().toString());
    static const QStringList commands{u"status"_s, u"down"_s, u"fault"_s};
    if (!commands.contains(request.command))
        return fail(ErrorKind::Invalid, u"Unknown command \"%1\""_s.arg(request.command.left(40)));
    if (request.command == "fault"_L1 && request.fault.isEmpty())
        return fail(ErrorKind::Invalid, u"A fault needs a name"_s);
    return request;
}

Bytes encodeControlRequest(const ControlRequest &request)
{
    QJsonObject object{{u"command"_s, request.command}};
    if (!request.fault.isEmpty()) {
        object.insert(u"name"_s, request.fault);
        object.insert(u"arguments"_s, QJsonArray::fromStringList(request.arguments));
    }
    return lineOf(object);
}

Bytes encodeControlAnswer(QJsonObject answer)
{
    answer.insert(u"ok"_s, true);
    return lineOf(answer);
}

Bytes encodeControlError(const Error &error)
{
    return lineOf({{u"ok"_s, false}, {u"error"_s, error.message}, {u"kind"_s, errorKindName(error.kind)}, {u"detail"_s, error.detail}});
}

Result<QJsonObject> parseControlAnswer(const Bytes &line)
{
    const Result<QJsonObject> object = parseLine(line);
    if (!object || !object->value("ok"_L1).isBool())
        return fail(ErrorKind::Corrupt, u"The practice network gave no answer that can be read"_s);
    if (!object->value("ok"_L1).toBool())
        return fail(ErrorKind::Rejected, object->value("error"_L1).toString(), object->value("detail"_L1).toString());
    return object;
}

} // namespace countersign
