#pragma once

#include "backend/types/error.h"

#include <QString>

namespace countersign {

/// The programs and files of others that the practice network runs on.
struct ToolLocations {
    QString etcd;
    QString prometheus;
    QString anvil;
    QString softhsmModule;
    QString contractArtifacts; ///< folder of our artifacts
    QString contractAbi; ///< folder of our ABIs
    QString safeArtifacts; ///< folder of Safe 1.4.1's artifacts
    QString ownProgram;

    /// Looks for all of them: npm packages in `nodeModules`, in COUNTERSIGN_NODE_MODULES, beside the sources, beside
    /// the installed program; the rest on the path. Error NotFound names everything that is missing and how to get it.
    static Result<ToolLocations> find(const QString &nodeModules);
};

} // namespace countersign
