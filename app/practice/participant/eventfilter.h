#pragma once

#include "app/practice/participant/update.h"

#include <map>
#include <optional>

namespace com::daml::ledger::api::v2 {
class EventFormat;
class UpdateFormat;
}

namespace countersign::participant {

namespace lapi = com::daml::ledger::api::v2;

/// Which contracts a reader asked for, and for which parties.
class EventFilter final {
public:
    /// Errors: MISSING_FIELD and INVALID_ARGUMENT for a malformed format, those of TemplateRegistry::find() for unknown templates.
    [[nodiscard]] static Outcome<EventFilter> compile(const lapi::EventFormat &format, const TemplateRegistry &registry);
    /// Everything that any of the \p parties sees, verbose.
    [[nodiscard]] static EventFilter everythingFor(const PartySet &parties);

    [[nodiscard]] bool verbose() const { return m_verbose; }

    /// Those of \p candidates for whom an event of this template is to be reported; empty: not at all.
    [[nodiscard]] std::vector<std::string> witnesses(const PartySet &candidates, const TemplateRef &ref) const;
    /// Whether the reader may see what concerns the submitter of a command.
    [[nodiscard]] bool readsAnyOf(const PartySet &parties) const;

private:
    struct Templates {
        bool all = false;
        std::set<const TemplateSpec *> some;
        [[nodiscard]] bool includes(const TemplateRef &ref) const { return all || some.contains(ref.spec); }
    };
    friend struct FilterCompiler;

    std::map<std::string, Templates, std::less<>> m_byParty;
    std::optional<Templates> m_anyParty;
    bool m_verbose = false;
};

enum class Shape { AcsDelta, LedgerEffects };

/// What a reader of updates asked for.
struct UpdateSelection {
    std::optional<EventFilter> transactions;
    Shape shape = Shape::AcsDelta;
    bool topology = false;
    PartySet topologyParties; ///< empty: all

    /// Errors: MISSING_FIELD, INVALID_ARGUMENT, those of EventFilter::compile().
    [[nodiscard]] static Outcome<UpdateSelection> compile(const lapi::UpdateFormat &format, const TemplateRegistry &registry);
};

} // namespace countersign::participant
