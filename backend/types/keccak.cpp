#include "backend/types/keccak.h"

#include <QCryptographicHash>

namespace countersign {

Hash32 keccak256(QByteArrayView data)
{
    return Hash32::fromDigest(QCryptographicHash::hash(data, QCryptographicHash::Keccak_256));
}

} // namespace countersign
