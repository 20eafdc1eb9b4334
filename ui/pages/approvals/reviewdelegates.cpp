#include "ui/pages/approvals/reviewdelegates.h"

#include "backend/types/strings.h"
#include "models/approvals/effectsmodel.h"
#include "models/approvals/findingsmodel.h"
#include "models/approvals/signersmodel.h"
#include "ui/pages/approvals/itempainting.h"
#include "ui/pages/approvals/stagetone.h"
#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"
#include "ui/widgets/format.h"

#include <QAbstractItemView>
#include <QPainter>

namespace countersign {

namespace {

constexpr int left = 30;
constexpr int right = 10;

// When a view asks for heights, the rectangle is its own, its scroll bar included.
int textWidth(const QStyleOptionViewItem &option)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    return std::max(80, (view ? view->viewport()->width() : option.rect.width()) - left - right);
}

// Where it was found, and what it rests on.
QString evidenceText(const QModelIndex &index)
{
    const QString places = index.data(FindingsModel::PlacesRole).toString();
    const QString evidence = index.data(FindingsModel::EvidenceRole).toString();
    if (places.isEmpty() || evidence.isEmpty())
        return places + evidence;
    return places + u" · "_s + evidence;
}

} // namespace

FindingDelegate::FindingDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void FindingDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintItemGround(*painter, option);
    const auto severity = static_cast<Severity>(index.data(FindingsModel::SeverityRole).toInt());
    const Tone tone = toneOfSeverity(severity);
    const QString message = index.data().toString();
    const QString evidence = evidenceText(index);
    paintMark(*painter, QRectF(option.rect.left() + 11, option.rect.top() + 9, 10, 10), tone,
        tokenColor(toneToken(tone), option.palette));
    QRect rect(option.rect.left() + left, option.rect.top() + 5, textWidth(option), option.rect.height());
    const bool loud = severity != Severity::Info;
    painter->setFont(uiFont(TextSize::Body, loud ? QFont::Medium : QFont::Normal));
    painter->setPen(loud ? inkOf(option, toneToken(tone)) : inkOf(option, Token::Text));
    QRect used;
    painter->drawText(rect, Qt::TextWordWrap, message, &used);
    if (!evidence.isEmpty()) {
        painter->setFont(uiFont(TextSize::Small));
        painter->setPen(inkOf(option, Token::Muted));
        rect.setTop(used.bottom() + 2);
        drawWrapped(*painter, rect, evidence);
    }
    painter->restore();
}

QSize FindingDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int width = textWidth(option);
    const int message = wrappedHeight(index.data().toString(), uiFont(TextSize::Body, QFont::Medium), width);
    const int evidence = wrappedHeight(evidenceText(index), uiFont(TextSize::Small), width);
    return {width, message + evidence + 13};
}

EffectDelegate::EffectDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void EffectDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintItemGround(*painter, option);
    const auto cell = [&](int column) { return index.siblingAtColumn(column).data().toString(); };
    const bool kept = index.data(EffectsModel::AsPromisedRole).toBool();
    const QString promised = cell(EffectsModel::PromisedColumn);
    const int x = option.rect.left() + 12;
    const int width = option.rect.width() - 22;
    int y = option.rect.top() + 6;
    painter->setFont(uiFont(TextSize::Body, QFont::Medium));
    painter->setPen(inkOf(option, Token::Text));
    painter->drawText(QRect(x, y, width, 18), Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(cell(EffectsModel::NameColumn), Qt::ElideRight, width));
    y += 20;
    const QFont mono = monoFont();
    painter->setFont(mono);
    const QFontMetrics metrics(mono);
    const auto row = [&](const QString &label, const QString &value, Token token, bool struck) {
        painter->setFont(uiFont(TextSize::Small));
        painter->setPen(inkOf(option, Token::Muted));
        painter->drawText(QRect(x, y, 52, 18), Qt::AlignLeft | Qt::AlignVCenter, label);
        QFont font = mono;
        font.setStrikeOut(struck);
        painter->setFont(font);
        painter->setPen(inkOf(option, token));
        painter->drawText(QRect(x + 54, y, width - 54, 18), Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(value.isEmpty() ? u"–"_s : value, Qt::ElideMiddle, width - 54));
        y += 18;
    };
    row(tr("before"), cell(EffectsModel::BeforeColumn), Token::Muted, false);
    row(tr("after"), cell(EffectsModel::AfterColumn), Token::Text, false);
    const Tone tone = promised.isEmpty() ? Tone::Neutral : kept ? Tone::Good : Tone::Bad;
    const QString judged = promised.isEmpty() ? tr("simulated; nothing was promised")
        : kept                                ? tr("simulated, as promised")
                                              : tr("promised was %1").arg(promised);
    painter->setFont(uiFont(TextSize::Small));
    paintMark(*painter, QRectF(x, y + 4, 9, 9), tone, tokenColor(toneToken(tone), option.palette));
    painter->setPen(inkOf(option, toneToken(tone)));
    painter->drawText(QRect(x + 15, y, width - 15, 18), Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(judged, Qt::ElideMiddle, width - 15));
    painter->restore();
}

QSize EffectDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {220, 88};
}

SignerDelegate::SignerDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void SignerDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    paintItemGround(*painter, option);
    const bool hasSigned = index.data(SignersModel::HasSignedRole).toBool();
    const bool stranger = index.data(SignersModel::IsStrangerRole).toBool();
    const bool me = index.data(SignersModel::IsMeRole).toBool();
    const QString how = index.data(SignersModel::HowRole).toString();
    const bool claimed = !stranger && !hasSigned && !how.isEmpty();
    const Tone tone = stranger ? Tone::Warn : hasSigned ? Tone::Good : claimed ? Tone::Info : Tone::Neutral;
    const QString address = index.data(SignersModel::AddressRole).value<Address>().toString();
    QString name = index.data().toString();
    if (me)
        name = tr("%1 (you)").arg(name);
    const QString state = stranger ? tr("no owner") : hasSigned ? tr("signed") : claimed ? tr("%1, claimed").arg(how) : tr("not yet");
    const QRect rect = option.rect.adjusted(12, 0, -12, 0);
    paintMark(
        *painter, QRectF(rect.left(), rect.center().y() - 4, 9, 9), tone, tokenColor(toneToken(tone), option.palette));
    painter->setFont(uiFont(TextSize::Small));
    painter->setPen(inkOf(option, toneToken(tone)));
    const int stateWidth = painter->fontMetrics().horizontalAdvance(state);
    painter->drawText(rect, Qt::AlignRight | Qt::AlignVCenter, state);
    painter->setFont(uiFont(TextSize::Body, me ? QFont::Medium : QFont::Normal));
    painter->setPen(inkOf(option, Token::Text));
    const QRect line = rect.adjusted(16, 0, -stateWidth - 10, 0);
    const QString shown = painter->fontMetrics().elidedText(name, Qt::ElideMiddle, line.width());
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, shown);
    const int nameWidth = painter->fontMetrics().horizontalAdvance(shown) + 8;
    if (name != address && line.width() - nameWidth > 90) {
        painter->setFont(monoFont(TextSize::Small));
        painter->setPen(inkOf(option, Token::Muted));
        painter->drawText(line.adjusted(nameWidth, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, shortId(address, 6, 4));
    }
    painter->restore();
}

QSize SignerDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {200, 27};
}

} // namespace countersign
