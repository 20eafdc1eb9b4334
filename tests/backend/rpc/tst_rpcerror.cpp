#include "backend/rpc/rpcerror.h"

#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

QByteArray field(int number, const QByteArray &content)
{
    return QByteArray(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(content.size()) + content;
}

} // namespace

class TestRpcError final : public QObject {
    Q_OBJECT

private slots:
    void cantonsTextIsTakenApart()
    {
        const Error error
            = rpcError(9, u"PARTICIPANT_PRUNED_DATA_ACCESSED(9,abcd): Transactions before 5 are gone"_s, {}, u"h:1"_s);
        QCOMPARE(error.kind, ErrorKind::Rejected);
        QCOMPARE(error.message, u"Transactions before 5 are gone"_s);
        QCOMPARE(rpcErrorCode(error), u"PARTICIPANT_PRUNED_DATA_ACCESSED"_s);
    }

    void theReasonOfTheDetailsServesWhenTheTextHasNone()
    {
        const QByteArray info = field(1, "SOME_REASON") + field(3, field(1, "party") + field(2, "Alice"));
        const QByteArray any = field(1, "type.googleapis.com/google.rpc.ErrorInfo") + field(2, info);
        const QByteArray retry
            = field(1, "type.googleapis.com/google.rpc.RetryInfo") + field(2, field(1, QByteArray("\x08\x02", 2)));
        const Error error = rpcError(8, u"slow down"_s, field(3, any) + field(3, retry), u"h:1"_s);
        QCOMPARE(error.kind, ErrorKind::Exhausted);
        QCOMPARE(rpcErrorCode(error), u"SOME_REASON"_s);
        QVERIFY(error.detail.contains(u"party=Alice"_s));
        QVERIFY(error.detail.contains(u"retryAfterMs=2000"_s));
    }

    void anUnreachableNodeIsNamed()
    {
        const Error error = rpcError(14, u"failed to connect to all addresses; last error: ..."_s, {}, u"node:5011"_s);
        QCOMPARE(error.kind, ErrorKind::Unavailable);
        QVERIFY(error.message.contains(u"node:5011"_s));
        QVERIFY(rpcErrorCode(error).isEmpty());
    }

    void brokenDetailsDoNoHarm()
    {
        QCOMPARE(rpcError(5, u"x"_s, "\x1a\xff\xff\xff\xff\x0f", u"h:1"_s).kind, ErrorKind::NotFound);
    }

    void errorsOfOtherOriginHaveNoCode()
    {
        const Error other{ErrorKind::Internal, u"m"_s, u"code=X"_s};
        QVERIFY(!grpcCode(other).has_value());
        QVERIFY(rpcErrorCode(other).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestRpcError)
#include "tst_rpcerror.moc"
