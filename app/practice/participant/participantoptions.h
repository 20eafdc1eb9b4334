#pragma once

#include "backend/types/error.h"

#include <QStringList>

#include <chrono>

namespace countersign {

/// What a simulated participant is started with. Port 0: the kernel chooses.
struct ParticipantOptions {
    QString id = QStringLiteral("vault-operator");
    QString host = QStringLiteral("127.0.0.1");
    quint16 ledgerPort = 0;
    quint16 adminPort = 0;
    quint16 metricsPort = 0;
    quint16 controlPort = 0;
    QStringList parties; ///< hints that are allocated at the start
    QString tlsCertificate; ///< PEM file; with tlsKey: both gRPC ports speak TLS
    QString tlsKey; ///< PEM file
    QString tlsClientCa; ///< PEM file; clients must show a certificate by it
    QString tokenFile; ///< its first line is the bearer token that the ledger API asks for
    QString readTokenFile; ///< the same for a token that may not submit
    QString portsFile; ///< receives the announcement, too (atomically)
    std::chrono::milliseconds checkpointInterval {500};
    int maxMessageBytes = 10 * 1024 * 1024; ///< Canton's default in both directions
    qsizetype retainedUpdates = 200'000;
    bool dieWithParent = false;

    /// Reads command-line arguments (without the program's and the subcommand's name). Error: Invalid, naming the argument.
    [[nodiscard]] static Result<ParticipantOptions> parse(const QStringList &arguments);
    /// The text for `--help`.
    [[nodiscard]] static QString usage();
};

} // namespace countersign
