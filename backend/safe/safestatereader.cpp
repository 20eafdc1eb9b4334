#include "backend/safe/safestatereader.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safestorage.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

Address sentinel()
{
    return *Address::fromBytes(Uint256(1).toBigEndian().last(Address::size));
}

constexpr quint64 pageSize = 100;
constexpr int mostPages = 20;

std::unexpected<Error> notASafe(const Address &safe, const QString &what)
{
    return fail(ErrorKind::Corrupt, u"What stands at "_s + safe.toString() + u" does not answer like a Safe: "_s + what, u"safe.state"_s);
}

Bytes call(QStringView function, std::initializer_list<AbiValue> arguments = {})
{
    return *safeAbi().function(function)->encodeCall(arguments);
}

Result<std::vector<AbiValue>> output(QStringView function, const Result<Bytes> &data)
{
    if (!data)
        return std::unexpected(data.error());
    return safeAbi().function(function)->decodeOutput(*data);
}

Result<Address> addressInWord(const Hash32 &word)
{
    const auto value = abiDecodeWord(AbiType::makeAddress(), word.view());
    if (!value)
        return std::unexpected(value.error());
    return *value->get<Address>();
}

std::vector<Address> addressesOf(const AbiValue &list)
{
    std::vector<Address> addresses;
    for (const AbiValue &entry : *list.get<AbiValue::List>())
        addresses.push_back(*entry.get<Address>());
    return addresses;
}

// Safe up to 1.1.1 gives all modules at once; 1.1.1 and later in pages.
const AbiFunction &allModules()
{
    static const AbiFunction function = *AbiFunction::parse(u"getModules() view returns (address[])");
    return function;
}

// A Safe with more modules than this is not one that a person looks after.
constexpr size_t mostModules = 2'000;

std::unexpected<Error> tooManyModules()
{
    return fail(ErrorKind::Exhausted, u"The Safe has more modules than this program reads."_s, u"safe.state"_s);
}

QCoro::Task<Result<std::vector<Address>>> readAllModules(ChainClient &chain, Address safe, BlockRef block, std::stop_token stop)
{
    const auto data = co_await chain.call({.to = safe, .data = allModules().selector().bytes()}, block, {}, stop);
    if (!data)
        co_return std::unexpected(data.error());
    const auto modules = allModules().decodeOutput(*data);
    if (!modules)
        co_return notASafe(safe, modules.error().message);
    auto list = addressesOf(modules->front());
    if (list.size() > mostModules)
        co_return tooManyModules();
    co_return list;
}

QCoro::Task<Result<std::vector<Address>>> readModules(ChainClient &chain, Address safe, BlockRef block, std::stop_token stop)
{
    std::vector<Address> all;
    // Up to 1.3.0 `next` names the first module that was not returned, and a page that starts there leaves it out; from
    // 1.4.1 on it is the last that was. A page that starts after the last one returned is right for all, and `next` is
    // not needed.
    Address start = sentinel();
    for (int page = 0; page < mostPages; ++page) {
        const auto data = co_await chain.call({.to = safe, .data = call(u"getModulesPaginated", {start, Uint256(pageSize)})}, block, {}, stop);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"Cancelled."_s);
        if (!data && page == 0 && revertDataOf(data.error())) {
            auto before111 = co_await readAllModules(chain, safe, block, stop);
            if (!before111 && revertDataOf(before111.error()))
                co_return notASafe(safe, u"it names no modules"_s);
            co_return before111;
        }
        if (!data)
            co_return std::unexpected(data.error());
        const auto modules = output(u"getModulesPaginated", data);
        if (!modules)
            co_return notASafe(safe, modules.error().message);
        const auto list = addressesOf(modules->front());
        if (list.size() > pageSize)
            co_return notASafe(safe, u"a page of modules is longer than was asked for"_s);
        // A list that leads back to where it was would never end.
        for (const Address &module : list) {
            if (std::ranges::find(all, module) != all.end())
                co_return notASafe(safe, u"its list of modules leads in a circle"_s);
            all.push_back(module);
        }
        if (list.size() < pageSize)
            co_return all;
        start = list.back();
    }
    co_return tooManyModules();
}

} // namespace

