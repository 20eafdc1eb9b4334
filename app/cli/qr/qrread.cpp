#include "app/cli/qr/qrread.h"

#include "app/cli/commands/input.h"
#include "app/cli/qr/qrshow.h"
#include "backend/proposals/exchangebundle.h"
#include "backend/proposals/qr/urdecoder.h"
#include "backend/qrcode/netpbm.h"
#include "backend/qrcode/qrreader.h"
#include "backend/types/strings.h"

#include <QFile>

namespace countersign {

namespace {

/// A message on its way, and what else was seen.
class Reading final {
public:
    bool isComplete() const { return m_decoder.isComplete(); }
    const UrDecoder &decoder() const { return m_decoder; }

    /// Error Corrupt when the frames contradict each other.
    Result<void> feed(QByteArrayView text)
    {
        const auto outcome = m_decoder.feed(text);
        if (!outcome) {
            if (outcome.error().kind == ErrorKind::Corrupt && m_decoder.needed() == 0 && m_taken > 0)
                return std::unexpected(outcome.error());
            ++m_strange;
            m_reason = outcome.error().message;
        } else if (*outcome == UrDecoder::Outcome::Foreign) {
            ++m_foreign;
        } else {
            ++m_taken;
        }
        return {};
    }

    void feedEmptyImage() { ++m_empty; }

    void report(Report &report) const
    {
        if (m_empty > 0)
            report.find(Report::Severity::Warn, u"image.empty"_s,
                u"Images without a symbol that can be read: %1"_s.arg(m_empty));
        if (m_strange > 0)
            report.find(Report::Severity::Warn, u"frame.unreadable"_s,
                u"What was no frame: %1; the last: %2"_s.arg(m_strange).arg(m_reason));
        if (m_foreign > 0)
            report.find(Report::Severity::Warn, u"frame.foreign"_s,
                u"Frames of another message, not taken: %1"_s.arg(m_foreign));
    }

private:
    UrDecoder m_decoder;
    int m_taken = 0;
    int m_foreign = 0;
    int m_strange = 0;
    int m_empty = 0;
    QString m_reason;
};

Result<void> readLines(Reading &reading)
{
    const auto text = readFile(u"-"_s);
    if (!text)
        return std::unexpected(text.error());
    for (const QByteArray &line : text->split('\n')) {
        if (const QByteArray frame = line.trimmed(); !frame.isEmpty() && !reading.isComplete()) {
            if (const auto fed = reading.feed(frame); !fed)
                return fed;
        }
    }
    return {};
}

Result<void> readImages(Reading &reading, const QString &name)
{
    const auto file = readFile(name);
    if (!file)
        return std::unexpected(file.error());
    NetpbmReader images(*file);
    do {
        const auto image = images.next();
        if (!image)
            return fail(image.error().kind, u"%1: %2"_s.arg(name, image.error().message));
        const auto texts = readQrSymbols(image->view());
        if (!texts)
            return fail(texts.error().kind, u"%1: %2"_s.arg(name, texts.error().message), texts.error().detail);
        if (texts->isEmpty())
            reading.feedEmptyImage();
        for (const Bytes &text : *texts) {
            if (const auto fed = reading.feed(text); !fed)
                return fed;
        }
    } while (!images.atEnd() && !reading.isComplete());
    return {};
}

/// Whole or not at all, and never over another file.
Result<void> writeMessage(const QString &name, const Bytes &message)
{
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return fail(ErrorKind::Invalid, u"%1 cannot be written: %2"_s.arg(name, file.errorString()), u"usage"_s);
    if (file.write(message) == message.size() && file.flush())
        return {};
    const auto failed = fail(ErrorKind::Invalid, u"%1 cannot be written: %2"_s.arg(name, file.errorString()));
    file.remove();
    return failed;
}

/// What of the exchange is in it, when it is a bundle.
void reportBundle(Report &report, const Bytes &message)
{
    const auto bundle = bundleFromBytes(message);
    if (!bundle)
        return; // any message may be carried
    qsizetype proposals = 0;
    qsizetype signatures = 0;
    qsizetype unsignedOnes = 0;
    for (const ExchangeEntry &entry : bundle->entries) {
        proposals += std::holds_alternative<Proposal>(entry) ? 1 : 0;
        signatures += std::holds_alternative<CollectedSignature>(entry) ? 1 : 0;
        unsignedOnes += std::holds_alternative<ImportedTransaction>(entry) ? 1 : 0;
    }
    report.add(u"bundle"_s,
        u"%1 entries: %2 proposals, %3 signatures, %4 transactions that nobody described; %5 documents"_s
            .arg(bundle->entries.size())
            .arg(proposals)
            .arg(signatures)
            .arg(unsignedOnes)
            .arg(bundle->documents.size()),
        u"Of the exchange"_s);
}

} // namespace

Result<void> readFrames(const Invocation &invocation, Report &report)
{
    const QStringList names = invocation.words().sliced(1);
    const bool isText = invocation.has(u"text"_s);
    if (isText ? !names.isEmpty() : names.isEmpty())
        return fail(ErrorKind::Invalid,
            isText ? u"--text reads standard input; images do not go with it"_s
                   : u"The images to read are missing; --help says more"_s,
            u"usage"_s);
    const QString out = invocation.value(u"out"_s);
    if (!out.isEmpty() && QFile::exists(out))
        return fail(ErrorKind::Invalid, u"%1 exists already; it is not written over"_s.arg(out), u"usage"_s);
    Reading reading;
    Result<void> done;
    if (isText)
        done = readLines(reading);
    for (qsizetype i = 0; done && i < names.size() && !reading.isComplete(); ++i)
        done = readImages(reading, names[i]);
    reading.report(report);
    if (!done)
        return done;
    const UrDecoder &decoder = reading.decoder();
    if (decoder.needed() == 0)
        return fail(ErrorKind::Invalid, u"No frame of a message was found"_s);
    if (!decoder.isComplete())
        return fail(ErrorKind::Invalid,
            u"The message is not complete: %1 of %2 parts are there. Any further frames of it help"_s
                .arg(decoder.received())
                .arg(decoder.needed()));
    if (!out.isEmpty()) {
        if (const auto written = writeMessage(out, *decoder.message()); !written)
            return written;
        report.add(u"file"_s, out, u"Written to"_s);
    }
    reportMessage(report, decoder.message()->size(), decoder.needed(), decoder.hash());
    reportBundle(report, *decoder.message());
    return {};
}

} // namespace countersign
