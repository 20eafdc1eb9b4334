#include "ui/documents/approvalrecordpdf.h"

#include "backend/records/recordfile.h"
#include "backend/records/recordfolder.h"
#include "backend/types/strings.h"
#include "ui/documents/recorddocument.h"

#include <QCoreApplication>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

namespace countersign {

Result<void> writeApprovalRecordPdf(const ApprovalRecord &record, const QString &path)
{
    constexpr int dotsPerInch = 300;
    QSaveFile file(path);
    const auto failed = [&file, &path] {
        return fail(ErrorKind::Unavailable,
            QCoreApplication::translate("RecordDocument", "The document cannot be written to %1: %2")
                .arg(path, file.errorString()));
    };
    if (!file.open(QIODevice::WriteOnly))
        return failed();
    QPdfWriter writer(&file);
    writer.setPdfVersion(QPagedPaintDevice::PdfVersion_1_6);
    writer.setResolution(dotsPerInch);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(record.review.sentence);
    writer.setCreator(record.program.version);
    writer.addFileAttachment(
        RecordFolder::fileName(record.contentHash()), approvalRecordToJson(record), u"application/json"_s);
    const RecordDocument document(record, writer);
    QPainter painter;
    if (!painter.begin(&writer))
        return failed();
    for (int page = 0; page < document.pageCount(); ++page) {
        if (page > 0 && !writer.newPage())
            return failed();
        document.drawPage(painter, page);
    }
    if (!painter.end() || !file.commit())
        return failed();
    return {};
}

} // namespace countersign
