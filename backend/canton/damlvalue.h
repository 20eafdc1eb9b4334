#pragma once

#include "backend/types/timestamp.h"

#include <QString>

#include <vector>

namespace countersign {

struct DamlField;

/// A Daml-LF value as commands carry it (com.daml.ledger.api.v2.Value), free of protobuf.
class DamlValue final {
public:
    enum class Kind : quint8 {
        Unit,
        Bool,
        Int64,
        Date, ///< days since 1970
        Timestamp,
        Numeric, ///< decimal text
        Party,
        Text,
        ContractId,
        Optional,
        List,
        TextMap,
        Record,
        Variant,
        Enum,
    };

    DamlValue(); ///< unit

    [[nodiscard]] static DamlValue boolean(bool value);
    [[nodiscard]] static DamlValue int64(qint64 value);
    [[nodiscard]] static DamlValue date(int daysSince1970);
    [[nodiscard]] static DamlValue timestamp(Timestamp value);
    [[nodiscard]] static DamlValue numeric(QString decimal);
    [[nodiscard]] static DamlValue party(QString party);
    [[nodiscard]] static DamlValue text(QString text);
    [[nodiscard]] static DamlValue contractId(QString contractId);
    [[nodiscard]] static DamlValue none();
    [[nodiscard]] static DamlValue some(DamlValue value);
    [[nodiscard]] static DamlValue list(std::vector<DamlValue> elements);
    [[nodiscard]] static DamlValue textMap(std::vector<DamlField> entries);
    [[nodiscard]] static DamlValue record(std::vector<DamlField> fields);
    [[nodiscard]] static DamlValue variant(QString constructor, DamlValue value);
    [[nodiscard]] static DamlValue enumeration(QString constructor);

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] const QString &text() const { return m_text; } ///< numeric, party, text, contract id, constructor
    [[nodiscard]] qint64 number() const { return m_number; } ///< bool, int64, date, microseconds of a timestamp
    /// Fields of a record, entries of a map, elements (label empty) of a list, optional or variant.
    [[nodiscard]] const std::vector<DamlField> &fields() const { return m_fields; }

private:
    DamlValue(Kind kind, QString text, qint64 number);

    Kind m_kind = Kind::Unit;
    QString m_text;
    qint64 m_number = 0;
    std::vector<DamlField> m_fields;
};

struct DamlField {
    QString label;
    DamlValue value;
};

} // namespace countersign
