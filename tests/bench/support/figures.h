#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <vector>

namespace countersign::bench {

enum class Bound { AtMost, AtLeast };

/// Gathers the figures of one benchmark and prints them as one JSON object on standard output. Each figure may name what it must reach and
/// what it aims at; tests/bench/run reads them. Ratios of one machine differ by some per cent from run to run: the gate is 15 % wide.
class Figures final {
public:
    explicit Figures(QString subject);

    void add(const QString &name, double value, const QString &unit);
    void add(const QString &name, double value, const QString &unit, Bound bound, double must, double stretch);
    void note(const QString &name, const QJsonValue &value);
    /// 0 when every "must" holds within the gate's width, 1 otherwise.
    [[nodiscard]] int print() const;

private:
    QString m_subject;
    QJsonArray m_figures;
    QJsonObject m_notes;
    bool m_missed = false;
};

[[nodiscard]] double median(std::vector<double> values);
/// \a share in 0..1, by nearest rank.
[[nodiscard]] double percentile(std::vector<double> values, double share);

/// CPU time of the calling thread in seconds: what single-threaded work costs, whatever else the machine does.
[[nodiscard]] double threadCpuSeconds();
[[nodiscard]] double wallSeconds();

} // namespace countersign::bench
