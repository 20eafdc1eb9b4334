#pragma once

#include "backend/records/approvalrecord.h"
#include "backend/types/error.h"

#include <QString>

namespace countersign {

/// The record as an A4 document (RecordDocument), with the record's own file attached under its name, so that what is
/// printed can be verified. Written whole or not at all. Error Unavailable when it cannot be written.
Result<void> writeApprovalRecordPdf(const ApprovalRecord &record, const QString &path);

} // namespace countersign
