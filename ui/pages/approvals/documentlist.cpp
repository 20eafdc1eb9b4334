#include "ui/pages/approvals/documentlist.h"

#include "ui/theme/fonts.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QLocale>
#include <QStringList>
#include <QTreeWidget>

namespace countersign {

namespace {

constexpr int nameWidth = 220;
constexpr int sizeWidth = 90;
constexpr int hashColumn = 2;
constexpr int listHeight = 160;

QString text(const char *source)
{
    return QCoreApplication::translate("DocumentList", source);
}

} // namespace

QTreeWidget *makeDocumentList(const QString &name, QWidget *parent)
{
    auto *list = new QTreeWidget(parent);
    list->setAccessibleName(name);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setTextElideMode(Qt::ElideMiddle);
    list->setHeaderLabels({text(QT_TRANSLATE_NOOP("DocumentList", "Name")), text(QT_TRANSLATE_NOOP("DocumentList", "Size")),
        text(QT_TRANSLATE_NOOP("DocumentList", "keccak256"))});
    list->setColumnWidth(0, nameWidth);
    list->setColumnWidth(1, sizeWidth);
    list->setMinimumHeight(listHeight);
    list->setTabKeyNavigation(false);
    return list;
}

void fillDocumentList(QTreeWidget &list, const QList<Attachment> &attachments, const QStringList &notes)
{
    list.clear();
    list.setEnabled(!attachments.isEmpty()); // nothing to go to
    for (qsizetype i = 0; i < attachments.size(); ++i) {
        const Attachment &attachment = attachments.at(i);
        const QString hash = attachment.contentHash.toString();
        auto *item = new QTreeWidgetItem(&list,
            {attachment.name, QLocale().formattedDataSize(static_cast<qint64>(attachment.size)), hash});
        item->setToolTip(0, attachment.name);
        item->setToolTip(hashColumn, hash);
        item->setFont(hashColumn, monoFont());
        if (!notes.value(i).isEmpty())
            item->setText(1, notes.value(i));
    }
}

} // namespace countersign
