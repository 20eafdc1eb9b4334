#pragma once

#include "backend/records/approvalrecord.h"

#include <QCoreApplication>
#include <QList>
#include <QSizeF>
#include <QTextCursor>
#include <QTextDocument>

#include <optional>

class QPainter;

namespace countersign {

/// A record laid out as A4 pages, for one device: everything that it says, with the hashes in the groups in which a
/// device shows them, and its content's hash in the foot of every page. The same record gives the same pages.
class RecordDocument final {
    Q_DECLARE_TR_FUNCTIONS(RecordDocument)
    Q_DISABLE_COPY_MOVE(RecordDocument)

public:
    /// \a device is a whole A4 page without margins of its own, and outlives the document.
    RecordDocument(const ApprovalRecord &record, QPaintDevice &device);

    int pageCount() const { return m_text.pageCount(); }
    /// \a page from 0. The painter is on the device.
    void drawPage(QPainter &painter, int page) const;

private:
    enum class Face { Plain, Muted, Strong, Mono, Warning, Bad };
    struct Cell {
        Cell(const QString &words = {}, std::optional<Face> own = {})
            : text(words)
            , face(own)
        {
        }
        QString text;
        std::optional<Face> face; ///< absent: the column's
    };
    struct Column {
        QString title;
        int percent = 0;
        Face face = Face::Plain;
    };
    using Row = QList<Cell>;

    void writeHead();
    void writeHashes();
    void writeDecision();
    void writeCalls();
    void writeEffects();
    void writeFindings();
    void writeOwners();
    void writeBasis();
    void writeKey();
    void writeOrigin();
    void heading(const QString &text);
    void paragraph(const QString &text, Face face = Face::Plain, int indent = 0);
    /// Names on the left, values on the right.
    void facts(const QList<std::pair<QString, QString>> &rows, Face face = Face::Plain);
    void table(const QList<Column> &columns, const QList<Row> &rows);
    void keepHeadingsWithText();
    QTextCharFormat formatOf(Face face) const;
    double millimetres(double length) const;

    const ApprovalRecord &m_record;
    QString m_contentHash;
    QPaintDevice &m_device;
    QTextDocument m_text;
    QTextCursor m_cursor;
    QList<int> m_headings; // block numbers
};

} // namespace countersign
