#include "backend/evm/tokenmovements.h"

namespace countersign {

namespace {

constexpr const char16_t *const declarations[] = {
    u"Transfer(address indexed from,address indexed to,uint256 amount)",
    u"Transfer(address indexed from,address indexed to,uint256 indexed tokenId)",
    u"TransferSingle(address indexed operator,address indexed from,address indexed to,uint256 tokenId,uint256 amount)",
    (u"TransferBatch(address indexed operator,address indexed from,address indexed to,"
     u"uint256[] tokenIds,uint256[] amounts)"),
    u"Approval(address indexed owner,address indexed spender,uint256 amount)",
    u"Approval(address indexed owner,address indexed spender,uint256 indexed tokenId)",
    u"ApprovalForAll(address indexed owner,address indexed spender,bool approved)",
};

template <class T> T valueOf(const DecodedEvent &event, QStringView name)
{
    const AbiValue *value = event.value(name);
    const T *held = value ? value->get<T>() : nullptr;
    return held ? *held : T();
}

std::optional<Uint256> numberOf(const DecodedEvent &event, QStringView name)
{
    return event.value(name) ? std::optional(valueOf<Uint256>(event, name)) : std::nullopt;
}

void appendBatch(const TokenMovement &movement, const DecodedEvent &event, std::vector<TokenMovement> &movements)
{
    const auto ids = valueOf<AbiValue::List>(event, u"tokenIds");
    const auto amounts = valueOf<AbiValue::List>(event, u"amounts");
    if (ids.size() != amounts.size())
        return;
    for (size_t i = 0; i < ids.size(); ++i) {
        TokenMovement one = movement;
        one.amount = *amounts[i].get<Uint256>();
        one.tokenId = *ids[i].get<Uint256>();
        movements.push_back(one);
    }
}

} // namespace

const JsonAbi &tokenEvents()
{
    static const JsonAbi abi = [] {
        std::vector<AbiEvent> events;
        for (const char16_t *text : declarations)
            events.push_back(*AbiEvent::parse(text));
        return JsonAbi::ofParts({}, std::move(events));
    }();
    return abi;
}

bool AllowanceChange::isUnlimited() const
{
    // The allowance of some tokens has 96 bits, and its maximum means "endless" there too.
    constexpr int endlessBits = 96;
    return kind == AllowanceKind::AllTokens ? !amount.isZero()
                                            : kind == AllowanceKind::Amount && amount.bitLength() >= endlessBits;
}

std::vector<TokenMovement> tokenMovements(std::span<const EvmLog> logs)
{
    std::vector<TokenMovement> movements;
    for (const EvmLog &log : logs) {
        const auto event = tokenEvents().decodeLog(log);
        if (!event || !event->value(u"to"))
            continue;
        TokenMovement movement{.token = log.address,
            .from = valueOf<Address>(*event, u"from"),
            .to = valueOf<Address>(*event, u"to"),
            .amount = numberOf(*event, u"amount").value_or(Uint256(1)),
            .tokenId = numberOf(*event, u"tokenId")};
        if (event->name == u"TransferBatch")
            appendBatch(movement, *event, movements);
        else
            movements.push_back(movement);
    }
    return movements;
}

std::vector<AllowanceChange> allowanceChanges(std::span<const EvmLog> logs)
{
    std::vector<AllowanceChange> changes;
    for (const EvmLog &log : logs) {
        const auto event = tokenEvents().decodeLog(log);
        if (!event || !event->value(u"spender"))
            continue;
        AllowanceChange change{.token = log.address,
            .owner = valueOf<Address>(*event, u"owner"),
            .spender = valueOf<Address>(*event, u"spender"),
            .amount = valueOf<Uint256>(*event, u"amount")};
        if (event->name == u"ApprovalForAll") {
            change.kind = AllowanceKind::AllTokens;
            change.amount = valueOf<bool>(*event, u"approved") ? 1 : 0;
        } else if (const auto tokenId = numberOf(*event, u"tokenId")) {
            change.kind = AllowanceKind::TokenId;
            change.amount = *tokenId;
        }
        changes.push_back(change);
    }
    return changes;
}

} // namespace countersign
