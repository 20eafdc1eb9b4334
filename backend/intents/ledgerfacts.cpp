#include "backend/intents/ledgerfacts.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

/// "#name:Module:Entity" names every version of a package; an id names one.
bool matches(const LedgerEvent &event, const QString &wanted)
{
    if (wanted.isEmpty())
        return false;
    const auto id = TemplateId::parse(wanted);
    if (!id || event.templateId().module != id->module || event.templateId().entity != id->entity)
        return false;
    if (!id->package.startsWith(u'#'))
        return event.templateId().package == id->package;
    return event.shape()->packageName.isEmpty() || event.shape()->packageName == QStringView(id->package).sliced(1);
}

} // namespace

LedgerFacts::LedgerFacts(const Environment &environment, QString participant)
    : m_environment(environment)
    , m_participant(std::move(participant))
{
}

LedgerFacts::Stage LedgerFacts::stageOf(const LedgerEvent &event) const
{
    if (!event.shape())
        return Stage::None;
    if (matches(event, m_environment.model.request))
        return Stage::Request;
    if (matches(event, m_environment.model.authorised))
        return Stage::Authorised;
    if (matches(event, m_environment.model.receipt))
        return Stage::Receipt;
    return Stage::None;
}

void LedgerFacts::readTerms(const LedgerEvent &event, IntentTerms &terms) const
{
    const IntentFields &fields = m_environment.model.fields;
    const ChainSettings *chain = nullptr;
    bool isNumber = false;
    const QString chainId = event.field(fields.chain);
    const quint64 id = chainId.toULongLong(&isNumber);
    if (isNumber)
        chain = m_environment.chain(ChainId(id));
    else
        chain = m_environment.chain(chainId);
    terms.chain = chain != nullptr ? chain->name : chainId;

    terms.vault = event.field(fields.vault);
    if (chain != nullptr) {
        if (const auto address = Address::parse(event.field(fields.vaultAddress))) {
            if (const VaultSettings *vault = m_environment.vault(chain->chainId, *address))
                terms.vault = vault->name;
        }
    }
    terms.party = event.field(fields.party);
    if (const auto partyId = Hash32::parse(terms.party)) {
        if (const PartySettings *party = m_environment.party(*partyId))
            terms.party = party->name;
    }
    terms.action = event.field(fields.action);
    terms.asset = event.field(fields.asset);
    terms.amount = event.field(fields.amount);
    terms.adapter = event.field(fields.adapter);
    const qint64 nonce = event.field(fields.nonce).toLongLong(&isNumber);
    if (isNumber)
        terms.nonce = nonce;
    const qint64 deadline = event.field(fields.deadline).toLongLong(&isNumber);
    if (isNumber)
        terms.deadline = Timestamp::fromMicros(deadline);
}

QVector<Fact> LedgerFacts::read(std::span<const LedgerEvent> events)
{
    const IntentFields &fields = m_environment.model.fields;
    QVector<Fact> facts;
    for (const LedgerEvent &event : events) {
        if (event.kind() == LedgerEvent::Kind::Checkpoint)
            continue;
        const Stage stage = stageOf(event);
        const bool archived = event.kind() == LedgerEvent::Kind::Archived;
        if (stage == Stage::None || (archived && stage != Stage::Request))
            continue;
        Fact fact;
        fact.source = FactSource::Ledger;
        fact.time = event.recordTime();
        fact.origin = m_participant;
        fact.position = event.offset().value();
        fact.reference = event.updateId().toUtf8();
        fact.contractId = event.contractId().toUtf8();
        if (archived) {
            fact.kind = FactKind::RequestClosed;
            facts.append(fact);
            continue;
        }
        fact.intentId = event.field(fields.intentId);
        if (fact.intentId.isEmpty()) {
            ++m_unreadable;
            continue;
        }
        readTerms(event, fact.terms);
        if (fact.time.isNull())
            fact.time = Timestamp::fromMicros(event.field(fields.createdAt).toLongLong());
        switch (stage) {
        case Stage::Request:
            fact.kind = FactKind::Requested;
            break;
        case Stage::Authorised:
            fact.kind = FactKind::Authorised;
            break;
        case Stage::Receipt:
            fact.kind = FactKind::Receipted;
            fact.outcome = factOutcomeFromString(event.field(fields.outcome)).value_or(FactOutcome::Failed);
            fact.reason = event.field(fields.reason);
            fact.relayer = event.field(fields.relayer);
            break;
        case Stage::None:
            break;
        }
        facts.append(fact);
    }
    return facts;
}

} // namespace countersign
