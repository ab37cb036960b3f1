#pragma once

#include <string>
#include <string_view>

#include "analyzer/model/report.h"
#include "reports/outline.h"

// The parts of the page that html() puts together. Each returns finished markup in which every foreign string went
// through html_text(). No part uses a style or event attribute: the page's policy would refuse it.
namespace assay::reports {

std::string_view page_style();
std::string_view page_script();  // the filter above the findings; the page is complete without it

// The path as a picture: boxes for things, arrows for steps, left to right and wrapped. Solid: observed, dashed:
// possible.
std::string path_picture(const AttackPath& path, std::size_t number);

// The one page about a product, and what stands behind its numbers.
std::string product_page(const ProductAssessment& product);
std::string product_annex(const ProductAssessment& product);

std::string severity_chip(Severity severity);
// "<ul class=…><li>…", nothing for an empty list; items past `limit` are counted.
std::string bullet_list(const std::vector<std::string>& items, std::size_t limit, std::string_view tag = "ul");

}  // namespace assay::reports
