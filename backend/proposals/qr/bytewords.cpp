#include "backend/proposals/qr/bytewords.h"

#include "backend/proposals/qr/crc32.h"
#include "backend/types/strings.h"

#include <QtEndian>

#include <array>

namespace countersign {

namespace {

// First and last letter of the 256 words of BCR-2020-012, in their order.
constexpr std::string_view letters = "aeadaoaxaaahamatayasbkbdbnbtbabsbebybgbwbbbzcmchcscfcycwcecackct"
                                     "cxclcpcndkdadsdidedtdrdndwdpdmdldyeheyeoeeecenemetesftfrfnfsfmfh"
                                     "fzfpfwfxfyfefgflfdgagegrgsgtglgwgdgygmgughgohfhghdhkhthphhhlhyhe"
                                     "hnhsidiaieihiyioisinimjejzjnjtjljojsjpjkjykpkoktkskkknkgkekikblb"
                                     "lalylflslrlplnltloldlelulklgmnmymhmemomumwmdmtmsmknlnyndnsntnnne"
                                     "nboyoeotoxonolospdptpkpypspmplpepfpaprqdqzrerprlrorhrdrkrfryrnrs"
                                     "rtsesasrssskswstspsosgsbsfsntotktitttdtetytltbtstptatnuyuoutueur"
                                     "vtvyvovlvevwvavdvswlwdwmwpwewywswtwnwzwfwkykynylyaytzszoztzczezm";
static_assert(letters.size() == 512);

constexpr size_t alphabet = 26;

constexpr size_t indexOf(size_t first, size_t second)
{
    return first * alphabet + second;
}

constexpr std::array<qint16, alphabet * alphabet> values = [] {
    std::array<qint16, alphabet * alphabet> all{};
    all.fill(-1);
    for (qint16 i = 0; i < 256; ++i) {
        const auto at = 2 * static_cast<size_t>(i);
        all[indexOf(static_cast<size_t>(letters[at] - 'a'), static_cast<size_t>(letters[at + 1] - 'a'))] = i;
    }
    return all;
}();

int letterOf(char c)
{
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    return c >= 'A' && c <= 'Z' ? c - 'A' : -1;
}

} // namespace

QByteArray toBytewords(QByteArrayView bytes)
{
    std::array<char, 4> checksum;
    qToBigEndian(crc32(bytes), checksum.data());
    QByteArray text;
    text.reserve(2 * (bytes.size() + 4));
    for (const QByteArrayView part : {bytes, QByteArrayView(checksum.data(), 4)}) {
        for (const char byte : part)
            text.append(letters.data() + 2 * static_cast<quint8>(byte), 2);
    }
    return text;
}

Result<Bytes> fromBytewords(QByteArrayView text)
{
    constexpr qsizetype checksumSize = 4;
    if (text.size() % 2 != 0 || text.size() < 2 * checksumSize)
        return fail(ErrorKind::Invalid,
            u"Bytewords have two letters a byte and end in four bytes of checksum, this has %1 letters."_s.arg(
                text.size()));
    Bytes bytes(text.size() / 2, Qt::Uninitialized);
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const int first = letterOf(text[2 * i]);
        const int second = letterOf(text[2 * i + 1]);
        const int value
            = first < 0 || second < 0 ? -1 : values[indexOf(static_cast<size_t>(first), static_cast<size_t>(second))];
        if (value < 0)
            return fail(ErrorKind::Invalid, u"Letters %1 and %2 are no byteword."_s.arg(2 * i + 1).arg(2 * i + 2));
        bytes[i] = static_cast<char>(value);
    }
    const auto checksum = qFromBigEndian<quint32>(bytes.constData() + bytes.size() - checksumSize);
    bytes.chop(checksumSize);
    if (crc32(bytes) != checksum)
        return fail(ErrorKind::Corrupt, u"The checksum of the bytewords is wrong: letters were misread."_s);
    return bytes;
}

} // namespace countersign
