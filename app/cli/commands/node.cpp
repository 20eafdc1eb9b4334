#include "app/cli/commands/node.h"

#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

#include <QCoroTask>

namespace countersign {

Node::Node(const QString &url)
    : m_rpc(QUrl(url))
    , m_chain(m_rpc)
{
}

Result<SafeState> Node::safeState(ChainId expected, const Address &safe)
{
    const auto chain = QCoro::waitFor(m_chain.chainId());
    if (!chain)
        return std::unexpected(chain.error());
    if (*chain != expected)
        return fail(ErrorKind::Conflict, u"The node is on chain %1, the transaction is for chain %2"_s.arg(chain->value()).arg(expected.value()));
    auto state = QCoro::waitFor(readSafeState(m_chain, safe));
    if (!state && state.error().kind == ErrorKind::Rejected)
        return fail(ErrorKind::Corrupt, u"What stands at %1 does not answer like a Safe: %2"_s.arg(safe.toString(), state.error().message));
    return state;
}

Result<Bytes> Node::code(const Address &address)
{
    auto code = QCoro::waitFor(m_chain.getCode(address));
    if (code && code->isEmpty())
        return fail(ErrorKind::NotFound, u"No code stands at %1"_s.arg(address.toString()));
    return code;
}

} // namespace countersign
