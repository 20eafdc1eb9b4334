#pragma once

#include "backend/intents/intentstore.h"

#include <QCoreApplication>
#include <QVariant>

namespace countersign {

/// What a cell of the intents table says. Texts are plain and exact, as they are copied; a delegate formats values for its locale.
class IntentText final
{
    Q_DECLARE_TR_FUNCTIONS(IntentText)

public:
    static QString header(int column);
    static QString cell(const IntentStore &store, const IntentRow &row, int column, Timestamp now);
    static QString toolTip(const IntentStore &store, const IntentRow &row, int column, Timestamp now);
    static QVariant value(const IntentStore &store, const IntentRow &row, int column, Timestamp now);

    static QString amount(const IntentRow &row); ///< with "≥ " where digits were cut
    static QString phase(IntentPhase phase); ///< translated word
    static QString flags(quint8 flags); ///< "stuck, retrying"; empty without any
    static QString roughDuration(std::chrono::microseconds duration); ///< one unit: "12 s", "37 min", "5 h", "3 d"
    static QString duration(std::chrono::microseconds duration); ///< "850 ms", "12.4 s", "3 min 20 s", "5 h 07 min", "3 d 04 h"
};

} // namespace countersign
