#include "ui/pages/approvals/queuedelegates.h"

#include "backend/types/strings.h"
#include "models/approvals/discussionmodel.h"
#include "models/approvals/exchangenoticesmodel.h"
#include "models/approvals/noncelanesmodel.h"
#include "ui/pages/approvals/itempainting.h"
#include "ui/pages/approvals/stagetone.h"
#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"
#include "ui/widgets/format.h"

#include <QPainter>

namespace countersign {

namespace {

constexpr int trackX = 18;
constexpr int nonceLeft = 30;
constexpr int textLeft = 66;
constexpr int right = 10;

NonceLanesModel::Kind kindOf(const QModelIndex &index)
{
    return static_cast<NonceLanesModel::Kind>(index.data(NonceLanesModel::KindRole).toInt());
}

void drawElided(QPainter &painter, const QRect &rect, const QString &text, Qt::TextElideMode mode = Qt::ElideRight)
{
    painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(text, mode, rect.width()));
}

void paintTrack(QPainter &painter, const QStyleOptionViewItem &option, NonceLanesModel::Kind kind)
{
    using Kind = NonceLanesModel::Kind;
    const QRect &rect = option.rect;
    QPen pen(tokenColor(Token::BorderStrong, option.palette), 2);
    if (kind == Kind::Gap)
        pen.setStyle(Qt::DotLine);
    painter.setPen(pen);
    const int x = rect.left() + trackX;
    const int top = kind == Kind::Safe ? rect.center().y() : rect.top();
    const int bottom = kind == Kind::Free ? rect.center().y() : rect.bottom();
    painter.drawLine(x, top, x, bottom);
}

struct NoticeText {
    QString text;
    QString detail;
    int width;
};

NoticeText noticeOf(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    return {index.data().toString(), index.data(ExchangeNoticesModel::DetailRole).toString(),
        std::max(80, option.rect.width() - nonceLeft - right)};
}

bool isLoud(StatementKind kind)
{
    return kind == StatementKind::MismatchReport || kind == StatementKind::Rejection
        || kind == StatementKind::Withdrawal;
}

} // namespace

NonceLaneDelegate::NonceLaneDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void NonceLaneDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    using Kind = NonceLanesModel::Kind;
    const Kind kind = kindOf(index);
    const QRect &rect = option.rect;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(rect, tokenColor(Token::Selection, option.palette));
    paintItemFocus(*painter, option);
    paintTrack(*painter, option, kind);
    const QString nonce = index.data(NonceLanesModel::NonceRole).toString();
    const QString text = index.data().toString();
    const QString note = index.data(NonceLanesModel::NoteRole).toString();
    const QRect line(rect.left() + textLeft, rect.top() + 4, rect.width() - textLeft - right, 18);
    if (kind == Kind::Safe) {
        const QRect whole(rect.left() + nonceLeft, rect.top(), rect.width() - nonceLeft - right, rect.height());
        paintMark(*painter, QRectF(rect.left() + trackX - 5, rect.center().y() - 4, 10, 10), Tone::Neutral,
            tokenColor(Token::Muted, option.palette));
        painter->setFont(uiFont(TextSize::Body, QFont::Medium));
        painter->setPen(inkOf(option, Token::Text));
        drawElided(*painter, whole, text);
        const int used = painter->fontMetrics().horizontalAdvance(text) + 8;
        painter->setFont(uiFont(TextSize::Small));
        painter->setPen(inkOf(option, Token::Muted));
        drawElided(*painter, whole.adjusted(used, 0, 0, 0), nonce.isEmpty() ? note : tr("next nonce %1 · %2").arg(nonce, note));
        painter->restore();
        return;
    }
    const auto stage = static_cast<ProposalStage>(index.data(NonceLanesModel::StageRole).toInt());
    const Tone tone = kind == Kind::Proposal ? toneOfStage(stage) : kind == Kind::Gap ? Tone::Warn : Tone::Neutral;
    const int middle = kind == Kind::Proposal ? line.center().y() : rect.center().y();
    painter->fillRect(QRect(rect.left() + trackX - 7, middle - 7, 14, 15),
        option.state.testFlag(QStyle::State_Selected) ? tokenColor(Token::Selection, option.palette)
                                                      : tokenColor(Token::Panel, option.palette));
    paintMark(*painter, QRectF(rect.left() + trackX - 5, middle - 5, 10, 10), tone,
        tokenColor(toneToken(tone), option.palette));
    painter->setFont(monoFont());
    painter->setPen(inkOf(option, kind == Kind::Proposal ? Token::Text : Token::Muted));
    const QRect number(rect.left() + nonceLeft, middle - 9, textLeft - nonceLeft - 6, 18);
    if (kind != Kind::Proposal || index.data(NonceLanesModel::IsFirstRole).toBool())
        painter->drawText(number, Qt::AlignRight | Qt::AlignVCenter, nonce);
    if (kind != Kind::Proposal) {
        painter->setFont(uiFont(TextSize::Small));
        drawElided(*painter, QRect(line.left(), rect.top(), line.width(), rect.height()), text);
        painter->restore();
        return;
    }
    painter->setFont(uiFont());
    drawElided(*painter, line, text);
    const int rivals = index.data(NonceLanesModel::RivalsRole).toInt();
    QString below = ApprovalQueueModel::stageText(stage);
    if (rivals > 0)
        below += u" · "_s + (rivals == 1 ? tr("1 rival") : tr("%n rivals", nullptr, rivals));
    if (!note.isEmpty())
        below += u" · "_s + note;
    painter->setFont(uiFont(TextSize::Small));
    painter->setPen(inkOf(option, rivals > 0 ? Token::Warn : Token::Muted));
    drawElided(*painter, line.translated(0, 18), below);
    painter->restore();
}

