#pragma once

#include "models/approvals/exchangedesk.h"
#include "ui/theme/tokens.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace countersign {

class HashView;
class Prompter;
class QrReceiver;
class QrView;
class StatusBadge;

/// Proposals on their way out of this console without a network: as QR symbols for a camera, or as a file.
class SendDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SendDialog)

public:
    /// \a content as ExchangeDesk::pack() made it. \a prompter outlives the dialog.
    SendDialog(const Bytes &content, const QString &subject, Prompter &prompter, QWidget *parent = nullptr);

    QrView *qrView() const { return m_qr; }
    QString message() const;

private:
    void save(const QString &path);
    void say(Tone tone, const QString &word, const QString &text);

    Bytes m_content;
    QrView *m_qr;
    HashView *m_hash;
    StatusBadge *m_badge;
    QLabel *m_message;
};

/// Proposals on their way in: scanned symbols, files, or pasted text. Nothing is taken before the person has compared
/// the hash of what was scanned; what is a file or a text is checked entry by entry as any other carrier's.
class ReceiveDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReceiveDialog)

public:
    ReceiveDialog(ExchangeDesk &desk, Prompter &prompter, QWidget *parent = nullptr);

    QrReceiver *receiver() const { return m_receiver; }
    QPlainTextEdit *textEdit() const { return m_text; }
    QPushButton *takeButton() const { return m_take; }
    QString message() const;

signals:
    /// Something is in the exchange, or among the drafts, that was not there before.
    void imported(const countersign::TakenReport &report);

private:
    void chooseFile();
    void updateTake();
    void take();
    void conclude(const Result<TakenReport> &result);
    void say(Tone tone, const QString &word, const QString &text);

    ExchangeDesk &m_desk;
    Prompter &m_prompter;
    Bytes m_scanned;
    QrReceiver *m_receiver;
    QPlainTextEdit *m_text;
    QPushButton *m_take;
    StatusBadge *m_badge;
    QLabel *m_message;
    bool m_waiting = false;
};

} // namespace countersign
