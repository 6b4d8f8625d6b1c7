#pragma once

// Joins the reader's complaints with those about the study as a whole.

#include "experiments/json/issue_list.h"
#include "experiments/json/json_document.h"
#include "experiments/study.h"

namespace glimpse::experiments {

// Adds what check_study() finds, with the places of the culprits in the tree. What only follows
// from a complaint that is there already is left out: one mistake, one line.
void add_study_issues(const Study& study, const JsonNode& root, IssueList& issues);

}  // namespace glimpse::experiments
