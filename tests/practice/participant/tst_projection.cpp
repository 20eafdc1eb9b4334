#include "ledgerfixture.h"

#include "app/practice/participant/projection.h"

#include <com/daml/ledger/api/v2/update_service.pb.h>

#include <QTest>

using namespace countersign;
using namespace countersign::participant;

class TestProjection : public QObject {
    Q_OBJECT

private slots:
    void stakeholdersSeeTheirContracts();
    void strangersSeeNothing();
    void templateFilterSelects();
    void templateFilterByPackageIdSelectsTheSame();
    void anyPartyFilterShowsAllStakeholders();
    void deltaShowsCreatesAndArchives();
    void deltaLeavesTransientContractsOut();
    void effectsShowTheTree();
    void labelsComeOnlyWhenVerbose();
    void commandIdIsForTheSubmitter();
    void emptyAndMalformedFiltersAreRefused();
    void unknownTemplatesAndInterfacesAreRefused();
    void allocationIsATopologyEventForThoseWhoAsk();
    void timestampsBeforeTheEpochStayNormalised();

private:
    /// The transaction of \p update as \p party reads it; without events when it sees nothing.
    static lapi::Transaction read(const LedgerFixture &fixture, const LedgerUpdate &update, const lapi::EventFormat &format, Shape shape)
    {
        const auto filter = EventFilter::compile(format, fixture.ledger.registry());
        lapi::Transaction transaction;
        const ProjectionContext context {fixture.ledger.synchronizerId(), fixture.ledger.participantId()};
        const bool seen = projectTransaction(update, filter.value(), shape, context, transaction);
        return seen ? transaction : lapi::Transaction();
    }

    static lapi::EventFormat wildcardFor(const std::string &party)
    {
        lapi::EventFormat format;
        format.set_verbose(true);
        (*format.mutable_filters_by_party())[party].add_cumulative()->mutable_wildcard_filter();
        return format;
    }

    static lapi::EventFormat templateFor(const std::string &party, const std::string &package, const std::string &entity)
    {
        lapi::EventFormat format;
        lapi::Identifier *id = (*format.mutable_filters_by_party())[party].add_cumulative()->mutable_template_filter()->mutable_template_id();
        id->set_package_id(package);
        id->set_module_name("Vault.Intents");
        id->set_entity_name(entity);
        return format;
    }
};

void TestProjection::stakeholdersSeeTheirContracts()
{
    LedgerFixture fixture;
    const auto update = fixture.request("a");
    for (const std::string &party : {fixture.issuer, fixture.relayer, fixture.regulator}) {
        const lapi::Transaction seen = read(fixture, *update, wildcardFor(party), Shape::AcsDelta);
        QCOMPARE(seen.events_size(), 1);
        const lapi::CreatedEvent &created = seen.events(0).created();
        QCOMPARE(created.witness_parties_size(), 1);
        QCOMPARE(created.witness_parties(0), party);
        QCOMPARE(created.signatories(0), fixture.issuer);
        QCOMPARE(created.observers_size(), 2);
        QCOMPARE(created.offset(), update->offset);
        QCOMPARE(created.template_id().package_id(), vaultIntentsPackage().id);
        QCOMPARE(created.representative_package_id(), vaultIntentsPackage().id);
        QVERIFY(created.acs_delta());
        QCOMPARE(seen.update_id(), update->updateId);
        QCOMPARE(seen.synchronizer_id(), fixture.ledger.synchronizerId());
    }
}

void TestProjection::strangersSeeNothing()
{
    LedgerFixture fixture;
    const std::string stranger = fixture.ledger.allocateParty("Stranger").value();
    const auto request = fixture.request("a");
    const auto authorised = fixture.authorise(createdId(*request));
    for (const Shape shape : {Shape::AcsDelta, Shape::LedgerEffects}) {
        QCOMPARE(read(fixture, *request, wildcardFor(stranger), shape).events_size(), 0);
        QCOMPARE(read(fixture, *authorised, wildcardFor(stranger), shape).events_size(), 0);
    }
}

void TestProjection::templateFilterSelects()
{
    LedgerFixture fixture;
    const auto authorised = fixture.authorise(createdId(*fixture.request("a")));
    const lapi::Transaction requests
        = read(fixture, *authorised, templateFor(fixture.relayer, "#vault-intents", "IntentRequest"), Shape::AcsDelta);
    QCOMPARE(requests.events_size(), 1);
    QVERIFY(requests.events(0).has_archived());
    const lapi::Transaction intents
        = read(fixture, *authorised, templateFor(fixture.relayer, "#vault-intents", "AuthorisedIntent"), Shape::AcsDelta);
    QCOMPARE(intents.events_size(), 1);
    QVERIFY(intents.events(0).has_created());
    QCOMPARE(read(fixture, *authorised, templateFor(fixture.relayer, "#vault-intents", "IntentReceipt"), Shape::AcsDelta).events_size(), 0);
}

