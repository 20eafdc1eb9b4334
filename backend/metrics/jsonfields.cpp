#include "backend/metrics/jsonfields.h"

#include "backend/types/strings.h"

#include <QDateTime>
#include <QRegularExpression>

namespace countersign {

QString textField(const JsonView &object, QUtf8StringView name)
{
    const auto found = object.find(name);
    return found && found->isString() ? found->toString() : QString();
}

double numberField(const JsonView &object, QUtf8StringView name)
{
    const auto found = object.find(name);
    return found && found->isNumber() ? found->toString().toDouble() : 0;
}

bool boolField(const JsonView &object, QUtf8StringView name, bool otherwise)
{
    const auto found = object.find(name);
    return found && found->kind() == JsonView::Kind::Bool ? found->toBool() : otherwise;
}

Timestamp timeOfText(const QString &text)
{
    static const QRegularExpression form(u"^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,9}))?(Z|[+-]\\d\\d:\\d\\d)$"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return {};
    const QDateTime whole = QDateTime::fromString(match.captured(1) + match.captured(3), Qt::ISODate);
    if (!whole.isValid() || whole.date().year() < 1971)
        return {};
    const qint64 micros = match.captured(2).leftJustified(6, u'0').left(6).toLongLong();
    return Timestamp::fromMicros(whole.toSecsSinceEpoch() * 1'000'000 + micros);
}

Timestamp timeField(const JsonView &object, QUtf8StringView name)
{
    return timeOfText(textField(object, name));
}

QStringList textsField(const JsonView &object, QUtf8StringView name)
{
    QStringList texts;
    if (const auto found = object.find(name); found && found->isArray()) {
        for (const JsonView text : *found)
            texts.append(text.toString());
    }
    return texts;
}

QMap<QString, QString> textMapField(const JsonView &object, QUtf8StringView name)
{
    QMap<QString, QString> texts;
    if (const auto found = object.find(name); found && found->isObject()) {
        for (const JsonView text : *found)
            texts.insert(text.key().toString(), text.toString());
    }
    return texts;
}

} // namespace countersign
