#pragma once

#include "backend/logs/loglevel.h"
#include "backend/logs/logarchive.h"
#include "backend/logs/logmatcher.h"
#include "backend/relayer/logline.h"
#include "models/sources/tone.h"

#include <QAbstractTableModel>
#include <QTimer>
#include <QVector>

#include <deque>
#include <memory>
#include <optional>
#include <stop_token>

namespace countersign {

/// The relayers' logs, newest first: what is written now, or what was found in their history. A filter holds for both.
class LogTableModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogTableModel)

public:
    enum Column { TimeColumn, LevelColumn, RelayerColumn, MessageColumn, IntentColumn, FieldsColumn, ColumnCount };
    enum Role {
        ToneRole = Qt::UserRole + 1, ///< int of Tone
        IntentRole, ///< QString, empty when the line is about none
    };
    enum class Mode { Live, History };

    static constexpr qsizetype liveLines = 10'000;
    static constexpr int pageSize = 200;

    /// \a archive outlives the model; null: there is no history to search.
    explicit LogTableModel(LogArchive *archive, QObject *parent = nullptr);
    ~LogTableModel() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    /// Lines as they arrive; shown once a frame.
    void append(const QVector<LogLine> &lines);
    void setQuery(const LogQuery &query);
    const LogQuery &query() const { return m_query; }

    /// While held, what arrives waits; the rows stand still.
    void setHeld(bool held);
    bool isHeld() const { return m_isHeld; }
    qsizetype pendingCount() const { return m_isHeld ? m_pending : 0; }
    qsizetype liveCount() const { return static_cast<qsizetype>(m_live.size()); } ///< known, shown or not

    Mode mode() const { return m_mode; }
    /// Looks through the history with the filter of now; a running search is replaced.
    void searchHistory();
    /// Back to what is written now; a running search ends.
    void showLive();
    bool hasHistory() const { return m_archive != nullptr; }
    bool isSearching() const { return m_isSearching; }
    double progress() const; ///< of the search, 0 to 1
    const LogScanResult &found() const { return m_found; }

    const LogLine *line(int row) const; ///< null when it is no longer there
    QString json(int row) const; ///< the line as it was written
    QString lineJsonIndented(int row) const; ///< the same, a field a line

signals:
    void countsChanged();
    void modeChanged();

private:
    struct Row {
        LogLine line;
        LogLevel level = LogLevel::Unknown;
        bool isGone = false; ///< it was found, and is no longer there
    };

    void takeInbox();
    void rebuild();
    bool matches(const LogLine &line) const;
    void endSearch();
    void takeFound(const LogScanResult &result);
    const Row &rowAt(int row) const;
    static QString fieldsText(const LogLine &line);

    LogArchive *m_archive;
    LogQuery m_query;
    std::unique_ptr<LogMatcher> m_matcher;
    std::deque<Row> m_live; // ascending
    std::deque<quint64> m_shown; // numbers of live rows, ascending; the number of m_live[0] is m_firstNumber
    quint64 m_firstNumber = 0;
    QVector<LogLine> m_inbox;
    QTimer m_frame;
    bool m_isHeld = false;
    qsizetype m_pending = 0;

    Mode m_mode = Mode::Live;
    LogScanResult m_found;
    QVector<Row> m_page; // of the hits, as far as they were read
    std::shared_ptr<LogScanProgress> m_progress;
    std::stop_source m_stop;
    quint64 m_generation = 0;
    bool m_isSearching = false;
    bool m_isFetching = false;
};

} // namespace countersign
