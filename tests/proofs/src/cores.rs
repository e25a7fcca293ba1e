//! Random components that call each other in every way there is: directly, through tables and references, across instances.
//!
//! Differs from `smith.rs`, whose modules have every instruction, and seldom come to call anything; and from `handles.rs`, which is
//! about types.

use std::fmt::Write;

use super::chance::Chance;

/// How many functions each component imports.
const IMPORTS: usize = 6;
/// How many elements a table has.
const TABLE: usize = 8;

/// How many functions a core module has to be exported.
const RUNS: usize = 4;

/// A component in text form: instances of random components, each given the imports or what others export.
pub fn component(seed: u64) -> String {
    let (mut text, exported) = open(&mut Chance::new(seed), "x:y/z");
    for (at, function) in exported.last().into_iter().flatten().enumerate() {
        let _ = writeln!(text, "  (export \"run{at}\" (func {function}))");
    }
    text.push_str(")\n");
    text
}

/// Two such components, of which the first one exports what the second one imports.
pub fn pair(seed: u64) -> [String; 2] {
    let mut chance = Chance::new(seed);
    let (mut text, exported) = open(&mut chance, "wasi:made/up@0.2.0");
    text.push_str("  (instance $e");
    let runs: Vec<(usize, &String)> = exported.iter().flat_map(|runs| runs.iter().enumerate()).collect();
    for import in 0..IMPORTS {
        let fits = |(run, _): &&(usize, &String)| run_parameter(*run) == parameter(import);
        let fitting: Vec<_> = runs.iter().filter(fits).collect();
        let _ = write!(text, " (export \"a{import}\" (func {}))", chance.of(&fitting).1);
    }
    text.push_str(")\n  (export \"x:y/z\" (instance $e)))\n");
    [text, component(chance.number())]
}

/// A component but for its exports and its end, and the functions that it can export, by instance within it.
fn open(chance: &mut Chance, interface: &str) -> (String, Vec<Vec<String>>) {
    let mut text = format!("(component\n  (import \"{interface}\" (instance $z\n");
    for import in 0..IMPORTS {
        let _ = writeln!(text, "    (export \"a{import}\" (func{}))", parameter(import));
    }
    text.push_str("  ))\n");
    for import in 0..IMPORTS {
        let _ = writeln!(text, "  (alias export $z \"a{import}\" (func $a{import}))");
    }
    let parts = 1 + chance.below(2);
    // The functions that can be given, by whether they have a parameter.
    let (taking, plain): (Vec<_>, Vec<_>) = (0..IMPORTS).partition(|it| !parameter(*it).is_empty());
    let name = |it: usize| format!("$a{it}");
    let mut taking: Vec<String> = taking.into_iter().map(name).collect();
    let mut plain: Vec<String> = plain.into_iter().map(name).collect();
    let mut exported = Vec::new();
    for part in 0..parts {
        let runs = inner(chance, part, &mut text);
        let _ = writeln!(text, "  (instance $p{part} (instantiate $c{part}");
        for import in 0..IMPORTS {
            let given = if parameter(import).is_empty() { chance.of(&plain) } else { chance.of(&taking) };
            let _ = writeln!(text, "    (with \"a{import}\" (func {given}))");
        }
        text.push_str("  ))\n");
        let names: Vec<String> = (0..runs).map(|run| format!("$p{part}r{run}")).collect();
        for (run, name) in names.iter().enumerate() {
            let _ = writeln!(text, "  (alias export $p{part} \"run{run}\" (func {name}))");
            let known = if run_parameter(run).is_empty() { &mut plain } else { &mut taking };
            known.push(name.clone());
        }
        exported.push(names);
    }
    (text, exported)
}

fn parameter(import: usize) -> &'static str {
    match import % 3 {
        2 => " (param \"n\" u32)",
        _ => "",
    }
}

/// Each second one is given a number, another one each time that it is called.
fn run_parameter(run: usize) -> &'static str {
    if run.is_multiple_of(2) { " (param \"n\" u32)" } else { "" }
}

