#pragma once

#include "backend/dashboards/dashboard.h"
#include "backend/types/error.h"

#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace countersign {

/// A dashboard that can be opened.
struct DashboardEntry {
    QString id; ///< its uid, or the file's name
    QString title;
    QStringList tags;
    QString path;
    bool isBuiltIn = false;
};

/// Built-in dashboards and those that were imported: files in a folder, in Grafana's JSON as they came.
class DashboardLibrary final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DashboardLibrary)

public:
    /// \a folder is made on the first import; empty: nothing can be imported.
    explicit DashboardLibrary(QString folder, QObject *parent = nullptr);

    const QList<DashboardEntry> &entries() const { return m_entries; }
    std::optional<DashboardEntry> find(const QString &id) const;
    /// Reads the folder again; a file that is no dashboard is in problems().
    void refresh();
    const QStringList &problems() const { return m_problems; }

    Result<Dashboard> load(const DashboardEntry &entry) const;
    /// Takes a dashboard over into the folder; one with the same uid is replaced, and kept beside as ".bak". Returns its id.
    Result<QString> import(const QByteArray &json);
    /// The bytes as they were imported.
    Result<QByteArray> original(const DashboardEntry &entry) const;
    /// Takes an imported one out; the file is kept beside as ".bak".
    Result<void> remove(const DashboardEntry &entry);

signals:
    void changed();

private:
    void read(const QString &path, bool isBuiltIn);

    QString m_folder;
    QList<DashboardEntry> m_entries;
    QStringList m_problems;
};

} // namespace countersign
