#include "backend/proposals/compose/actionfields.h"
#include "backend/types/strings.h"
#include "models/approvals/composeforms.h"

#include <QSet>
#include <QTest>

#include <utility>

using namespace countersign;

namespace {

template <size_t... I> QList<ComposeAction> oneOfEach(std::index_sequence<I...>)
{
    return {ComposeAction(std::in_place_index<I>)...};
}
QList<ComposeAction> oneOfEach()
{
    return oneOfEach(std::make_index_sequence<std::variant_size_v<ComposeAction>>());
}

QStringList membersOf(ComposeAction action)
{
    QStringList names;
    visitFields(action, [&names](QLatin1StringView name, const auto &) { names.append(name); });
    return names;
}

/// Something else than what a new step has.
QVariant otherThan(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::Bool:
        return !value.toBool();
    case QMetaType::Int:
        return static_cast<int>(CreateMethod::Arachnid);
    case QMetaType::QStringList:
        return QStringList{u"a"_s, u"b"_s};
    case QMetaType::QByteArray:
        return QByteArray("{}");
    default:
        return u"something"_s;
    }
}

} // namespace

class TestComposeForms final : public QObject {
    Q_OBJECT

private slots:
    void everyMemberOfEveryStepHasOneField()
    {
        for (const ComposeAction &action : oneOfEach()) {
            const ComposeForm form = formOf(action);
            QStringList fields;
            for (const ComposeField &field : form.fields) {
                fields.append(field.name);
                QVERIFY2(!field.label.isEmpty(), qPrintable(form.title + u'.' + field.name));
            }
            QStringList members = membersOf(action);
            fields.sort();
            members.sort();
            QCOMPARE(fields, members);
            QVERIFY(!form.title.isEmpty() && !form.explanation.isEmpty());
        }
    }
    void labelsOfAFormAreToldApart()
    {
        for (const ComposeAction &action : oneOfEach()) {
            QSet<QString> labels;
            const ComposeForm form = formOf(action);
            for (const ComposeField &field : form.fields)
                labels.insert(field.label);
            QCOMPARE(labels.size(), form.fields.size());
        }
    }
    void whatIsSetIsWhatIsRead()
    {
        for (ComposeAction action : oneOfEach()) {
            const ComposeForm form = formOf(action);
            for (const ComposeField &field : form.fields) {
                const QVariant other = otherThan(fieldValue(action, field.name));
                QVERIFY2(setFieldValue(action, field.name, other), qPrintable(form.title + u'.' + field.name));
                QCOMPARE(fieldValue(action, field.name), other);
            }
            for (const ComposeField &field : form.fields) // and nothing else was touched by the others
                QVERIFY(fieldValue(action, field.name).isValid());
        }
    }
    void theKindOfAFieldGoesWithItsType()
    {
        for (const ComposeAction &action : oneOfEach()) {
            const ComposeForm form = formOf(action);
            for (const ComposeField &field : form.fields) {
                const int type = fieldValue(action, field.name).typeId();
                switch (field.kind) {
                case FieldKind::Flag:
                    QCOMPARE(type, static_cast<int>(QMetaType::Bool));
                    break;
                case FieldKind::Method:
                    QCOMPARE(type, static_cast<int>(QMetaType::Int));
                    break;
                case FieldKind::Arguments:
                    QCOMPARE(type, static_cast<int>(QMetaType::QStringList));
                    break;
                case FieldKind::File:
                    QCOMPARE(type, static_cast<int>(QMetaType::QByteArray));
                    break;
                default:
                    QCOMPARE(type, static_cast<int>(QMetaType::QString));
                    break;
                }
            }
        }
    }
    void whatDoesNotFitIsRefused()
    {
        for (ComposeAction action : oneOfEach()) {
            QVERIFY(!fieldValue(action, u"nonsense"_s).isValid());
            QVERIFY(!setFieldValue(action, u"nonsense"_s, u"x"_s));
            QVERIFY(!setFieldValue(action, {}, u"x"_s));
        }
        ComposeAction deploy = DeployAction{.artifact = u"TreasuryAdapter"_s};
        QVERIFY(!setFieldValue(deploy, u"artifact"_s, 1));
        QVERIFY(!setFieldValue(deploy, u"arguments"_s, u"one"_s));
        QVERIFY(!setFieldValue(deploy, u"method"_s, -1));
        QVERIFY(!setFieldValue(deploy, u"method"_s, static_cast<int>(CreateMethod::SafeSingletonFactory) + 1));
        QVERIFY(!setFieldValue(deploy, u"method"_s, u"some"_s));
        QCOMPARE(fieldValue(deploy, u"artifact"_s).toString(), u"TreasuryAdapter"_s);
        QCOMPARE(fieldValue(deploy, u"method"_s).toInt(), static_cast<int>(CreateMethod::BySalt));
    }
    void theMenuOffersEveryKindUnderAnOwnName()
    {
        QSet<size_t> kinds;
        QSet<QString> names;
        QStringList groups;
        const QList<ComposeChoice> choices = composeChoices();
        for (const ComposeChoice &choice : choices) {
            kinds.insert(choice.action.index());
            names.insert(choice.group + u'/' + choice.text);
            if (groups.isEmpty() || groups.last() != choice.group)
                groups.append(choice.group);
        }
        QCOMPARE(kinds.size(), static_cast<qsizetype>(std::variant_size_v<ComposeAction>));
        QCOMPARE(names.size(), choices.size());
        QCOMPARE(QSet<QString>(groups.begin(), groups.end()).size(), groups.size()); // a group stands together
    }
};

QTEST_APPLESS_MAIN(TestComposeForms)
#include "tst_composeforms.moc"
