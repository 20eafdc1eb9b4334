#pragma once

#include <QString>

namespace countersign {

/// The right to write a file of this console, which its windows take one after the other: held while this object lives,
/// and given back by the kernel when the process ends however it ends. Blocking.
class FileTurn final {
public:
    /// \a path of the lock, which is made when there is none; its folder exists.
    explicit FileTurn(const QString &path);
    FileTurn(const FileTurn &) = delete;
    FileTurn &operator=(const FileTurn &) = delete;
    ~FileTurn();

private:
    int m_descriptor;
};

} // namespace countersign
