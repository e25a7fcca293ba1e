//! The sets that are measured: chains and fans of components that call each other, padded with code, or copies of a real one.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use wasm_encoder::{
    Alias, CanonicalOption, CodeSection, ComponentBuilder, ComponentExportKind, ComponentTypeRef, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, ImportSection, InstanceType, Instruction, Module,
    ModuleArg, PrimitiveValType, TypeSection, ValType,
};

/// Who needs whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Each component needs the one before it.
    Chain,
    /// The last component needs all others.
    Fan,
    /// A fan, whose other components are copies of a real one, each under a name of its own; one more provides what they need.
    Real(Real),
}

/// The real components that there are copies of. All export `company:payments/processor`, and need `company:gateway/charge`
/// and WASI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Real {
    /// One that clang made: small, with the adapter of WASI preview 1.
    C,
    /// One with a whole interpreter in it.
    Python,
}

impl Real {
    /// Where it is, in the folder of real components.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::C => "c/processor.wasm",
            Self::Python => "python/processor.wasm",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::C => "C",
            Self::Python => "Python",
        }
    }
}

/// What provides `company:gateway/charge`, in the folder of real components.
pub(super) const GATEWAY: &str = "rust/mock-gateway.wasm";
const CHARGE: &str = "company:gateway/charge";

/// How a set looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) form: Form,
    /// How many components.
    pub(super) count: usize,
    /// The size of each, about: bytes.
    pub(super) size: usize,
}

const fn chain(count: usize, size: usize) -> Shape {
    Shape { form: Form::Chain, count, size }
}

const fn fan(count: usize, size: usize) -> Shape {
    Shape { form: Form::Fan, count, size }
}

/// The sets that are measured; a real component adds one more.
pub(super) const SHAPES: &[Shape] = &[
    chain(2, 10_000),
    chain(10, 10_000),
    chain(100, 10_000),
    chain(450, 10_000),
    fan(10, 10_000),
    fan(100, 10_000),
    fan(450, 10_000),
    chain(2, 1_000_000),
    chain(10, 1_000_000),
    fan(100, 100_000),
    chain(1_000, 1_000),
    chain(10_000, 1_000),
    fan(1_000, 1_000),
    chain(10, 10_000_000),
    chain(2, 100_000_000),
];

/// The name of the interface of a real component, which is replaced by one of the same length.
const PROCESSOR: &str = "company:payments/processor";

impl Shape {
    /// A set of copies of a real component of `size` bytes: so many, what they need, and what needs them.
    pub(super) fn real(real: Real, copies: usize, size: usize) -> Self {
        Self { form: Form::Real(real), count: copies + 2, size }
    }

    /// The set for another process: `chain 2 10000`.
    pub(super) fn to_text(self) -> String {
        let form = match self.form {
            Form::Chain => "chain",
            Form::Fan => "fan",
            Form::Real(real) => real.name(),
        };
        format!("{form} {} {}", self.count, self.size)
    }

    /// The set of a text that [`to_text`](Self::to_text) made.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let [form, count, size] = text.split(' ').collect::<Vec<_>>()[..] else { return None };
        let form = match form {
            "chain" => Form::Chain,
            "fan" => Form::Fan,
            name => Form::Real([Real::C, Real::Python].into_iter().find(|real| real.name() == name)?),
        };
        Some(Self { form, count: count.parse().ok()?, size: size.parse().ok()? })
    }

    /// Whether it takes long: more than 50 MB in all.
    pub(super) fn is_large(self) -> bool {
        self.count * self.size > 50_000_000
    }

    /// Whether it is the set of components that share an interpreter.
    pub(super) fn is_python(self) -> bool {
        self.form == Form::Real(Real::Python)
    }

    /// Whether it is more than an artifact can hold: 1,000 modules and components. Each of the made ones has two; of a real
    /// one, three to five stay where what is equal is there once.
    pub(super) fn is_too_large(self) -> bool {
        let each = if let Form::Real(_) = self.form { 5 } else { 2 };
        self.count * each >= 1_000
    }

    /// The interface that the component at a place exports.
    pub(super) fn link(self, at: usize) -> String {
        match self.form {
            Form::Real(_) if at == 0 => CHARGE.to_owned(),
            Form::Real(_) => format!("company:payments/p{at:08}"),
            Form::Chain | Form::Fan => format!("bench:chain/l{at}"),
        }
    }

    /// The places of the components that the one at a place imports.
    pub(super) fn imports(self, at: usize) -> std::ops::Range<usize> {
        let is_last = at + 1 == self.count;
        match self.form {
            Form::Chain => at.saturating_sub(1)..at,
            Form::Fan if is_last => 0..at,
            Form::Fan => 0..0,
            Form::Real(_) if is_last => 1..at,
            Form::Real(_) => 0..at.min(1),
        }
    }

    /// The component at a place, 0 first; the real ones lie in `folder`.
    pub(super) fn component(self, at: usize, folder: &Path) -> io::Result<Vec<u8>> {
        if let Form::Real(real) = self.form {
            return match at {
                0 => fs::read(folder.join(GATEWAY)),
                _ if at + 1 == self.count => Ok(self.front()),
                _ => Ok(renamed(&fs::read(folder.join(real.path()))?, PROCESSOR, &self.link(at))),
            };
        }
        Ok(self.made(at))
    }

    fn made(self, at: usize) -> Vec<u8> {
        let mut component = ComponentBuilder::default();
        let mut given = Vec::new();
        for place in self.imports(at) {
            let mut instance = InstanceType::new();
            instance
                .ty()
                .function()
                .params([("x", PrimitiveValType::U32)])
                .result(Some(PrimitiveValType::U32.into()));
            instance.export("f", ComponentTypeRef::Func(0));
            let ty = component.type_instance(None, &instance);
            let instance = component.import(self.link(place), ComponentTypeRef::Instance(ty));
            let function = component.alias_export(instance, "f", ComponentExportKind::Func);
            given.push((format!("f{place}"), component.lower_func(None, function, [])));
        }
        let names: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
        let module = component.core_module(None, &module(at, self.size, &names));
        let given = given.iter().map(|(name, function)| (name.as_str(), ExportKind::Func, *function));
        let given = component.core_instantiate_exports(None, given.collect::<Vec<_>>());
        let instance = component.core_instantiate(None, module, [("i", ModuleArg::Instance(given))]);
        let function =
            component.alias(None, Alias::CoreInstanceExport { instance, kind: ExportKind::Func, name: "f" });
        let (ty, mut encoder) = component.type_function(None);
        encoder.params([("x", PrimitiveValType::U32)]).result(Some(PrimitiveValType::U32.into()));
        let lifted = component.lift_func(None, function, ty, [] as [CanonicalOption; 0]);
        let instance = component.instantiate_exports(None, [("f", ComponentExportKind::Func, lifted)]);
        component.export(self.link(at), ComponentExportKind::Instance, instance, None);
        component.finish()
    }

    /// The component that needs all others, and nothing of them.
    fn front(self) -> Vec<u8> {
        let mut component = ComponentBuilder::default();
        let ty = component.type_instance(None, &InstanceType::new());
        for place in self.imports(self.count - 1) {
            component.import(self.link(place), ComponentTypeRef::Instance(ty));
        }
        let instance = component.instantiate_exports(None, [] as [(&str, ComponentExportKind, u32); 0]);
        component.export(self.link(self.count - 1), ComponentExportKind::Instance, instance, None);
        component.finish()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = match self.size {
            size if size >= 1_000_000 => format!("{} MB", size / 1_000_000),
            size => format!("{} kB", size / 1_000),
        };
        match self.form {
            Form::Chain => write!(f, "chain, {} × {size}", self.count),
            Form::Fan => write!(f, "fan, {} × {size}", self.count),
            Form::Real(real) => write!(f, "real, {} × {} of {size}", self.count - 2, real.name()),
        }
    }
}

