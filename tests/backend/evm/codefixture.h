#pragma once

#include "backend/evm/artifact.h"
#include "backend/types/json.h"

#include <QFile>
#include <QtGlobal>

// What codefixture/make.mjs wrote.
namespace countersign::testing {

inline QString fixturePath(const QString &name)
{
    return QStringLiteral(COUNTERSIGN_CODE_FIXTURE) + u'/' + name;
}

inline JsonText parseJsonFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s: %s", qPrintable(path), qPrintable(file.errorString()));
    auto text = JsonText::parse(file.readAll(), ContractArtifact::jsonLimits());
    if (!text)
        qFatal("%s: %s", qPrintable(path), qPrintable(text.error().message));
    return *std::move(text);
}

inline ContractArtifact artifactFile(const QString &path)
{
    auto artifact = ContractArtifact::loadFile(path);
    if (!artifact)
        qFatal("%s", qPrintable(artifact.error().message));
    return *std::move(artifact);
}

/// Code of a variant, with zeros where the library is linked.
inline Bytes variantCode(const QString &variant, const QString &contract, const QString &which, const Bytes &library)
{
    const JsonText text = parseJsonFile(fixturePath(u"variants.json"_s));
    QString digits = text.root().find(variant.toUtf8())->find(contract.toUtf8())->find(which.toUtf8())->toString();
    for (qsizetype at = digits.indexOf(u"__$"); at >= 0; at = digits.indexOf(u"__$"))
        digits.replace(at, 40, QString::fromLatin1(library.toHex()));
    return bytesFromHex(QString(u"0x"_s + digits)).value();
}

} // namespace countersign::testing
