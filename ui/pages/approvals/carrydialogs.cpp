#include "ui/pages/approvals/carrydialogs.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/hashview.h"
#include "ui/widgets/prompter.h"
#include "ui/widgets/qrreceiver.h"
#include "ui/widgets/qrview.h"
#include "ui/widgets/statusbadge.h"

#include <QDialogButtonBox>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr qint64 maxFileBytes = qint64{16} * 1024 * 1024;

QLabel *paragraph(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QHBoxLayout *outcomeRow(StatusBadge *badge, QLabel *message)
{
    message->setWordWrap(true);
    message->setTextFormat(Qt::PlainText);
    message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    message->setAccessibleName(SendDialog::tr("Outcome"));
    badge->hide();
    message->hide();
    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(badge, 0, Qt::AlignTop);
    row->addWidget(message, 1);
    return row;
}

void showOutcome(StatusBadge *badge, QLabel *message, Tone tone, const QString &word, const QString &text)
{
    badge->setState(tone, word);
    badge->setVisible(!text.isEmpty());
    message->setText(text);
    message->setVisible(!text.isEmpty());
}

} // namespace

SendDialog::SendDialog(const Bytes &content, const QString &subject, Prompter &prompter, QWidget *parent)
    : QDialog(parent)
    , m_content(content)
    , m_qr(new QrView(this))
    , m_hash(new HashView(tr("Hash of the whole message, to be compared"), this))
    , m_badge(new StatusBadge(this))
    , m_message(new QLabel(this))
{
    setObjectName(u"sendDialog"_s);
    setWindowTitle(tr("Give to another holder"));
    setMinimumWidth(520);
    auto *title = paragraph(subject, this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    const Result<QrFrames> frames = QrFrames::create(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 16);
    layout->setSpacing(10);
    layout->addWidget(title);
    layout->addLayout(outcomeRow(m_badge, m_message));
    if (frames) {
        m_qr->setFrames(*frames);
        m_hash->setGroups(frames->hashGroups());
        layout->addWidget(paragraph(tr("Hold the camera of the other console before it until it has all %n frames, then compare the hash. Space "
                                       "stops and goes on; the arrow keys go frame by frame.",
                                        nullptr, int(frames->partCount())),
            this));
        layout->addWidget(m_qr, 1);
        layout->addWidget(m_hash);
    } else {
        m_qr->hide();
        m_hash->hide();
        say(Tone::Warn, tr("too large"), tr("This does not fit into QR symbols: %1 Save it to a file instead.").arg(frames.error().message));
    }
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto *saveButton = buttons->addButton(tr("Save to a file…"), QDialogButtonBox::ActionRole);
    saveButton->setIcon(themeIcon("export"_L1));
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(u'&'));
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &SendDialog::reject);
    connect(saveButton, &QPushButton::clicked, this, [this, &prompter] {
        prompter.askSaveFile(this, {tr("Save for another holder"), u"proposal.json"_s, tr("Proposals (*.json);;All files (*)")},
            [this](const QString &path) {
                if (!path.isEmpty())
                    save(path);
            });
    });
    m_qr->setFocus();
}

QString SendDialog::message() const
{
    return m_message->text();
}

void SendDialog::say(Tone tone, const QString &word, const QString &text)
{
    showOutcome(m_badge, m_message, tone, word, text);
}

void SendDialog::save(const QString &path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(m_content) != m_content.size() || !file.commit()) {
        say(Tone::Bad, tr("not saved"), tr("%1 cannot be written: %2").arg(path, file.errorString()));
        return;
    }
    say(Tone::Good, tr("saved"), tr("%1, %2").arg(path, QLocale().formattedDataSize(m_content.size())));
}

