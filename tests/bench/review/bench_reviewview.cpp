// A review of a batch of 200 calls on the page: how long one frame takes while its calls and its findings are scrolled.
// CPU of the main thread, offscreen, 1366 x 768; the floor is the time that 60 frames a second leave.
#include "backend/types/strings.h"
#include "models/approvals/discussionmodel.h"
#include "models/approvals/reviewmodel.h"
#include "tests/backend/review/adversarialestate.h"
#include "tests/bench/support/figures.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QListView>
#include <QScrollBar>
#include <QTreeView>

#include <cstdio>

using namespace countersign;
using namespace countersign::bench;
using namespace countersign::testing;

namespace {

constexpr int calls = 200;
constexpr int frames = 200;
constexpr double frameMilliseconds = 1000.0 / 60;

AdversarialEstate::Package batchOf(AdversarialEstate &estate)
{
    std::vector<InnerCall> entries;
    for (int i = 0; i < calls; ++i) {
        const Hash32 id = Hash32::fromDigest(Uint256(static_cast<quint64>(i) + 1).toBigEndian());
        entries.push_back({estate.vault, estate.call(estate.vaultBuild, u"registerAdapter", {AbiValue(id), AbiValue(estate.adapter)})});
    }
    return estate.package(estate.chain.contracts(u"1.4.1"_s).multiSendCallOnly, multiSendOf(entries), SafeOperation::DelegateCall);
}

/// A frame at each of `frames` places from the top to the bottom, in milliseconds of CPU.
std::vector<double> scrolled(QAbstractItemView &view)
{
    std::vector<double> taken;
    QScrollBar *bar = view.verticalScrollBar();
    for (int frame = 0; frame < frames; ++frame) {
        bar->setValue(bar->maximum() * frame / (frames - 1));
        view.viewport()->update();
        const double before = threadCpuSeconds();
        QApplication::processEvents();
        taken.push_back((threadCpuSeconds() - before) * 1000);
    }
    return taken;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Theme theme;
    theme.apply(ThemeMode::Dark);
    AdversarialEstate estate;
    const Review review = estate.review(batchOf(estate));
    ReviewModel model;
    const Environment environment;
    DiscussionModel discussion(environment);
    ReviewView view(model, discussion);
    view.resize(1366, 768);
    view.show();
    const double before = threadCpuSeconds();
    model.setReview(review);
    QApplication::processEvents();
    const double shown = (threadCpuSeconds() - before) * 1000;
    auto *tree = view.findChild<QTreeView *>();
    QListView *findings = nullptr;
    for (QListView *list : view.findChildren<QListView *>())
        findings = list->model() == &model.findings() ? list : findings;
    if (!tree || !findings || tree->verticalScrollBar()->maximum() < calls) {
        std::fprintf(stderr, "bench_reviewview: there is nothing to scroll\n");
        return 2;
    }
    const std::vector<double> ofCalls = scrolled(*tree);
    const std::vector<double> ofFindings = scrolled(*findings);
    Figures figures(u"reviewview"_s);
    figures.note(u"calls"_s, calls);
    figures.add(u"shown"_s, shown, u"ms CPU"_s);
    figures.add(u"frame while the calls scroll"_s, median(ofCalls), u"ms CPU"_s, Bound::AtMost, frameMilliseconds, frameMilliseconds / 2);
    figures.add(u"its 95th percentile"_s, percentile(ofCalls, 0.95), u"ms CPU"_s, Bound::AtMost, frameMilliseconds, frameMilliseconds / 2);
    figures.add(u"frame while the findings scroll"_s, median(ofFindings), u"ms CPU"_s, Bound::AtMost, frameMilliseconds, frameMilliseconds / 2);
    return figures.print();
}
