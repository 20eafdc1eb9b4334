#pragma once

#include "models/approvals/exchangedesk.h"
#include "ui/theme/tokens.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace countersign {

class PinEntry;
class Prompter;
class StatusBadge;

/// What a secret is called, and what the person is told of it.
struct TokenWords {
    QString title; ///< of the window: "Access token"
    QString whose; ///< who wants it
    QString explanation; ///< what it is for, and where it goes
    QString removal; ///< the question before it is removed
    QString removed; ///< what is so then
};

/// The access token of a carrier, or the API key of an explorer: entered, replaced, removed. Never shown, neither while it
/// is entered nor later.
class TokenDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TokenDialog)

public:
    /// Both outlive the dialog. \a carrier has a token to speak of.
    TokenDialog(ExchangeDesk &desk, const DeskCarrier &carrier, Prompter &prompter, QWidget *parent = nullptr);
    TokenDialog(TokenDesk &desk, const DeskToken &token, const TokenWords &words, Prompter &prompter, QWidget *parent = nullptr);

    PinEntry *entry() const { return m_entry; }
    QPushButton *pasteButton() const { return m_paste; }
    QPushButton *keepButton() const { return m_keep; }
    QPushButton *removeButton() const { return m_remove; }
    QString message() const;

private:
    void paste();
    void keep();
    void remove();
    void update();
    void conclude(const Result<QString> &result);
    void say(Tone tone, const QString &word, const QString &text);

    TokenDesk &m_desk;
    DeskToken m_token;
    PinEntry *m_entry;
    QPushButton *m_paste;
    QPushButton *m_keep;
    QPushButton *m_remove;
    StatusBadge *m_badge;
    QLabel *m_message;
    bool m_waiting = false;
};

} // namespace countersign
