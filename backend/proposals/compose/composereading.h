#pragma once

#include "backend/proposals/compose/composesite.h"
#include "backend/review/contextreading.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

/// Fills a site from the chain, all at one block: that the node serves the chain, the Safe, and the libraries of its
/// version. \a site comes with environment, chain (with a Safe) and artifacts. Errors: those of the clients; Conflict when
/// the node is of another chain, Rejected when what stands there is no Safe whose code is known.
QCoro::Task<Result<ComposeSite>> readComposeSite(
    std::shared_ptr<ReviewEndpoint> endpoint, ComposeSite site, std::stop_token stop = {});

/// Adds what stands at these accounts, at the site's block.
QCoro::Task<Result<ComposeSite>> readMore(
    std::shared_ptr<ReviewEndpoint> endpoint, ComposeSite site, QList<Address> accounts, std::stop_token stop = {});

} // namespace countersign
