#pragma once

#include "backend/descriptors/descriptorpath.h"
#include "backend/evm/jsonabi.h"
#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"

#include <QHash>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace countersign {

enum class FieldFormat {
    Raw,
    AddressName,
    TokenTicker,
    Amount,
    TokenAmount,
    NftName,
    Date,
    Duration,
    Unit,
    Enum,
    Calldata,
    ChainId,
};

/// How one value of a call is to be shown, or a group of them.
struct DescriptorField {
    std::optional<DescriptorPath> path;
    std::optional<QString> literal; ///< a text of the descriptor's own in place of a value of the call
    QString label;
    FieldFormat format = FieldFormat::Raw;
    bool isHidden = false; ///< "visible": "never"
    QStringList mustBe; ///< any other value, and the descriptor does not apply
    QHash<QString, QStringList> parameters; ///< by the standard's names; a list for those that may be one
    std::vector<DescriptorField> fields; ///< of a group

    QString parameter(QLatin1StringView name) const { return parameters.value(name).value(0); }
};

/// How one function is to be shown.
struct DescriptorFormat {
    QString key; ///< as it is written
    std::optional<AbiFunction> function; ///< absent when the key is a selector
    std::optional<Selector> selector; ///< always there once it is read
    QString intent;
    QString interpolatedIntent;
    std::vector<DescriptorField> fields;
    std::vector<DescriptorPath> required;
    std::vector<DescriptorPath> excluded;
};

struct DescriptorToken {
    QString ticker;
    int decimals = 0;
};

/// A clear-signing descriptor of a contract's calls (ERC-7730, versions 1 and 2): what somebody says that calls mean. Read
/// from a file and bound to the contracts that it names; nothing that it refers to by a URL is fetched. What it says in a
/// member that is not known here could change what is shown, so such a descriptor is refused.
class Descriptor final {
public:
    static constexpr qsizetype maxBytes = 1024 * 1024;
    static constexpr qsizetype maxFields = 5'000;
    static constexpr qsizetype maxFormats = 1'000;
    static constexpr qsizetype maxDeployments = 2'000;
    static constexpr int maxIncludes = 4;
    static constexpr int maxGroupDepth = 8;

    struct Deployment {
        ChainId chainId;
        Address address;
        friend bool operator==(const Deployment &, const Deployment &) = default;
    };

    /// The text of a file that another one includes, by its name beside it.
    using Include = std::function<Result<QByteArray>(const QString &name)>;

    /// Error NotFound for a descriptor of typed data instead of calls, Invalid with what is wrong, Exhausted beyond the
    /// limits.
    static Result<Descriptor> load(const QString &name, const QByteArray &json, const Include &include = {});

    QString name; ///< of its file
    Hash32 hash; ///< keccak256 of the file; with includes, of it and the hash of what it includes
    QString id; ///< context.$id
    QString owner;
    QString contractName;
    QList<Deployment> deployments;
    std::optional<JsonAbi> abi; ///< when it stands in the file itself
    std::optional<DescriptorToken> token; ///< what it says of the contract as a token
    QHash<QString, QString> constants;
    QHash<QString, QHash<QString, QString>> enums;
    std::vector<DescriptorFormat> formats;

    const DescriptorFormat *format(Selector selector) const;
};

} // namespace countersign
