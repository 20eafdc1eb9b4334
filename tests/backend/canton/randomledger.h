#pragma once

#include "com/daml/ledger/api/v2/state_service.pb.h"
#include "com/daml/ledger/api/v2/update_service.pb.h"

#include <random>

namespace countersign::test {

/// Makes arbitrary, valid messages of the update and contract streams from a seed.
class RandomLedger final {
public:
    explicit RandomLedger(quint32 seed)
        : m_random(seed)
    {
    }

    com::daml::ledger::api::v2::GetUpdatesResponse update();
    com::daml::ledger::api::v2::GetActiveContractsResponse activeContract();

private:
    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(m_random); }
    std::string word();
    void fill(google::protobuf::Timestamp &time);
    void fill(com::daml::ledger::api::v2::Value &value, int depth);
    void fill(com::daml::ledger::api::v2::Record &record, int fields, int depth);
    void fill(com::daml::ledger::api::v2::CreatedEvent &event);

    std::mt19937 m_random;
};

} // namespace countersign::test
