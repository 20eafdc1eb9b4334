#pragma once

#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/keys/pkcs11signer.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/proposaldrafts.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/sightings.h"
#include "backend/proposals/signingflow.h"
#include "backend/proposals/statementflow.h"
#include "backend/records/recordfolder.h"
#include "backend/review/reviewreader.h"
#include "tests/backend/keys/softhsm.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>
#include <vector>

namespace countersign::testing {

/// What an approval needs, for real: a Safe and a registry on a chain of this test's own (estate.mjs), four holders
/// with keys in tokens, and, anew for each test, a folder of proposals and a journal. Tests derive from it.
class ApprovalEstate : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

protected:
    struct Holder {
        QString name;
        ProvisionedToken token;
        Address address;
        std::unique_ptr<Pkcs11Signer> signer;
    };

    Holder makeHolder(const QString &name);
    Holder &holder(const QString &name);
    ProposalDraft draft(quint64 nonce = 2) const;
    template <class T, class Flow> std::optional<Result<T>> finish(Flow &flow)
    {
        std::optional<Result<T>> outcome;
        connect(&flow, &Flow::finished, &flow, [&outcome](const Result<T> &result) { outcome = result; });
        if (!QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 20'000))
            qWarning("a flow did not end");
        return outcome;
    }
    Result<Proposal> propose(const QString &name, const ProposalDraft &draft);
    Result<CollectedSignature> sign(
        const QString &name, const Hash32 &id, const QByteArray &pin = "1234", std::optional<Hash32> shown = {});
    /// Typing what the device shows, or saying that it shows something else.
    Result<CollectedSignature> sign(
        const QString &name, const Hash32 &id, const DeviceComparison &comparison, const QByteArray &pin = "1234");
    Result<StatementOutcome> say(
        const QString &name, const Statement &statement, const std::optional<QByteArray> &pin = "1234");
    Result<CollectedSignature> runSigning(const QString &name, const Hash32 &id, const Hash32 &shown,
        const DeviceComparison &comparison, const QByteArray &pin);
    void keep(const ApprovalRecord &record, const QString &path);
    static DeviceComparison typed(const Hash32 &hash);
    RecordFolder records() const { return RecordFolder::besideJournal(m_journal->path()); }
    Result<ExecutionReport> execute(const QString &name, const Hash32 &id);
    ExchangeItem item(const Hash32 &id);
    QList<JournalRow> rows();
    int count(JournalKind kind);
    void startJournal();
    QJsonValue rpc(const QString &method, const QJsonArray &parameters = {});
    Address registryKey();

    SoftHsm m_hsm;
    std::shared_ptr<Pkcs11Module> m_module;
    std::vector<Holder> m_holders;
    QProcess m_estate;
    QJsonObject m_facts;
    QString m_snapshot;

    // Made anew for each test.
    Environment m_environment;
    SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ProposalFolder> m_exchange;
    std::unique_ptr<Sightings> m_sightings; // of m_exchange
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<ReviewReader> m_reader;
    std::optional<ApprovalRecord> m_record; ///< the last that a flow kept
    QString m_recordPath;
};

} // namespace countersign::testing
