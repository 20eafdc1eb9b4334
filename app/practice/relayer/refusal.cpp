#include "app/practice/relayer/refusal.h"

#include "backend/evm/revert.h"
#include "backend/types/strings.h"

#include <QFile>

#include <array>

namespace countersign {

namespace {

struct Rule {
    QLatin1StringView error;
    Refusal::Kind kind;
    QLatin1StringView outcome;
};

constexpr std::array rules{
    Rule{"IntentAlreadyExecuted"_L1, Refusal::Kind::Executed, "executed"_L1},
    Rule{"IntentExpired"_L1, Refusal::Kind::Final, "expired"_L1},
    Rule{"AdapterCallFailed"_L1, Refusal::Kind::Final, "failed"_L1},
    Rule{"AdapterNotRegistered"_L1, Refusal::Kind::Final, "failed"_L1},
    Rule{"KeyNotRegistered"_L1, Refusal::Kind::Final, "rejected"_L1},
    Rule{"UnauthorizedParty"_L1, Refusal::Kind::Final, "rejected"_L1},
    Rule{"NonceAlreadyUsed"_L1, Refusal::Kind::Final, "rejected"_L1},
    Rule{"InvalidIntentSignature"_L1, Refusal::Kind::Final, "rejected"_L1},
};

QString textOf(const Revert &revert, const JsonAbi &abi)
{
    if (revert.name != "AdapterCallFailed"_L1 || revert.arguments.size() < 2)
        return revert.text;
    const Bytes *inner = revert.arguments.at(1).get<Bytes>();
    return inner ? u"AdapterCallFailed: "_s + describeRevert(*inner, &abi).text : revert.text;
}

} // namespace

Refusal judgeRevert(const Bytes &revertData, const JsonAbi &abi)
{
    const Revert revert = describeRevert(revertData, &abi);
    Refusal refusal;
    refusal.name = revert.name.isEmpty() ? u"Unknown"_s : revert.name;
    refusal.text = textOf(revert, abi);
    for (const Rule &rule : rules) {
        if (rule.error == revert.name) {
            refusal.kind = rule.kind;
            refusal.outcome = rule.outcome;
        }
    }
    return refusal;
}

Result<JsonAbi> loadVaultAbi(const QString &folder)
{
    JsonAbi all;
    for (const QString &contract : {u"CantonDeFiVault"_s, u"CantonKeyRegistry"_s, u"TreasuryAdapter"_s}) {
        QFile file(folder + u'/' + contract + u".json"_s);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorKind::NotFound, u"Cannot read %1"_s.arg(file.fileName()), file.errorString());
        const Result<JsonAbi> abi = JsonAbi::load(file.readAll());
        if (!abi)
            return std::unexpected(abi.error());
        all.merge(*abi);
    }
    return all;
}

} // namespace countersign