QSize NonceLaneDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    using Kind = NonceLanesModel::Kind;
    switch (kindOf(index)) {
    case Kind::Safe:
        return {200, 32};
    case Kind::Proposal:
        return {200, 44};
    case Kind::Gap:
    case Kind::Free:
        break;
    }
    return {200, 26};
}

NoticeDelegate::NoticeDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void NoticeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintItemGround(*painter, option);
    const NoticeText notice = noticeOf(option, index);
    const Tone tone = index.data(ExchangeNoticesModel::ToneRole).value<Tone>();
    paintMark(*painter, QRectF(option.rect.left() + 11, option.rect.top() + 9, 10, 10), tone,
        tokenColor(toneToken(tone), option.palette));
    QRect rect(option.rect.left() + nonceLeft, option.rect.top() + 5, notice.width, option.rect.height());
    painter->setFont(uiFont(TextSize::Body, tone == Tone::Bad ? QFont::Medium : QFont::Normal));
    painter->setPen(inkOf(option, tone == Tone::Bad ? Token::Bad : Token::Text));
    drawWrapped(*painter, rect, notice.text);
    rect.setTop(rect.top() + wrappedHeight(notice.text, painter->font(), notice.width) + 2);
    painter->setFont(uiFont(TextSize::Small));
    painter->setPen(inkOf(option, Token::Muted));
    drawWrapped(*painter, rect, notice.detail);
    painter->restore();
}

QSize NoticeDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const NoticeText notice = noticeOf(option, index);
    return {notice.width,
        wrappedHeight(notice.text, uiFont(TextSize::Body, QFont::Medium), notice.width)
            + wrappedHeight(notice.detail, uiFont(TextSize::Small), notice.width) + 13};
}

DiscussionDelegate::DiscussionDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void DiscussionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintItemGround(*painter, option);
    const auto kind = static_cast<StatementKind>(index.data(DiscussionModel::KindRole).toInt());
    const Tone tone = kind == StatementKind::MismatchReport ? Tone::Bad : isLoud(kind) ? Tone::Warn : Tone::Neutral;
    const int x = option.rect.left() + 12;
    const int width = option.rect.width() - 22;
    const QString time = utcDateTime(index.data(DiscussionModel::MadeAtRole).value<Timestamp>()).left(16);
    painter->setFont(uiFont(TextSize::Small));
    const int timeWidth = painter->fontMetrics().horizontalAdvance(time);
    QRect line(x, option.rect.top() + 5, width, 18);
    painter->setPen(inkOf(option, Token::Muted));
    painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, time);
    painter->setFont(uiFont(TextSize::Body, QFont::Medium));
    painter->setPen(inkOf(option, isLoud(kind) ? toneToken(tone) : Token::Text));
    drawElided(*painter, line.adjusted(0, 0, -timeWidth - 8, 0),
        tr("%1 %2").arg(index.data(DiscussionModel::AuthorRole).toString(), index.data(DiscussionModel::ActRole).toString()));
    painter->setFont(uiFont());
    painter->setPen(inkOf(option, Token::Text));
    drawWrapped(*painter, QRect(x, line.bottom() + 2, width, option.rect.height()), index.data().toString());
    painter->restore();
}

QSize DiscussionDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int width = std::max(80, option.rect.width() - 22);
    return {width, 18 + wrappedHeight(index.data().toString(), uiFont(), width) + 14};
}

} // namespace countersign
