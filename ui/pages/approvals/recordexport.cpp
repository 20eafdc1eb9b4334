#include "ui/pages/approvals/recordexport.h"

#include "backend/records/recordfile.h"
#include "backend/types/strings.h"
#include "ui/documents/approvalrecordpdf.h"
#include "ui/widgets/prompter.h"

#include <QCoreApplication>
#include <QPointer>
#include <QSaveFile>
#include <QWidget>

namespace countersign {

namespace {

class RecordExport final {
    Q_DECLARE_TR_FUNCTIONS(RecordExport)
};

Result<void> write(const ApprovalRecord &record, const QString &path)
{
    if (!path.endsWith(".json"_L1))
        return writeApprovalRecordPdf(record, path);
    QSaveFile file(path);
    const Bytes content = approvalRecordToJson(record);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return fail(ErrorKind::Unavailable, file.errorString());
    return {};
}

} // namespace

void askToSaveRecord(const ApprovalRecord &record, Prompter &prompter, QWidget *parent)
{
    const QString name = u"approval-%1.pdf"_s.arg(record.contentHash().toString().sliced(2, 12));
    prompter.askSaveFile(parent,
        {RecordExport::tr("Save the approval record"), name,
            RecordExport::tr("Document (*.pdf);;Record, to be verified (*.json)")},
        [record, &prompter, parent = QPointer<QWidget>(parent)](const QString &path) {
            if (path.isEmpty() || !parent)
                return;
            if (const auto written = write(record, path); !written)
                prompter.tell(parent, RecordExport::tr("Not saved"),
                    RecordExport::tr("%1 cannot be written: %2").arg(path, written.error().message));
        });
}

} // namespace countersign
