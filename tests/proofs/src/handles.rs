//! Random components about handles: what they import needs some and gives others, and what they export may be given some.
//!
//! Differs from `cores.rs`, where code decides what is called: here all code tries to call everything, and only types are in
//! its way.

use std::fmt::Write;

use super::chance::Chance;

/// How many types of handles there are.
const RESOURCES: usize = 5;
/// How many functions are imported.
const FUNCTIONS: usize = 8;
/// How many functions are exported, and how many calls each makes.
const SCRIPTS: usize = 6;
const CALLS: usize = 8;

/// How a value has a handle in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Own,
    Borrow,
    /// `option<own<…>>`: a caller need not have one.
    Optional,
    /// `tuple<own<…>, u32>`
    InTuple,
}

impl Way {
    fn wit(self, resource: usize) -> String {
        match self {
            Self::Own => format!("(own $r{resource})"),
            Self::Borrow => format!("(borrow $r{resource})"),
            Self::Optional => format!("$o{resource}"),
            Self::InTuple => format!("$t{resource}"),
        }
    }

    /// The parameters of a core function for it.
    fn core(self) -> &'static str {
        match self {
            Self::Own | Self::Borrow => " i32",
            Self::Optional | Self::InTuple => " i32 i32",
        }
    }

    /// Pushes it with a handle of this number.
    fn push(self, chance: &mut Chance, handle: &str) -> String {
        match self {
            Self::Own | Self::Borrow => handle.to_owned(),
            Self::Optional if chance.once_in(2) => "(i32.const 0) (i32.const 0)".to_owned(),
            Self::Optional => format!("(i32.const 1) {handle}"),
            Self::InTuple => format!("{handle} (i32.const 7)"),
        }
    }
}

/// A function: the handles that it takes, and what it gives.
struct Function {
    takes: Vec<(Way, usize)>,
    gives: Option<usize>,
}

impl Function {
    fn new(chance: &mut Chance) -> Self {
        let ways = [Way::Own, Way::Borrow, Way::Borrow, Way::Optional, Way::InTuple];
        let takes = (0..chance.below(3)).map(|_| (*chance.of(&ways), chance.below(RESOURCES))).collect();
        let gives = (!chance.once_in(4)).then(|| chance.below(RESOURCES));
        Self { takes, gives }
    }

    fn wit(&self) -> String {
        let mut text = String::from("(func");
        for (at, (way, resource)) in self.takes.iter().enumerate() {
            let _ = write!(text, " (param \"p{at}\" {})", way.wit(*resource));
        }
        if let Some(resource) = self.gives {
            let _ = write!(text, " (result (own $r{resource}))");
        }
        text.push(')');
        text
    }

    fn core(&self) -> String {
        let parameters: String = self.takes.iter().map(|(way, _)| way.core()).collect();
        let result = if self.gives.is_some() { " (result i32)" } else { "" };
        format!("(func $f{{}} (param{parameters}){result})").replace("(param)", "")
    }
}

/// A component in text form. What it imports is `x:y/z`.
pub fn component(seed: u64) -> String {
    let mut chance = Chance::new(seed);
    // Where most functions need nothing, nothing is out of reach.
    let functions: Vec<Function> = (0..FUNCTIONS).map(|_| Function::new(&mut chance)).collect();
    let mut text = String::from("(component\n  (import \"x:y/z\" (instance $z\n");
    types(&mut text, |at| format!("(export \"r{at}\" (type $r{at} (sub resource)))"));
    for (at, function) in functions.iter().enumerate() {
        let _ = writeln!(text, "    (export \"a{at}\" {})", function.wit());
    }
    text.push_str("  ))\n");
    types(&mut text, |at| format!("(alias export $z \"r{at}\" (type $r{at}))"));
    let (mut given, mut imports) = (String::new(), String::new());
    for (at, function) in functions.iter().enumerate() {
        let _ = writeln!(text, "  (alias export $z \"a{at}\" (func $a{at}))");
        let _ = writeln!(text, "  (core func $l{at} (canon lower (func $a{at})))");
        let _ = write!(given, " (export \"a{at}\" (func $l{at}))");
        let _ = writeln!(
            imports,
            "    (import \"x\" \"a{at}\" {})",
            function.core().replace("{}", &at.to_string())
        );
    }
    // The core code of an export that is given a handle keeps it, as code does that gets one as a result.
    let taken = chance.once_in(2).then(|| (*chance.of(&[Way::Own, Way::Borrow]), chance.below(RESOURCES)));
    let _ = writeln!(text, "  (core instance $x{given})\n  (core module $m\n{imports}");
    for resource in 0..RESOURCES {
        let _ = writeln!(text, "    (global $h{resource} (mut i32) (i32.const 0))");
    }
    for script in 0..SCRIPTS {
        let parameter = if script == 0 && taken.is_some() { " (param $p i32)" } else { "" };
        let _ = writeln!(text, "    (func (export \"run{script}\"){parameter}");
        if let Some((_, resource)) = taken.filter(|_| script == 0) {
            let _ = writeln!(text, "      (global.set $h{resource} (local.get $p))");
        }
        for _ in 0..CALLS {
            let at = chance.below(FUNCTIONS);
            let _ = writeln!(text, "      {}", call(&mut chance, at, &functions[at]));
        }
        text.push_str("    )\n");
    }
    text.push_str("  )\n  (core instance $i (instantiate $m (with \"x\" (instance $x))))\n");
    for script in 0..SCRIPTS {
        let parameter = match taken.filter(|_| script == 0) {
            Some((way, resource)) => format!(" (param \"p\" {})", way.wit(resource)),
            None => String::new(),
        };
        let _ =
            writeln!(text, "  (func $run{script}{parameter} (canon lift (core func $i \"run{script}\")))");
        let _ = writeln!(text, "  (export \"run{script}\" (func $run{script}))");
    }
    text.push_str(")\n");
    text
}

/// The types of handles, and those that have them.
fn types(text: &mut String, resource: impl Fn(usize) -> String) {
    for at in 0..RESOURCES {
        let _ = writeln!(text, "    {}", resource(at));
        let _ = writeln!(text, "    (type $o{at} (option (own $r{at})))");
        let _ = writeln!(text, "    (type $t{at} (tuple (own $r{at}) u32))");
    }
}

/// Calls a function with the handles that are kept, or with ones that are guessed.
fn call(chance: &mut Chance, at: usize, function: &Function) -> String {
    let mut call = format!("(call $f{at}");
    let mut is_guessed = false;
    for (way, resource) in &function.takes {
        is_guessed |= chance.once_in(12);
        let handle = if is_guessed {
            format!("(i32.const {})", 1 + chance.below(4))
        } else {
            format!("(global.get $h{resource})")
        };
        let _ = write!(call, " {}", way.push(chance, &handle));
    }
    call.push(')');
    if let Some(resource) = function.gives {
        call = format!("(global.set $h{resource} {call})");
    }
    // Without a handle a call traps, which is the end of all that comes after it: mostly, nobody tries.
    let needed = function.takes.iter().filter(|(way, _)| *way != Way::Optional);
    let conditions: Vec<String> = needed.map(|(_, resource)| format!("(global.get $h{resource})")).collect();
    if is_guessed || conditions.is_empty() || chance.once_in(8) {
        return call;
    }
    let all = conditions
        .into_iter()
        .reduce(|all, one| format!("(i32.and (i32.ne {all} (i32.const 0)) (i32.ne {one} (i32.const 0)))"));
    format!("(if {} (then {call}))", all.unwrap_or_default())
}
