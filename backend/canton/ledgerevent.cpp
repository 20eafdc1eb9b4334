#include "backend/canton/ledgerevent.h"

#include "backend/canton/ledgereventbuilder.h"

#include <QStringList>

#include <cstring>
#include <utility>

namespace countersign {

namespace {

constexpr qsizetype wordSize = sizeof(quint32);

quint32 wordAt(const QByteArray &bytes, qsizetype at)
{
    quint32 word = 0;
    std::memcpy(&word, bytes.constData() + at, sizeof word);
    return word;
}

} // namespace

LedgerEvent LedgerEventBuilder::finish(
    LedgerEvent::Kind kind, Offset offset, Timestamp recordTime, std::shared_ptr<const LedgerShape> shape)
{
    LedgerEvent event;
    event.m_kind = kind;
    event.m_offset = offset;
    event.m_recordTime = recordTime;
    event.m_shape = std::move(shape);
    if (m_ends.empty())
        return event;
    const auto count = static_cast<quint32>(m_ends.size());
    const qsizetype text = m_text.size();
    event.m_text = QByteArray(text + (static_cast<qsizetype>(count) + 1) * wordSize, Qt::Uninitialized);
    char *to = event.m_text.data();
    std::memcpy(to, m_text.constData(), static_cast<size_t>(text));
    std::memcpy(to + text, m_ends.data(), m_ends.size() * sizeof(quint32));
    std::memcpy(to + event.m_text.size() - wordSize, &count, sizeof count);
    return event;
}

LedgerEvent LedgerEvent::make(Kind kind, Offset offset, Timestamp recordTime, QString updateId, QString contractId,
    std::shared_ptr<const LedgerShape> shape, const QStringList &values)
{
    LedgerEventBuilder builder;
    builder.begin();
    if (kind == Kind::Checkpoint)
        return builder.finish(kind, offset, recordTime, nullptr);
    builder.append(updateId.toUtf8());
    builder.append(contractId.toUtf8());
    for (const QString &value : values)
        builder.append(value.toUtf8());
    return builder.finish(kind, offset, recordTime, std::move(shape));
}

const TemplateId &LedgerEvent::templateId() const
{
    static const TemplateId none;
    return m_shape ? m_shape->templateId : none;
}

QByteArrayView LedgerEvent::segment(qsizetype index) const
{
    if (m_text.isEmpty() || index < 0)
        return {};
    const qsizetype size = m_text.size();
    const auto count = static_cast<qsizetype>(wordAt(m_text, size - wordSize));
    if (index >= count)
        return {};
    const qsizetype table = size - (count + 1) * wordSize;
    const auto begin = index == 0 ? 0 : static_cast<qsizetype>(wordAt(m_text, table + (index - 1) * wordSize));
    const auto end = static_cast<qsizetype>(wordAt(m_text, table + index * wordSize));
    return QByteArrayView(m_text).sliced(begin, end - begin);
}

qsizetype LedgerEvent::fieldCount() const
{
    if (m_text.isEmpty())
        return 0;
    return static_cast<qsizetype>(wordAt(m_text, m_text.size() - wordSize)) - 2;
}

QByteArrayView LedgerEvent::label(qsizetype index) const
{
    if (!m_shape || index < 0 || static_cast<size_t>(index) >= m_shape->labels.size())
        return {};
    return m_shape->labels[static_cast<size_t>(index)];
}

qsizetype LedgerEvent::indexOf(QStringView label) const
{
    if (!m_shape)
        return -1;
    const QByteArray wanted = label.toUtf8();
    const qsizetype count = qMin(fieldCount(), static_cast<qsizetype>(m_shape->labels.size()));
    for (qsizetype i = 0; i < count; ++i) {
        if (QByteArrayView(m_shape->labels[static_cast<size_t>(i)]) == wanted)
            return i;
    }
    return -1;
}

QString LedgerEvent::field(QStringView label) const
{
    const qsizetype index = indexOf(label);
    if (index < 0)
        return {};
    const QString text = QString::fromUtf8(value(index));
    return text.isNull() ? QString(QLatin1String("")) : text;
}

bool operator==(const LedgerEvent &a, const LedgerEvent &b)
{
    if (a.m_kind != b.m_kind || a.m_offset != b.m_offset || a.m_recordTime != b.m_recordTime || a.m_text != b.m_text)
        return false;
    if (a.m_shape == b.m_shape)
        return true;
    return a.m_shape && b.m_shape && a.m_shape->templateId == b.m_shape->templateId
        && a.m_shape->packageName == b.m_shape->packageName && a.m_shape->templateIndex == b.m_shape->templateIndex
        && a.m_shape->labels == b.m_shape->labels;
}

} // namespace countersign