QCoro::Task<Result<SafeState>> readSafeState(ChainClient &chain, Address safe, BlockRef block, std::stop_token stop)
{
    const auto cancelled = [] { return fail(ErrorKind::Cancelled, u"Cancelled."_s); };
    SafeState state;
    state.safe = safe;

    const auto chainId = co_await chain.chainId(stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!chainId)
        co_return std::unexpected(chainId.error());
    state.chainId = *chainId;
    const auto header = co_await chain.getBlock(block, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!header)
        co_return std::unexpected(header.error());
    state.blockNumber = header->number;
    state.blockHash = header->hash;
    const BlockRef pinned = BlockRef::at(header->hash);

    const auto proxyCode = co_await chain.getCode(safe, pinned, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!proxyCode)
        co_return std::unexpected(proxyCode.error());
    if (proxyCode->isEmpty())
        co_return fail(ErrorKind::NotFound, u"There is no contract at "_s + safe.toString() + u" on this chain."_s, u"safe.state"_s);
    state.proxyCodeHash = keccak256(*proxyCode);

    const std::array reads = {std::pair(slotNumber(SafeStorage::singleton), &state.singleton), std::pair(safeGuardSlot(), &state.guard),
                              std::pair(safeModuleGuardSlot(), &state.moduleGuard),
                              std::pair(safeFallbackHandlerSlot(), &state.fallbackHandler)};
    for (const auto &[slot, target] : reads) {
        const auto word = co_await chain.getStorageAt(safe, slot, pinned, stop);
        if (stop.stop_requested())
            co_return cancelled();
        if (!word)
            co_return std::unexpected(word.error());
        const auto address = addressInWord(*word);
        if (!address)
            co_return notASafe(safe, address.error().message);
        *target = *address;
    }
    const auto singletonCode = co_await chain.getCode(state.singleton, pinned, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!singletonCode)
        co_return std::unexpected(singletonCode.error());
    state.singletonCodeHash = keccak256(*singletonCode);

    std::vector<CallRequest> requests;
    for (const QStringView function : {u"getOwners", u"getThreshold", u"nonce", u"VERSION", u"domainSeparator"})
        requests.push_back({.to = safe, .data = call(function)});
    const auto answers = co_await chain.callMany(requests, pinned, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!answers)
        co_return std::unexpected(answers.error());
    const auto owners = output(u"getOwners", (*answers)[0]);
    const auto threshold = output(u"getThreshold", (*answers)[1]);
    const auto nonce = output(u"nonce", (*answers)[2]);
    const auto version = output(u"VERSION", (*answers)[3]);
    const auto separator = output(u"domainSeparator", (*answers)[4]);
    for (const auto *answer : {&owners, &threshold, &nonce, &version, &separator}) {
        if (!*answer) {
            const Error &error = answer->error();
            // A node that is down, or that counts our questions, is not a contract that is wrong.
            if (error.kind != ErrorKind::Rejected && error.kind != ErrorKind::Invalid && error.kind != ErrorKind::Corrupt)
                co_return std::unexpected(error);
            co_return notASafe(safe, error.message);
        }
    }
    state.owners = addressesOf(owners->front());
    state.threshold = *threshold->front().get<Uint256>();
    state.nonce = *nonce->front().get<Uint256>();
    state.version = *version->front().get<QString>();
    state.domainSeparator = *Hash32::fromBytes(*separator->front().get<Bytes>());

    auto modules = co_await readModules(chain, safe, pinned, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!modules)
        co_return std::unexpected(modules.error());
    state.modules = *std::move(modules);
    co_return state;
}

} // namespace countersign
