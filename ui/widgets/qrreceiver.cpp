#include "ui/widgets/qrreceiver.h"

#include "backend/types/strings.h"
#include "ui/widgets/hashview.h"
#include "ui/widgets/imageloader.h"
#include "ui/widgets/prompter.h"
#include "ui/widgets/statusbadge.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype mostFiles = 2000;
constexpr qsizetype largestText = 8 * 1024 * 1024; // characters

QStringList localFiles(const QMimeData &data)
{
    QStringList paths;
    for (const QUrl &url : data.urls()) {
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    }
    return paths;
}

bool isTakeable(const QMimeData &data)
{
    return data.hasImage() || !localFiles(data).isEmpty() || data.hasText();
}

} // namespace

QrReceiver::QrReceiver(Prompter &prompter, QWidget *parent)
    : QWidget(parent)
    , m_prompter(prompter)
    , m_badge(new StatusBadge(this))
    , m_status(new QLabel(this))
    , m_progress(new QProgressBar(this))
    , m_hash(new HashView(tr("keccak-256 of the message"), this))
    , m_choose(new QPushButton(tr("Choose pictures…"), this))
    , m_paste(new QPushButton(tr("Paste"), this))
    , m_again(new QPushButton(tr("Start again"), this))
{
    setAccessibleName(tr("Message from a camera"));
    setAcceptDrops(true);
    setFocusPolicy(Qt::ClickFocus);
    m_status->setWordWrap(true);
    m_status->setTextFormat(Qt::PlainText);
    m_progress->setAccessibleName(tr("Parts received"));
    m_choose->setAccessibleName(tr("Choose pictures of symbols"));
    m_paste->setAccessibleName(tr("Paste a picture or lines of text"));
    m_again->setAccessibleName(tr("Forget what was received"));
    auto *top = new QHBoxLayout;
    top->addWidget(m_badge, 0, Qt::AlignTop);
    top->addWidget(m_status, 1);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_choose);
    buttons->addWidget(m_paste);
    buttons->addStretch();
    buttons->addWidget(m_again);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(top);
    layout->addWidget(m_progress);
    layout->addWidget(m_hash);
    layout->addLayout(buttons);
    layout->addStretch();
    connect(m_choose, &QPushButton::clicked, this, &QrReceiver::chooseFiles);
    connect(m_paste, &QPushButton::clicked, this, &QrReceiver::paste);
    connect(m_again, &QPushButton::clicked, this, &QrReceiver::reset);
    reset();
}

void QrReceiver::reset()
{
    m_files.clear();
    m_reception.reset();
    say(Tone::Neutral, tr("Waiting"),
        tr("Choose, paste or drop pictures of the symbols. Their order does not matter."));
    showProgress();
}

QString QrReceiver::statusText() const
{
    return m_status->text();
}

void QrReceiver::chooseFiles()
{
    const OpenRequest request{tr("Pictures of symbols"), tr("Pictures (*.png *.jpg *.jpeg *.bmp *.pbm *.pgm *.ppm)")};
    m_prompter.askOpenFiles(this, request, [this](const QStringList &paths) { addFiles(paths); });
}

void QrReceiver::paste()
{
    if (!take(QGuiApplication::clipboard()->mimeData(), tr("The clipboard")))
        say(Tone::Warn, tr("Nothing there"), tr("The clipboard holds neither a picture nor lines of text."));
}

bool QrReceiver::take(const QMimeData *data, const QString &name)
{
    if (data == nullptr || !isTakeable(*data))
        return false;
    if (data->hasImage()) {
        addImage(qvariant_cast<QImage>(data->imageData()), name);
    } else if (const QStringList files = localFiles(*data); !files.isEmpty()) {
        addFiles(files);
    } else if (const QString text = data->text(); text.size() > largestText) {
        say(Tone::Bad, tr("Refused"), tr("%1 holds too much text.").arg(name));
    } else {
        conclude(m_reception.addText(text.toUtf8()), name);
    }
    return true;
}

