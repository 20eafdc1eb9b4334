#pragma once

#include "backend/records/approvalrecord.h"

class QWidget;

namespace countersign {

class Prompter;

/// Asks where to, and writes the record there: as a document, or as JSON where the name says so. That it cannot be
/// written is said. \a prompter outlives the question, \a parent what is shown.
void askToSaveRecord(const ApprovalRecord &record, Prompter &prompter, QWidget *parent);

} // namespace countersign
