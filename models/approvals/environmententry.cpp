#include "models/approvals/environmententry.h"

#include "backend/types/strings.h"

namespace countersign {

Result<void> EnvironmentEntry::plan(const NewContract &contract)
{
    m_change.reset();
    auto planned = planContract(m_file, contract);
    if (!planned)
        return std::unexpected(planned.error());
    m_change = std::move(*planned);
    return {};
}

Result<QString> EnvironmentEntry::write(Timestamp now)
{
    if (!m_change || m_isWritten)
        return fail(ErrorKind::Conflict, u"Nothing is planned that could be written"_s);
    auto copy = applyChange(*m_change, now);
    m_isWritten = copy.has_value();
    return copy;
}

Result<void> EnvironmentEntry::undo()
{
    if (!m_change || !m_isWritten)
        return fail(ErrorKind::Conflict, u"Nothing was written that could be undone"_s);
    return undoChange(*m_change);
}

} // namespace countersign
