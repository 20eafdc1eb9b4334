#include "backend/evm/agreedchain.h"

namespace countersign {

namespace {

QString shown(const ChainId &id) { return QString::number(id.value()); }
QString shown(const SealedHeader &header) { return u"hash "_s + header.hash().toString() + u" state "_s + header.stateRoot.toString(); }
QString shown(const Bytes &bytes) { return toHex(bytes.left(64)) + (bytes.size() > 64 ? u"…"_s : QString()); }
QString shown(const Hash32 &hash) { return hash.toString(); }

template<class T>
QString shown(const Result<T> &answer)
{
    return answer ? shown(*answer) : u"error: "_s + answer.error().message;
}

// A node that refuses has answered; one that is not there has not.
bool isAnswer(const Error &error)
{
    return error.kind == ErrorKind::NotFound || revertDataOf(error).has_value();
}

bool isSame(const Error &first, const Error &second)
{
    return first.kind == second.kind && revertDataOf(first) == revertDataOf(second);
}

Error named(const QString &name, const Error &error)
{
    return {.kind = error.kind, .message = name + u": "_s + error.message, .detail = error.detail};
}

template<class T>
Result<T> agreed(const QString &question, const QString &firstName, const Result<T> &first, const QString &secondName, const Result<T> &second)
{
    if (!first && !isAnswer(first.error()))
        return std::unexpected(named(firstName, first.error()));
    if (!second && !isAnswer(second.error()))
        return std::unexpected(named(secondName, second.error()));
    if (first && second && *first == *second)
        return first;
    if (!first && !second && isSame(first.error(), second.error()))
        return first; // without a name, so that its revert data can still be read
    return fail(ErrorKind::Conflict,
                firstName + u" and "_s + secondName + u" give different answers about "_s + question
                    + u". Trust neither: find out which of them is wrong before you sign."_s,
                firstName + u"="_s + shown(first) + u' ' + secondName + u'=' + shown(second));
}

} // namespace

QCoro::Task<Result<ChainId>> AgreedChain::chainId(std::stop_token stop)
{
    const QString firstName = m_first.name;
    const QString secondName = m_second.name;
    auto asked = m_first.client.chainId(stop);
    const Result<ChainId> second = co_await m_second.client.chainId(stop);
    const Result<ChainId> first = co_await std::move(asked);
    co_return agreed(u"the chain's id"_s, firstName, first, secondName, second);
}

QCoro::Task<Result<SealedHeader>> AgreedChain::getSealedHeader(BlockNumber number, std::stop_token stop)
{
    const QString firstName = m_first.name;
    const QString secondName = m_second.name;
    auto asked = m_first.client.getSealedHeader(BlockRef::at(number), stop);
    const Result<SealedHeader> second = co_await m_second.client.getSealedHeader(BlockRef::at(number), stop);
    const Result<SealedHeader> first = co_await std::move(asked);
    co_return agreed(u"block "_s + QString::number(number.value()), firstName, first, secondName, second);
}

QCoro::Task<Result<Bytes>> AgreedChain::call(CallRequest request, BlockRef block, std::stop_token stop)
{
    const QString firstName = m_first.name;
    const QString secondName = m_second.name;
    auto asked = m_first.client.call(request, block, {}, stop);
    const Result<Bytes> second = co_await m_second.client.call(request, block, {}, stop);
    const Result<Bytes> first = co_await std::move(asked);
    co_return agreed(u"a call at block "_s + block.toString(), firstName, first, secondName, second);
}

QCoro::Task<Result<Bytes>> AgreedChain::getCode(Address account, BlockRef block, std::stop_token stop)
{
    const QString firstName = m_first.name;
    const QString secondName = m_second.name;
    auto asked = m_first.client.getCode(account, block, stop);
    const Result<Bytes> second = co_await m_second.client.getCode(account, block, stop);
    const Result<Bytes> first = co_await std::move(asked);
    co_return agreed(u"the code of "_s + account.toString(), firstName, first, secondName, second);
}

QCoro::Task<Result<Hash32>> AgreedChain::getStorageAt(Address account, Hash32 slot, BlockRef block, std::stop_token stop)
{
    const QString firstName = m_first.name;
    const QString secondName = m_second.name;
    auto asked = m_first.client.getStorageAt(account, slot, block, stop);
    const Result<Hash32> second = co_await m_second.client.getStorageAt(account, slot, block, stop);
    const Result<Hash32> first = co_await std::move(asked);
    co_return agreed(u"the storage of "_s + account.toString() + u" at "_s + slot.toString(), firstName, first, secondName, second);
}

} // namespace countersign
