#pragma once

#include <QFrame>
#include <QHash>
#include <QIcon>
#include <QVector>

#include <functional>

class QLineEdit;
class QListView;

namespace countersign {

class ActionRegistry;
class PaletteModel;

/// Something that the palette can jump to: an action, or an entity such as an intent or a proposal.
struct PaletteEntry {
    QString id;
    QString text;
    QString group;
    QString shortcut;
    QIcon icon;
    std::function<void()> run;
};

/// Ctrl+K: every action and every entity by a few letters. What was used lately stands higher.
class CommandPalette final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandPalette)

public:
    using Provider = std::function<QVector<PaletteEntry>(const QString &text)>;

    CommandPalette(const ActionRegistry &registry, QWidget *window);

    /// Adds entities; asked on each change of the text, so it must be quick.
    void addProvider(Provider provider);
    void open(const QString &text = {});
    QStringList visibleTexts() const;

    /// Subsequence match, higher is better, -1 is none. Word beginnings and runs count more.
    static int score(QStringView pattern, QStringView text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();
    void run();

    const ActionRegistry &m_registry;
    QVector<Provider> m_providers;
    QHash<QString, qint64> m_lastUse;
    qint64 m_uses = 0;
    QLineEdit *m_edit;
    QListView *m_list;
    PaletteModel *m_model;
};

} // namespace countersign
