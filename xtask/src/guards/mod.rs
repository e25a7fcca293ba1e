//! The guards: each a plain function that takes the root folder and returns problems.
//!
//! A problem is one sentence or two that start with `file:line` or `file:` and end with the way out.

use std::path::Path;

mod architecture;
mod budgets;
mod codes;
mod imports;
mod licences;
pub mod lints;
pub mod pages;
pub mod pairs;
pub mod unfinished;
mod words;

/// A guard.
pub type Guard = fn(&Path) -> Vec<String>;

/// All guards with their names; `cargo xtask tidy` and the tests run the same list.
pub const GUARDS: &[(&str, Guard)] = &[
    ("modules_import_downwards_only", imports::downwards_only),
    ("modules_keep_their_sub_modules", imports::sub_modules_are_private),
    ("modules_are_in_the_import_table", imports::table_is_complete),
    ("architecture_page_is_true", architecture::page_is_true),
    ("crates_are_confined", imports::crates_are_confined),
    ("files_say_what_they_are_for", words::module_pages),
    ("files_have_names_of_the_domain", words::file_names),
    ("files_name_no_machine", words::machine_paths),
    ("files_are_within_budget", budgets::files),
    ("functions_are_within_budget", budgets::functions),
    ("nothing_is_unfinished", unfinished::nothing_is_unfinished),
    ("integration_tests_run", unfinished::integration_tests_run),
    ("ci_starts_with_the_readme", unfinished::ci_starts_with_the_readme),
    ("codes_have_pages", codes::have_pages),
    ("codes_are_seen_in_fixtures", codes::are_seen),
    ("codes_belong_to_stages", codes::belong_to_stages),
    ("lints_are_whole", lints::agree),
    ("code_pages_have_their_sections", pages::sections),
    ("fixtures_have_cases", pairs::fixtures_have_cases),
    ("snapshots_have_fixtures", pairs::snapshots_have_fixtures),
    ("dependencies_have_allowed_licences", licences::allowed),
    ("dependencies_have_reasons", licences::reasons),
];

/// The problems that all guards find.
pub fn all(root: &Path) -> Vec<String> {
    GUARDS.iter().flat_map(|(_, guard)| guard(root)).collect()
}
