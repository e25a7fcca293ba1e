//! The one table of codes: every diagnostic that witc can report, each with a page in `docs/codes/`.

use super::{Code, Level};

/// How a code fails a run, and whether a user may set its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The result would be wrong: always fails the run.
    Error,
    /// An input could not be read or is not what it claims to be: fails the run with an exit code of its own.
    Input,
    /// The command line, the manifest or the policy file is wrong: fails the run with an exit code of its own.
    Usage,
    /// A lock file is out of date: a warning, which `--locked` makes fail the run with an exit code of its own.
    Lock,
    /// A bug in witc: fails the run with an exit code of its own.
    Bug,
    /// A judgement, with the level it has where nobody says otherwise.
    Lint(Level),
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct CodeRow {
    /// The code.
    pub code: Code,
    /// Error or lint.
    pub kind: Kind,
    /// What it means, in a line without a full stop.
    pub summary: &'static str,
    /// Names that this code had before, still understood.
    pub formerly: &'static [&'static str],
    /// The page that `witc explain` prints, as Markdown.
    pub page: &'static str,
}

impl CodeRow {
    /// Whether it says that witc itself is wrong.
    pub fn is_bug(&self) -> bool {
        self.kind == Kind::Bug
    }

    /// Whether it is a judgement, and no mistake in a file or an input.
    pub fn is_lint(&self) -> bool {
        matches!(self.kind, Kind::Lint(_) | Kind::Lock)
    }
}

/// The row of a code, under its name or a former one.
pub fn find(name: &str) -> Option<&'static CodeRow> {
    CODES.iter().find(|row| row.code.as_str() == name || row.formerly.contains(&name))
}

const ERROR: Kind = Kind::Error;
const INPUT: Kind = Kind::Input;
const USAGE: Kind = Kind::Usage;
const LOCK: Kind = Kind::Lock;
const BUG: Kind = Kind::Bug;
const DENY: Kind = Kind::Lint(Level::Deny);
const WARN: Kind = Kind::Lint(Level::Warn);
const NOTE: Kind = Kind::Lint(Level::Note);

