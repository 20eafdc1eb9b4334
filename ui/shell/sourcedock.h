#pragma once

#include "backend/types/sourcestatus.h"

#include <QDockWidget>

namespace countersign {

class KeyValueView;
class StatusBadge;

/// One source in full: state, since when, last data, last error, next attempt. Opened from its lamp.
class SourceDock final : public QDockWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourceDock)

public:
    explicit SourceDock(QWidget *parent = nullptr);

    void setSource(const SourceStatus &source);
    const QString &sourceId() const { return m_id; }

private:
    void makeBody();

    QString m_id;
    StatusBadge *m_badge = nullptr; ///< made with the first source
    KeyValueView *m_rows = nullptr;
};

} // namespace countersign
