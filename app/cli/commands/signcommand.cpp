#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "app/cli/commands/terminal.h"
#include "app/cli/review/describe.h"
#include "backend/evm/typeddata.h"
#include "backend/keys/pkcs11signer.h"
#include "backend/types/strings.h"

#include <QCoroTask>

namespace countersign {

namespace {

constexpr qsizetype comparedDigits = 8;

QList<QCommandLineOption> options()
{
    return QList<QCommandLineOption>{{u"module"_s, u"PKCS#11 library of the token."_s, u"FILE"_s}, {u"token"_s, u"Serial number of the token."_s, u"SERIAL"_s},
               {u"key-id"_s, u"CKA_ID of the key, hexadecimal."_s, u"HEX"_s}, {u"address"_s, u"Address of the key: what it signs must recover to it."_s, u"ADDRESS"_s},
               {u"abi"_s, u"Interface of the contract that is called."_s, u"FILE"_s},
               {u"allow-software-token"_s, u"Also take a key that no hardware guards (practice)."_s}}
        + safePlaceOptions();
}

Result<Pkcs11KeyReference> keyOf(const Invocation &invocation)
{
    const auto serial = invocation.need(u"token"_s);
    const auto id = serial ? invocation.need(u"key-id"_s) : serial;
    const auto address = id ? invocation.need(u"address"_s) : id;
    if (!address)
        return std::unexpected(address.error());
    const auto idBytes = bytesFromHex(id->startsWith(u"0x") ? *id : u"0x"_s + *id);
    if (!idBytes)
        return fail(ErrorKind::Invalid, u"--key-id: "_s + idBytes.error().message, u"usage"_s);
    const auto parsed = Address::parse(*address);
    if (!parsed)
        return fail(ErrorKind::Invalid, u"--address: "_s + parsed.error().message, u"usage"_s);
    return Pkcs11KeyReference{*serial, *idBytes, *parsed};
}

// What is to be signed, shown whole in the report before anything is asked.
Result<Hash32> describe(const QString &kind, JsonView json, const Invocation &invocation, Report &report)
{
    if (kind == u"typed-data") {
        // A Safe transaction in the dress of typed data gets the Safe's review.
        if (!looksLikeSafeInput(json)) {
            if (auto done = describeTypedData(report, json); !done)
                return std::unexpected(done.error());
            return TypedData::fromJson(json)->digest();
        }
    } else if (kind != u"safe-tx") {
        return fail(ErrorKind::Invalid, u"\"%1\" cannot be signed; safe-tx and typed-data can"_s.arg(kind), u"usage"_s);
    }
    const auto input = readSafeInput(json, invocation);
    if (!input)
        return std::unexpected(input.error());
    describeSafeTransaction(report, *input, {});
    return input->hashes().safeTxHash;
}

Result<void> refuseBlocked(const Report &report)
{
    if (!report.isBlocked())
        return {};
    return fail(ErrorKind::Rejected, u"Nothing was signed: what is marked BLOCK above is never signed here"_s, u"policy"_s);
}

// The person types a part of the hash as another screen shows it: a habit of "y" would compare nothing.
Result<void> compare(const Terminal &terminal, const Hash32 &hash)
{
    const QString text = hash.toString();
    const auto answer = terminal.askLine("Compare the hash with another source, then type its last " + QByteArray::number(comparedDigits)
        + " digits to sign, anything else to stop: ");
    if (!answer)
        return std::unexpected(answer.error());
    if (answer->toLower() != text.last(comparedDigits))
        return fail(ErrorKind::Cancelled, u"Nothing was signed: the digits are not those of the hash"_s);
    return {};
}

Result<EvmSignature> signOnToken(const Terminal &terminal, const Invocation &invocation, const Hash32 &hash, Report &report)
{
    const auto key = keyOf(invocation);
    const auto path = key ? invocation.need(u"module"_s) : Result<QString>(std::unexpected(key.error()));
    const auto module = path ? Pkcs11Module::load(*path) : Result<std::shared_ptr<Pkcs11Module>>(std::unexpected(path.error()));
    if (!module)
        return std::unexpected(module.error());
    Pkcs11Signer signer(*module, *key, invocation.has(u"allow-software-token"_s) ? SoftwareTokens::Allow : SoftwareTokens::Refuse);
    const auto need = QCoro::waitFor(signer.prepare());
    if (!need)
        return std::unexpected(need.error());
    terminal.print("Key " + key->address.toString().toUtf8() + ": " + custodyText(signer.evidence().custody).toUtf8() + "\n");
    SecretBuffer pin;
    if (need->kind == UnlockNeed::Kind::Pin) {
        if (!need->advice.isEmpty())
            terminal.print(need->advice.toUtf8() + '\n');
        auto typed = terminal.askSecret("PIN of the token \"" + need->tokenLabel.toUtf8() + "\": ");
        if (!typed)
            return std::unexpected(typed.error());
        pin = std::move(*typed);
    }
    if (need->kind != UnlockNeed::Kind::None) {
        if (auto unlocked = QCoro::waitFor(signer.unlock(std::move(pin))); !unlocked)
            return std::unexpected(unlocked.error());
    }
    auto signature = QCoro::waitFor(signer.signDigest(hash));
    (void)QCoro::waitFor(signer.lock());
    if (signature) {
        report.add(u"signer"_s, key->address.toString());
        report.add(u"custody"_s, custodyText(signer.evidence().custody));
    }
    return signature;
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto kind = invocation.word(0, u"What to sign (safe-tx, typed-data)"_s);
    const auto word = kind ? invocation.word(1, u"The input"_s) : kind;
    const auto key = word ? keyOf(invocation) : Result<Pkcs11KeyReference>(std::unexpected(word.error()));
    if (!key)
        return std::unexpected(key.error());
    const auto text = readInput(*word);
    const auto json = text ? JsonText::parse(*text) : Result<JsonText>(std::unexpected(text.error()));
    if (!json)
        return std::unexpected(json.error());
    const auto hash = describe(*kind, json->root(), invocation, report);
    if (!hash)
        return std::unexpected(hash.error());
    if (auto allowed = refuseBlocked(report); !allowed)
        return allowed;
    const auto terminal = Terminal::open();
    if (!terminal)
        return std::unexpected(terminal.error());
    terminal->print(report.toText() + '\n');
    if (auto compared = compare(*terminal, *hash); !compared)
        return compared;
    const auto signature = signOnToken(*terminal, invocation, *hash, report);
    if (!signature)
        return std::unexpected(signature.error());
    report.add(u"signature"_s, toHex(signature->toBytes65()));
    return {};
}

} // namespace

const Command signCommand{"sign", "safe-tx|typed-data INPUT --module FILE --token SERIAL --key-id HEX --address ADDRESS", "sign with a key in a PKCS#11 token",
    "Shows what would be signed and what is wrong with it, on the terminal. What blocks is refused. You compare the hash, type the end\n"
    "of it, then the PIN, which is asked for on the terminal and never taken from an option, a variable or a file. The signature is\n"
    "checked against the address before it is printed. Repeat nothing that failed without knowing why.\n",
    options, run};

} // namespace countersign
