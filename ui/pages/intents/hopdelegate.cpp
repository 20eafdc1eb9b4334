#include "ui/pages/intents/hopdelegate.h"

#include "backend/types/strings.h"
#include "models/intents/intenttimelinemodel.h"
#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"
#include "ui/widgets/format.h"

#include <QPainter>

namespace countersign {

namespace {

constexpr int rowHeight = 62;
constexpr int lineLeft = 15;

} // namespace

HopDelegate::HopDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void HopDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    const QPalette &palette = option.palette;
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected)
        painter->fillRect(option.rect, tokenColor(Token::Selection, palette));
    const QRect rect = option.rect;
    const bool retracted = index.data(IntentTimelineModel::RetractedRole).toBool();
    const bool slow = index.data(IntentTimelineModel::SlowRole).toBool();
    const auto tone = static_cast<Tone>(index.data(IntentTimelineModel::ToneRole).toInt());
    const QColor text = tokenColor(selected ? Token::SelectionText : Token::Text, palette);
    const QColor muted = tokenColor(selected ? Token::SelectionText : Token::Muted, palette);

    painter->setPen(QPen(tokenColor(Token::BorderStrong, palette), 1));
    const int dot = rect.top() + 14;
    if (index.row() > 0)
        painter->drawLine(lineLeft, rect.top(), lineLeft, dot - 8);
    if (index.row() + 1 < index.model()->rowCount())
        painter->drawLine(lineLeft, dot + 8, lineLeft, rect.bottom());
    paintMark(*painter, QRectF(lineLeft - 5.5, dot - 5.5, 11, 11), tone, tokenColor(toneToken(tone), palette));

    const int left = lineLeft + 16;
    const int right = rect.right() - 10;
    QFont title = uiFont(TextSize::Body, QFont::Medium);
    title.setStrikeOut(retracted);
    painter->setFont(uiFont(TextSize::Small));
    const QFontMetrics small(painter->font());
    const auto time = index.data(IntentTimelineModel::TimeRole).value<Timestamp>();
    const QString clock = time.isNull() ? tr("no time") : time.toDateTime().toString(u"HH:mm:ss.zzz"_s);
    const int clockWidth = small.horizontalAdvance(clock);
    painter->setPen(muted);
    painter->drawText(QRect(left, rect.top() + 4, right - left, 19), Qt::AlignRight | Qt::AlignVCenter, clock);
    painter->setFont(title);
    painter->setPen(text);
    const int titleRoom = right - left - clockWidth - 10;
    painter->drawText(QRect(left, rect.top() + 4, titleRoom, 19), Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(title).elidedText(
            index.data(IntentTimelineModel::TitleRole).toString(), Qt::ElideRight, titleRoom));

    painter->setFont(uiFont(TextSize::Small));
    QString took;
    if (const QVariant duration = index.data(IntentTimelineModel::DurationRole); duration.isValid()) {
        took = tr("+%1").arg(ageText(std::chrono::microseconds(duration.toLongLong())));
        const QVariant p50 = index.data(IntentTimelineModel::UsualP50Role);
        const QVariant p95 = index.data(IntentTimelineModel::UsualP95Role);
        if (p50.isValid() && p95.isValid())
            //: How long this step usually takes: median and 95th percentile.
            took += tr("  usual %1, p95 %2")
                        .arg(ageText(std::chrono::microseconds(p50.toLongLong())),
                            ageText(std::chrono::microseconds(p95.toLongLong())));
    }
    const QRect second(left, rect.top() + 22, right - left, 18);
    const int tookWidth = small.horizontalAdvance(took);
    painter->setPen(slow && !selected ? tokenColor(Token::Warn, palette) : muted);
    painter->drawText(second, Qt::AlignRight | Qt::AlignVCenter, took);
    painter->setPen(muted);
    QString says = index.data(IntentTimelineModel::SourceRole).toString();
    if (retracted)
        says = tr("%1, taken back by a reorganisation").arg(says);
    painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
        small.elidedText(says, Qt::ElideRight, second.width() - tookWidth - 10));
    painter->setFont(monoFont(TextSize::Small));
    painter->drawText(QRect(left, rect.top() + 40, right - left, 17), Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(
            index.data(IntentTimelineModel::EvidenceRole).toString(), Qt::ElideMiddle, right - left));
    painter->restore();
}

QSize HopDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {280, rowHeight};
}

} // namespace countersign
