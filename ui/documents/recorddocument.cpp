#include "ui/documents/recorddocument.h"

#include "backend/records/reviewjson.h"
#include "backend/types/devicetext.h"
#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QTextBlock>
#include <QTextTable>

#include <algorithm>

namespace countersign {

namespace {

constexpr double margin = 18; // millimetres
constexpr double foot = 12;
constexpr double millimetresAnInch = 25.4;
constexpr qsizetype longestData = 1024;
constexpr int leftPercent = 24;

QColor ink(Token token)
{
    return tokenColor(token, Scheme::Light); // paper is white
}

/// Text from outside, without what does not show: it must not turn or hide what stands beside it.
QString shown(const QString &text)
{
    QString safe;
    safe.reserve(text.size());
    for (const QChar c : text) {
        const bool isHidden = c.category() == QChar::Other_Control || c.category() == QChar::Other_Format
            || c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph;
        if (c == u'\n')
            safe += QChar(QChar::LineSeparator);
        else if (isHidden)
            safe += u"\\u%1"_s.arg(c.unicode(), 4, 16, QChar(u'0'));
        else
            safe += c;
    }
    return safe;
}

QString dataText(const Bytes &data)
{
    if (data.size() <= longestData)
        return toHex(data);
    return u"%1…  (%2 bytes; the attached record has them all)"_s.arg(toHex(data.first(longestData))).arg(data.size());
}

QString grouped(const Hash32 &hash)
{
    const QStringList groups = deviceGroups(hash);
    const qsizetype half = groups.size() / 2;
    return u"0x "_s + groups.first(half).join(u' ') + u"\n   "_s + groups.sliced(half).join(u' ');
}

QString timeText(Timestamp time)
{
    return time.toDateTime().toString(u"yyyy-MM-dd HH:mm:ss 'UTC'"_s);
}

QString named(const QString &name, const Address &address)
{
    return name.isEmpty() ? address.toString() : u"%1, %2"_s.arg(name, address.toString());
}

} // namespace

RecordDocument::RecordDocument(const ApprovalRecord &record, QPaintDevice &device)
    : m_record(record)
    , m_contentHash(record.contentHash().toString())
    , m_device(device)
    , m_cursor(&m_text)
{
    m_text.documentLayout()->setPaintDevice(&device);
    m_text.setDefaultFont(uiFont(TextSize::Small));
    m_text.setDocumentMargin(0);
    QTextOption option = m_text.defaultTextOption();
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text.setDefaultTextOption(option);
    m_text.setPageSize({device.width() - millimetres(2 * margin), device.height() - millimetres(2 * margin + foot)});
    m_cursor.beginEditBlock(); // laid out once
    writeHead();
    writeHashes();
    writeDecision();
    writeCalls();
    writeEffects();
    writeFindings();
    writeOwners();
    writeBasis();
    writeKey();
    writeOrigin();
    m_cursor.endEditBlock();
    keepHeadingsWithText();
}

double RecordDocument::millimetres(double length) const
{
    return length * m_device.logicalDpiY() / millimetresAnInch;
}

QTextCharFormat RecordDocument::formatOf(Face face) const
{
    QTextCharFormat format;
    format.setFont(face == Face::Mono ? monoFont(TextSize::Small) : uiFont(TextSize::Small));
    Token token = Token::Text;
    if (face == Face::Muted)
        token = Token::Muted;
    else if (face == Face::Warning)
        token = Token::Warn;
    else if (face == Face::Bad)
        token = Token::Bad;
    format.setForeground(ink(token));
    if (face == Face::Strong || face == Face::Warning || face == Face::Bad)
        format.setFontWeight(QFont::DemiBold);
    return format;
}

void RecordDocument::heading(const QString &text)
{
    QTextBlockFormat block;
    block.setTopMargin(14);
    block.setBottomMargin(4);
    QTextCharFormat format = formatOf(Face::Strong);
    format.setFont(uiFont(TextSize::Strong, QFont::DemiBold));
    m_cursor.movePosition(QTextCursor::End);
    m_cursor.insertBlock(block, format);
    m_headings.append(m_cursor.blockNumber());
    m_cursor.insertText(text);
}

void RecordDocument::paragraph(const QString &text, Face face, int indent)
{
    QTextBlockFormat block;
    block.setBottomMargin(2);
    block.setLeftMargin(indent * 14.0);
    m_cursor.movePosition(QTextCursor::End);
    m_cursor.insertBlock(block, formatOf(face));
    m_cursor.insertText(shown(text));
}

void RecordDocument::facts(const QList<std::pair<QString, QString>> &rows, Face face)
{
    QList<Row> cells;
    for (const auto &[name, value] : rows) {
        if (!value.isEmpty())
            cells.append(Row{name, value});
    }
    table({{{}, leftPercent, Face::Muted}, {{}, 100 - leftPercent, face}}, cells);
}

void RecordDocument::table(const QList<Column> &columns, const QList<Row> &rows)
{
    if (rows.isEmpty())
        return;
    const bool hasTitles = std::ranges::any_of(columns, [](const Column &column) { return !column.title.isEmpty(); });
    QTextTableFormat format;
    format.setBorder(0);
    format.setCellSpacing(0);
    format.setCellPadding(0);
    format.setTopMargin(4);
    format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
    format.setHeaderRowCount(hasTitles ? 1 : 0);
    QList<QTextLength> widths;
    for (const Column &column : columns)
        widths.append(QTextLength(QTextLength::PercentageLength, column.percent));
    format.setColumnWidthConstraints(widths);
    m_cursor.movePosition(QTextCursor::End);
    QTextTable *grid = m_cursor.insertTable(
        static_cast<int>(rows.size()) + (hasTitles ? 1 : 0), static_cast<int>(columns.size()), format);
    const auto fill = [grid](int row, int column, const QString &text, const QTextCharFormat &face) {
        QTextTableCell cell = grid->cellAt(row, column);
        QTextTableCellFormat line;
        line.setBottomBorder(0.5);
        line.setBottomBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        line.setBottomBorderBrush(ink(Token::Border));
        line.setTopPadding(3);
        line.setBottomPadding(3);
        line.setRightPadding(8);
        cell.setFormat(line);
        cell.firstCursorPosition().insertText(shown(text), face);
    };
    int row = 0;
    if (hasTitles) {
        for (int i = 0; i < columns.size(); ++i)
            fill(row, i, columns[i].title, formatOf(Face::Muted));
        ++row;
    }
    for (const Row &cells : rows) {
        for (int i = 0; i < columns.size(); ++i)
            fill(row, i, cells.value(i).text, formatOf(cells.value(i).face.value_or(columns[i].face)));
        ++row;
    }
}

void RecordDocument::writeHead()
{
    const Review &review = m_record.review;
    QString title = tr("Record of an approval");
    QString decision = tr("signed");
    if (m_record.act == RecordedAct::Refused) {
        title = tr("Record of a refusal");
        decision = tr("refused: the device did not show the hash, and nothing was signed");
    } else if (m_record.act == RecordedAct::Executed) {
        title = tr("Record of an execution");
        decision = tr("executed");
    }
    QTextCharFormat small = formatOf(Face::Muted);
    m_cursor.insertText(title, small);
    QTextBlockFormat block;
    block.setTopMargin(2);
    block.setBottomMargin(12);
    QTextCharFormat large = formatOf(Face::Strong);
    large.setFont(uiFont(TextSize::Title, QFont::DemiBold));
    m_cursor.insertBlock(block, large);
    m_cursor.insertText(shown(review.sentence));
    QList<std::pair<QString, QString>> rows{{tr("Decision"), decision},
        {tr("By"), named(m_record.holder, m_record.address)}, {tr("Recorded"), timeText(m_record.madeAt)},
        {tr("Safe"), review.safe.toString()},
        {tr("Chain"), u"%1 (%2)"_s.arg(review.chainName).arg(review.chainId.value())},
        {tr("Nonce"), tr("%1, the Safe was at %2").arg(review.nonce.toDecimal(), review.safeNonce.toDecimal())},
        {tr("Reviewed"),
            tr("%1, at block %2\n%3")
                .arg(timeText(review.reviewedAt))
                .arg(review.blockNumber.value())
                .arg(review.blockHash.toString())},
        {tr("Proposed by"), review.proposer}};
    if (const auto proposal = m_record.proposal()) {
        rows.append({tr("Its title, as claimed"), proposal->title});
        rows.append({tr("Its reason, as claimed"), proposal->rationale});
    } else {
        rows.append({tr("Proposal"), tr("The proposal in this record is not sound: %1").arg(proposal.error().message)});
    }
    facts(rows);
}

void RecordDocument::writeHashes()
{
    const ReviewHashes &hashes = m_record.review.hashes;
    heading(tr("Hashes, in the groups of the device"));
    facts({{tr("Domain hash"), grouped(hashes.domain)}, {tr("Message hash"), grouped(hashes.message)},
              {tr("SafeTx hash"), grouped(hashes.safeTx)}},
        Face::Mono);
}

void RecordDocument::writeDecision()
{
    if (m_record.comparison) {
        heading(tr("What the holder compared"));
        paragraph(m_record.comparison->outcome == DeviceComparison::Outcome::Typed
                ? tr("Typed from the device: %1").arg(comparisonSummary(*m_record.comparison))
                : comparisonSummary(*m_record.comparison));
    }
    if (!m_record.execution)
        return;
    const ExecutionReport &report = *m_record.execution;
    heading(tr("Execution"));
    facts({{tr("Transaction"), report.transactionHash.toString()},
        {tr("Block"), QString::number(report.blockNumber.value())}, {tr("Gas used"), QString::number(report.gasUsed)},
        {tr("Effect"),
            !report.isAsPromised    ? tr("NOT what was promised")
                : report.isReadBack ? tr("read back, as promised")
                                    : tr("as promised, as far as it could be read back")}});
}

void RecordDocument::writeCalls()
{
    heading(tr("Calls, in the order in which they run"));
    for (const CallAtDepth &place : flattened(m_record.review.call)) {
        const DecodedCall &call = *place.call;
        QString function = call.function;
        if (call.data.isEmpty())
            function = tr("transfer");
        else if (function.isEmpty())
            function = tr("unknown function");
        paragraph(tr("%1%2 of %3")
                      .arg(call.isDelegate ? tr("DELEGATECALL ") : QString(), function, named(call.toName, call.to)),
            Face::Strong, place.depth);
        if (!call.value.isZero())
            paragraph(tr("sends %1 wei").arg(call.value.toDecimal()), Face::Plain, place.depth + 1);
        for (const DecodedArgument &argument : call.arguments)
            paragraph(u"%1 (%2)  %3%4"_s.arg(argument.name, argument.type, argument.value,
                          argument.known.isEmpty() ? QString() : u"  – %1"_s.arg(argument.known)),
                Face::Plain, place.depth + 1);
        if (!call.data.isEmpty())
            paragraph(dataText(call.data), Face::Mono, place.depth + 1);
    }
}

void RecordDocument::writeEffects()
{
    const bool executed = m_record.execution.has_value();
    const QList<Effect> &effects = executed ? m_record.execution->effects : m_record.review.effects;
    heading(executed ? tr("Effects, as read back") : tr("Effects, as simulated"));
    if (effects.isEmpty()) {
        paragraph(tr("No effect could be named."), Face::Muted);
        return;
    }
    QList<Row> rows;
    for (const Effect &effect : effects)
        rows.append({u"%1\n%2"_s.arg(effect.name, effect.variable), effect.before,
            effect.after.isEmpty() ? tr("not known") : effect.after,
            effect.promised.isEmpty()   ? Cell(tr("nothing"), Face::Muted)
                : effect.isAsPromised() ? Cell(effect.promised)
                                        : Cell(tr("\u25a0 differs: %1").arg(effect.promised), Face::Bad)});
    table({{tr("What"), 34, Face::Plain}, {tr("Before"), 22, Face::Plain}, {tr("Afterwards"), 22, Face::Plain},
              {executed ? tr("Simulated") : tr("Promised"), 22, Face::Plain}},
        rows);
}

void RecordDocument::writeFindings()
{
    heading(tr("Findings"));
    QList<Row> rows;
    for (const Finding &finding : m_record.review.findings) {
        Cell weight(tr("info"), Face::Muted);
        if (finding.severity == Severity::Block)
            weight = Cell(tr("\u25a0 blocks"), Face::Bad);
        else if (finding.severity == Severity::Warn)
            weight = Cell(tr("\u25b2 warns"), Face::Warning);
        QString text = finding.message;
        if (!finding.evidence.isEmpty())
            text += u'\n' + finding.evidence;
        // The outermost call is where most findings are: not said again in each line.
        const QString place = finding.where == "transaction"_L1 ? QString() : finding.where;
        rows.append({weight, text, u"%1\n%2"_s.arg(finding.code, place).trimmed()});
    }
    if (rows.isEmpty())
        paragraph(tr("None."), Face::Muted);
    table({{tr("Weight"), 11, Face::Plain}, {tr("What was found"), 61, Face::Plain},
              {tr("Code, place"), 28, Face::Muted}},
        rows);
    heading(tr("Checks that did not run"));
    QList<Row> open;
    for (const CheckNotRun &check : m_record.review.notRun)
        open.append({QString::number(check.check), check.title, check.reason});
    if (open.isEmpty())
        paragraph(tr("All ran."), Face::Muted);
    table({{tr("No."), 7, Face::Muted}, {tr("Check"), 40, Face::Plain}, {tr("Why not"), 53, Face::Plain}}, open);
}

void RecordDocument::writeOwners()
{
    const Review &review = m_record.review;
    heading(tr("Owners at the block: %1 of %2 must sign").arg(review.threshold).arg(review.signers.size()));
    QList<Row> rows;
    for (const ReviewSigner &signer : review.signers)
        rows.append(
            {signer.owner.toString(), signer.name, signer.hasSigned ? tr("signed (%1)").arg(signer.how) : tr("open")});
    for (const Address &stranger : review.strangers)
        rows.append({stranger.toString(), tr("no owner"), tr("signed all the same")});
    table({{tr("Address"), 52, Face::Mono}, {tr("Name"), 24, Face::Plain}, {tr("Before this record"), 24, Face::Plain}},
        rows);
}

void RecordDocument::writeBasis()
{
    const ReviewBasis &basis = m_record.review.basis;
    heading(tr("What the review rests on"));
    QList<std::pair<QString, QString>> rows;
    for (const ReviewedNode &node : basis.nodes)
        rows.append({rows.isEmpty() ? tr("Node") : tr("Second node"),
            node.dissent.isEmpty()
                ? tr("%1, block %2\n%3").arg(node.endpoint).arg(node.blockNumber.value()).arg(node.blockHash.toString())
                : tr("%1 did NOT confirm: %2").arg(node.endpoint, node.dissent)});
    if (const auto &simulation = basis.simulation) {
        rows.append({tr("Simulation"),
            tr("%1 by %2, %3 gas; the owners' approvals set, all else as it was")
                .arg(simulation->succeeded ? tr("succeeded") : tr("FAILED: %1").arg(simulation->reason),
                    simulation->method)
                .arg(simulation->gasUsed)});
        if (simulation->assumesPredecessors)
            rows.append({tr("It assumes"), tr("that the earlier nonces were executed and changed nothing else")});
        if (simulation->innerCallOnly)
            rows.append({tr("It saw only"), tr("the call that the Safe makes, not its signatures, nonce or guard")});
        for (const QString &limit : simulation->limits)
            rows.append({tr("It could not see"), limit});
    } else {
        rows.append({tr("Simulation"), tr("none")});
    }
    rows.append({tr("Signing policy"),
        basis.policyName.isEmpty()
            ? tr("none was asked")
            : tr("%1, version %2\n%3").arg(basis.policyName).arg(basis.policyVersion).arg(basis.policyId.toString())});
    for (const DecidingRule &rule : basis.rules)
        rows.append({tr("Rule that decided"), u"%1 (%2)"_s.arg(rule.rule, rule.where)});
    facts(rows);
}

void RecordDocument::writeKey()
{
    const KeyEvidence &key = m_record.key;
    heading(tr("Key and signature"));
    if (m_record.signature)
        facts({{tr("Signature"), toHex(m_record.signature->toBytes65())}}, Face::Mono);
    if (m_record.recordSignature)
        facts({{tr("Of this record"), toHex(m_record.recordSignature->toBytes65())}}, Face::Mono);
    else
        facts({{tr("Of this record"), tr("none: %1").arg(m_record.unsignedBecause)}});
    const auto yes = [](bool is) { return is ? tr("yes") : tr("no"); };
    facts({{tr("Custody"), custodyText(key.custody)},
        {tr("Device"), u"%1 %2, %3"_s.arg(key.manufacturer, key.model, key.serial)}, {tr("Label"), key.label},
        {tr("Firmware"), key.firmware}, {tr("Key"), key.keyId},
        {tr("Through"), u"%1\n%2"_s.arg(key.provider, key.modulePath)}, {tr("SHA-256 of the module"), key.moduleSha256},
        {tr("As the device says"),
            tr("hardware slot %1; made on it %2; sensitive %3, always %4; extractable %5, never %6; PIN each time %7")
                .arg(yes(key.hardwareSlot), yes(key.generatedOnToken), yes(key.sensitive), yes(key.alwaysSensitive),
                    yes(key.extractable), yes(key.neverExtractable), yes(key.alwaysAuthenticate))}});
}

void RecordDocument::writeOrigin()
{
    heading(tr("Where this record comes from"));
    facts({{tr("Program"), m_record.program.version}, {tr("SHA-256 of it"), m_record.program.build},
        {tr("Journal"), tr("after entry %1, %2").arg(m_record.journal.count).arg(m_record.journal.hash.toString())},
        {tr("Content hash"), m_contentHash}});
    paragraph(
        tr("The record itself is attached to this document as a file. “countersign-cli verify record” computes again "
           "what can be computed: the hashes, the signatures, the calls."),
        Face::Muted);
}

// A heading that stands alone at the foot of a page goes to the next one.
void RecordDocument::keepHeadingsWithText()
{
    const double page = m_text.pageSize().height();
    const double room = millimetres(16);
    for (const int number : std::as_const(m_headings)) {
        const QTextBlock block = m_text.findBlockByNumber(number);
        const double y = m_text.documentLayout()->blockBoundingRect(block).y();
        const double left = page - (y - page * int(y / page));
        if (left > room)
            continue;
        QTextBlockFormat format = block.blockFormat();
        format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
        QTextCursor(block).setBlockFormat(format);
    }
}

void RecordDocument::drawPage(QPainter &painter, int page) const
{
    const QSizeF size = m_text.pageSize();
    const double edge = millimetres(margin);
    painter.save();
    painter.translate(edge, edge - page * size.height());
    const QRectF view(0, page * size.height(), size.width(), size.height());
    painter.setClipRect(view);
    QAbstractTextDocumentLayout::PaintContext context;
    context.clip = view;
    context.palette.setColor(QPalette::Text, ink(Token::Text));
    m_text.documentLayout()->draw(&painter, context);
    painter.restore();

    const QRectF line(edge, edge + size.height() + millimetres(4), size.width(), millimetres(foot - 4));
    painter.save();
    painter.setPen(QPen(ink(Token::Border), millimetres(0.2)));
    painter.drawLine(line.topLeft(), line.topRight());
    painter.setPen(ink(Token::Muted));
    const QRectF words = line.adjusted(0, millimetres(1.5), 0, 0);
    painter.setFont(monoFont(TextSize::Caption));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop, m_contentHash);
    painter.setFont(uiFont(TextSize::Caption));
    painter.drawText(words, Qt::AlignRight | Qt::AlignTop, tr("Page %1 of %2").arg(page + 1).arg(pageCount()));
    painter.restore();
}

} // namespace countersign
