#pragma once

#include "models/intents/intentfilter.h"

#include <QWidget>

class QCompleter;
class QLineEdit;
class QStandardItemModel;
class QTimer;

namespace countersign {

class ToneLabel;
/// The filter line with completion; what is wrong is said under the line, where it is wrong, while the last good filter
/// stays.
class FilterLine final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FilterLine)

public:
    explicit FilterLine(const IntentStore &store, QWidget *parent = nullptr);

    void setText(const QString &text);
    QString text() const;
    void focus();
    QString errorText() const;

signals:
    void filterChanged(const countersign::IntentFilter &filter, const QString &text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void parse();
    void complete();
    void take(const QModelIndex &choice);

    const IntentStore &m_store;
    QLineEdit *m_edit;
    ToneLabel *m_error;
    QCompleter *m_completer;
    QStandardItemModel *m_choices;
    QTimer *m_delay;
};

} // namespace countersign
