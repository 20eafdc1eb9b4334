#include "backend/environment/environment.h"

#include "backend/environment/environmentreader.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <tuple>

namespace countersign {

QString environmentKindName(EnvironmentKind kind)
{
    switch (kind) {
    case EnvironmentKind::Practice:
        return u"practice"_s;
    case EnvironmentKind::Test:
        return u"test"_s;
    case EnvironmentKind::Production:
        return u"production"_s;
    }
    return {};
}

IntentFields::IntentFields()
    : intentId(u"intentId"_s)
    , party(u"partyId"_s)
    , issuer(u"issuer"_s)
    , vault(u"vaultId"_s)
    , vaultAddress(u"vaultAddress"_s)
    , chain(u"chainId"_s)
    , adapter(u"adapterId"_s)
    , action(u"action"_s)
    , asset(u"asset"_s)
    , amount(u"amount"_s)
    , nonce(u"nonce"_s)
    , deadline(u"deadline"_s)
    , createdAt(u"createdAt"_s)
    , outcome(u"outcome"_s)
    , reason(u"reason"_s)
    , txHash(u"txHash"_s)
    , blockNumber(u"blockNumber"_s)
    , relayer(u"relayerId"_s)
{
}

QString EnvironmentProblem::toString(const QString &fileName) const
{
    QString all = u"%1:%2:%3: %4"_s.arg(fileName).arg(line).arg(column).arg(message);
    if (!hint.isEmpty())
        all += u". "_s + hint;
    return all;
}

Result<Environment> Environment::load(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(ErrorKind::NotFound, u"There is no environment file “%1”."_s.arg(path));
    if (!info.isFile())
        return fail(ErrorKind::Invalid, u"“%1” is not a file."_s.arg(path));
    QFile file(info.absoluteFilePath());
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Denied, u"The environment file “%1” cannot be read: %2"_s.arg(path, file.errorString()));
    const QByteArray bytes = file.read(YamlLimits().bytes + 1);
    auto environment = parse(bytes, path, info.absolutePath());
    if (environment)
        environment->file = info.absoluteFilePath();
    return environment;
}

Result<Environment> Environment::parse(const QByteArray &yaml, const QString &fileName, const QString &folder)
{
    auto read = readEnvironment(yaml, folder);
    if (read)
        return std::move(*read);
    EnvironmentProblems problems = std::move(read.error());
    std::ranges::sort(problems, {}, [](const EnvironmentProblem &p) { return std::tuple(p.line, p.column, p.message); });
    QStringList lines;
    for (const EnvironmentProblem &problem : std::as_const(problems))
        lines.append(problem.toString(fileName));
    const QString message = problems.size() == 1 ? u"The environment file has a problem: "_s + lines.first()
                                                 : u"The environment file has %1 problems; the first: %2"_s.arg(problems.size()).arg(lines.first());
    return fail(ErrorKind::Invalid, message, lines.join(u'\n'));
}

const ChainSettings *Environment::chain(ChainId id) const
{
    const auto found = std::ranges::find(chains, id, &ChainSettings::chainId);
    return found == chains.end() ? nullptr : &*found;
}

const ChainSettings *Environment::chain(const QString &chainName) const
{
    const auto found = std::ranges::find(chains, chainName, &ChainSettings::name);
    return found == chains.end() ? nullptr : &*found;
}

const VaultSettings *Environment::vault(ChainId id, const Address &address) const
{
    const ChainSettings *on = chain(id);
    if (on == nullptr)
        return nullptr;
    const auto found = std::ranges::find(on->vaults, address, &VaultSettings::address);
    return found == on->vaults.end() ? nullptr : &*found;
}

const PartySettings *Environment::party(const Hash32 &partyId) const
{
    const auto found = std::ranges::find(parties, partyId, &PartySettings::partyId);
    return found == parties.end() ? nullptr : &*found;
}

const HolderSettings *Environment::holder(const Address &address) const
{
    const auto found = std::ranges::find(holders, address, &HolderSettings::address);
    return found == holders.end() ? nullptr : &*found;
}

} // namespace countersign
