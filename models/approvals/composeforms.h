#pragma once

#include "backend/proposals/compose/composeaction.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <QVariant>

namespace countersign {

/// How a field of a step is filled in.
enum class FieldKind {
    Account, ///< an address or a name; suggestions help
    Vault, ///< an account, of a vault of the environment in the first place
    Contract, ///< an account with code
    Party,
    Word, ///< an id or a salt: 32 bytes, or a word
    Number,
    Text,
    Data, ///< "0x…", of any length
    Flag, ///< bool
    Method, ///< int of CreateMethod
    Artifact, ///< name of a known build
    Arguments, ///< of the constructor of the artifact
    Version, ///< of the Safe
    File, ///< bytes of a file of the user
};

struct ComposeField {
    QString name; ///< as visitFields() has it
    QString label;
    QString help; ///< what to type; shown in the empty field
    FieldKind kind = FieldKind::Text;
    bool isOptional = false;
};

/// A kind of step as a form.
struct ComposeForm {
    QString title;
    QString explanation; ///< what it does, and what to mind
    QList<ComposeField> fields;
};

/// A step as the menu offers it.
struct ComposeChoice {
    QString group;
    QString text;
    ComposeAction action; ///< with what is known already
};

ComposeForm formOf(const ComposeAction &action);
/// In the order of the menu.
QList<ComposeChoice> composeChoices();

/// QString, QStringList, QByteArray, bool, or the int of CreateMethod; invalid when there is no such field.
QVariant fieldValue(const ComposeAction &action, const QString &field);
/// False when there is no such field, or it is of another type.
bool setFieldValue(ComposeAction &action, const QString &field, const QVariant &value);

} // namespace countersign
