#include "backend/proposals/compose/fieldreader.h"

#include "backend/safe/transactionbuildervalue.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype shownText = 80;

QString quoted(const QString &text)
{
    return u"\"%1\""_s.arg(text.left(shownText));
}

bool isHex(const QString &text)
{
    return text.startsWith("0x"_L1, Qt::CaseInsensitive);
}

} // namespace

void FieldReader::note(const QString &field, const QString &message)
{
    m_isGood = false;
    m_problems.append({m_action, field, message, m_site.chain->chainId});
}

void FieldReader::noteRequest(const QString &field, const QString &message)
{
    m_problems.append({-1, field, message, m_site.chain->chainId});
}

void FieldReader::addAccount(const Address &account)
{
    if (!m_accounts.contains(account))
        m_accounts.append(account);
}

std::optional<Address> FieldReader::account(const QString &field, const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty()) {
        note(field, u"An address or a name is needed"_s);
        return std::nullopt;
    }
    if (trimmed.contains(u'#'))
        return referred(field, trimmed);
    if (!isHex(trimmed))
        return named(field, trimmed);
    const auto address = Address::parse(trimmed);
    if (!address) {
        note(field, address.error().message);
        return std::nullopt;
    }
    if (address->isZero()) {
        note(field, u"This is the zero address, which belongs to nobody"_s);
        return std::nullopt;
    }
    addAccount(*address);
    return *address;
}

std::optional<Address> FieldReader::accountOrNone(const QString &field, const QString &text)
{
    return text.trimmed().isEmpty() ? Address() : account(field, text);
}

// A name must mean one account only: which of two was meant, nobody could tell afterwards.
std::optional<Address> FieldReader::named(const QString &field, const QString &text)
{
    QList<Address> meant;
    const auto add = [&meant](const Address &address) {
        if (!meant.contains(address))
            meant.append(address);
    };
    if (text == "safe"_L1)
        add(m_site.safe.safe);
    if (text == "registry"_L1 && m_site.chain->registry)
        add(*m_site.chain->registry);
    for (const VaultSettings &vault : m_site.chain->vaults) {
        if (vault.name == text)
            add(vault.address);
    }
    for (const HolderSettings &holder : m_site.environment->holders) {
        if (holder.name == text)
            add(holder.address);
    }
    if (meant.size() == 1) {
        addAccount(meant.first());
        return meant.first();
    }
    note(field,
        meant.isEmpty() ? u"%1 is neither an address nor a name on %2"_s.arg(quoted(text), m_site.chain->name)
                        : u"%1 means several accounts on %2: take the address"_s.arg(quoted(text), m_site.chain->name));
    return std::nullopt;
}

std::optional<Address> FieldReader::referred(const QString &field, const QString &text)
{
    const qsizetype mark = text.indexOf(u'#');
    bool isNumber = false;
    const int number = text.sliced(mark + 1).toInt(&isNumber);
    if (!isNumber || number < 1) {
        note(field, u"%1 names no step: write # and its number"_s.arg(quoted(text)));
        return std::nullopt;
    }
    if (mark > 0) {
        const auto proposal = Hash32::parse(text.first(mark));
        const auto found = proposal ? m_site.created.constFind(*proposal) : m_site.created.constEnd();
        if (found == m_site.created.constEnd() || number > found->size() || found->at(number - 1).isZero()) {
            note(field, u"%1 names nothing that a proposal creates which this one depends on"_s.arg(quoted(text)));
            return std::nullopt;
        }
        addAccount(found->at(number - 1));
        return found->at(number - 1);
    }
    if (number - 1 >= m_action) {
        note(field, u"Step %1 does not come before this one"_s.arg(number));
        return std::nullopt;
    }
    const Created &created = m_created[static_cast<size_t>(number - 1)];
    if (!created.isCreation)
        note(field, u"Step %1 creates nothing"_s.arg(number));
    if (!created.address)
        m_isGood = false; // what is wrong there was noted there
    return created.address;
}

const FieldReader::Created *FieldReader::createdAt(const Address &address) const
{
    const auto found = std::ranges::find_if(m_created, [&address](const Created &one) { return one.address == address; });
    return found == m_created.end() ? nullptr : &*found;
}

