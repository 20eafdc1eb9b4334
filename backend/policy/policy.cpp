#include "backend/policy/policy.h"

#include "backend/environment/environment.h"
#include "backend/environment/yamltree.h"
#include "backend/policy/policyreader.h"
#include "backend/policy/policywriter.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <tuple>

namespace countersign {

const QList<AllowedCode> &AllowLists::of(CodeRole role) const
{
    switch (role) {
    case CodeRole::Delegatecall:
        return delegatecalls;
    case CodeRole::Module:
        return modules;
    case CodeRole::Guard:
        return guards;
    case CodeRole::FallbackHandler:
        return fallbackHandlers;
    case CodeRole::Implementation:
        break;
    }
    return implementations;
}

QList<AllowedCode> &AllowLists::of(CodeRole role)
{
    return const_cast<QList<AllowedCode> &>(std::as_const(*this).of(role));
}

Hash32 Policy::id() const
{
    return keccak256(canonicalPolicy(*this));
}

Result<Policy> Policy::loadFor(const Environment &environment)
{
    PolicyLoadOptions options;
    options.environment = &environment;
    const QString own = environment.file.isEmpty() ? QString() : QFileInfo(environment.file).dir().filePath(u"policy.yaml"_s);
    return load(own.isEmpty() || !QFileInfo::exists(own) ? QString::fromLatin1(defaultPolicyResource) : own, options);
}

Result<Policy> Policy::load(const QString &path, const PolicyLoadOptions &options)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(ErrorKind::NotFound, u"There is no policy file “%1”."_s.arg(path));
    if (!info.isFile())
        return fail(ErrorKind::Invalid, u"“%1” is not a file."_s.arg(path));
    QFile file(info.absoluteFilePath());
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Denied, u"The policy file “%1” cannot be read: %2"_s.arg(path, file.errorString()));
    return parse(file.read(YamlLimits().bytes + 1), path, options);
}

Result<Policy> Policy::parse(const QByteArray &yaml, const QString &fileName, const PolicyLoadOptions &options)
{
    auto read = readPolicy(yaml, options);
    if (read)
        return std::move(*read);
    EnvironmentProblems problems = std::move(read.error());
    std::ranges::sort(
        problems, {}, [](const EnvironmentProblem &p) { return std::tuple(p.line, p.column, p.message); });
    QStringList lines;
    for (const EnvironmentProblem &problem : std::as_const(problems))
        lines.append(problem.toString(fileName));
    const QString message = problems.size() == 1
        ? u"The policy file has a problem: "_s + lines.first()
        : u"The policy file has %1 problems; the first: %2"_s.arg(problems.size()).arg(lines.first());
    return fail(ErrorKind::Invalid, message, lines.join(u'\n'));
}

const ChainLimits *Policy::limitsOf(ChainId chain) const
{
    const ChainLimits *otherChains = nullptr;
    for (const ChainLimits &one : limits) {
        if (one.chain == chain)
            return &one;
        if (!one.chain)
            otherChains = &one;
    }
    return otherChains;
}

const PolicyContact *Policy::contact(ChainId chain, const Address &address) const
{
    const auto found = std::ranges::find_if(contacts, [&](const PolicyContact &contact) {
        return contact.address == address && (!contact.chain || *contact.chain == chain);
    });
    return found == contacts.end() ? nullptr : &*found;
}

} // namespace countersign
