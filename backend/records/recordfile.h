#pragma once

#include "backend/records/approvalrecord.h"
#include "backend/types/error.h"

#include <QByteArrayView>

namespace countersign {

// A record as a file: {"kind": "countersign.record", "version": 1, "content": {…}, "contentHash": "0x…", and either
// "recordSignature" or "unsignedBecause"}, in the canonical form of the exchange's files (proposaljson.h).

inline constexpr qsizetype maxApprovalRecordBytes = 16 * 1024 * 1024;

/// What a file says, before any of it is checked.
struct RecordFile {
    ApprovalRecord record;
    Hash32 claimedHash; ///< of the content, as the file says
    bool isCanonical = false; ///< the file is what is written again from what was read of it
};

Bytes approvalRecordToJson(const ApprovalRecord &record);
/// Reads the shape; verifyRecord() judges the content. Errors Invalid (names the member), Exhausted.
Result<RecordFile> approvalRecordFromJson(QByteArrayView file);

} // namespace countersign
