#include "backend/relayer/targetscrape.h"

#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QElapsedTimer>
#include <QPromise>
#include <QThreadPool>

#include <utility>

namespace countersign {

namespace {

// Protobuf first: only it carries native histograms.
constexpr auto accepted = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                          "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1";

QFuture<Result<Exposition>> parsedElsewhere(ExpositionFormat format, Bytes body, ExpositionLimits limits)
{
    auto promise = std::make_shared<QPromise<Result<Exposition>>>();
    promise->start();
    QFuture<Result<Exposition>> future = promise->future();
    QThreadPool::globalInstance()->start([promise = std::move(promise), format, body = std::move(body), limits] {
        promise->addResult(parseExpositionAs(format, body, limits));
        promise->finish();
    });
    return future;
}

} // namespace

QVector<MetricSample> TargetScrape::synthetic() const
{
    const auto sample = [this](const QString &name, double value) { return MetricSample{name, {}, value, begun, {}}; };
    return {sample(u"up"_s, up ? 1 : 0),
        sample(u"scrape_duration_seconds"_s, std::chrono::duration<double>(took).count()),
        sample(u"scrape_samples_scraped"_s, static_cast<double>(sampleCount))};
}

QCoro::Task<TargetScrape> scrapeTarget(HttpClient &http, QUrl url, const Clock &clock,
    std::chrono::milliseconds deadline, std::stop_token stop, ExpositionLimits limits)
{
    TargetScrape scrape;
    scrape.url = url;
    scrape.begun = clock.now();
    QElapsedTimer timer;
    timer.start();
    const QByteArray seconds = QByteArray::number(std::chrono::duration<double>(deadline).count());
    const HttpOptions options{.deadline = deadline,
        .maxReplyBytes = limits.bytes,
        .headers = {{"Accept", accepted}, {"X-Prometheus-Scrape-Timeout-Seconds", seconds}}};
    const QFuture<Result<HttpReply>> pending = http.get(url, options, stop);
    const Result<HttpReply> reply = co_await pending;
    scrape.took = std::chrono::microseconds(timer.nsecsElapsed() / 1000);
    if (!reply) {
        scrape.error = reply.error().message;
        co_return scrape;
    }
    if (!reply->isSuccess()) {
        scrape.error = u"It answers with HTTP status %1"_s.arg(reply->status);
        co_return scrape;
    }
    const SniffedExposition sniffed = sniffExposition(reply->contentType, reply->body);
    scrape.format = sniffed.format;
    scrape.warning = sniffed.warning;
    const QFuture<Result<Exposition>> parsing = parsedElsewhere(sniffed.format, reply->body, limits);
    Result<Exposition> metrics = co_await parsing;
    scrape.took = std::chrono::microseconds(timer.nsecsElapsed() / 1000);
    if (!metrics) {
        scrape.error = metrics.error().message;
        co_return scrape;
    }
    scrape.up = true;
    scrape.metrics = std::move(*metrics);
    for (const MetricFamily &family : std::as_const(scrape.metrics.families))
        scrape.sampleCount += family.samples.size();
    co_return scrape;
}

} // namespace countersign