void TestProjection::templateFilterByPackageIdSelectsTheSame()
{
    LedgerFixture fixture;
    const auto update = fixture.request("a");
    const auto byName = read(fixture, *update, templateFor(fixture.relayer, "#vault-intents", "IntentRequest"), Shape::AcsDelta);
    const auto byId = read(fixture, *update, templateFor(fixture.relayer, vaultIntentsPackage().id, "IntentRequest"), Shape::AcsDelta);
    QCOMPARE(byName.events_size(), 1);
    QCOMPARE(byName.SerializeAsString(), byId.SerializeAsString());
}

void TestProjection::anyPartyFilterShowsAllStakeholders()
{
    LedgerFixture fixture;
    const auto update = fixture.request("a");
    lapi::EventFormat format;
    format.mutable_filters_for_any_party();
    const lapi::Transaction seen = read(fixture, *update, format, Shape::AcsDelta);
    QCOMPARE(seen.events_size(), 1);
    QCOMPARE(seen.events(0).created().witness_parties_size(), 3);
}

void TestProjection::deltaShowsCreatesAndArchives()
{
    LedgerFixture fixture;
    const std::string request = createdId(*fixture.request("a"));
    const auto authorised = fixture.authorise(request);
    const lapi::Transaction seen = read(fixture, *authorised, wildcardFor(fixture.regulator), Shape::AcsDelta);
    QCOMPARE(seen.events_size(), 2);
    QCOMPARE(seen.events(0).archived().contract_id(), request);
    QCOMPARE(seen.events(0).archived().node_id(), 0);
    QCOMPARE(seen.events(1).created().contract_id(), createdId(*authorised));
    QCOMPARE(seen.events(1).created().node_id(), 1);
}

void TestProjection::deltaLeavesTransientContractsOut()
{
    LedgerFixture fixture;
    const auto update = fixture.ledger.submit(
        fixture.submission("both", {fixture.issuer}, {fixture.createStep("a"), fixture.authoriseStep({})}));
    QVERIFY(update);
    const lapi::Transaction delta = read(fixture, **update, wildcardFor(fixture.relayer), Shape::AcsDelta);
    QCOMPARE(delta.events_size(), 1);
    QCOMPARE(delta.events(0).created().template_id().entity_name(), std::string("AuthorisedIntent"));
    const lapi::Transaction effects = read(fixture, **update, wildcardFor(fixture.relayer), Shape::LedgerEffects);
    QCOMPARE(effects.events_size(), 3);
    QVERIFY(!effects.events(0).created().acs_delta());
    QVERIFY(!effects.events(1).exercised().acs_delta());
    QVERIFY(effects.events(2).created().acs_delta());
}

void TestProjection::effectsShowTheTree()
{
    LedgerFixture fixture;
    const std::string intent = createdId(*fixture.authorise(createdId(*fixture.request("a"))));
    const auto acknowledged = fixture.acknowledge(intent);
    const lapi::Transaction seen = read(fixture, *acknowledged, wildcardFor(fixture.issuer), Shape::LedgerEffects);
    QCOMPARE(seen.events_size(), 2);
    const lapi::ExercisedEvent &exercised = seen.events(0).exercised();
    QCOMPARE(exercised.contract_id(), intent);
    QCOMPARE(exercised.choice(), std::string("Acknowledge"));
    QVERIFY(exercised.consuming());
    QVERIFY(exercised.acs_delta());
    QCOMPARE(exercised.acting_parties(0), fixture.relayer);
    QCOMPARE(exercised.node_id(), 0);
    QCOMPARE(exercised.last_descendant_node_id(), 1);
    QCOMPARE(exercised.choice_argument().record().fields(1).label(), std::string("outcome"));
    QCOMPARE(exercised.exercise_result().contract_id(), seen.events(1).created().contract_id());
}

void TestProjection::labelsComeOnlyWhenVerbose()
{
    LedgerFixture fixture;
    const auto update = fixture.request("a");
    lapi::EventFormat format = wildcardFor(fixture.issuer);
    const lapi::Record verbose = read(fixture, *update, format, Shape::AcsDelta).events(0).created().create_arguments();
    QCOMPARE(verbose.record_id().entity_name(), std::string("IntentRequest"));
    QCOMPARE(verbose.fields(0).label(), std::string("issuer"));
    format.set_verbose(false);
    const lapi::Record plain = read(fixture, *update, format, Shape::AcsDelta).events(0).created().create_arguments();
    QVERIFY(!plain.has_record_id());
    QVERIFY(plain.fields(0).label().empty());
    QCOMPARE(plain.fields(3).value().text(), std::string("a"));
    QCOMPARE(plain.fields(7).value().int64(), std::int64_t(31337));
    QCOMPARE(plain.fields(14).value().timestamp(), std::int64_t(1));
}

