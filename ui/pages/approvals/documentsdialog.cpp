#include "ui/pages/approvals/documentsdialog.h"

#include "backend/types/strings.h"
#include "models/approvals/attachedfiles.h"
#include "ui/pages/approvals/documentlist.h"
#include "ui/widgets/fitheight.h"
#include "ui/widgets/prompter.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStringList>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr int leastWidth = 640;

} // namespace

DocumentsDialog::DocumentsDialog(const QList<ComposeDocument> &documents, Prompter &prompter, QWidget *parent)
    : QDialog(parent)
    , m_documents(documents)
    , m_prompter(prompter)
    , m_list(makeDocumentList(tr("Attachments"), this))
    , m_message(new QLabel(this))
    , m_add(new QPushButton(tr("&Add files…"), this))
    , m_remove(new QPushButton(tr("&Remove"), this))
{
    setObjectName(u"documentsDialog"_s);
    setWindowTitle(tr("Attachments"));
    setMinimumWidth(leastWidth);
    auto *what = new QLabel(tr("Files that the others should have: an audit report, a build. The proposal names each by its hash, and the exchange "
                               "carries it; at most %1 each, %2 together. Builds that a step deploys come along by themselves.")
                                .arg(QLocale().formattedDataSize(largestAttachment()), QLocale().formattedDataSize(largestTogether())),
        this);
    what->setWordWrap(true);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setAccessibleName(tr("Outcome"));
    m_add->setAccessibleName(tr("Add files"));
    m_remove->setAccessibleName(tr("Remove the attachment"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_add, QDialogButtonBox::ActionRole);
    buttons->addButton(m_remove, QDialogButtonBox::ActionRole);
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    for (QPushButton *button : {m_add, m_remove})
        button->setAutoDefault(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 16);
    layout->setSpacing(10);
    layout->addWidget(what);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_message);
    layout->addWidget(buttons);
    fitHeightWhenShown(*this);
    connect(buttons, &QDialogButtonBox::rejected, this, &DocumentsDialog::reject);
    connect(m_add, &QPushButton::clicked, this, &DocumentsDialog::add);
    connect(m_remove, &QPushButton::clicked, this, &DocumentsDialog::remove);
    connect(m_list, &QTreeWidget::currentItemChanged, this, [this] { m_remove->setEnabled(m_list->currentItem()); });
    fill(0);
}

QString DocumentsDialog::message() const
{
    return m_message->text();
}

void DocumentsDialog::fill(int current)
{
    QList<Attachment> attachments;
    for (const ComposeDocument &document : std::as_const(m_documents))
        attachments.append(document.attachment);
    fillDocumentList(*m_list, attachments);
    m_list->setCurrentItem(m_list->topLevelItem(current));
    m_remove->setEnabled(m_list->currentItem());
}

void DocumentsDialog::add()
{
    m_prompter.askOpenFiles(this, {tr("Attach files"), tr("All files (*)")}, [this](const QStringList &paths) { take(paths); });
}

void DocumentsDialog::take(const QStringList &paths)
{
    QStringList problems;
    for (const QString &path : paths) {
        const auto document = attachedFile(path);
        if (!document) {
            problems.append(document.error().message);
            continue;
        }
        QList<ComposeDocument> together = m_documents;
        // A file that a draft remembers and that is added again: now its content is here.
        together.removeIf([&document](const ComposeDocument &one) {
            return one.content.isEmpty() && one.attachment.contentHash == document->attachment.contentHash;
        });
        together.append(*document);
        if (const auto checked = checkAttachedFiles(together); !checked)
            problems.append(tr("%1 is not added: %2").arg(document->attachment.name, checked.error().message));
        else
            m_documents = together;
    }
    m_message->setText(problems.join(u'\n'));
    fill(static_cast<int>(m_documents.size()) - 1);
    emit documentsChanged();
}

void DocumentsDialog::remove()
{
    const int row = m_list->indexOfTopLevelItem(m_list->currentItem());
    if (row < 0 || row >= m_documents.size())
        return;
    m_documents.removeAt(row);
    m_message->clear();
    fill(std::min(row, static_cast<int>(m_documents.size()) - 1));
    emit documentsChanged();
}

} // namespace countersign
