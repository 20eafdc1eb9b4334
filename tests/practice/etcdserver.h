#pragma once

#include "app/practice/network/managedprocess.h"

#include <QTemporaryDir>
#include <QUrl>

#include <memory>

namespace countersign {

/// A real etcd on a free port of this machine, for one test.
class EtcdServer final {
public:
    /// Waits until it answers. Error as the process's.
    Result<void> start();
    QUrl url() const { return m_url; }
    ManagedProcess &process() { return *m_process; }

private:
    QTemporaryDir m_folder;
    QUrl m_url;
    std::unique_ptr<ManagedProcess> m_process;
};

} // namespace countersign
