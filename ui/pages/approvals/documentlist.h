#pragma once

#include "models/approvals/composedesk.h"

#include <QList>

class QTreeWidget;
class QWidget;

namespace countersign {

/// An empty list of attachments: name, size, hash.
QTreeWidget *makeDocumentList(const QString &name, QWidget *parent);
/// \a notes: one an attachment, shown behind it; may be shorter.
void fillDocumentList(QTreeWidget &list, const QList<Attachment> &attachments, const QStringList &notes = {});

} // namespace countersign
