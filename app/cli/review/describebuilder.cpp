#include "app/cli/review/describe.h"

#include "backend/safe/transactionbuilder.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

using Severity = Report::Severity;

void describeEntry(Report &report, Report::Node &node, const BuilderTransaction &transaction, const Interfaces &interfaces)
{
    node.add(u"to"_s, transaction.to.toString());
    node.add(u"value"_s, transaction.value.toDecimal(), u"value (wei)"_s);
    if (transaction.method)
        node.add(u"claimedMethod"_s, transaction.method->signature(), u"method (claimed)"_s);
    if (transaction.disagrees)
        report.find(Severity::Block, u"builder.disagrees"_s,
            u"The data of the call to %1 is not what the file's method and values say; the data is what would be sent"_s
                .arg(transaction.to.toString()));
    if (!transaction.problem.isEmpty())
        report.find(Severity::Warn, u"builder.values"_s, transaction.problem);
    describeCalldata(report, node.group(u"call"_s), transaction.data, transaction.to, interfaces);
}

} // namespace

Result<void> describeBuilderFile(Report &report, JsonView json, const Interfaces &interfaces)
{
    const auto file = readTransactionBuilderFile(json.toJson());
    if (!file)
        return std::unexpected(file.error());
    report.add(u"kind"_s, u"transaction-builder file"_s);
    report.add(u"chainId"_s, QString::number(file->chainId.value()));
    report.add(u"name"_s, file->name, u"name (claimed)"_s);
    if (!file->description.isEmpty())
        report.add(u"description"_s, file->description, u"description (claimed)"_s);
    if (file->createdFromSafe)
        report.add(u"createdFromSafe"_s, file->createdFromSafe->toString(), u"Safe (claimed)"_s);
    auto &list = report.root().list(u"transactions"_s);
    int number = 0;
    for (const BuilderTransaction &transaction : file->transactions)
        describeEntry(report, list.element(u"%1."_s.arg(++number)), transaction, interfaces);
    report.add(u"checksum"_s, file->computedChecksum.toString());
    if (!file->checksum)
        report.find(Severity::Warn, u"builder.checksum"_s, u"The file has no checksum"_s);
    else if (!file->checksumMatches())
        report.find(Severity::Block, u"builder.checksum"_s, u"The checksum in the file is %1: the file is damaged or was changed"_s.arg(file->checksum->toString()));
    else
        report.find(Severity::Info, u"builder.checksum"_s, u"The checksum is right; it needs no key, so it proves nothing about who wrote the file"_s);
    for (const QString &member : file->unknownMembers)
        report.find(Severity::Warn, u"builder.unknown"_s, u"\"%1\" is no part of the format and was not used"_s.arg(member));
    return {};
}

} // namespace countersign