/// A component within, with some core modules; how many functions it exports.
fn inner(chance: &mut Chance, part: usize, text: &mut String) -> usize {
    let _ = writeln!(text, "  (component $c{part}");
    for import in 0..IMPORTS {
        let _ = writeln!(text, "    (import \"a{import}\" (func $a{import}{}))", parameter(import));
        let _ = writeln!(text, "    (core func $l{import} (canon lower (func $a{import})))");
    }
    text.push_str("    (core instance $x\n");
    for import in 0..IMPORTS {
        let _ = writeln!(text, "      (export \"a{import}\" (func $l{import}))");
    }
    text.push_str("    )\n");
    let modules = 1 + chance.below(3);
    let mut made: Vec<Module> = Vec::new();
    for at in 0..modules {
        let module = Module::new(chance, at, &made, at > 0);
        text.push_str(&module.text(chance));
        let _ = write!(text, "    (core instance $i{at} (instantiate $m{at} (with \"x\" (instance $x))");
        for before in 0..at {
            let _ = write!(text, " (with \"m{before}\" (instance $i{before}))");
        }
        if at > 0 {
            text.push_str(" (with \"r\" (instance $r))");
        }
        text.push_str("))\n");
        if at == 0 {
            text.push_str(
                "    (type $res (resource (rep i32) (dtor (core func $i0 \"drop\"))))
    (core func $new (canon resource.new $res))
    (core func $end (canon resource.drop $res))
    (core instance $r (export \"new\" (func $new)) (export \"end\" (func $end)))\n",
            );
        }
        made.push(module);
    }
    let runs = 2 + chance.below(RUNS - 1);
    for run in 0..runs {
        let from = chance.below(modules);
        let after = if chance.once_in(2) {
            format!(" (post-return (core func $i{from} \"after\"))")
        } else {
            String::new()
        };
        let _ = writeln!(
            text,
            "    (func $run{run}{} (canon lift (core func $i{from} \"run{run}\"){after}))\n    (export \"run{run}\" (func $run{run}))",
            run_parameter(run)
        );
    }
    text.push_str("  )\n");
    runs
}

/// A function as others see it: how it is called in the text, and whether it has a parameter.
#[derive(Clone, Debug)]
struct Function {
    name: String,
    has_parameter: bool,
    /// Of a type that another one may be a part of.
    is_open: bool,
}

/// A core module.
struct Module {
    at: usize,
    has_resource: bool,
    imported: Vec<Function>,
    own: Vec<Function>,
    /// The tables, imported ones first, and how many of them are imported.
    tables: Vec<String>,
    imported_tables: Vec<(usize, usize)>,
    own_tables: usize,
}

impl Module {
    fn new(chance: &mut Chance, at: usize, before: &[Self], has_resource: bool) -> Self {
        let mut imported: Vec<Function> = (0..IMPORTS)
            .map(|import| Function {
                name: format!("$a{import}"),
                has_parameter: !parameter(import).is_empty(),
                is_open: false,
            })
            .collect();
        let (mut tables, mut imported_tables) = (Vec::new(), Vec::new());
        for other in before {
            for (index, function) in other.own.iter().enumerate() {
                let name = format!("$m{}f{index}", other.at);
                imported.push(Function { name, ..function.clone() });
            }
            for table in 0..other.own_tables {
                if chance.once_in(2) {
                    tables.push(format!("$m{}t{table}", other.at));
                    imported_tables.push((other.at, table));
                }
            }
        }
        let own_tables = 1 + chance.below(2);
        tables.extend((0..own_tables).map(|table| format!("$t{table}")));
        let count = 4 + chance.below(6);
        let own = (0..count)
            .map(|index| Function {
                name: format!("$f{index}"),
                has_parameter: chance.once_in(3),
                is_open: chance.once_in(6),
            })
            .collect();
        Self { at, has_resource, imported, own, tables, imported_tables, own_tables }
    }

    fn all(&self) -> Vec<Function> {
        self.imported.iter().chain(&self.own).cloned().collect()
    }

    /// Those of the type that most calls ask for.
    fn plain(&self) -> Vec<Function> {
        self.all().into_iter().filter(|it| !it.has_parameter && !it.is_open).collect()
    }

    /// Any function, but mostly one with which a call does not fail.
    fn often_plain(&self, chance: &mut Chance) -> Function {
        let from = if chance.once_in(4) { self.all() } else { self.plain() };
        chance.of(&from).clone()
    }

    fn text(&self, chance: &mut Chance) -> String {
        let mut text = format!("    (core module $m{}\n", self.at);
        text.push_str("      (type $v (func)) (type $n (func (param i32)))\n");
        text.push_str("      (type $vo (sub (func))) (type $no (sub (func (param i32))))\n");
        for import in 0..IMPORTS {
            let ty = if parameter(import).is_empty() { "$v" } else { "$n" };
            let _ = writeln!(text, "      (import \"x\" \"a{import}\" (func $a{import} (type {ty})))");
        }
        for function in self.imported.iter().skip(IMPORTS) {
            let (module, name) = function.name[1..].split_at(2);
            let _ = writeln!(
                text,
                "      (import \"{module}\" \"{name}\" (func {} (type {})))",
                function.name,
                ty(function)
            );
        }
        if self.has_resource {
            text.push_str("      (import \"r\" \"new\" (func $new (param i32) (result i32)))\n");
            text.push_str("      (import \"r\" \"end\" (func $end (param i32)))\n");
        }
        for (module, table) in &self.imported_tables {
            let _ = writeln!(
                text,
                "      (import \"m{module}\" \"t{table}\" (table $m{module}t{table} 1 funcref))"
            );
        }
        for before in 0..self.at {
            let _ = writeln!(text, "      (import \"m{before}\" \"at\" (global $at{before} i32))");
            let _ = writeln!(
                text,
                "      (import \"m{before}\" \"held\" (global $held{before} (mut (ref null $v))))"
            );
        }
        for table in 0..self.own_tables {
            let first = if chance.once_in(2) {
                format!(" (ref.func {})", self.often_plain(chance).name)
            } else {
                String::new()
            };
            let _ = writeln!(text, "      (table $t{table} (export \"t{table}\") {TABLE} 64 funcref{first})");
        }
        let _ =
            writeln!(text, "      (global $at (export \"at\") i32 (i32.const {}))", chance.below(TABLE / 2));
        text.push_str("      (global $ticks (mut i32) (i32.const 300))\n");
        let held = if chance.once_in(2) {
            format!("ref.func {}", chance.of(&self.plain()).name)
        } else {
            "ref.null $v".to_owned()
        };
        let _ = writeln!(text, "      (global $held (export \"held\") (mut (ref null $v)) ({held}))");
        self.segments(chance, &mut text);
        for (index, function) in self.own.iter().enumerate() {
            self.body(chance, function, &format!("(export \"f{index}\")"), &mut text);
        }
        for run in 0..RUNS {
            let has_parameter = !run_parameter(run).is_empty();
            let run = Function { name: format!("$run{run}"), has_parameter, is_open: false };
            self.body(chance, &run, &format!("(export \"{}\")", &run.name[1..]), &mut text);
        }
        let after = Function { name: "$after".to_owned(), has_parameter: false, is_open: false };
        self.body(chance, &after, "(export \"after\")", &mut text);
        let drop = Function { name: "$drop".to_owned(), has_parameter: true, is_open: false };
        self.body(chance, &drop, "(export \"drop\")", &mut text);
        if chance.once_in(3) {
            let start = Function { name: "$start".to_owned(), has_parameter: false, is_open: false };
            self.body(chance, &start, "", &mut text);
            text.push_str("      (start $start)\n");
        }
        // So that a reference may be made of any of them.
        let names: Vec<_> = self.all().into_iter().map(|it| it.name).collect();
        let _ = writeln!(text, "      (elem declare func {}))", names.join(" "));
        text
    }

    fn segments(&self, chance: &mut Chance, text: &mut String) {
        for table in &self.tables {
            if chance.once_in(5) {
                continue;
            }
            let offset = if self.at > 0 && chance.once_in(4) {
                format!("(global.get $at{})", chance.below(self.at))
            } else {
                format!("(i32.const {})", chance.below(3))
            };
            let count = 2 + chance.below(4);
            let names: Vec<_> = (0..count).map(|_| self.often_plain(chance).name).collect();
            if chance.once_in(3) {
                let items: String = names.iter().map(|name| format!(" (ref.func {name})")).collect();
                let _ = writeln!(
                    text,
                    "      (elem (table {table}) (offset {offset}) funcref{items} (ref.null func))"
                );
            } else {
                let _ = writeln!(text, "      (elem (table {table}) {offset} func {})", names.join(" "));
            }
        }
        let names: Vec<_> = (0..4).map(|_| self.often_plain(chance).name).collect();
        let _ = writeln!(text, "      (elem $passive func {})", names.join(" "));
    }

    /// A function that does some things, unless all have done enough.
    fn body(&self, chance: &mut Chance, function: &Function, export: &str, text: &mut String) {
        let _ = writeln!(
            text,
            "      (func {} {export} (type {}){}",
            function.name,
            ty(function),
            if function.has_parameter { " (param $p i32)" } else { "" }
        );
        text.push_str("        (global.set $ticks (i32.sub (global.get $ticks) (i32.const 1)))\n");
        text.push_str("        (if (i32.le_s (global.get $ticks) (i32.const 0)) (then return))\n");
        for _ in 0..chance.below(5) {
            let _ = writeln!(text, "        {}", self.statement(chance, function.has_parameter));
        }
        text.push_str("      )\n");
    }

    fn statement(&self, chance: &mut Chance, has_parameter: bool) -> String {
        let number = |chance: &mut Chance| match chance.below(3) {
            0 if has_parameter => "(i32.and (local.get $p) (i32.const 7))".to_owned(),
            1 => "(i32.and (global.get $ticks) (i32.const 7))".to_owned(),
            _ => format!("(i32.const {})", chance.below(TABLE)),
        };
        let table = chance.of(&self.tables).clone();
        let other = chance.of(&self.tables).clone();
        let some = chance.of(&self.all()).clone();
        let stored = self.often_plain(chance).name;
        let reference = chance.of(&self.plain()).name.clone();
        // A table of another module may be smaller than ours after it was made by it: a trap then, which is a result as well.
        match chance.below(22) {
            0..=4 => {
                let argument = if some.has_parameter { number(chance) } else { String::new() };
                format!("(call {} {argument})", some.name)
            }
            5..=10 => {
                let (ty, argument) = if chance.once_in(4) {
                    (if chance.once_in(4) { "$no" } else { "$n" }, number(chance))
                } else {
                    (if chance.once_in(6) { "$vo" } else { "$v" }, String::new())
                };
                let index = number(chance);
                let call = format!("(call_indirect {table} (type {ty}) {argument} {index})");
                match chance.below(8) {
                    0 => format!("(return_call_indirect {table} (type $v) {index})"),
                    // Where nothing lies there, the call would be a trap, and the end of all that comes after it.
                    1..=4 => format!("(if (ref.is_null (table.get {table} {index})) (then) (else {call}))"),
                    _ => call,
                }
            }
            11 | 12 => {
                format!("(table.set {table} (i32.const {}) (ref.func {stored}))", chance.below(TABLE))
            }
            13 => format!(
                "(table.set {table} (i32.const {}) (table.get {other} (i32.const {})))",
                chance.below(TABLE),
                chance.below(TABLE)
            ),
            14 => format!("(drop (table.grow {table} (ref.func {stored}) (i32.const 1)))"),
            15 => format!(
                "(table.fill {table} (i32.const {}) (ref.func {stored}) (i32.const 2))",
                chance.below(TABLE - 2),
            ),
            16 => format!(
                "(table.copy {table} {other} (i32.const {}) (i32.const {}) (i32.const 2))",
                chance.below(TABLE - 2),
                chance.below(TABLE - 2)
            ),
            17 => format!(
                "(table.init {table} $passive (i32.const {}) (i32.const {}) (i32.const 2))",
                chance.below(TABLE - 2),
                chance.below(3)
            ),
            18 => format!("(global.set $held (ref.func {reference}))"),
            19 if self.at > 0 => {
                let held = format!("$held{}", chance.below(self.at));
                format!(
                    "(if (ref.is_null (global.get {held})) (then) (else (call_ref $v (global.get {held}))))"
                )
            }
            19 => "(if (ref.is_null (global.get $held)) (then) (else (call_ref $v (global.get $held))))"
                .to_owned(),
            20 if self.has_resource => "(call $end (call $new (i32.const 3)))".to_owned(),
            _ => format!("(call_ref $v (ref.func {reference}))"),
        }
    }
}

fn ty(function: &Function) -> &'static str {
    match (function.has_parameter, function.is_open) {
        (false, false) => "$v",
        (true, false) => "$n",
        (false, true) => "$vo",
        (true, true) => "$no",
    }
}
