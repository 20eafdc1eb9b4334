#pragma once

#include "backend/types/error.h"

#include <QtGlobal>

#include <memory>
#include <vector>

class QTcpServer;

namespace countersign {

/// Loopback ports that the kernel gave out. The ports stay bound until they are released, so that two parts that are
/// prepared at the same moment cannot be given the same one.
class FreePorts final {
public:
    FreePorts();
    ~FreePorts();
    FreePorts(const FreePorts &) = delete;
    FreePorts &operator=(const FreePorts &) = delete;

    /// A port on 127.0.0.1 that nobody listens on. Error: Exhausted.
    Result<quint16> reserve();
    /// Lets go of the port; the part that was promised it must bind it next.
    void release(quint16 port);

private:
    std::vector<std::unique_ptr<QTcpServer>> m_held;
};

} // namespace countersign
