#pragma once

#include "backend/evm/abitypes.h"
#include "backend/evm/abivalue.h"
#include "backend/proposals/compose/composesite.h"
#include "backend/proposals/compose/composition.h"

#include <QList>
#include <QString>

#include <optional>
#include <vector>

namespace countersign {

/// Reads the texts of a step (composeaction.h says how) for one chain, and notes what is wrong with which field instead of
/// stopping there. What is absent from an answer has been noted.
class FieldReader final {
public:
    /// What a step creates, once it is known.
    struct Created {
        std::optional<Address> address; ///< absent: the step creates nothing, or has a problem
        const ContractArtifact *artifact = nullptr;
        bool isCreation = false;
    };

    FieldReader(const ComposeSite &site, qsizetype actions)
        : m_site(site)
        , m_created(static_cast<size_t>(actions))
    {
    }

    /// From now on fields are of that step.
    void begin(int action)
    {
        m_action = action;
        m_isGood = true;
    }
    int action() const { return m_action; }
    bool isGood() const { return m_isGood; } ///< nothing was noted of this step so far
    void note(const QString &field, const QString &message);
    void noteRequest(const QString &field, const QString &message);
    void setCreated(const Created &created) { m_created[static_cast<size_t>(m_action)] = created; }
    const QList<ComposeProblem> &problems() const { return m_problems; }
    /// Every account that was read, whose code the problems may hang on.
    const QList<Address> &accounts() const { return m_accounts; }
    void addAccount(const Address &account);

    std::optional<Address> account(const QString &field, const QString &text);
    /// Zero when the text is empty.
    std::optional<Address> accountOrNone(const QString &field, const QString &text);
    /// An account with code, or one that an earlier step creates; \a function names what will be called, and is looked for
    /// where the contract's build is known.
    std::optional<Address> contract(const QString &field, const QString &text, QStringView function = {});
    std::optional<Hash32> party(const QString &field, const QString &text);
    std::optional<Hash32> identifier(const QString &field, const QString &text);
    std::optional<Uint256> number(const QString &field, const QString &text);
    std::optional<Uint256> numberOr(const QString &field, const QString &text, const Uint256 &otherwise);
    std::optional<Bytes> bytes(const QString &field, const QString &text);
    std::optional<AbiValue> value(const QString &field, const AbiType &type, const QString &text);

    const Created *createdAt(const Address &address) const;

private:
    std::optional<Address> named(const QString &field, const QString &text);
    std::optional<Address> referred(const QString &field, const QString &text);

    const ComposeSite &m_site;
    std::vector<Created> m_created;
    QList<ComposeProblem> m_problems;
    QList<Address> m_accounts;
    int m_action = -1;
    bool m_isGood = true;
};

} // namespace countersign
