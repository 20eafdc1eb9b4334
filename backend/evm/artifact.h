#pragma once

#include "backend/evm/jsonabi.h"

#include <QHash>
#include <QMap>

#include <vector>

namespace countersign {

/// A range of bytes in code that is filled at linking or at deployment.
struct CodeRange {
    qsizetype start = 0;
    qsizetype length = 0;
};

/// What a compiler made of one contract: its interface, the code that creates it and the code that then stands on chain.
class ContractArtifact final {
public:
    static constexpr qsizetype maxBytes = 32 * 1024 * 1024;

    /// A JSON artifact as contracts/artifacts holds them; Hardhat's are read too (its deployedLinkReferences included).
    static Result<ContractArtifact> load(QByteArrayView json);
    /// Error NotFound or Unavailable when the file cannot be read.
    static Result<ContractArtifact> loadFile(const QString &path);

    const QString &contractName() const { return m_contractName; }
    const QString &sourceName() const { return m_sourceName; }
    const JsonAbi &abi() const { return m_abi; }
    bool needsLinking() const { return !m_links.empty(); }

    /// Creation code. Error Conflict when libraries are still to be linked.
    Result<Bytes> creationCode() const;
    /// Creation code with library addresses in place, by "source:Library". Error NotFound for a missing one.
    Result<Bytes> linkedCreationCode(const QHash<QString, Address> &libraries) const;
    /// Creation code followed by its encoded arguments: the data of a deployment.
    Result<Bytes> deploymentCode(std::span<const AbiValue> constructorArguments) const;

    /// Runtime code with immutables zero.
    const Bytes &runtimeCode() const { return m_runtimeCode; }
    /// Whether `code` from the chain is this contract's runtime code, immutables aside; all uses of one immutable must agree.
    bool matchesRuntime(QByteArrayView code) const;
    /// Values of the immutables in `code` by the compiler's id. Error Conflict when the code is not this contract's.
    Result<QMap<QString, Bytes>> immutablesIn(QByteArrayView code) const;

private:
    struct Link {
        QString library; // "source:Name"
        std::vector<CodeRange> ranges;
    };
    ContractArtifact() = default;

    QString m_contractName;
    QString m_sourceName;
    JsonAbi m_abi;
    Bytes m_creationCode;
    Bytes m_runtimeCode;
    std::vector<Link> m_links;
    std::vector<Link> m_runtimeLinks;
    QMap<QString, std::vector<CodeRange>> m_immutables;
};

} // namespace countersign
