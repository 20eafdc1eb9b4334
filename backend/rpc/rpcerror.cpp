#include "backend/rpc/rpcerror.h"

#include "backend/rpc/protowire.h"
#include "backend/types/strings.h"

#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype longestText = 4000;

// What is worth knowing of a google.rpc.Status's details.
struct StatusDetails {
    QString reason;
    QStringList facts; // "key=value"
};

QString textOf(QByteArrayView bytes)
{
    return QString::fromUtf8(bytes.first(qMin(bytes.size(), longestText))).simplified();
}

// google.rpc.ErrorInfo {1 reason; 2 domain; 3 map metadata}
void readErrorInfo(QByteArrayView message, StatusDetails &out)
{
    ProtoWire info(message);
    while (info.next()) {
        if (info.field() == 1 && info.isBytes()) {
            out.reason = textOf(info.bytes());
        } else if (info.field() == 3 && info.isBytes() && out.facts.size() < 32) {
            QString key;
            QString value;
            ProtoWire entry(info.bytes());
            while (entry.next()) {
                if (entry.field() == 1)
                    key = textOf(entry.bytes());
                else if (entry.field() == 2)
                    value = textOf(entry.bytes());
            }
            out.facts.append(key + u'=' + value);
        }
    }
}

// google.rpc.RetryInfo {1 Duration{1 seconds; 2 nanos}}
void readRetryInfo(QByteArrayView message, StatusDetails &out)
{
    ProtoWire info(message);
    while (info.next()) {
        if (info.field() != 1 || !info.isBytes())
            continue;
        qint64 millis = 0;
        ProtoWire duration(info.bytes());
        while (duration.next()) {
            if (duration.field() == 1)
                millis += std::clamp<qint64>(duration.signedNumber(), 0, 86'400) * 1000;
            else if (duration.field() == 2)
                millis += std::clamp<qint64>(duration.signedNumber(), 0, 999'999'999) / 1'000'000;
        }
        out.facts.append(u"retryAfterMs=%1"_s.arg(millis));
    }
}

// google.rpc.Status {1 code; 2 message; 3 repeated Any{1 type_url; 2 value}}
StatusDetails readDetails(const Bytes &bytes)
{
    StatusDetails out;
    ProtoWire status(bytes);
    while (status.next()) {
        if (status.field() != 3 || !status.isBytes())
            continue;
        QByteArrayView type;
        QByteArrayView value;
        ProtoWire any(status.bytes());
        while (any.next()) {
            if (any.field() == 1)
                type = any.bytes();
            else if (any.field() == 2)
                value = any.bytes();
        }
        if (type.endsWith(QByteArrayView("/google.rpc.ErrorInfo")))
            readErrorInfo(value, out);
        else if (type.endsWith(QByteArrayView("/google.rpc.RetryInfo")))
            readRetryInfo(value, out);
    }
    return out;
}

ErrorKind kindOf(int code)
{
    switch (code) {
    case 1:
        return ErrorKind::Cancelled;
    case 3: // invalid argument
    case grpcUnimplemented:
        return ErrorKind::Invalid;
    case 4:
        return ErrorKind::Timeout;
    case 5:
        return ErrorKind::NotFound;
    case 6: // already exists
    case 10:
        return ErrorKind::Conflict; // aborted
    case 7:
        return ErrorKind::Denied;
    case 8:
        return ErrorKind::Exhausted;
    case 9: // failed precondition
    case 11:
        return ErrorKind::Rejected; // out of range
    case 14:
        return ErrorKind::Unavailable;
    case 15:
        return ErrorKind::Corrupt;
    case 16:
        return ErrorKind::Unauthenticated;
    default:
        return ErrorKind::Internal;
    }
}

// Canton writes "CODE(category,correlation): words". Answers the code and leaves the words.
QString takeCantonCode(QString &message)
{
    qsizetype at = 0;
    while (at < message.size() && (message[at].isUpper() || message[at].isDigit() || message[at] == u'_'))
        ++at;
    if (at < 3 || at >= message.size() || message[at] != u'(')
        return {};
    const qsizetype close = message.indexOf("):"_L1, at);
    if (close < 0 || close - at > 200)
        return {};
    const QString code = message.first(at);
    message = message.sliced(close + 2).trimmed();
    return code;
}

QString valueOf(const Error &error, QLatin1StringView key)
{
    if (!error.detail.startsWith("grpc="_L1))
        return {};
    const QList<QStringView> words = QStringView(error.detail).split(u' ');
    for (const QStringView word : words) {
        if (word.startsWith(key))
            return word.sliced(key.size()).toString();
    }
    return {};
}

} // namespace

Error rpcError(int grpcCode, const QString &message, const Bytes &details, const QString &target)
{
    const StatusDetails known = readDetails(details);
    QString words = message.left(longestText);
    QString code = takeCantonCode(words);
    if (code.isEmpty())
        code = known.reason;
    if (grpcCode == 14 && code.isEmpty())
        words = u"%1 does not answer"_s.arg(target);
    else if (grpcCode == 4)
        words = u"%1 did not answer in time"_s.arg(target);
    else if (words.isEmpty())
        words = u"%1 refused with status %2"_s.arg(target).arg(grpcCode);
    QStringList parts{u"grpc=%1"_s.arg(grpcCode)};
    if (!code.isEmpty())
        parts.append(u"code="_s + code);
    parts.append(u"target="_s + target);
    parts.append(known.facts);
    parts.append(message.left(longestText));
    return {kindOf(grpcCode), words, parts.join(u' ')};
}

std::optional<int> grpcCode(const Error &error)
{
    const QString value = valueOf(error, "grpc="_L1);
    return value.isEmpty() ? std::nullopt : std::optional(value.toInt());
}

QString rpcErrorCode(const Error &error)
{
    return valueOf(error, "code="_L1);
}

} // namespace countersign
