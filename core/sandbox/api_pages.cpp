#include <algorithm>
#include <charconv>

#include "core/base/encoding.h"
#include "core/sandbox/api.h"

namespace waybill::sandbox {
namespace {

std::size_t parameter(const Call& call, std::string_view name, std::size_t otherwise, std::size_t most) {
  const std::string text = call.request.parameter(name);
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value == 0) return otherwise;
  return std::min(value, most);
}

struct Page {
  std::size_t size;
  std::size_t number;
  std::size_t last;
};

Page page_of(const Call& call, std::size_t items) {
  const std::size_t size = parameter(call, "per_page", 30, 100);
  const std::size_t number = parameter(call, "page", 1, 1'000'000);
  return {size, number, std::max<std::size_t>(1, (items + size - 1) / size)};
}

Json items_of(const Page& page, std::size_t count, const std::function<Json(std::size_t)>& item) {
  Json listed = Json::array();
  for (std::size_t i = (page.number - 1) * page.size; i < count && i < page.number * page.size; ++i)
    listed.push_back(item(i));
  return listed;
}

auto each_of(const std::vector<Json>& items) {
  return [&items](std::size_t at) { return items[at]; };
}

void add_links(const Call& call, const Page& page, HttpResponse& response) {
  const auto link = [&](std::size_t number, std::string_view relation) {
    std::string url = call.base + call.request.path + "?";
    for (const auto& [name, value] : call.request.query)
      if (name != "page") url += percent_encode(name) + "=" + percent_encode(value) + "&";
    return fmt::format("<{}page={}>; rel=\"{}\"", url, number, relation);
  };
  std::string links;
  if (page.number > 1) links += link(page.number - 1, "prev") + ", ";
  if (page.number < page.last) links += link(page.number + 1, "next") + ", " + link(page.last, "last") + ", ";
  if (page.number > 1) links += link(1, "first") + ", ";
  if (!links.empty()) response.headers["Link"] = links.substr(0, links.size() - 2);
}

}  // namespace

HttpResponse paged(const Call& call, std::size_t count, const std::function<Json(std::size_t)>& item) {
  const Page page = page_of(call, count);
  HttpResponse response = json_response(200, items_of(page, count, item));
  add_links(call, page, response);
  return response;
}

HttpResponse paged(const Call& call, const std::vector<Json>& items) {
  return paged(call, items.size(), each_of(items));
}

HttpResponse paged(const Call& call, const std::vector<Json>& items, const std::string& member) {
  const Page page = page_of(call, items.size());
  HttpResponse response =
      json_response(200, {{"total_count", items.size()}, {member, items_of(page, items.size(), each_of(items))}});
  add_links(call, page, response);
  return response;
}

}  // namespace waybill::sandbox
