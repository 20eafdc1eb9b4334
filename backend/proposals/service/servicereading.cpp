#include "backend/proposals/service/servicereading.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

constexpr qsizetype maxRejected = 100;

/// Gathers the entries of one queue.
class Gathering final {
public:
    Gathering(const SafeServiceSubject &subject, QString source)
        : m_subject(subject)
        , m_source(std::move(source))
    {
    }

    void take(const SafeServiceTransaction &listed)
    {
        const QString name = listed.safeTxHash.toString();
        for (const SafeServiceFinding &finding : listed.findings)
            note(finding, name);
        const bool isProved = std::ranges::any_of(
            listed.confirmations, [](const SafeServiceConfirmation &each) { return !each.needsChain; });
        // A delegate's proposal is shown by the service before any owner has signed; anybody's could be hidden there.
        if (!isProved && (!listed.isTrusted || ++m_unsigned > maxUnsignedListed)) {
            ++m_leftOut;
            return;
        }
        const auto submitted = QDateTime::fromString(listed.submittedAt, Qt::ISODateWithMs);
        if (!add(ImportedTransaction::make(m_subject.chainId, m_subject.safe, listed.transaction, m_source,
                     listed.origin, submitted.isValid() ? Timestamp::fromDateTime(submitted) : Timestamp()),
                name))
            return;
        for (const SafeServiceConfirmation &confirmation : listed.confirmations) {
            const auto signature = CollectedSignature::make(
                m_subject.chainId, m_subject.safe, listed.safeTxHash, confirmation.signature, Timestamp());
            if (signature)
                add(*signature, name);
        }
    }

    void note(const SafeServiceFinding &finding, const QString &name)
    {
        if (finding.code == u"service.paging")
            m_reading.warnings.append(finding.message);
        else
            reject(name, finding.message);
    }

    ServiceReading finish()
    {
        m_reading.warnings.removeDuplicates();
        if (m_leftOut > 0)
            m_reading.warnings.append(
                u"Left out as signed by no owner: %1 of the transactions that it lists"_s.arg(m_leftOut));
        m_reading.set = std::move(m_set);
        return std::move(m_reading);
    }

private:
    bool add(const ExchangeEntry &entry, const QString &name)
    {
        // What nobody would take from a file is not taken from a service either.
        if (const auto readable = entryFromJson(entryToJson(entry)); !readable) {
            reject(name, readable.error().message);
            return false;
        }
        m_set->add(entry);
        return true;
    }
    void reject(const QString &name, const QString &reason)
    {
        const RejectedFile refused{name, reason, false, RejectionCause::Malformed};
        if (m_reading.rejected.size() < maxRejected && !m_reading.rejected.contains(refused))
            m_reading.rejected.append(refused);
    }

    const SafeServiceSubject &m_subject;
    QString m_source;
    std::shared_ptr<ExchangeSet> m_set = std::make_shared<ExchangeSet>();
    ServiceReading m_reading;
    qsizetype m_unsigned = 0;
    qsizetype m_leftOut = 0;
};

} // namespace

ServiceReading readingOf(const SafeServiceQueue &queue, const SafeServiceSubject &subject, const QString &source)
{
    Gathering gathering(subject, source);
    for (const SafeServiceFinding &finding : queue.findings)
        gathering.note(finding, source);
    for (const SafeServiceTransaction &listed : queue.transactions)
        gathering.take(listed);
    return gathering.finish();
}

QStringList delegationsOf(
    const SafeServiceQueue &queue, const SafeServiceSubject &subject, const SafeServiceDelegates &delegates, Timestamp now)
{
    constexpr qsizetype mostSentences = 20;
    QStringList sentences;
    for (const SafeServiceTransaction &listed : queue.transactions) {
        if (!listed.proposer || sentences.size() >= mostSentences || std::ranges::find(subject.owners, *listed.proposer) != subject.owners.end())
            continue;
        QStringList owners;
        for (const SafeServiceDelegate &delegate : delegates.delegates) {
            if (delegate.delegate == *listed.proposer && holdsAt(delegate, now))
                owners.append(delegate.delegator.toString());
        }
        owners.removeDuplicates();
        const QString nonce = listed.transaction.nonce.toDecimal();
        sentences.append(owners.isEmpty()
                ? u"Nonce %1, %2: the service says that %3 proposed it, who is no owner and no owner's delegate"_s.arg(
                      nonce, listed.safeTxHash.toString(), listed.proposer->toString())
                : u"Nonce %1, %2: proposed by %3 as delegate of %4, as the service says; that is no owner's signature"_s.arg(
                      nonce, listed.safeTxHash.toString(), listed.proposer->toString(), owners.join(u", ")));
    }
    return sentences;
}

} // namespace countersign
