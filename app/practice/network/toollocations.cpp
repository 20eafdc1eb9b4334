#include "app/practice/network/toollocations.h"

#include "backend/types/strings.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>
#include <QStringList>

namespace countersign {

namespace {

QString firstThatExists(const QStringList &candidates)
{
    for (const QString &candidate : candidates) {
        if (!candidate.isEmpty() && QFileInfo::exists(candidate))
            return candidate;
    }
    return {};
}

QString onPath(const QString &program)
{
    const QString found = QStandardPaths::findExecutable(program);
    return found.isEmpty() ? QStandardPaths::findExecutable(program, {u"/usr/bin"_s, u"/usr/sbin"_s, u"/usr/local/bin"_s}) : found;
}

QString installed(QStringView name)
{
    return u"%1/../share/countersign/%2"_s.arg(QCoreApplication::applicationDirPath(), name);
}

} // namespace

Result<ToolLocations> ToolLocations::find(const QString &nodeModules)
{
    const QString sources = QStringLiteral(COUNTERSIGN_CONTRACTS_DIR);
    const QString packages = firstThatExists({nodeModules, qEnvironmentVariable("COUNTERSIGN_NODE_MODULES"),
                                              sources + u"/node_modules"_s, installed(u"node_modules")});
    const QString contracts
        = firstThatExists({qEnvironmentVariable("COUNTERSIGN_CONTRACTS"), sources, installed(u"contracts")});

    ToolLocations tools;
    tools.etcd = onPath(u"etcd"_s);
    tools.prometheus = onPath(u"prometheus"_s);
    tools.anvil = firstThatExists({packages + u"/@foundry-rs/anvil-linux-amd64/bin/anvil"_s,
                                   packages + u"/@foundry-rs/anvil-linux-arm64/bin/anvil"_s});
    tools.softhsmModule = firstThatExists({qEnvironmentVariable("COUNTERSIGN_SOFTHSM_MODULE"),
                                           u"/usr/lib/softhsm/libsofthsm2.so"_s, u"/usr/lib64/softhsm/libsofthsm2.so"_s,
                                           u"/usr/local/lib/softhsm/libsofthsm2.so"_s});
    tools.contractArtifacts = firstThatExists({contracts + u"/artifacts"_s});
    tools.contractAbi = firstThatExists({contracts + u"/abi"_s});
    tools.safeArtifacts = firstThatExists({packages + u"/@safe-global/safe-contracts/build/artifacts/contracts"_s});
    tools.ownProgram = QCoreApplication::applicationFilePath();

    QStringList missing;
    const auto need = [&missing](const QString &found, const QString &what) {
        if (found.isEmpty())
            missing.append(what);
    };
    need(tools.etcd, u"etcd (Debian package etcd-server)"_s);
    need(tools.prometheus, u"prometheus (Debian package prometheus)"_s);
    need(tools.softhsmModule, u"the SoftHSM2 module (Debian package softhsm2)"_s);
    need(tools.anvil, u"anvil (npm ci --prefix contracts)"_s);
    need(tools.safeArtifacts, u"Safe's contracts (npm ci --prefix contracts)"_s);
    need(tools.contractArtifacts, u"our contracts' artifacts"_s);
    need(tools.contractAbi, u"our contracts' interfaces"_s);
    if (!missing.isEmpty())
        return fail(ErrorKind::NotFound, u"Missing: "_s + missing.join(u"; "_s));
    return tools;
}

} // namespace countersign
