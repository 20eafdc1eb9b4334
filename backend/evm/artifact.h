#pragma once

#include "backend/evm/jsonabi.h"
#include "backend/types/json.h"

#include <QHash>
#include <QMap>

#include <vector>

namespace countersign {

/// A range of bytes in code that is filled at linking or at deployment.
struct CodeRange {
    qsizetype start = 0;
    qsizetype length = 0;

    friend bool operator==(const CodeRange &, const CodeRange &) = default;
};

/// Where code holds the address of a library.
struct CodeLink {
    QString library; ///< "source:Name"
    std::vector<CodeRange> ranges;
};

/// Where runtime code holds a value that its constructor chose.
struct CodeImmutable {
    QString id; ///< of the variable's declaration in the compiler's syntax tree
    QString name = {}; ///< empty when the artifact has no syntax tree
    QString type = {}; ///< as Solidity writes it, e.g. "address"
    std::vector<CodeRange> ranges = {};
};

/// What a compiler made of one contract: its interface, the code that creates it and the code that then stands on chain.
///
/// Read from: our contracts/artifacts, Hardhat 2 and 3 artifacts, Foundry's out/X.sol/X.json, and a contract's entry in
/// solc's standard JSON output. Hardhat 2 leaves immutables out; its build-info has them (BuildOutput).
class ContractArtifact final {
public:
    static constexpr qsizetype maxBytes = 32 * 1024 * 1024;
    /// For the JSON of artifacts and build-info, which may hold syntax trees.
    static JsonLimits jsonLimits() { return {.maxBytes = maxBytes, .maxDepth = 256, .maxValues = 4'000'000}; }

    static Result<ContractArtifact> load(QByteArrayView json);
    /// One of the forms above; `sourceName` and `contractName` are used where the form does not tell them. No member of the
    /// artifact needs the text afterwards.
    static Result<ContractArtifact> fromJson(JsonView object, const QString &sourceName = {}, const QString &contractName = {});
    /// Error NotFound or Unavailable when the file cannot be read.
    static Result<ContractArtifact> loadFile(const QString &path);

    const QString &contractName() const { return m_contractName; }
    const QString &sourceName() const { return m_sourceName; }
    const JsonAbi &abi() const { return m_abi; }
    bool needsLinking() const { return !m_links.empty(); }
    const std::vector<CodeLink> &links() const { return m_links; }
    const std::vector<CodeLink> &runtimeLinks() const { return m_runtimeLinks; }
    const std::vector<CodeImmutable> &immutables() const { return m_immutables; }
    /// False for forms that do not say where the immutables are.
    bool knowsImmutables() const { return m_knowsImmutables; }
    /// Names and types of immutables from a syntax tree, or from any JSON that holds one.
    void nameImmutables(JsonView syntaxTree);

    /// Creation code. Error Conflict when libraries are still to be linked.
    Result<Bytes> creationCode() const;
    /// Creation code with library addresses in place, by "source:Library". Error NotFound for a missing one.
    Result<Bytes> linkedCreationCode(const QHash<QString, Address> &libraries) const;
    /// Creation code with zeros where libraries are to be linked.
    const Bytes &unlinkedCreationCode() const { return m_creationCode; }
    /// Creation code followed by its encoded arguments: the data of a deployment.
    Result<Bytes> deploymentCode(std::span<const AbiValue> constructorArguments) const;

    /// Runtime code with immutables and libraries zero.
    const Bytes &runtimeCode() const { return m_runtimeCode; }
    /// Whether `code` from the chain is this contract's runtime code, immutables and libraries aside; all uses of one
    /// immutable must agree. For a verdict with reasons see verifyCode.
    bool matchesRuntime(QByteArrayView code) const;
    /// Values of the immutables in `code` by the compiler's id. Error Conflict when the code is not this contract's.
    Result<QMap<QString, Bytes>> immutablesIn(QByteArrayView code) const;

private:
    ContractArtifact() = default;
    Result<void> readCode(JsonView holder);

    QString m_contractName;
    QString m_sourceName;
    JsonAbi m_abi;
    Bytes m_creationCode;
    Bytes m_runtimeCode;
    std::vector<CodeLink> m_links;
    std::vector<CodeLink> m_runtimeLinks;
    std::vector<CodeImmutable> m_immutables;
    bool m_knowsImmutables = false;
};

} // namespace countersign
