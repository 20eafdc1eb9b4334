#include "app/cli/commands/command.h"
#include "app/cli/qr/qrread.h"
#include "app/cli/qr/qrshow.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QList<QCommandLineOption> options()
{
    return {
        {u"text"_s, u"Frames are lines of text (ur:bytes/…): printed by show, read from standard input by read."_s},
        {u"out"_s,
            u"show: the folder that the frames are written to as PBM images. read: the file that the message is written to."_s,
            u"path"_s},
        {u"frame"_s, u"show: this frame only, from 1."_s, u"number"_s},
        {u"count"_s, u"show: how many frames; as many as the message has parts unless given."_s, u"number"_s},
        {u"interval"_s, u"show: milliseconds a frame, 50 to 10000; 200 unless given."_s, u"ms"_s},
        {u"loop"_s, u"show: go on with further frames until q or Ctrl+C."_s},
        {u"fragment"_s,
            u"show: the most bytes of the message in a frame, 10 to 1600; 400 unless given, less on a small terminal."_s,
            u"bytes"_s},
        {u"scale"_s, u"show: pixels a module in images, 1 to 20; 6 unless given."_s, u"pixels"_s},
    };
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto kind = invocation.word(0, u"What to do (show, read)"_s);
    if (!kind)
        return std::unexpected(kind.error());
    if (*kind == u"show")
        return showFrames(invocation, report);
    if (*kind == u"read")
        return readFrames(invocation, report);
    return fail(ErrorKind::Invalid, u"There is no qr %1; there are show and read"_s.arg(*kind), u"usage"_s);
}

} // namespace

const Command qrCommand{"qr", "show FILE | read IMAGE …", "carry a message over an air gap, as QR symbols for a camera",
    "show: prints the frames of a file (- is standard input; at most 512 KiB) on the terminal, one after the other, or "
    "writes them as\n"
    "images (--out) or lines (--text). Any frames that are enough give the message, in any order: with --loop a reader "
    "that missed some\n"
    "waits for no particular one. The frames are Uniform Resources (ur:bytes), which other programs read too.\n"
    "read: puts a message together from images (binary PGM or PBM; several in a file are read too) or from lines on "
    "standard input\n"
    "(--text), and writes it to --out, which must not exist. A message that is not complete is not written.\n"
    "Both print the keccak-256 of the whole message. The frames prove nothing of where they come from: compare it on "
    "both sides.\n",
    options, run};

} // namespace countersign
