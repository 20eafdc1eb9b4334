#include "backend/proposals/service/serviceletter.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

Error gone()
{
    return {ErrorKind::Cancelled, u"The exchange was closed"_s, {}};
}

// The request may have arrived although no answer came, or none that could be read.
bool isUnsure(const Error &error)
{
    return error.kind == ErrorKind::Timeout || error.kind == ErrorKind::Unavailable;
}

std::vector<SafeSignature> lackingAt(const SafeServiceTransaction &there, const ServiceLetter &letter)
{
    std::vector<SafeSignature> lacking;
    for (const SafeSignature &signature : letter.signatures) {
        const auto signer = signature.signer(letter.safeTxHash);
        if (signer && std::ranges::find(there.confirmations, *signer, &SafeServiceConfirmation::owner) == there.confirmations.end())
            lacking.push_back(signature);
    }
    return lacking;
}

/// One delivery, whose steps are each taken once.
class Delivery final {
public:
    Delivery(SafeService &service, SafeServiceSubject subject, ServiceLetter letter, std::stop_token stop)
        : m_service(service)
        , m_subject(std::move(subject))
        , m_letter(std::move(letter))
        , m_stop(std::move(stop))
    {
    }

    QCoro::Task<Result<void>> run()
    {
        if (m_letter.signatures.empty())
            co_return fail(ErrorKind::NotFound, u"There is no owner's signature to send it with"_s);
        auto there = co_await m_service.transaction(m_subject, m_letter.safeTxHash, m_stop);
        if (m_stop.stop_requested())
            co_return std::unexpected(gone());
        if (there)
            co_return co_await confirm(*std::move(there));
        if (there.error().kind != ErrorKind::NotFound)
            co_return std::unexpected(there.error());
        if (!m_letter.transaction)
            co_return fail(ErrorKind::NotFound, u"Neither the transaction service nor this console has the transaction that the signature is for"_s);
        co_return co_await propose();
    }

private:
    QCoro::Task<Result<void>> propose()
    {
        const auto sender = m_letter.signatures.front().signer(m_letter.safeTxHash);
        if (!sender)
            co_return std::unexpected(sender.error());
        SafeServiceProposal proposal{*m_letter.transaction, *sender, m_letter.signatures, m_letter.origin};
        const auto sent = co_await m_service.propose(m_subject, std::move(proposal), m_stop);
        if (m_stop.stop_requested())
            co_return std::unexpected(gone());
        if (sent || !isUnsure(sent.error()))
            co_return sent;
        co_return co_await look(sent.error());
    }

    QCoro::Task<Result<void>> confirm(SafeServiceTransaction there)
    {
        if (there.isExecuted)
            co_return fail(ErrorKind::Rejected, u"The transaction service lists it as executed: it takes no more signatures"_s);
        std::vector<SafeSignature> lacking = lackingAt(there, m_letter);
        if (lacking.empty())
            co_return Result<void>();
        const auto sent = co_await m_service.confirm(m_subject, m_letter.safeTxHash, std::move(lacking), m_stop);
        if (m_stop.stop_requested())
            co_return std::unexpected(gone());
        if (sent || !isUnsure(sent.error()))
            co_return sent;
        co_return co_await look(sent.error());
    }

    QCoro::Task<Result<void>> look(Error why)
    {
        const auto there = co_await m_service.transaction(m_subject, m_letter.safeTxHash, m_stop);
        if (m_stop.stop_requested())
            co_return std::unexpected(gone());
        if (there && lackingAt(*there, m_letter).empty())
            co_return Result<void>();
        if (there || there.error().kind == ErrorKind::NotFound)
            co_return fail(why.kind, u"%1. The transaction service was asked and does not have it: it can be sent again"_s.arg(why.message), why.detail);
        co_return fail(ErrorKind::Unavailable,
            u"%1. Whether it arrived is not known, because the transaction service does not answer that either: look again before it is sent again"_s
                .arg(why.message),
            u"service.unsure"_s);
    }

    SafeService &m_service;
    SafeServiceSubject m_subject;
    ServiceLetter m_letter;
    std::stop_token m_stop;
};

} // namespace

QCoro::Task<Result<void>> deliver(SafeService &service, SafeServiceSubject subject, ServiceLetter letter, std::stop_token stop)
{
    Delivery delivery(service, std::move(subject), std::move(letter), std::move(stop));
    co_return co_await delivery.run();
}

} // namespace countersign
