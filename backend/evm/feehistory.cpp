#include "backend/evm/feehistory.h"

#include "backend/evm/jsonquantity.h"
#include "backend/types/strings.h"

#include <QJsonArray>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype mostBlocks = 1024;

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"feeHistory"_s);
}

} // namespace

Result<FeeHistory> feeHistoryFromJson(const QJsonValue &answer)
{
    if (!answer.isObject())
        return bad(u"a fee history is an object"_s);
    const QJsonObject object = answer.toObject();
    const QJsonArray baseFees = object.value("baseFeePerGas"_L1).toArray();
    if (baseFees.isEmpty() || baseFees.size() > mostBlocks + 1)
        return bad(u"baseFeePerGas: a list with an entry more than blocks is due"_s);
    const auto next = quantityFromJson(baseFees.last());
    if (!next)
        return bad(u"baseFeePerGas: "_s + next.error().message);
    FeeHistory history{.nextBaseFee = *next};
    const QJsonValue rewards = object.value("reward"_L1);
    if (rewards.isUndefined() || rewards.isNull())
        return history;
    const QJsonArray ratios = object.value("gasUsedRatio"_L1).toArray();
    const QJsonArray blocks = rewards.toArray();
    if (!rewards.isArray() || blocks.size() > mostBlocks)
        return bad(u"reward: no list of blocks"_s);
    for (qsizetype i = 0; i < blocks.size(); ++i) {
        const QJsonValue entry = blocks.at(i);
        if (!entry.isArray() && !entry.isNull())
            return bad(u"reward: a block's entry is no list"_s);
        const QJsonArray percentiles = entry.toArray();
        const bool isEmptyBlock = i < ratios.size() && ratios.at(i).toDouble(1) <= 0;
        if (percentiles.isEmpty() || isEmptyBlock)
            continue;
        const auto reward = quantityFromJson(percentiles.first());
        if (!reward)
            return bad(u"reward: "_s + reward.error().message);
        history.rewards.push_back(*reward);
    }
    return history;
}

Result<FeeSuggestion> suggestFee(const FeeHistory &history, const std::optional<Uint256> &nodeSuggestion)
{
    std::optional<Uint256> priority = nodeSuggestion;
    if (!history.rewards.empty()) {
        std::vector<Uint256> rewards = history.rewards;
        const auto middle = rewards.begin() + static_cast<qsizetype>(rewards.size() / 2);
        std::ranges::nth_element(rewards, middle);
        if (!middle->isZero() || !priority)
            priority = *middle;
    }
    if (!priority)
        return fail(ErrorKind::NotFound, u"The node tells neither what others pay nor what to pay; choose the priority fee yourself."_s,
                    u"feeHistory"_s);
    const auto doubled = history.nextBaseFee.checkedMul(2);
    const auto most = doubled ? doubled->checkedAdd(*priority) : std::nullopt;
    if (!most)
        return fail(ErrorKind::Corrupt, u"The node's fees overflow."_s, u"feeHistory"_s);
    return FeeSuggestion{.baseFeePerGas = history.nextBaseFee, .maxPriorityFeePerGas = *priority, .maxFeePerGas = *most};
}

} // namespace countersign