macro_rules! codes {
    ($($name:ident = $text:literal, $kind:expr, $summary:literal;)*) => {
        /// The codes as constants, for the stages that report them.
        pub mod code {
            use super::Code;
            $(#[doc = $summary] pub const $name: Code = Code($text);)*
        }

        /// Every code, in the order of the pipeline.
        pub const CODES: &[CodeRow] = &[
            $(CodeRow {
                code: code::$name,
                kind: $kind,
                summary: $summary,
                formerly: &[],
                page: include_str!(concat!("../../docs/codes/", $text, ".md")),
            },)*
        ];
    };
}

codes! {
    COMMAND_LINE = "cli/command-line", USAGE, "the command line makes no sense";
    MALFORMED = "config/malformed", USAGE, "a manifest or a policy file is not TOML";
    UNKNOWN_KEY = "config/unknown-key", USAGE, "a key has no meaning where it is";
    MISSING_KEY = "config/missing-key", USAGE, "a key that must be there is not";
    WRONG_TYPE = "config/wrong-type", USAGE, "a value is of the wrong type";
    WRONG_VALUE = "config/wrong-value", USAGE, "a value is of the right type but cannot be used";
    UNREADABLE_FILE = "config/unreadable-file", USAGE, "a manifest or a policy file cannot be read";
    NOT_UTF8 = "config/not-utf8", USAGE, "a manifest or a policy file is not UTF-8 text";
    UNKNOWN_CODE = "config/unknown-code", USAGE, "a level is set for a code that does not exist";
    FIXED_LEVEL = "config/fixed-level", USAGE, "a level is set for an error, whose level cannot change";
    NO_COMPOSITION = "config/no-composition", USAGE, "a manifest has no composition where one is needed";
    UNKNOWN_COMPOSITION = "config/unknown-composition", USAGE, "a composition is named that the manifest does not have";
    NO_COMPONENTS = "config/no-components", USAGE, "a composition lists no components";
    UNKNOWN_INSTANCE = "config/unknown-instance", USAGE, "an instance is named that the composition does not have";
    INDIRECT_COMPONENT = "config/indirect-component", USAGE, "an instance is to share the component of one that has no file of its own";
    INVALID_NAME = "config/invalid-name", USAGE, "an instance or a composition has a name that it cannot have";
    CONFLICTING_KEYS = "config/conflicting-keys", USAGE, "two keys say different things about the same";
    WRONG_CHAIN = "config/wrong-chain", USAGE, "the value of `--chain` does not describe a chain";
    WRONG_REPLACEMENT = "config/wrong-replacement", USAGE, "the value of `--replace` is not an instance and a file, or an instance is replaced twice";
    AMBIGUOUS_FLAG = "config/ambiguous-flag", USAGE, "a flag that is about one composition is given for several";
    FLAG_WITHOUT_EFFECT = "config/flag-without-effect", USAGE, "a flag changes nothing where it is given";
    EMPTY_CHAIN = "config/empty-chain", USAGE, "a chain has no layers";
    REPEATED_LAYER = "config/repeated-layer", USAGE, "an instance is twice in one chain";
    SELF_WIRE = "config/self-wire", USAGE, "an instance is to provide its own import";
    DUPLICATE_EXPORT = "config/duplicate-export", USAGE, "two exports of a composition have one name";
    OUTPUT_OVER_INPUT = "config/output-over-input", USAGE, "the artifact would be written over something that it is made of";
    SHARED_OUTPUT = "config/shared-output", USAGE, "two compositions are written to one file";
    NO_POLICY = "config/no-policy", USAGE, "there is no policy to judge by";
    BAD_CAPABILITY = "config/bad-capability", USAGE, "a policy names a capability in a way that cannot be used";
    UNKNOWN_GROUP = "config/unknown-group", USAGE, "a policy names a group that nobody defines";
    CIRCULAR_GROUP = "config/circular-group", USAGE, "a group of a policy is a member of itself";
    UNKNOWN_HOST = "config/unknown-host", USAGE, "a policy names a host that it does not describe";
    TAKEN_GROUP = "config/taken-group", USAGE, "a policy defines a group that is built in";
    MALFORMED_LOCK = "config/malformed-lock", USAGE, "a capability lock cannot be read";
    POLICY_CIRCLE = "config/policy-circle", USAGE, "policies build on each other in a circle";
    WRONG_DIGEST = "config/wrong-digest", USAGE, "a policy that another one builds on is not the one that was meant";
    LOOSENED_POLICY = "config/loosened-policy", USAGE, "a policy loosens one that it builds on";
    UNUSED_OVERRIDE = "config/unused-override", WARN, "a policy may loosen one that it builds on, and does not";
    UNKNOWN_PROFILE = "host/unknown-profile", USAGE, "a host is named of which nothing is known";
    UNKNOWN_FEATURE = "host/unknown-feature", USAGE, "the profile of a host names a feature that does not exist";
    UNREADABLE = "load/unreadable", INPUT, "an input cannot be read";
    NOT_WEBASSEMBLY = "load/not-webassembly", INPUT, "an input is not what its name or its first bytes claim";
    INVALID_BINARY = "load/invalid-binary", INPUT, "a binary does not validate";
    INVALID_WAT = "load/invalid-wat", INPUT, "a text of WebAssembly cannot be assembled";
    PLAIN_CORE_MODULE = "load/plain-core-module", INPUT, "a core module does not say what WIT it is for";
    NOT_A_COMPONENT = "load/not-a-component", INPUT, "WIT or a folder where only a component will do";
    UNSUPPORTED_VERSION = "load/unsupported-version", INPUT, "WebAssembly in a version that witc does not know";
    TRUNCATED = "load/truncated", INPUT, "a binary ends within one of its sections";
    TOO_LARGE_SURFACE = "load/too-large-surface", INPUT, "the imports and exports of a component are too many to write out";
    UNPRINTABLE_WIT = "load/unprintable-wit", WARN, "the imports and exports of a component cannot be written as WIT";
    REPEATED_INPUT = "load/repeated-input", WARN, "an input is given more than once";
    CANNOT_COMPONENTISE = "load/cannot-componentise", INPUT, "no component can be made of a core module";
    EMPTY_PACKAGE = "load/empty-package", INPUT, "a file or a folder holds no WIT";
    WIT_NOT_UTF8 = "load/wit-not-utf8", INPUT, "a WIT file is not text in UTF-8";
    WIT_TOO_LARGE = "load/wit-too-large", INPUT, "an input has more WIT than witc reads";
    NOT_WIT_PACKAGE = "load/not-wit-package", INPUT, "a binary is used as a WIT package, and is none";
    FORBIDDEN_CHARACTER = "load/forbidden-character", ERROR, "a WIT file has a character that hides what is there";
    WIT_SYNTAX = "load/wit-syntax", ERROR, "a text is not WIT";
    WIT_SEMANTICS = "load/wit-semantics", ERROR, "something is written in WIT that WIT forbids";
    CLOSED_GATE = "load/closed-gate", ERROR, "something is used that stands behind a closed gate";
    UNKNOWN_NAME = "load/unknown-name", ERROR, "a name stands for no type";
    UNKNOWN_INTERFACE = "load/unknown-interface", ERROR, "a path leads to no interface";
    UNKNOWN_WORLD = "load/unknown-world", ERROR, "an `include` leads to no world";
    UNKNOWN_PACKAGE = "load/unknown-package", ERROR, "a path leads into a package that is not there";
    UNKNOWN_VERSION = "load/unknown-version", ERROR, "a package is there, but not in the version asked for";
    DUPLICATE_NAME = "load/duplicate-name", ERROR, "a name is given twice";
    DUPLICATE_PACKAGE = "load/duplicate-package", ERROR, "two packages have one name";
    MIXED_PACKAGES = "load/mixed-packages", ERROR, "the files of a folder are of different packages";
    NO_PACKAGE_NAME = "load/no-package-name", ERROR, "no file says which package it is of";
    WIT_CYCLE = "load/wit-cycle", ERROR, "a type, an interface or a package needs itself";
    UNVERSIONED_BUILTIN = "load/unversioned-builtin", WARN, "a package of WASI is used without a version";
    NEWER_THAN_BUILTIN = "load/newer-than-builtin", NOTE, "a version of WASI is newer than what witc carries";
    NO_SUCH_WORLD = "load/no-such-world", USAGE, "a package has no world of the name asked for";
    SEVERAL_WORLDS = "load/several-worlds", USAGE, "a package has several worlds, and one must be named";
    INTERNAL_PARSER_FAILURE = "load/internal-parser-failure", BUG, "a parser that witc uses failed on an input";
    TYPE_MISMATCH = "check/type-mismatch", ERROR, "an export has the right name and track, and the wrong type";
    RESOURCE_ORIGIN = "check/resource-origin", ERROR, "resources that must be one come from two places";
    IMPORT_CONFLICT = "check/import-conflict", ERROR, "two imports have one name and contradict each other";
    TRACK_CONFLICT = "check/track-conflict", WARN, "two imports of one track contradict each other, and stay apart";
    AMBIGUOUS_PROVIDER = "check/ambiguous-provider", DENY, "two components could provide one import";
    AMBIGUOUS_ROOT = "check/ambiguous-root", ERROR, "no other component needs two or more of those given";
    CYCLE = "check/cycle", ERROR, "components need each other in a circle";
    UNUSED_COMPONENT = "check/unused-component", DENY, "a component was given and nothing needs it";
    UNUSED_CHAIN = "check/unused-chain", WARN, "a chain is around an interface that nobody imports";
    UNFINISHED_CHAIN = "check/unfinished-chain", WARN, "the last layer of a chain takes the interface from the host";
    ACROSS_TRACKS = "check/across-tracks", ERROR, "a choice without a version would wire an import across tracks";
    OVERRIDDEN_CHAIN = "check/overridden-chain", NOTE, "a wire takes an import past the chain around its interface";
    UNMET_IMPORT = "check/unmet-import", DENY, "no component and no known host provides an import";
    UNKNOWN_IMPORT = "check/unknown-import", USAGE, "a choice names an import that the component does not have";
    UNKNOWN_PART = "check/unknown-part", USAGE, "a part that is to be replaced is not in the composition";
    UNFIT_REPLACEMENT = "check/unfit-replacement", ERROR, "a component cannot take the place of a part of a composition";
    REPEATED_CHOICE = "check/repeated-choice", USAGE, "two choices are about one import, spelled differently";
    UNUSABLE_NAME = "check/unusable-name", USAGE, "a choice gives an import or an export a name that it cannot have";
    UNKNOWN_EXPORT = "check/unknown-export", USAGE, "a choice names an export that the component does not have";
    HOST_UNPROVIDED = "check/host-unprovided", DENY, "a host does not have what an artifact imports";
    HOST_TYPE_MISMATCH = "check/host-type-mismatch", DENY, "a host has what an artifact imports, with other types";
    HOST_EXPORT = "check/host-export", DENY, "an artifact exports nothing that a host could start, or too much";
    HOST_LIMIT = "check/host-limit", DENY, "a host does not take an artifact of this kind or size";
    HOST_FLAG = "check/host-flag", NOTE, "a host has what an artifact needs only with a flag";
    UNKNOWN_TARGET = "check/unknown-target", USAGE, "what is to be checked against is neither a component nor one world";
    EXCESS_IMPORT = "check/excess-import", ERROR, "an import is not among those of what is checked against";
    BREAKING_CHANGE = "check/breaking-change", DENY, "something changed that somebody relies on, and no version says so";
    ANNOUNCED_CHANGE = "check/announced-change", NOTE, "something changed that somebody relies on, as the version says";
    COMPATIBLE_CHANGE = "check/compatible-change", NOTE, "something changed, and that breaks nobody";
    SMALL_VERSION_STEP = "check/small-version-step", DENY, "the version of a package promises more than its changes keep";
    INCOMPARABLE_INPUTS = "check/incomparable-inputs", USAGE, "two inputs are of sorts that cannot be compared";
    IMPLIED_EXPORT = "check/implied-export", WARN, "an export uses a type of an interface, so that the whole exports that too";
    MISSING_EXPORT = "check/missing-export", ERROR, "an export of what is checked against is not there";
    IMPORT_CIRCLE = "link/import-circle", ERROR, "imports of the whole use types of each other in a circle";
    INNER_RESOURCE = "link/inner-resource", ERROR, "an import of the whole needs a resource that is made inside";
    PRIVATE_TYPE = "link/private-type", WARN, "an export uses a resource of an interface that is not exported";
    NAME_CONFLICT = "link/name-conflict", ERROR, "two imports or exports of the whole have names that cannot be told apart";
    INPUT_NOT_IN_SCRIPT = "link/input-not-in-script", WARN, "a script of another linker names a file that that linker cannot read";
    NAME_NOT_IN_SCRIPT = "link/name-not-in-script", WARN, "a script of wac cannot have the name of an import";
    TOO_MANY_PARTS = "link/too-many-parts", ERROR, "the artifact would have more parts than engines take";
    NO_FORM = "deploy/no-form", USAGE, "witc writes no deployment for a host";
    SEVERAL_COMPOSITIONS = "deploy/several-compositions", USAGE, "a deployment is asked for, and several compositions could be meant";
    ONE_FILE = "deploy/one-file", USAGE, "one file of a deployment is wanted, and it is not clear or not there";
    CANNOT_CARRY = "deploy/cannot-carry", ERROR, "the form of a host cannot say what a composition or its policy needs";
    BEYOND_CEILING = "deploy/beyond-ceiling", WARN, "a component is granted a value that its composition does not allow";
    WIDER_SCOPE = "deploy/wider-scope", WARN, "a deployment lets more through than the policy says";
    UNNAMED_GRANT = "deploy/unnamed-grant", WARN, "a host grants something by a list that nobody fills";
    INCOMPLETE = "deploy/incomplete", WARN, "a deployment has no place for something in one of the ways to run it, or needs a line by hand";
    ALREADY_THERE = "emit/already-there", USAGE, "an output would be written over a file that is there";
    OVER_LIMIT = "emit/over-limit", ERROR, "the artifact has more of something than engines take";
    UNWRITABLE_IMPORT = "emit/unwritable-import", ERROR, "an import that is left to the host has a type that cannot be written";
    UNWRITABLE = "emit/unwritable", INPUT, "an output cannot be written";
    OVER_INPUT = "emit/over-input", USAGE, "an output leads to a file that was read for it";
    WRONG_ARTIFACT = "emit/wrong-artifact", BUG, "the artifact does not read back as planned";
    UNKNOWN_CAPABILITY = "policy/unknown-capability", USAGE, "the command line asks about a capability that nothing is called";
    UNGRANTED_IMPORT = "policy/ungranted-import", DENY, "a component imports what its policy does not allow";
    FORBIDDEN_IMPORT = "policy/forbidden-import", DENY, "a component imports what its composition forbids";
    UNUSED_GRANT = "policy/unused-grant", WARN, "a grant matches nothing that the component imports";
    WILDCARD_GRANT = "policy/wildcard-grant", WARN, "a grant leaves open what it allows";
    WIDE_GRANT = "policy/wide-grant", NOTE, "a grant allows a whole interface of which few functions are imported";
    POLICY_HOST_UNPROVIDED = "policy/host-unprovided", DENY, "a composition needs what a host that it is for does not have";
    WIDE_HOST = "policy/wide-host", NOTE, "a host grants more by itself than the composition imports";
    EXPIRED_GRANT = "policy/expired-grant", DENY, "a grant has ended";
    SILENT_FALLTHROUGH = "policy/silent-fallthrough", DENY, "an import goes to the host although a component exports it";
    TRANSITIVE_CAPABILITY = "policy/transitive-capability", WARN, "the whole can do something only because of a dependency";
    UNCLASSIFIED_CAPABILITY = "policy/unclassified-capability", WARN, "a grant allows an interface that the taxonomy does not know";
    UNANALYZABLE = "policy/unanalyzable", WARN, "a component imports something whose power cannot be told";
    UNDECLARED_INTERPOSITION = "policy/undeclared-interposition", DENY, "a component provides an interface of the host without being allowed to";
    TOXIC_COMBINATION = "policy/toxic-combination", WARN, "one component holds two capabilities that are dangerous together";
    UNMATCHED_SELECTOR = "policy/unmatched-selector", WARN, "an entry of the policy is about a component that is not there";
    STALE_EXCEPTION = "policy/stale-exception", WARN, "an exception has ended, or silences nothing";
    MISSING_REASON = "policy/missing-reason", WARN, "a grant of high severity has no reason";
    CONTRADICTORY_RULES = "policy/contradictory-rules", DENY, "a policy allows what it forbids";
    CAPABILITY_DRIFT = "policy/capability-drift", LOCK, "components can do something else than the capability lock says";
    OTHER_HOST = "policy/other-host", DENY, "a policy names other hosts than the one that something is for";
    MISPLACED_SCOPE = "policy/misplaced-scope", USAGE, "a limit of a grant says nothing about what the grant allows";
    UNKNOWN_SCOPE = "policy/unknown-scope", USAGE, "a kind of limit is written wrongly, or nothing has it";
    UNENFORCED_SCOPE = "policy/unenforced-scope", WARN, "a grant has limits that nobody enforces";
    UNUSED_EXPORT = "policy/unused-export", NOTE, "a dependency exports something that nothing uses";
    SHARED_HOST_INSTANCE = "policy/shared-host-instance", NOTE, "components of two owners use one instance of the host";
    UNPINNED_INPUT = "policy/unpinned-input", WARN, "a policy builds on a file that others can change";
    ROOT_IN_DEPENDENCY = "policy/root-in-dependency", NOTE, "a dependency takes from the host what it could be given";
    UNREACHABLE_IMPORT = "policy/unreachable-import", WARN, "a component imports what none of its code can call";
    UNEXERCISABLE_IMPORT = "policy/unexercisable-import", WARN, "a component imports what needs a handle that it can never hold";
    RUNTIME_ONLY_IMPORT = "policy/runtime-only-import", NOTE, "likely only run-time support uses an import";
    TYPE_ONLY_IMPORT = "policy/type-only-import", NOTE, "a component imports an interface for its types alone";
    UNNEEDED_GRANT = "policy/unneeded-grant", NOTE, "a grant is for what the component never uses, or only its run-time support";
    UNUSED_EXPORT_CAPABILITY = "policy/unused-export-capability", WARN, "a capability is only for exports that nobody uses";
    UNGRANTED_EFFECTIVE = "policy/ungranted-effective", WARN, "a component can do through another one what it has no grant for";
    LAUNDERED_CAPABILITY = "policy/laundered-capability", DENY, "a component lets others have what the host gave to it";
    WORLD_OVERDECLARES = "policy/world-overdeclares", WARN, "the world of a component imports what the component never does";
    NOT_JUDGED = "policy/not-judged", NOTE, "a policy says something that witc does not judge yet";
}
