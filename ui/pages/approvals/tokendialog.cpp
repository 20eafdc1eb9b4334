#include "ui/pages/approvals/tokendialog.h"

#include "backend/types/strings.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/fitheight.h"
#include "ui/widgets/prompter.h"
#include "ui/widgets/statusbadge.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace countersign {

namespace {

QLabel *paragraph(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

TokenWords wordsOf(const DeskCarrier &carrier)
{
    return {TokenDialog::tr("Access token"), carrier.name,
        TokenDialog::tr("The token lets this console ask the service more often, and see what the service shows to its customers only. It "
                        "is sent to %1 and nowhere else, and cannot sign anything. It is kept in the keychain of this desktop, where "
                        "every program that you run can read it: make one for this console, which can be ended alone.")
            .arg(carrier.token ? carrier.token->origin : QString()),
        TokenDialog::tr("Remove the access token?"), TokenDialog::tr("The service is then asked as anybody may ask it.")};
}

} // namespace

TokenDialog::TokenDialog(ExchangeDesk &desk, const DeskCarrier &carrier, Prompter &prompter, QWidget *parent)
    : TokenDialog(desk, carrier.token.value_or(DeskToken()), wordsOf(carrier), prompter, parent)
{
}

TokenDialog::TokenDialog(
    TokenDesk &desk, const DeskToken &token, const TokenWords &words, Prompter &prompter, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_token(token)
    , m_entry(new PinEntry(this))
    , m_paste(new QPushButton(tr("Paste"), this))
    , m_badge(new StatusBadge(this))
    , m_message(new QLabel(this))
{
    setObjectName(u"tokenDialog"_s);
    setWindowTitle(words.title);
    setMinimumWidth(520);
    auto *title = paragraph(words.whose, this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_entry->allowPasting(words.title);
    m_paste->setAccessibleName(tr("Paste the token"));
    m_paste->setAutoDefault(false);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setAccessibleName(tr("Outcome"));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_remove = buttons->addButton(tr("Remove"), QDialogButtonBox::DestructiveRole);
    m_keep = buttons->addButton(m_token.isPresent ? tr("Replace") : tr("Use and keep"), QDialogButtonBox::ApplyRole);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(u'&'));
    m_keep->setAutoDefault(false);
    m_remove->setAutoDefault(false);

    auto *line = new QHBoxLayout;
    line->addWidget(m_entry, 1);
    line->addWidget(m_paste);
    auto *outcome = new QHBoxLayout;
    outcome->setSpacing(10);
    outcome->addWidget(m_badge, 0, Qt::AlignTop);
    outcome->addWidget(m_message, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 16);
    layout->setSpacing(10);
    layout->addWidget(title);
    layout->addWidget(paragraph(words.explanation, this));
    layout->addLayout(line);
    layout->addLayout(outcome);
    layout->addWidget(buttons);
    fitHeightWhenShown(*this);
    say(m_token.isPresent ? Tone::Good : Tone::Neutral, m_token.isPresent ? tr("present") : tr("none"), m_token.state);
    update();

    connect(buttons, &QDialogButtonBox::rejected, this, &TokenDialog::reject);
    connect(m_paste, &QPushButton::clicked, this, &TokenDialog::paste);
    connect(m_keep, &QPushButton::clicked, this, &TokenDialog::keep);
    connect(m_entry, &PinEntry::changed, this, &TokenDialog::update);
    connect(m_entry, &PinEntry::submitted, this, &TokenDialog::keep);
    connect(m_remove, &QPushButton::clicked, this, [this, words, &prompter] {
        prompter.confirm(this,
            {words.removal, words.removed,
                tr("The token itself holds until it is ended where it was given out."), tr("Remove"), {}},
            [this](bool isMeant) {
                if (isMeant)
                    remove();
            });
    });
    connect(&m_desk, &TokenDesk::tokenKept, this, [this](const Outcome<QString> &outcomeOf) { conclude(outcomeOf.result); });
    m_entry->setFocus();
}

QString TokenDialog::message() const
{
    return m_message->text();
}

void TokenDialog::say(Tone tone, const QString &word, const QString &text)
{
    m_badge->setState(tone, word);
    m_message->setText(text);
    if (isVisible())
        fitHeight(*this);
}

void TokenDialog::update()
{
    m_keep->setEnabled(!m_waiting && !m_entry->isEmpty());
    m_remove->setEnabled(!m_waiting && m_token.isPresent);
    m_paste->setEnabled(!m_waiting);
}

void TokenDialog::paste()
{
    if (!m_entry->paste())
        say(Tone::Warn, tr("not pasted"), tr("The clipboard holds nothing that can be a token."));
}

void TokenDialog::keep()
{
    if (m_waiting || m_entry->isEmpty())
        return;
    m_waiting = true;
    m_desk.keepToken(m_token.origin, m_entry->take());
    update();
}

void TokenDialog::remove()
{
    m_waiting = true;
    update();
    m_desk.removeToken(m_token.origin);
}

void TokenDialog::conclude(const Result<QString> &result)
{
    if (!m_waiting)
        return;
    m_waiting = false;
    if (result)
        say(Tone::Good, tr("done"), *result);
    else
        say(Tone::Bad, tr("not done"), result.error().message);
    m_token = m_desk.token(m_token.origin).value_or(m_token);
    m_keep->setText(m_token.isPresent ? tr("Replace") : tr("Use and keep"));
    m_keep->setAccessibleName(m_keep->text());
    update();
}

} // namespace countersign