void QrReceiver::addFiles(const QStringList &paths)
{
    m_files += paths;
    if (m_files.size() > mostFiles) {
        m_files.clear();
        say(Tone::Bad, tr("Refused"), tr("At most %1 pictures are read at a time.").arg(mostFiles));
    }
    if (!m_reading && !m_files.isEmpty()) {
        m_reading = true;
        QTimer::singleShot(0, this, &QrReceiver::readNextFile);
    }
}

void QrReceiver::readNextFile()
{
    m_reading = false;
    if (m_files.isEmpty())
        return;
    const QString path = m_files.takeFirst();
    const QString name = path.section(u'/', -1);
    if (const auto image = loadGreyImage(path))
        addImage(*image, name);
    else
        say(Tone::Bad, tr("Not read"), image.error().message);
    addFiles({});
}

void QrReceiver::addImage(const QImage &image, const QString &name)
{
    if (image.isNull()) {
        say(Tone::Bad, tr("Not read"), tr("%1: the picture cannot be read.").arg(name));
        return;
    }
    const QImage grey = toGreyImage(image);
    const QByteArrayView pixels(grey.constBits(), grey.sizeInBytes());
    conclude(m_reception.addImage({pixels, grey.width(), grey.height(), grey.bytesPerLine()}), name);
}

void QrReceiver::conclude(const Result<QrSeen> &seen, const QString &name)
{
    if (!seen) {
        say(Tone::Bad, tr("Failed"), seen.error().message);
        showProgress();
        return;
    }
    if (m_reception.isComplete()) {
        // Told once, and not again for what comes behind it.
        const bool wasComplete = !m_hash->groups().isEmpty();
        if (!wasComplete || seen->foreign == 0)
            say(Tone::Good, tr("Complete"),
                tr("%1 bytes. Compare the hash with the one that the sender shows.")
                    .arg(QLocale().toString(m_reception.message()->size())));
        else
            say(Tone::Warn, tr("Another message"),
                tr("%1 belongs to another message. Start again to take it instead.").arg(name));
        showProgress();
        if (!wasComplete)
            emit received(*m_reception.message());
        return;
    }
    if (seen->taken > 0)
        say(Tone::Info, tr("Receiving"),
            tr("%1 of %2 parts are there. Any further frames help.")
                .arg(m_reception.received())
                .arg(m_reception.needed()));
    else if (seen->foreign > 0)
        say(Tone::Warn, tr("Another message"),
            tr("%1 belongs to another message. Start again to take it instead.").arg(name));
    else if (seen->strange > 0)
        say(Tone::Warn, tr("No frame"), tr("%1: %2").arg(name, seen->reason));
    else
        say(Tone::Warn, tr("No symbol"), tr("%1: no symbol was found that can be read.").arg(name));
    showProgress();
}

void QrReceiver::say(Tone tone, const QString &word, const QString &text)
{
    m_badge->setState(tone, word);
    m_status->setText(text);
}

void QrReceiver::showProgress()
{
    const auto needed = static_cast<int>(m_reception.needed());
    m_progress->setRange(0, std::max(1, needed));
    m_progress->setValue(static_cast<int>(m_reception.received()));
    m_progress->setVisible(!m_reception.isComplete());
    m_hash->setGroups(m_reception.hashGroups());
    m_hash->setVisible(m_reception.isComplete());
    m_again->setEnabled(needed > 0);
    emit progressed(m_reception.received(), m_reception.needed());
}

void QrReceiver::dragEnterEvent(QDragEnterEvent *event)
{
    if (isTakeable(*event->mimeData()))
        event->acceptProposedAction();
}

void QrReceiver::dropEvent(QDropEvent *event)
{
    if (take(event->mimeData(), tr("What was dropped")))
        event->acceptProposedAction();
}

void QrReceiver::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Paste))
        paste();
    else
        QWidget::keyPressEvent(event);
}

} // namespace countersign
