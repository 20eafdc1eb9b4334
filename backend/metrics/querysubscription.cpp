#include "backend/metrics/querysubscription.h"

#include "backend/metrics/queryentry.h"
#include "backend/metrics/queryservice.h"

namespace countersign {

QuerySubscription::QuerySubscription(QueryService *service, QueryRequest request)
    : m_service(service)
    , m_request(std::move(request))
{
}

QuerySubscription::~QuerySubscription()
{
    if (m_service)
        m_service->detach(this);
}

void QuerySubscription::ask(QueryRequest request)
{
    const bool sameEntry = m_entry && QueryService::keyOf(request) == QueryService::keyOf(m_request) && QueryService::isNear(*m_entry, request);
    m_request = std::move(request);
    if (!m_service)
        return;
    if (!sameEntry) {
        m_service->detach(this);
        m_service->attach(this);
        return;
    }
    m_service->askAgain(this);
}

void QuerySubscription::refresh()
{
    if (m_service)
        m_service->askAgain(this);
}

void QuerySubscription::setWanted(bool wanted)
{
    if (m_wanted == wanted)
        return;
    m_wanted = wanted;
    if (!m_service)
        return;
    if (wanted)
        m_service->attach(this);
    else
        m_service->detach(this);
}

} // namespace countersign
