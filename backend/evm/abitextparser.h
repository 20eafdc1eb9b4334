#pragma once

#include "backend/evm/abitypes.h"

#include <optional>

namespace countersign {

/// Reads the human-readable spelling of ABI types and parameter lists from left to right. Behind AbiType::parse,
/// AbiFunction::parse and their kin.
class AbiTextParser final {
public:
    explicit AbiTextParser(QStringView text) : m_text(text) {}

    Result<AbiType> type();
    /// From "(" to its ")"; names, data locations and "indexed" are optional.
    Result<std::vector<AbiParameter>> parameters();
    /// The type that is called so, of those that are no list: "uint8", "bytes"; "uint" and "int" mean 256 bits.
    static std::optional<AbiType> named(QStringView name);
    /// A Solidity identifier, or empty when none stands here.
    QString identifier() { return word().toString(); }
    /// Whether all of `text` is one.
    static bool isIdentifier(QStringView text);
    /// Skips `wanted` when it stands here as a whole word.
    bool takeWord(QStringView wanted);
    bool take(QChar symbol);
    void skipSpaces();
    bool atEnd();
    std::unexpected<Error> failHere(const QString &what) const;

private:
    QStringView word();
    Result<AbiType> baseType();
    Result<std::vector<AbiParameter>> parametersAt(int depth);
    Result<AbiType> typeAt(int depth);
    Result<qsizetype> number(qsizetype most);

    QStringView m_text;
    qsizetype m_at = 0;
};

} // namespace countersign
