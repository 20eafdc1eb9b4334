#include "ui/pages/approvals/attachmentsdialog.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "models/approvals/attachedfiles.h"
#include "ui/pages/approvals/documentlist.h"
#include "ui/widgets/fitheight.h"
#include "ui/widgets/format.h"
#include "ui/widgets/prompter.h"

#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>
#include <QTreeWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr int leastWidth = 640;

} // namespace

AttachmentsDialog::AttachmentsDialog(ApprovalDesk &desk, const Proposal &proposal, Prompter &prompter, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_prompter(prompter)
    , m_attachments(proposal.attachments)
    , m_list(makeDocumentList(tr("Attachments"), this))
    , m_message(new QLabel(this))
    , m_save(new QPushButton(tr("&Save as…"), this))
    , m_folder(new QPushButton(tr("Open the &folder"), this))
{
    setObjectName(u"attachmentsDialog"_s);
    setWindowTitle(tr("Attachments"));
    setMinimumWidth(leastWidth);
    auto *what = new QLabel(tr("%1 signed these hashes with the proposal: the files are the ones that were meant, and what they say is a claim. "
                               "Nothing is opened here.")
                                .arg(shortId(proposal.proposer.toString())),
        this);
    what->setWordWrap(true);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setAccessibleName(tr("Outcome"));
    m_save->setAccessibleName(tr("Save the attachment"));
    m_folder->setAccessibleName(tr("Open the folder where it was saved"));
    m_folder->setEnabled(false);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    for (QPushButton *button : {m_save, m_folder}) {
        buttons->addButton(button, QDialogButtonBox::ActionRole);
        button->setAutoDefault(false);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 16);
    layout->setSpacing(10);
    layout->addWidget(what);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_message);
    layout->addWidget(buttons);
    fitHeightWhenShown(*this);
    fillDocumentList(*m_list, m_attachments);
    m_list->setCurrentItem(m_list->topLevelItem(0));
    m_save->setEnabled(m_list->currentItem());
    connect(buttons, &QDialogButtonBox::rejected, this, &AttachmentsDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &AttachmentsDialog::save);
    connect(m_folder, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_savedIn)); });
    connect(&m_desk, &ApprovalDesk::attachmentRead, this, [this](const Outcome<Bytes> &outcome) { take(outcome.result); });
}

QString AttachmentsDialog::message() const
{
    return m_message->text();
}

void AttachmentsDialog::save()
{
    const int row = m_list->indexOfTopLevelItem(m_list->currentItem());
    if (row < 0 || row >= m_attachments.size())
        return;
    const Attachment attachment = m_attachments.at(row);
    const QString name = fileNameOf(attachment);
    m_prompter.askSaveFile(this, {tr("Save the attachment"), name, tr("All files (*)")}, [this, attachment](const QString &path) {
        if (!path.isEmpty())
            write(path, attachment);
    });
}

void AttachmentsDialog::write(const QString &path, const Attachment &attachment)
{
    m_wanted = Wanted{path, attachment};
    m_message->setText(tr("Reading it from the exchange…"));
    m_desk.readAttachment(attachment.contentHash);
}

void AttachmentsDialog::take(const Result<Bytes> &content)
{
    if (!m_wanted)
        return;
    const Wanted wanted = *m_wanted;
    m_wanted.reset();
    if (!content || keccak256(*content) != wanted.attachment.contentHash) {
        m_message->setText(tr("Not saved: %1").arg(content ? tr("it is not the file that the proposal names") : content.error().message));
        return;
    }
    QSaveFile file(wanted.path);
    if (!file.open(QIODevice::WriteOnly) || file.write(*content) != content->size() || !file.commit()) {
        m_message->setText(tr("%1 cannot be written: %2").arg(wanted.path, file.errorString()));
        return;
    }
    m_savedIn = QFileInfo(wanted.path).absolutePath();
    m_folder->setEnabled(true);
    m_message->setText(tr("Saved as %1. Its hash is the one that was signed.").arg(wanted.path));
}

} // namespace countersign