void TestProjection::commandIdIsForTheSubmitter()
{
    LedgerFixture fixture;
    const auto update = fixture.request("a");
    QCOMPARE(read(fixture, *update, wildcardFor(fixture.issuer), Shape::AcsDelta).command_id(), std::string("a"));
    QVERIFY(read(fixture, *update, wildcardFor(fixture.relayer), Shape::AcsDelta).command_id().empty());
}

void TestProjection::emptyAndMalformedFiltersAreRefused()
{
    LedgerFixture fixture;
    const TemplateRegistry &registry = fixture.ledger.registry();
    QVERIFY(!EventFilter::compile({}, registry));
    QVERIFY(!EventFilter::compile(wildcardFor("no/party"), registry));
    QVERIFY(!UpdateSelection::compile({}, registry));
    lapi::UpdateFormat noShape;
    *noShape.mutable_include_transactions()->mutable_event_format() = wildcardFor(fixture.issuer);
    QVERIFY(!UpdateSelection::compile(noShape, registry));
    lapi::UpdateFormat noFormat;
    noFormat.mutable_include_transactions()->set_transaction_shape(lapi::TRANSACTION_SHAPE_ACS_DELTA);
    QVERIFY(!UpdateSelection::compile(noFormat, registry));
}

void TestProjection::unknownTemplatesAndInterfacesAreRefused()
{
    LedgerFixture fixture;
    const TemplateRegistry &registry = fixture.ledger.registry();
    const auto codeOf = [&registry](const lapi::EventFormat &format) {
        const auto filter = EventFilter::compile(format, registry);
        return filter ? std::string_view() : filter.error().code.id;
    };
    QCOMPARE(codeOf(templateFor(fixture.issuer, "#other", "IntentRequest")), std::string_view("PACKAGE_NAMES_NOT_FOUND"));
    QCOMPARE(codeOf(templateFor(fixture.issuer, "abc", "IntentRequest")), std::string_view("TEMPLATES_OR_INTERFACES_NOT_FOUND"));
    lapi::EventFormat interface;
    auto *id = (*interface.mutable_filters_by_party())[fixture.issuer].add_cumulative()->mutable_interface_filter()->mutable_interface_id();
    id->set_package_id("#vault-intents");
    id->set_module_name("Vault.Intents");
    id->set_entity_name("IIntent");
    QCOMPARE(codeOf(interface), std::string_view("NO_INTERFACE_FOR_PACKAGE_NAME_AND_QUALIFIED_NAME"));
    id->set_package_id("abc");
    QCOMPARE(codeOf(interface), std::string_view("TEMPLATES_OR_INTERFACES_NOT_FOUND"));
}

void TestProjection::allocationIsATopologyEventForThoseWhoAsk()
{
    LedgerFixture fixture;
    const std::string party = fixture.ledger.allocateParty("Auditor").value();
    const auto update = fixture.ledger.updates(3, 4, 1).value().front();
    const ProjectionContext context {fixture.ledger.synchronizerId(), fixture.ledger.participantId()};
    UpdateSelection selection;
    selection.transactions = EventFilter::everythingFor({party});
    lapi::GetUpdatesResponse response;
    QVERIFY(!projectUpdate(*update, selection, context, response));
    selection.topology = true;
    QVERIFY(projectUpdate(*update, selection, context, response));
    const auto &added = response.topology_transaction().events(0).participant_authorization_added();
    QCOMPARE(added.party_id(), party);
    QCOMPARE(added.participant_id(), fixture.ledger.participantId());
    selection.topologyParties = {fixture.issuer};
    QVERIFY(!projectUpdate(*update, selection, context, response));
}

void TestProjection::timestampsBeforeTheEpochStayNormalised()
{
    google::protobuf::Timestamp encoded;
    encodeTimestamp(Timestamp::fromMicros(1'500'001), encoded);
    QCOMPARE(encoded.seconds(), std::int64_t(1));
    QCOMPARE(encoded.nanos(), 500'001'000);
    encodeTimestamp(Timestamp::fromMicros(-1), encoded);
    QCOMPARE(encoded.seconds(), std::int64_t(-1));
    QCOMPARE(encoded.nanos(), 999'999'000);
}

QTEST_APPLESS_MAIN(TestProjection)

#include "tst_projection.moc"
