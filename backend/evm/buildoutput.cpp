#include "backend/evm/buildoutput.h"

namespace countersign {

namespace {

// solc writes {contracts, sources}; Hardhat puts that below "output".
std::optional<JsonView> outputOf(JsonView root)
{
    const auto output = root.isObject() ? root.find("output") : std::nullopt;
    const JsonView holder = output && output->isObject() ? *output : root;
    const auto contracts = holder.isObject() ? holder.find("contracts") : std::nullopt;
    return contracts && contracts->isObject() ? std::optional(holder) : std::nullopt;
}

} // namespace

bool BuildOutput::isBuildOutput(JsonView root)
{
    return outputOf(root).has_value();
}

Result<BuildOutput> BuildOutput::fromJson(JsonView root)
{
    const auto output = outputOf(root);
    if (!output)
        return fail(ErrorKind::Invalid, u"This is no compiler output: it has no \"contracts\"."_s, u"buildoutput"_s);
    return BuildOutput(*output->find("contracts"), output->find("sources"));
}

std::vector<QString> BuildOutput::contractNames() const
{
    std::vector<QString> names;
    for (const JsonView source : m_contracts) {
        for (const JsonView contract : source)
            names.push_back(source.key().toString() + u':' + contract.key().toString());
    }
    return names;
}

Result<ContractArtifact> BuildOutput::artifact(QStringView name) const
{
    const bool full = name.contains(u':');
    const QByteArray wanted = name.toUtf8();
    std::optional<JsonView> found;
    QString sourceName;
    for (const JsonView source : m_contracts) {
        for (const JsonView contract : source) {
            const QByteArray key = contract.key().toString().toUtf8();
            if (full ? source.key().toString().toUtf8() + ':' + key != wanted : key != wanted)
                continue;
            if (found)
                return fail(ErrorKind::Conflict, u"Several sources have a contract "_s + name.toString() + u"; name it as source:Name."_s, u"buildoutput"_s);
            found = contract;
            sourceName = source.key().toString();
        }
    }
    if (!found)
        return fail(ErrorKind::NotFound, u"The compiler output has no contract "_s + name.toString(), u"buildoutput"_s);
    auto artifact = ContractArtifact::fromJson(*found, sourceName, found->key().toString());
    if (artifact && m_sources)
        artifact->nameImmutables(*m_sources);
    return artifact;
}

Result<ContractArtifact> BuildOutput::complete(const ContractArtifact &given) const
{
    auto built = artifact(given.sourceName().isEmpty() ? given.contractName() : QString(given.sourceName() + u':' + given.contractName()));
    if (built && built->unlinkedCreationCode() != given.unlinkedCreationCode())
        return fail(ErrorKind::Conflict, u"The artifact of "_s + given.contractName() + u" is not of this build: its creation code is another."_s,
                    u"buildoutput"_s);
    return built;
}

} // namespace countersign
