#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/proposalboard.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/service/mirrorkeeper.h"
#include "backend/proposals/service/serviceexchange.h"

#include <functional>
#include <memory>
#include <vector>

namespace countersign {

/// The exchange of an environment, with its carriers: the shared folder, a private mirror beside the journal, and a
/// transaction service for each chain that names one. The folder comes first: what is published must succeed there,
/// because only a folder notices at once that two consoles of one author take one place of their log. Services come
/// last: they take what they can.
class ExchangeSetup final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExchangeSetup)

public:
    /// The access token for a chain's service; empty for none.
    using Token = std::function<QByteArray(const ChainSettings &)>;
    explicit ExchangeSetup(const Environment &environment, const Token &token = {}, QObject *parent = nullptr);
    ~ExchangeSetup() override;

    /// Reads all carriers now, and from then on as each needs it.
    void start();
    /// Tells the services what the chain says of their Safes, as often as \a board reads it. The board outlives this.
    void follow(const ProposalBoard &board);

    ExchangeUnion &exchange() { return *m_union; }
    const ExchangeUnion &exchange() const { return *m_union; }
    ProposalFolder &folder() { return *m_folder; } ///< the first carrier
    ProposalFolder *mirror() { return m_mirror.get(); } ///< null without a journal
    const std::vector<std::unique_ptr<ServiceExchange>> &services() const { return m_services; }
    ServiceExchange *service(ChainId chain) const; ///< null: the chain names none

private:

    std::unique_ptr<ProposalFolder> m_folder;
    std::unique_ptr<ProposalFolder> m_mirror;
    std::vector<std::unique_ptr<ServiceExchange>> m_services;
    std::vector<std::chrono::milliseconds> m_intervals; // of the services, in their order
    std::unique_ptr<ExchangeUnion> m_union;
    std::unique_ptr<MirrorKeeper> m_keeper;
};

} // namespace countersign
