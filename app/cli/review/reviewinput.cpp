#include "app/cli/review/reviewinput.h"

#include "app/cli/review/safeinput.h"
#include "backend/proposals/compose/proposalimport.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QString kindName(ImportKind kind)
{
    switch (kind) {
    case ImportKind::Proposal:
        return u"proposal"_s;
    case ImportKind::Draft:
        return u"draft"_s;
    case ImportKind::BuilderFile:
        return u"builder"_s;
    case ImportKind::Calls:
        return u"calls"_s;
    case ImportKind::SafeTransaction:
    case ImportKind::ServiceQueue:
        break;
    }
    return u"safe-tx"_s;
}

Result<ImportHints> hintsOf(const Invocation &invocation)
{
    const auto place = safePlaceHints(invocation);
    if (!place)
        return std::unexpected(place.error());
    ImportHints hints;
    static_cast<SafePlaceHints &>(hints) = *place;
    if (!invocation.has(u"nonce"_s))
        return hints;
    const auto nonce = Uint256::parse(invocation.value(u"nonce"_s));
    if (!nonce)
        return fail(ErrorKind::Invalid, u"--nonce: "_s + nonce.error().message, u"usage"_s);
    hints.nonce = *nonce;
    return hints;
}

} // namespace

Result<ReviewInput> readReviewInput(const QByteArray &text, const Invocation &invocation)
{
    const auto hints = hintsOf(invocation);
    if (!hints)
        return std::unexpected(hints.error());
    const auto import = importProposals(text, *hints);
    if (!import)
        return std::unexpected(withSafePlaceOption(import.error()));
    if (import->item)
        return ReviewInput{ReviewSubject::of(*import->item), kindName(import->kind), true, {}};
    if (import->drafts.size() != 1)
        return fail(ErrorKind::Invalid, u"The file holds %1 transactions; review them one by one"_s.arg(import->drafts.size()));
    const ImportedDraft &imported = import->drafts.first();
    return ReviewInput{imported.subject(), kindName(import->kind), imported.hasNonce, imported.findings};
}

} // namespace countersign