/// `bytes` with each `from` replaced by `to`, which is as long.
fn renamed(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut renamed = bytes.to_vec();
    let mut at = 0;
    // Few bytes are a colon: to look for one first is what keeps this short in a build that is not optimised.
    let mark = from.find(':').unwrap_or_default();
    while let Some(colon) = bytes[at..].iter().position(|byte| *byte == b':') {
        at += colon;
        if let Some(start) = at.checked_sub(mark)
            && bytes[start..].starts_with(from.as_bytes())
        {
            renamed[start..start + from.len()].copy_from_slice(to.as_bytes());
        }
        at += 1;
    }
    renamed
}

/// A core module with one function that matters, and others that fill it up; no two modules are equal.
fn module(at: usize, size: usize, imports: &[&str]) -> Module {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut import_section = ImportSection::new();
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut main = Function::new([]);
    main.instruction(&Instruction::LocalGet(0));
    for (index, name) in (0..).zip(imports) {
        import_section.import("i", name, EntityType::Function(0));
        main.instruction(&Instruction::Call(index));
    }
    main.instruction(&Instruction::End);
    functions.function(0);
    code.function(&main);
    let template = filler();
    let mut filled = 0;
    while filled < size.saturating_sub(300) || filled == 0 {
        let filler = salted(&template, at * 7_919 + filled);
        filled += filler.len() + 2;
        functions.function(0);
        code.raw(&filler);
    }
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, imports.len().try_into().unwrap_or_default());
    let mut module = Module::new();
    module.section(&types).section(&import_section);
    module.section(&functions).section(&exports).section(&code);
    module
}

/// The body of a function of about 400 bytes of arithmetic, whose first constant takes three bytes.
fn filler() -> Vec<u8> {
    let mut function = Function::new([]);
    function.instruction(&Instruction::LocalGet(0));
    for step in 0..80 {
        function.instruction(&Instruction::I32Const(100_000 + step)).instruction(&Instruction::I32Add);
    }
    function.instruction(&Instruction::End);
    function.into_raw_body()
}

/// The same body with another first constant, so that no two are equal: it stands after the count of locals, `local.get 0` and
/// the code of `i32.const`.
fn salted(template: &[u8], salt: usize) -> Vec<u8> {
    const PLACE: std::ops::Range<usize> = 4..7;
    let mut body = template.to_vec();
    let low_bits = |shift: u32| u8::try_from((salt >> shift) & 0x7f).unwrap_or_default();
    body[PLACE].copy_from_slice(&[low_bits(0) | 0x80, low_bits(7) | 0x80, low_bits(14) & 0x3f]);
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_goes_to_another_process() {
        for shape in
            SHAPES.iter().copied().chain([Shape::real(Real::C, 3, 5), Shape::real(Real::Python, 1, 2)])
        {
            assert_eq!(Shape::from_text(&shape.to_text()), Some(shape));
        }
        assert_eq!(Shape::from_text("ring 1 2"), None);
    }

    #[test]
    fn no_two_bodies_are_equal() {
        let template = filler();
        assert_ne!(salted(&template, 1), salted(&template, 2));
        assert_eq!(salted(&template, 1).len(), template.len());
    }
}
