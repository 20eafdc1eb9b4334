#include "backend/evm/proxycode.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "backend/types/uint256.h"

#include <array>

namespace countersign {

namespace {

struct Template {
    QByteArrayView before;
    QByteArrayView after;
};

constexpr QByteArrayView literal(const char *bytes, qsizetype size)
{
    return {bytes, size};
}

// Code around an address of 20 bytes, whole.
const std::array minimalProxies = {
    // EIP-1167
    Template{literal("\x36\x3d\x3d\x37\x3d\x3d\x3d\x36\x3d\x73", 10), literal("\x5a\xf4\x3d\x82\x80\x3e\x90\x3d\x91\x60\x2b\x57\xfd\x5b\xf3", 15)},
    // The shorter one by 0age
    Template{literal("\x3d\x3d\x3d\x3d\x36\x3d\x3d\x37\x36\x3d\x73", 11), literal("\x5a\xf4\x3d\x3d\x93\x80\x3e\x60\x2a\x57\xfd\x5b\xf3", 13)},
    // EIP-7511, with PUSH0
    Template{literal("\x36\x5f\x5f\x37\x5f\x5f\x36\x5f\x73", 9), literal("\x5a\xf4\x3d\x5f\x5f\x3e\x5f\x3d\x91\x60\x2a\x57\xfd\x5b\xf3", 15)},
    // Vyper's create_minimal_proxy_to before 0.2.9
    Template{literal("\x36\x60\x00\x60\x00\x37\x61\x10\x00\x60\x00\x36\x60\x00\x73", 15),
             literal("\x5a\xf4\x60\x2c\x57\x60\x00\x80\xfd\x5b\x61\x10\x00\x60\x00\xf3", 16)},
};

std::optional<Address> targetIn(QByteArrayView code, const Template &form)
{
    if (code.size() != form.before.size() + Address::size + form.after.size() || !code.startsWith(form.before) || !code.endsWith(form.after))
        return std::nullopt;
    return *Address::fromBytes(code.sliced(form.before.size(), Address::size));
}

// EIP-1167, "Vanity Address Optimization": fewer bytes are pushed for an address that begins with zeros, and the jump
// goes to where the code then ends.
std::optional<Address> vanityTarget(QByteArrayView code)
{
    constexpr qsizetype around = 25;
    constexpr qsizetype shortest = 1;
    const qsizetype bytes = code.size() - around;
    if (bytes < shortest || bytes >= Address::size || !code.startsWith(minimalProxies[0].before.first(9)))
        return std::nullopt;
    if (static_cast<quint8>(code[9]) != 0x5f + bytes)
        return std::nullopt;
    Bytes after = minimalProxies[0].after.toByteArray();
    after[10] = static_cast<char>(0x2b - (Address::size - bytes));
    if (!code.endsWith(after))
        return std::nullopt;
    return *Address::fromBytes(Bytes(Bytes(Address::size - bytes, '\0') + code.sliced(10, bytes).toByteArray()));
}

// keccak256 of the proxies of Safe 1.3.0, 1.4.1 and 1.5.0.
bool isSafeProxy(QByteArrayView code)
{
    static const std::array hashes = {*Hash32::parse(u"0xb89c1b3bdf2cf8827818646bce9a8f6e372885f8c55e5c07acbd307cb133b000"),
                                      *Hash32::parse(u"0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c"),
                                      *Hash32::parse(u"0x4e381985ca68b3e5d27b4425fa581c19cf33146d3f887a3cfca96f55528ea46f")};
    constexpr qsizetype longest = 1024;
    return code.size() <= longest && std::ranges::find(hashes, keccak256(code)) != hashes.end();
}

Hash32 lessOne(QByteArrayView name)
{
    const Uint256 hash = Uint256::fromBigEndian(keccak256(name).view()).value();
    return Hash32::fromDigest(hash.checkedSub(1).value_or(Uint256()).toBigEndian());
}

// A slot that holds an address and nothing else.
std::optional<Address> addressIn(const QHash<Hash32, Hash32> &storage, const Hash32 &slot)
{
    const Hash32 word = storage.value(slot);
    const bool isAddress = !word.isZero() && word.view().first(12) == Bytes(12, '\0');
    return isAddress ? std::optional(*Address::fromBytes(word.view().last(Address::size))) : std::nullopt;
}

} // namespace

const Hash32 &ProxySlots::implementation()
{
    static const Hash32 slot = lessOne("eip1967.proxy.implementation");
    return slot;
}

const Hash32 &ProxySlots::admin()
{
    static const Hash32 slot = lessOne("eip1967.proxy.admin");
    return slot;
}

const Hash32 &ProxySlots::beacon()
{
    static const Hash32 slot = lessOne("eip1967.proxy.beacon");
    return slot;
}

const Hash32 &ProxySlots::proxiable()
{
    static const Hash32 slot = keccak256("PROXIABLE");
    return slot;
}

const Hash32 &ProxySlots::zeppelinOs()
{
    static const Hash32 slot = keccak256("org.zeppelinos.proxy.implementation");
    return slot;
}

const Hash32 &ProxySlots::safeSingleton()
{
    static const Hash32 slot;
    return slot;
}

std::span<const Hash32> proxySlots()
{
    static const std::array all = {ProxySlots::implementation(), ProxySlots::admin(),      ProxySlots::beacon(),
                                   ProxySlots::proxiable(),      ProxySlots::zeppelinOs(), ProxySlots::safeSingleton()};
    return all;
}

QString proxyKindName(ProxyKind kind)
{
    switch (kind) {
    case ProxyKind::Minimal:
        return u"EIP-1167"_s;
    case ProxyKind::Delegation:
        return u"EIP-7702 delegation"_s;
    case ProxyKind::Safe:
        return u"Safe proxy"_s;
    case ProxyKind::Eip1967:
        return u"EIP-1967"_s;
    case ProxyKind::Eip1967Beacon:
        return u"EIP-1967 beacon"_s;
    case ProxyKind::Eip1822:
        return u"EIP-1822"_s;
    case ProxyKind::ZeppelinOs:
        break;
    }
    return u"ZeppelinOS"_s;
}

std::optional<ProxyFinding> proxyOfCode(QByteArrayView code)
{
    for (const Template &form : minimalProxies) {
        if (const auto target = targetIn(code, form))
            return ProxyFinding{.kind = ProxyKind::Minimal, .implementation = target};
    }
    if (const auto target = vanityTarget(code))
        return ProxyFinding{.kind = ProxyKind::Minimal, .implementation = target};
    constexpr QByteArrayView delegation = literal("\xef\x01\x00", 3);
    if (code.size() == delegation.size() + Address::size && code.startsWith(delegation))
        return ProxyFinding{.kind = ProxyKind::Delegation, .implementation = *Address::fromBytes(code.last(Address::size))};
    if (isSafeProxy(code))
        return ProxyFinding{.kind = ProxyKind::Safe};
    return std::nullopt;
}

std::optional<ProxyFinding> proxyOf(QByteArrayView code, const QHash<Hash32, Hash32> &storage)
{
    if (auto found = proxyOfCode(code)) {
        if (found->kind == ProxyKind::Safe)
            found->implementation = addressIn(storage, ProxySlots::safeSingleton());
        return found;
    }
    if (code.isEmpty())
        return std::nullopt;
    const auto admin = addressIn(storage, ProxySlots::admin());
    if (const auto target = addressIn(storage, ProxySlots::implementation()))
        return ProxyFinding{.kind = ProxyKind::Eip1967, .implementation = target, .admin = admin};
    if (const auto beacon = addressIn(storage, ProxySlots::beacon()))
        return ProxyFinding{.kind = ProxyKind::Eip1967Beacon, .admin = admin, .beacon = beacon};
    if (const auto target = addressIn(storage, ProxySlots::proxiable()))
        return ProxyFinding{.kind = ProxyKind::Eip1822, .implementation = target};
    if (const auto target = addressIn(storage, ProxySlots::zeppelinOs()))
        return ProxyFinding{.kind = ProxyKind::ZeppelinOs, .implementation = target};
    return std::nullopt;
}

} // namespace countersign
