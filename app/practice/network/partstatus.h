#pragma once

#include "backend/types/timestamp.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace countersign {

enum class PartState { Waiting, Starting, Ready, Paused, Stopped, Died };

/// How one part of the practice network is doing.
struct PartStatus {
    QString name; ///< etcd, prometheus, chain-ethereum, participant, relayer-1, generator
    PartState state = PartState::Waiting;
    QString endpoint;
    qint64 processId = 0;
    Timestamp since;
    QString note; ///< why it is not ready
    QStringList lastLogLines; ///< of a part that died

    /// One line for people, in columns.
    QString toLine() const;
    QJsonObject toJson() const;
};

QString toString(PartState state);

} // namespace countersign
