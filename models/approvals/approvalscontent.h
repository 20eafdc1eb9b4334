#pragma once

namespace countersign {

class Acknowledgements;
class ApprovalQueueModel;
class DiscussionModel;
class ExchangeNoticesModel;
class NonceLanesModel;
class ReviewModel;

/// What the page of approvals shows. All outlive the page.
struct ApprovalsContent {
    ApprovalQueueModel &queue;
    ReviewModel &review;
    DiscussionModel &discussion; ///< of the reviewed proposal
    NonceLanesModel &lanes;
    ExchangeNoticesModel &notices;
    Acknowledgements &acknowledgements;
};

} // namespace countersign