ReceiveDialog::ReceiveDialog(ExchangeDesk &desk, Prompter &prompter, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_prompter(prompter)
    , m_receiver(new QrReceiver(prompter, this))
    , m_text(new QPlainTextEdit(this))
    , m_badge(new StatusBadge(this))
    , m_message(new QLabel(this))
{
    setObjectName(u"receiveDialog"_s);
    setWindowTitle(tr("Import"));
    setMinimumWidth(560);
    auto *title = paragraph(tr("Take proposals and signatures from elsewhere"), this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_text->setAccessibleName(tr("Pasted text"));
    m_text->setPlaceholderText(tr("Or paste the text of a proposal, of a transaction-builder file, or of a transaction"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(96);
    m_text->setFont(monoFont());

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto *fileButton = buttons->addButton(tr("Open a file…"), QDialogButtonBox::ActionRole);
    m_take = buttons->addButton(tr("Import"), QDialogButtonBox::ApplyRole);
    m_take->setAutoDefault(false);
    m_take->setEnabled(false);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(u'&'));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 16);
    layout->setSpacing(10);
    layout->addWidget(title);
    layout->addWidget(paragraph(
        tr("Whatever comes in is checked here: hashes are computed again and signers recovered. What does not hold is not taken, and said."), this));
    layout->addWidget(m_receiver, 1);
    layout->addWidget(m_text);
    layout->addLayout(outcomeRow(m_badge, m_message));
    layout->addWidget(buttons);

    connect(buttons, &QDialogButtonBox::rejected, this, &ReceiveDialog::reject);
    connect(fileButton, &QPushButton::clicked, this, &ReceiveDialog::chooseFile);
    connect(m_take, &QPushButton::clicked, this, &ReceiveDialog::take);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ReceiveDialog::updateTake);
    connect(m_receiver, &QrReceiver::received, this, [this](const QByteArray &message) {
        m_scanned = message;
        updateTake();
    });
    connect(&m_desk, &ExchangeDesk::taken, this, [this](const Outcome<TakenReport> &outcome) { conclude(outcome.result); });
}

QString ReceiveDialog::message() const
{
    return m_message->text();
}

void ReceiveDialog::say(Tone tone, const QString &word, const QString &text)
{
    showOutcome(m_badge, m_message, tone, word, text);
}

void ReceiveDialog::updateTake()
{
    const bool isScanned = !m_scanned.isEmpty();
    m_take->setText(isScanned ? tr("The hash is the same: import") : tr("Import"));
    m_take->setAccessibleName(m_take->text());
    m_take->setEnabled(!m_waiting && (isScanned || !m_text->toPlainText().trimmed().isEmpty()));
}

void ReceiveDialog::chooseFile()
{
    m_prompter.askOpenFiles(this, {tr("Import"), tr("Proposals and transaction-builder files (*.json);;All files (*)")},
        [this](const QStringList &paths) {
            for (const QString &path : paths) {
                QFile file(path);
                if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly)) {
                    say(Tone::Bad, tr("not read"), tr("%1 cannot be read: %2").arg(path, file.errorString()));
                    return;
                }
                if (file.size() > maxFileBytes) {
                    say(Tone::Bad, tr("too large"),
                        tr("%1 has more than %2, which no proposal has.").arg(path, QLocale().formattedDataSize(maxFileBytes)));
                    return;
                }
                m_waiting = true;
                m_desk.take(file.readAll(), QFileInfo(path).fileName());
            }
            updateTake();
        });
}

void ReceiveDialog::take()
{
    m_waiting = true;
    const bool isScanned = !m_scanned.isEmpty();
    const Bytes content = isScanned ? m_scanned : m_text->toPlainText().toUtf8();
    updateTake();
    m_desk.take(content, isScanned ? tr("QR symbols") : tr("pasted text"));
}

void ReceiveDialog::conclude(const Result<TakenReport> &result)
{
    if (!m_waiting)
        return;
    m_waiting = false;
    if (!result) {
        m_message->setToolTip(result.error().detail);
        say(Tone::Bad, tr("not taken"), result.error().message);
        updateTake();
        return;
    }
    m_scanned.clear();
    m_receiver->reset();
    m_text->clear();
    QString text = result->text;
    for (const QString &refused : result->refused)
        text += u'\n' + refused;
    say(result->refused.isEmpty() ? Tone::Good : Tone::Warn, result->refused.isEmpty() ? tr("taken") : tr("in part"), text);
    updateTake();
    emit imported(*result);
}

} // namespace countersign
