#include "backend/alerts/rulecheck.h"

#include "backend/types/strings.h"

#include <QProcess>
#include <QPromise>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryFile>
#include <QTimer>

#include <memory>

namespace countersign {

namespace {

constexpr qsizetype longestOutput = 64 * 1024;
constexpr qsizetype mostProblems = 200;

using Promise = QPromise<Result<RuleCheck>>;

void complete(Promise &promise, Result<RuleCheck> result)
{
    promise.addResult(std::move(result));
    promise.finish();
}

/// One run of promtool; deletes itself when it has answered.
class Run final : public QObject {
public:
    explicit Run(std::chrono::milliseconds deadline)
    {
        m_promise.start();
        m_deadline.setSingleShot(true);
        m_deadline.setInterval(deadline);
        connect(&m_deadline, &QTimer::timeout, this, [this] { settle(fail(ErrorKind::Timeout, u"promtool did not answer in time."_s)); });
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        connect(&m_process, &QProcess::finished, this, [this](int code) {
            const QString output = QString::fromUtf8(m_process.readAllStandardOutput().left(longestOutput));
            settle(parseRuleCheck(output, m_file.fileName(), code == 0));
        });
        connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart || error == QProcess::Crashed)
                settle(fail(ErrorKind::Unavailable, u"promtool does not run: "_s + m_process.errorString()));
        });
    }
    ~Run() override
    {
        m_process.disconnect(this);
        m_process.kill();
        m_process.waitForFinished(1000);
    }
    QFuture<Result<RuleCheck>> start(const QString &program, const QByteArray &yaml)
    {
        const auto future = m_promise.future();
        if (!m_file.open() || m_file.write(yaml) != yaml.size() || !m_file.flush()) {
            settle(fail(ErrorKind::Denied, u"The rules cannot be written for promtool: "_s + m_file.errorString()));
            return future;
        }
        m_deadline.start();
        m_process.start(program, {u"check"_s, u"rules"_s, m_file.fileName()});
        m_process.closeWriteChannel();
        return future;
    }

private:
    void settle(Result<RuleCheck> result)
    {
        if (std::exchange(m_isSettled, true))
            return;
        m_deadline.stop();
        complete(m_promise, std::move(result));
        deleteLater();
    }

    Promise m_promise;
    QTemporaryFile m_file;
    QTimer m_deadline;
    QProcess m_process;
    bool m_isSettled = false;
};

} // namespace

QFuture<Result<RuleCheck>> checkRuleFile(const QByteArray &yaml, const QString &program, std::chrono::milliseconds deadline)
{
    if (QStandardPaths::findExecutable(program).isEmpty()) {
        Promise promise;
        promise.start();
        complete(promise, fail(ErrorKind::NotFound, u"“%1” is not installed. Install Debian's package prometheus."_s.arg(program)));
        return promise.future();
    }
    auto *run = new Run(deadline); // until it has answered
    return run->start(program, yaml);
}

RuleCheck parseRuleCheck(const QString &output, const QString &path, bool isGood)
{
    RuleCheck check{.isGood = isGood, .rules = 0, .problems = {}, .output = output};
    static const QRegularExpression count(u"SUCCESS: (\\d{1,9}) rules found"_s);
    static const QRegularExpression place(u"^(?:(\\d{1,9}):(\\d{1,9}): )?(.+)$"_s);
    static const QRegularExpression yamlLine(u"\\bline (\\d{1,9}): (.+)$"_s);
    const auto found = count.match(output);
    check.rules = found.captured(1).toInt();
    check.output.replace(path, u"rules"_s);
    if (isGood)
        return check;
    const QStringList lines = output.split(u'\n');
    for (QString line : lines) {
        line = line.trimmed();
        const bool named = line.startsWith(path + u": "_s);
        if (named)
            line = line.mid(path.size() + 2);
        const auto ofYaml = yamlLine.match(line);
        if ((!named && !ofYaml.hasMatch()) || line.endsWith(u"unmarshal errors:"_s) || check.problems.size() >= mostProblems)
            continue;
        const auto match = place.match(line);
        const RuleProblem problem = ofYaml.hasMatch() && match.captured(1).isEmpty()
            ? RuleProblem{ofYaml.captured(1).toInt(), 0, ofYaml.captured(2)}
            : RuleProblem{match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3)};
        if (!check.problems.contains(problem)) // promtool tells some twice
            check.problems.append(problem);
    }
    if (check.problems.isEmpty())
        check.problems.append({0, 0, check.output.simplified().left(500)});
    return check;
}

} // namespace countersign
