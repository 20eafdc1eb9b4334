#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "backend/evm/create2.h"
#include "backend/safe/safefactory.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QList<QCommandLineOption> options()
{
    return {{u"from"_s, u"Who creates: an account, a deployer, a Safe."_s, u"ADDRESS"_s}, {u"nonce"_s, u"create: nonce of the creator's account."_s, u"N"_s},
        {u"salt"_s, u"create2: 32 bytes."_s, u"HEX"_s}, {u"init-code"_s, u"create2: creation code with its arguments."_s, u"INPUT"_s},
        {u"init-code-hash"_s, u"create2: its keccak256 instead."_s, u"HEX"_s}, {u"safe-version"_s, u"safe: version of the factory (1.3.0, 1.4.1, 1.5.0)."_s, u"VERSION"_s},
        {u"factory"_s, u"safe: the proxy factory."_s, u"ADDRESS"_s}, {u"singleton"_s, u"safe: the singleton."_s, u"ADDRESS"_s},
        {u"initializer"_s, u"safe: calldata of setup."_s, u"INPUT"_s}, {u"salt-nonce"_s, u"safe: a number."_s, u"N"_s}};
}

// The option's value as T; the error names the option.
template <class T, class Parse> Result<T> option(const Invocation &invocation, const QString &name, Parse parse)
{
    const auto text = invocation.need(name);
    if (!text)
        return std::unexpected(text.error());
    auto value = parse(*text);
    if (!value)
        return fail(ErrorKind::Invalid, u"--%1: %2"_s.arg(name, value.error().message), u"usage"_s);
    return *std::move(value);
}

Result<Address> addressOption(const Invocation &invocation, const QString &name)
{
    return option<Address>(invocation, name, [](const QString &text) { return Address::parse(text); });
}

Result<Uint256> numberOption(const Invocation &invocation, const QString &name)
{
    return option<Uint256>(invocation, name, [](const QString &text) { return Uint256::parse(text); });
}

Result<Address> predictCreate(const Invocation &invocation)
{
    const auto from = addressOption(invocation, u"from"_s);
    const auto nonce = from ? numberOption(invocation, u"nonce"_s) : Result<Uint256>(std::unexpected(from.error()));
    if (!nonce)
        return std::unexpected(nonce.error());
    const auto small = nonce->toU64();
    if (!small)
        return fail(ErrorKind::Invalid, u"--nonce: it does not fit 64 bits"_s, u"usage"_s);
    return createAddress(*from, Nonce(*small));
}

Result<Address> predictCreate2(const Invocation &invocation)
{
    const auto from = addressOption(invocation, u"from"_s);
    if (!from)
        return from;
    const auto salt = option<Hash32>(invocation, u"salt"_s, [](const QString &text) { return Hash32::parse(text); });
    if (!salt)
        return std::unexpected(salt.error());
    if (!invocation.has(u"init-code"_s)) {
        const auto hash = option<Hash32>(invocation, u"init-code-hash"_s, [](const QString &text) { return Hash32::parse(text); });
        if (!hash)
            return std::unexpected(hash.error());
        return create2Address(*from, *salt, *hash);
    }
    const auto code = option<Bytes>(invocation, u"init-code"_s, readHexInput);
    if (!code)
        return std::unexpected(code.error());
    return create2Address(*from, *salt, keccak256(*code));
}

Result<Address> predictSafe(const Invocation &invocation)
{
    const auto version = option<SafeVersion>(invocation, u"safe-version"_s, [](const QString &text) { return SafeVersion::parse(text); });
    if (!version)
        return std::unexpected(version.error());
    const auto factory = addressOption(invocation, u"factory"_s);
    if (!factory)
        return factory;
    const auto singleton = addressOption(invocation, u"singleton"_s);
    if (!singleton)
        return singleton;
    const auto initializer = option<Bytes>(invocation, u"initializer"_s, readHexInput);
    if (!initializer)
        return std::unexpected(initializer.error());
    const auto saltNonce = numberOption(invocation, u"salt-nonce"_s);
    if (!saltNonce)
        return std::unexpected(saltNonce.error());
    return predictProxy(*version, *factory, {.singleton = *singleton, .initializer = *initializer, .saltNonce = *saltNonce});
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto kind = invocation.word(0, u"What to predict (create, create2, safe)"_s);
    if (!kind)
        return std::unexpected(kind.error());
    Result<Address> address = fail(ErrorKind::Invalid, u"There is no prediction of \"%1\"; there are create, create2 and safe"_s.arg(*kind), u"usage"_s);
    if (*kind == u"create")
        address = predictCreate(invocation);
    else if (*kind == u"create2")
        address = predictCreate2(invocation);
    else if (*kind == u"safe")
        address = predictSafe(invocation);
    if (!address)
        return std::unexpected(address.error());
    report.add(u"address"_s, address->toString());
    return {};
}

} // namespace

const Command predictCommand{"predict", "create|create2|safe", "compute where a contract or a Safe will stand",
    "create: from the creator (--from) and the nonce of its account.\n"
    "create2: from the creator, a salt and the creation code or its hash (EIP-1014).\n"
    "safe: a proxy of createProxyWithNonce, from the factory's version and address, singleton, initializer and saltNonce.\n",
    options, run};

} // namespace countersign
