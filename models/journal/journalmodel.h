#pragma once

#include "backend/journal/journal.h"

#include <QAbstractTableModel>
#include <QList>
#include <QSet>

#include <optional>

namespace countersign {

/// What of the journal is shown: rows of any of the kinds (none: all) that contain every word of the text, in any
/// column, in any case.
struct JournalFilter {
    QSet<JournalKind> kinds;
    QString text;
    bool operator==(const JournalFilter &) const = default;
};

/// The journal, newest first. Rows arrive in pages from the reading thread and as they are appended; the filter works
/// on what has arrived and on what arrives.
class JournalModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JournalModel)

public:
    enum Column { TimeColumn, KindColumn, ActorColumn, SubjectColumn, TextColumn, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole + 1, ///< qlonglong
        TimeRole, ///< Timestamp
        KindRole, ///< int of JournalKind
        IsIncidentRole, ///< bool
    };

    /// \a journal outlives the model.
    explicit JournalModel(Journal &journal, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    const JournalLine &line(int row) const;
    /// Rows with first <= id <= last with their hashes and evidence, which the model does not keep.
    QFuture<Result<QList<JournalRow>>> load(qint64 first, qint64 last) { return m_journal.load(first, last); }
    void setFilter(const JournalFilter &filter);
    const JournalFilter &filter() const { return m_filter; }

    /// Rows known of, rows shown, and whether older ones are still being read.
    qsizetype total() const { return m_rows.size(); }
    bool isLoading() const { return m_loading; }

    const JournalStatus &status() const { return m_journal.status(); }
    /// "1,204 rows, chain whole" or what is wrong, in one sentence.
    QString statusText() const;
    void verify();
    bool isVerifying() const { return m_verifying; }

signals:
    void statusChanged();

private:
    void reload();
    void loadOlder();
    void prepend(const JournalLines &page);
    void append(const QList<JournalRow> &rows);
    bool matches(const JournalLine &line) const;

    Journal &m_journal;
    JournalFilter m_filter;
    QStringList m_words;
    QList<JournalLine> m_rows; // ascending by id; their texts are in the next two
    QList<JournalLines> m_pages;
    JournalLines m_appended;
    QList<qsizetype> m_shown; // indexes into m_rows, ascending: row 0 of the view is the last
    qint64 m_firstId = 0; // of the oldest row that has arrived
    quint64 m_generation = 0; // replies to an older reload are dropped
    Hash32 m_predecessorHash; // tells another file at the same path
    bool m_loaded = false;
    bool m_loading = false;
    bool m_verifying = false;
};

} // namespace countersign
