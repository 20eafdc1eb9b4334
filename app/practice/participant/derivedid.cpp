#include "app/practice/participant/derivedid.h"

#include "app/practice/participant/concat.h"

#include <QCryptographicHash>

namespace countersign::participant {

std::string derivedId(std::string_view kind, std::string_view seed, std::uint64_t counter)
{
    const std::string input = concat(kind, "\n", seed, "\n", counter);
    const QByteArray digest = QCryptographicHash::hash(
        QByteArrayView(input.data(), static_cast<qsizetype>(input.size())), QCryptographicHash::Sha256);
    return digest.toHex().toStdString();
}

} // namespace countersign::participant
