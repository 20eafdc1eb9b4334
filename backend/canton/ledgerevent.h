#pragma once

#include "backend/canton/templateid.h"
#include "backend/types/ids.h"
#include "backend/types/timestamp.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringView>
#include <QVector>

#include <memory>
#include <vector>

namespace countersign {

/// What the events of one template have in common; shared by all of them.
struct LedgerShape {
    TemplateId templateId; ///< the package as the ledger names it: its id
    QString packageName;
    int templateIndex = -1; ///< position in LedgerFilter::templates, -1 when none of them matches
    std::vector<QByteArray> labels; ///< UTF-8
};

/// One row of a participant's ledger, flat: all texts of an event lie in one buffer, because a row is made for every
/// event of a flood. Values as text: Int64 and Numeric in decimal, Bool as true/false, Timestamp as decimal
/// microseconds since 1970, Date as decimal days since 1970, Party, Text, ContractId and Enum as they are, an Optional
/// as its content (none: empty), Unit as empty. Fields of a nested record have labels like "outer.inner"; lists, maps
/// and variants are compact JSON with all scalars as strings.
class LedgerEvent final {
public:
    enum class Kind : quint8 {
        Created, ///< a contract came into being (or is in the active contracts)
        Archived, ///< a contract ended; it has no fields
        Checkpoint, ///< nothing of interest up to this offset
    };

    LedgerEvent() = default;
    /// For replays and tests; the streams build their events with LedgerEventBuilder.
    [[nodiscard]] static LedgerEvent make(Kind kind, Offset offset, Timestamp recordTime, QString updateId,
        QString contractId, std::shared_ptr<const LedgerShape> shape, const QStringList &values);

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] Offset offset() const { return m_offset; }
    /// When the synchronizer ordered it; for an active contract: when it was created.
    [[nodiscard]] Timestamp recordTime() const { return m_recordTime; }
    [[nodiscard]] QString updateId() const
    {
        return QString::fromUtf8(segment(0));
    } ///< empty for active contracts and checkpoints
    [[nodiscard]] QString contractId() const { return QString::fromUtf8(segment(1)); }
    [[nodiscard]] const TemplateId &templateId() const;
    [[nodiscard]] int templateIndex() const { return m_shape ? m_shape->templateIndex : -1; }
    [[nodiscard]] const std::shared_ptr<const LedgerShape> &shape() const { return m_shape; }

    [[nodiscard]] qsizetype fieldCount() const;
    [[nodiscard]] QByteArrayView label(qsizetype index) const; ///< UTF-8
    [[nodiscard]] QByteArrayView value(qsizetype index) const
    {
        return index < 0 ? QByteArrayView() : segment(index + 2);
    } ///< UTF-8
    [[nodiscard]] qsizetype indexOf(QStringView label) const; ///< -1: the event has no such field
    /// The value of a field by its label; a null string when the event has none.
    [[nodiscard]] QString field(QStringView label) const;

    friend bool operator==(const LedgerEvent &a, const LedgerEvent &b);

private:
    friend class LedgerEventBuilder;

    [[nodiscard]] QByteArrayView segment(qsizetype index) const;

    std::shared_ptr<const LedgerShape> m_shape;
    QByteArray m_text; ///< update id, contract id, values, then the end of each as quint32, then their count
    Offset m_offset;
    Timestamp m_recordTime;
    Kind m_kind = Kind::Checkpoint;
};

} // namespace countersign

Q_DECLARE_TYPEINFO(countersign::LedgerEvent, Q_RELOCATABLE_TYPE);
Q_DECLARE_METATYPE(countersign::LedgerEvent)
