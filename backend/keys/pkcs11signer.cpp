#include "backend/keys/pkcs11signer.h"

#include "backend/keys/pkcs11session.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

namespace countersign {

namespace {

// A future whose work was dropped holds no result.
template<class T>
Result<T> resultOf(const QFuture<Result<T>> &future)
{
    if (future.resultCount() == 0)
        return fail(ErrorKind::Cancelled, u"The token was closed."_s);
    return future.result();
}

} // namespace

Pkcs11Signer::Pkcs11Signer(std::shared_ptr<Pkcs11Module> module, Pkcs11KeyReference key, SoftwareTokens policy)
    : m_module(std::move(module))
    , m_address(key.address)
    , m_alive(std::make_shared<bool>(true))
{
    m_session = std::make_shared<Pkcs11Session>(*m_module, std::move(key), policy);
}

Pkcs11Signer::~Pkcs11Signer()
{
    *m_alive = false;
    m_module->run([session = m_session] { return session->lock(); });
}

QCoro::Task<Result<UnlockNeed>> Pkcs11Signer::prepare()
{
    const auto alive = m_alive;
    const auto module = m_module;
    const QFuture<Result<Pkcs11Session::Description>> future = module->run([session = m_session] { return session->prepare(); });
    co_await future;
    auto description = resultOf(future);
    if (!description)
        co_return std::unexpected(description.error());
    if (*alive)
        m_evidence = description->evidence;
    co_return description->need;
}

QCoro::Task<Result<void>> Pkcs11Signer::unlock(SecretBuffer pin)
{
    const auto alive = m_alive;
    const auto module = m_module;
    const QFuture<Result<KeyEvidence>> future =
        module->run([session = m_session, secret = std::move(pin)]() mutable { return session->unlock(std::move(secret)); });
    co_await future;
    auto evidence = resultOf(future);
    if (!evidence)
        co_return std::unexpected(evidence.error());
    if (*alive)
        m_evidence = *std::move(evidence);
    co_return Result<void>();
}

QCoro::Task<Result<EvmSignature>> Pkcs11Signer::signDigest(Hash32 digest)
{
    const auto module = m_module;
    const QFuture<Result<EvmSignature>> future = module->run([session = m_session, digest] { return session->sign(digest); });
    co_await future;
    co_return resultOf(future);
}

QCoro::Task<Result<void>> Pkcs11Signer::lock()
{
    const auto module = m_module;
    const QFuture<Result<void>> future = module->run([session = m_session] { return session->lock(); });
    co_await future;
    co_return resultOf(future);
}

} // namespace countersign
