#pragma once

#include "models/qr/qrreception.h"
#include "ui/theme/tokens.h"

#include <QStringList>
#include <QWidget>

class QImage;
class QLabel;
class QMimeData;
class QProgressBar;
class QPushButton;

namespace countersign {

class HashView;
class Prompter;
class StatusBadge;

/// Takes a message from pictures of its symbols: chosen files, pasted or dropped pictures, or pasted lines. Says what
/// each brought, how much is there, and at the end the hash that has to be compared with the sender's.
class QrReceiver final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QrReceiver)

public:
    explicit QrReceiver(Prompter &prompter, QWidget *parent = nullptr);

    /// One after the other, without blocking for long.
    void addFiles(const QStringList &paths);
    void addImage(const QImage &image, const QString &name);
    /// Forgets everything.
    void reset();

    const QrReception &reception() const { return m_reception; }
    QString statusText() const;

signals:
    void progressed(quint32 received, quint32 needed);
    /// The message is complete. Whether it is the right one, the person says after comparing its hash.
    void received(const QByteArray &message);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void chooseFiles();
    void paste();
    bool take(const QMimeData *data, const QString &name);
    void readNextFile();
    void conclude(const Result<QrSeen> &seen, const QString &name);
    void say(Tone tone, const QString &word, const QString &text);
    void showProgress();

    Prompter &m_prompter;
    QrReception m_reception;
    QStringList m_files;
    bool m_reading = false;
    StatusBadge *m_badge;
    QLabel *m_status;
    QProgressBar *m_progress;
    HashView *m_hash;
    QPushButton *m_choose;
    QPushButton *m_paste;
    QPushButton *m_again;
};

} // namespace countersign
