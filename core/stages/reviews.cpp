#include "core/stages/reviews.h"

#include <map>
#include <set>

#include "core/stages/contributions.h"

namespace waybill::stages {
namespace {

std::set<std::string> authors_of(const Job& job, const Consignment& consignment) {
  std::set<std::string> authors;
  for (const git::Commit& commit : contributed_commits(job, consignment, consignment.shipment)) {
    authors.insert(job.ports.forge().author_of(commit.id));
    for (const forge::PullRequest& pull : job.ports.forge().pull_requests_of(commit.id, false))
      authors.insert(pull.author);
  }
  return authors;
}

// A comment takes nothing back; an approval stands until its author asks for changes, or it is dismissed.
std::map<std::string, forge::Review> last_words(std::vector<forge::Review> reviews) {
  std::map<std::string, forge::Review> last;
  for (forge::Review& review : reviews)
    if (review.state == "APPROVED" || review.state == "CHANGES_REQUESTED" || review.state == "DISMISSED")
      last.insert_or_assign(review.author, std::move(review));
  return last;
}

}  // namespace

Review review_of(const Job& job, const Consignment& consignment, const forge::PullRequest& pull) {
  Review result;
  const std::set<std::string> authors = authors_of(job, consignment);
  const auto why_not = [&](const forge::Review& review) -> std::string {
    if (review.author.empty()) return "whose account is gone";
    if (!review.by_person) return "no person";
    if (review.author == pull.author) return "who opened it";
    if (authors.contains(review.author)) return "who contributed to it";
    if (review.commit != pull.head) return "of another commit";
    return job.ports.forge().may_write(review.author) ? "" : "who may not write here";
  };
  for (const auto& [author, review] : last_words(job.ports.forge().reviews(pull.number))) {
    if (review.state == "CHANGES_REQUESTED" && review.by_person && job.ports.forge().may_write(author))
      result.against.push_back(author);
    if (review.state != "APPROVED") continue;
    if (const std::string reason = why_not(review); !reason.empty())
      result.passed_over.push_back(author + ", " + reason);
    else
      result.approvals.push_back(author);
  }
  return result;
}

}  // namespace waybill::stages
