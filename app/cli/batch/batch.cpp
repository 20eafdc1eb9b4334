#include "app/cli/batch/batch.h"

#include "app/cli/batch/operations.h"
#include "backend/types/strings.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>

namespace countersign {

namespace {

constexpr qsizetype readAtOnce = 1024 * 1024;
constexpr size_t fewLines = 4; // not worth a thread
constexpr unsigned mostWorkers = 16;

void answerError(QByteArray &answers, QByteArrayView id, const Error &error)
{
    JsonObject answer(answers);
    answer.value("id").append(id);
    answer.flag("ok", false);
    JsonObject inner(answer.value("error"));
    inner.text("kind", errorKindName(error.kind));
    inner.text("message", error.message);
    if (!error.detail.isEmpty())
        inner.text("detail", error.detail);
}

// The result object is written behind `answers` at once and taken back when the operation fails half-way.
void answerParsed(JsonView request, QByteArray &answers)
{
    const auto idMember = request.find("id");
    const QByteArray id = idMember ? idMember->toJson() : QByteArray("null");
    Fields fields(request);
    fields.optional("id");
    const QString name = fields.text("op");
    if (!fields.isGood())
        return answerError(answers, id, fields.done().error());
    const Operation *operation = findOperation(name.toUtf8());
    if (!operation)
        return answerError(answers, id, {ErrorKind::NotFound, u"There is no operation \"%1\"; `countersign-cli batch --help` lists them"_s.arg(name.left(80)), {}});
    const qsizetype before = answers.size();
    Result<void> outcome;
    {
        JsonObject answer(answers);
        answer.value("id").append(id);
        answer.flag("ok", true);
        JsonObject result(answer.value("result"));
        outcome = operation->run(fields, result);
    }
    if (!outcome) {
        answers.truncate(before);
        answerError(answers, id, outcome.error());
    }
}

bool writeAll(int output, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const auto written = ::write(output, bytes.data(), static_cast<size_t>(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = bytes.sliced(written);
    }
    return true;
}

// Each worker takes the next lines; answers are kept by line until all are there.
bool answerLines(const std::vector<QByteArrayView> &lines, int output)
{
    if (lines.size() <= fewLines) {
        QByteArray answers;
        for (const QByteArrayView line : lines)
            answerRequest(line, answers);
        return writeAll(output, answers);
    }
    constexpr size_t atOnce = 16;
    std::vector<QByteArray> answers((lines.size() + atOnce - 1) / atOnce);
    std::atomic<size_t> next = 0;
    const auto work = [&] {
        for (size_t block = next++; block < answers.size(); block = next++) {
            for (size_t i = block * atOnce; i < std::min(lines.size(), (block + 1) * atOnce); ++i)
                answerRequest(lines[i], answers[block]);
        }
    };
    {
        std::vector<std::jthread> workers;
        const size_t most = std::min<size_t>({std::max(1U, std::thread::hardware_concurrency()), mostWorkers, answers.size()});
        while (workers.size() + 1 < most)
            workers.emplace_back(work);
        work();
    }
    return std::ranges::all_of(answers, [output](const QByteArray &block) { return writeAll(output, block); });
}

/// Cuts what arrives into lines; of a line above the limit only its length is kept.
class Lines final {
public:
    void arrived(QByteArrayView bytes) { m_bytes.append(bytes); }

    /// The complete lines. They point into this object and are valid until the next call.
    std::vector<QByteArrayView> take(bool isEnd)
    {
        m_bytes.remove(0, m_taken);
        m_taken = 0;
        std::vector<QByteArrayView> lines;
        const QByteArrayView all(m_bytes);
        for (qsizetype end = all.indexOf('\n', m_searched); end >= 0; end = all.indexOf('\n', m_taken)) {
            add(lines, all.sliced(m_taken, end - m_taken));
            m_taken = end + 1;
        }
        if (isEnd) {
            add(lines, all.sliced(m_taken));
            m_taken = all.size();
        } else if (all.size() - m_taken > longestBatchLine) {
            m_isOverlong = true;
            m_taken = all.size();
        }
        m_searched = all.size() - m_taken;
        return lines;
    }

private:
    void add(std::vector<QByteArrayView> &lines, QByteArrayView line)
    {
        if (std::exchange(m_isOverlong, false))
            lines.emplace_back(overlong);
        else if (!line.trimmed().isEmpty())
            lines.push_back(line);
    }

    // Stands for a line that was dropped: it cannot be a line itself.
    static constexpr QByteArrayView overlong = "\n";

    QByteArray m_bytes;
    qsizetype m_taken = 0; // given out as lines, to be removed
    qsizetype m_searched = 0; // of the rest, known to hold no newline
    bool m_isOverlong = false;
};

} // namespace

void answerRequest(QByteArrayView line, QByteArray &answers)
{
    if (line == QByteArrayView("\n")) {
        answerError(answers, "null", {ErrorKind::Exhausted, u"The line is longer than %1 bytes"_s.arg(longestBatchLine), {}});
    } else if (auto request = JsonText::parse(line.toByteArray(), {.maxBytes = longestBatchLine, .maxDepth = 256}); !request) {
        answerError(answers, "null", request.error());
    } else if (!request->root().isObject()) {
        answerError(answers, "null", {ErrorKind::Invalid, u"A request is an object, this is %1"_s.arg(request->root().kindName()), {}});
    } else {
        answerParsed(request->root(), answers);
    }
    answers.append('\n');
}

bool answerRequests(int input, int output)
{
    Lines lines;
    QByteArray buffer(readAtOnce, Qt::Uninitialized);
    for (;;) {
        const auto count = ::read(input, buffer.data(), static_cast<size_t>(buffer.size()));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        lines.arrived(QByteArrayView(buffer).first(count));
        if (!answerLines(lines.take(count == 0), output))
            return false;
        if (count == 0)
            return true;
    }
}

} // namespace countersign