std::optional<Address> FieldReader::contract(const QString &field, const QString &text, QStringView function)
{
    const auto address = account(field, text);
    if (!address)
        return std::nullopt;
    const Created *created = createdAt(*address);
    const bool isToCome = created || std::ranges::any_of(m_site.created, [&](const QList<Address> &all) { return all.contains(*address); });
    const ContractFacts *facts = m_site.contract(*address);
    if (facts && !facts->hasCode() && !isToCome) {
        note(field, u"No contract stands at %1"_s.arg(address->toString()));
        return std::nullopt;
    }
    const ContractArtifact *artifact = created ? created->artifact : nullptr;
    if (!artifact && facts)
        artifact = m_site.artifacts->ofRuntime(facts->code);
    if (artifact && !function.isEmpty() && !artifact->abi().function(function)) {
        note(field, u"%1 is a %2, which has no %3"_s.arg(text.trimmed(), artifact->contractName(), function.toString()));
        return std::nullopt;
    }
    return address;
}

std::optional<Hash32> FieldReader::party(const QString &field, const QString &text)
{
    const QString trimmed = text.trimmed();
    if (isHex(trimmed)) {
        const auto hash = Hash32::parse(trimmed);
        if (hash && !hash->isZero())
            return *hash;
        note(field, hash ? u"The zero identifier belongs to no party"_s : hash.error().message);
        return std::nullopt;
    }
    std::optional<Hash32> found;
    for (const PartySettings &party : m_site.environment->parties) {
        if (party.name != trimmed)
            continue;
        if (found && *found != party.partyId) {
            note(field, u"%1 is the name of several parties: take the identifier"_s.arg(quoted(trimmed)));
            return std::nullopt;
        }
        found = party.partyId;
    }
    if (!found)
        note(field, trimmed.isEmpty() ? u"A party is needed"_s : u"The environment knows no party %1"_s.arg(quoted(trimmed)));
    return found;
}

std::optional<Hash32> FieldReader::identifier(const QString &field, const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty()) {
        note(field, u"An identifier is needed"_s);
        return std::nullopt;
    }
    if (!isHex(trimmed))
        return keccak256(trimmed.toUtf8());
    const auto hash = Hash32::parse(trimmed);
    if (!hash) {
        note(field, hash.error().message);
        return std::nullopt;
    }
    return *hash;
}

std::optional<Uint256> FieldReader::number(const QString &field, const QString &text)
{
    const auto number = Uint256::parse(text.trimmed());
    if (!number) {
        note(field, text.trimmed().isEmpty() ? u"A number is needed"_s : number.error().message);
        return std::nullopt;
    }
    return *number;
}

std::optional<Uint256> FieldReader::numberOr(const QString &field, const QString &text, const Uint256 &otherwise)
{
    return text.trimmed().isEmpty() ? otherwise : number(field, text);
}

std::optional<Bytes> FieldReader::bytes(const QString &field, const QString &text)
{
    if (text.trimmed().isEmpty())
        return Bytes();
    auto bytes = bytesFromHex(QStringView(text.trimmed()));
    if (!bytes) {
        note(field, bytes.error().message);
        return std::nullopt;
    }
    return *std::move(bytes);
}

std::optional<AbiValue> FieldReader::value(const QString &field, const AbiType &type, const QString &text)
{
    const QString trimmed = text.trimmed();
    if (type.kind() == AbiKind::Address && !isHex(trimmed)) {
        const auto address = account(field, text);
        return address ? std::optional(AbiValue(*address)) : std::nullopt;
    }
    if (type.kind() == AbiKind::FixedBytes && type.length() == Hash32::size && !isHex(trimmed)) {
        const auto id = party(field, text);
        return id ? std::optional(AbiValue(*id)) : std::nullopt;
    }
    // Text keeps its spaces: they may be meant.
    auto value = parseBuilderValue(type, type.kind() == AbiKind::String ? QStringView(text) : QStringView(trimmed));
    if (!value) {
        note(field, value.error().message);
        return std::nullopt;
    }
    if (const auto *address = value->get<Address>())
        addAccount(*address);
    return *std::move(value);
}

} // namespace countersign
