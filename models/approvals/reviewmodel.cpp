#include "models/approvals/reviewmodel.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

ReviewModel::ReviewModel(QObject *parent)
    : QObject(parent)
{
}

void ReviewModel::setLoading()
{
    m_state = State::Loading;
    emit changed();
}

void ReviewModel::setReview(const Review &review)
{
    m_state = State::Ready;
    m_review = review;
    m_error.reset();
    m_outcome.clear();
    m_callTree.setCall(review.call);
    m_findings.setFindings(review.findings, review.notRun, review.overridable);
    m_effects.setEffects(review.effects);
    m_signers.setSigners(review.signers, review.strangers);
    emit changed();
}

void ReviewModel::setExecuted(const Review &shown, const QString &outcome)
{
    setReview(shown);
    m_outcome = outcome;
    emit changed();
}

void ReviewModel::setExecutedElsewhere(Review now, const QString &outcome)
{
    now.findings = {{u"record.none"_s, Severity::Info, tr("This console has no record of its review"),
        tr("It was executed from another console, or before this one was set up."), {}, 0}};
    now.notRun.clear();
    now.effects.clear();
    setExecuted(now, outcome);
}

void ReviewModel::setFailed(const Error &error)
{
    m_state = State::Failed;
    m_error = error;
    emit changed();
}

void ReviewModel::clear()
{
    m_state = State::Empty;
    m_review.reset();
    m_error.reset();
    m_outcome.clear();
    m_callTree.clear();
    m_findings.setFindings({});
    m_effects.setEffects({});
    m_signers.setSigners({}, {});
    emit changed();
}

void ReviewModel::setHolder(const std::optional<Address> &holder)
{
    m_holder = holder;
    m_signers.setHolder(holder);
    emit changed();
}

QString ReviewModel::sentence() const
{
    return m_review ? m_review->sentence : QString();
}

QStringList ReviewModel::hashGroups(Hash hash) const
{
    if (!m_review)
        return {};
    switch (hash) {
    case Hash::Domain:
        return deviceGroups(m_review->hashes.domain);
    case Hash::Message:
        return deviceGroups(m_review->hashes.message);
    case Hash::SafeTx:
        break;
    }
    return deviceGroups(m_review->hashes.safeTx);
}

QString ReviewModel::signaturesText() const
{
    return m_review ? tr("%1 of %2 signatures").arg(m_review->signaturesByOwners()).arg(m_review->threshold)
                    : QString();
}

QString ReviewModel::cannotGoOnReason() const
{
    switch (m_state) {
    case State::Empty:
        return tr("Nothing is selected");
    case State::Loading:
        return tr("The review is still being made");
    case State::Failed:
        return tr("The review could not be made: %1").arg(m_error ? m_error->message : QString());
    case State::Ready:
        break;
    }
    if (!m_outcome.isEmpty())
        return m_outcome;
    if (m_review->isBlocked())
        return m_review->findings.first().message;
    if (!m_holder)
        return tr("No key is signed in at this console");
    return {};
}

QString ReviewModel::cannotSignReason() const
{
    if (const QString reason = cannotGoOnReason(); !reason.isEmpty())
        return reason;
    const auto mine = std::ranges::find(m_review->signers, *m_holder, &ReviewSigner::owner);
    if (mine == m_review->signers.end())
        return tr("Your key is no owner of this Safe");
    if (mine->hasSigned)
        return tr("You have signed this already");
    return {};
}

QString ReviewModel::cannotExecuteReason() const
{
    if (const QString reason = cannotGoOnReason(); !reason.isEmpty())
        return reason;
    if (static_cast<quint64>(m_review->signaturesByOwners()) < m_review->threshold)
        return tr("%1 are there").arg(signaturesText());
    if (m_review->nonce != m_review->safeNonce)
        return tr("Nonce %1 is not the next one (%2)")
            .arg(m_review->nonce.toDecimal(), m_review->safeNonce.toDecimal());
    return {};
}

} // namespace countersign
