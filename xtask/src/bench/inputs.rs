//! The sets that are measured: chains and fans of components that call each other, padded with code, or copies of a real one.

use std::fmt;

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
    /// A fan, whose other components are copies of a real one, each under a name of its own.
    Real,
}

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
const REAL: &str = "company:gateway/charge";

impl Shape {
    /// A set of copies of a real component.
    pub(super) fn real(count: usize, component: &[u8]) -> Self {
        Self { form: Form::Real, count, size: component.len() }
    }

    /// Whether it takes long: more than 50 MB in all.
    pub(super) fn is_large(self) -> bool {
        self.count * self.size > 50_000_000 && self.form != Form::Real
    }

    /// Whether it is more than an artifact can hold: 1,000 modules and components. Each of the made ones has two; a real one
    /// has a component for its exports as well, and what all of them have in common is there once.
    pub(super) fn is_too_large(self) -> bool {
        let each = if self.form == Form::Real { 3 } else { 2 };
        self.count * each >= 1_000
    }

    /// The interface that the component at a place exports.
    pub(super) fn link(self, at: usize) -> String {
        if self.form == Form::Real {
            format!("company:gateway/c{at:05}")
        } else {
            format!("bench:chain/l{at}")
        }
    }

    /// The places of the components that the one at a place imports.
    pub(super) fn imports(self, at: usize) -> std::ops::Range<usize> {
        match self.form {
            Form::Chain => at.saturating_sub(1)..at,
            Form::Fan | Form::Real if at + 1 == self.count => 0..at,
            Form::Fan | Form::Real => 0..0,
        }
    }

    /// The component at a place, 0 first; `real` is the one to copy.
    pub(super) fn component(self, at: usize, real: &[u8]) -> Vec<u8> {
        if self.form == Form::Real {
            return if at + 1 == self.count { self.front() } else { renamed(real, REAL, &self.link(at)) };
        }
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
        let form = match self.form {
            Form::Chain => "chain",
            Form::Fan => "fan",
            Form::Real => "real ones, a fan",
        };
        let size = match self.size {
            size if size >= 1_000_000 => format!("{} MB", size / 1_000_000),
            size => format!("{} kB", size / 1_000),
        };
        write!(f, "{form}, {} × {size}", self.count)
    }
}

/// `bytes` with each `from` replaced by `to`, which is as long.
fn renamed(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut renamed = bytes.to_vec();
    let mut at = 0;
    while at + from.len() <= bytes.len() {
        if bytes[at..].starts_with(from.as_bytes()) {
            renamed[at..at + from.len()].copy_from_slice(to.as_bytes());
            at += from.len();
        } else {
            at += 1;
        }
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
    let mut filled = 0;
    while filled < size.saturating_sub(300) || filled == 0 {
        let filler = filler(at, filled);
        filled += filler.byte_len() + 1;
        functions.function(0);
        code.function(&filler);
    }
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, imports.len().try_into().unwrap_or_default());
    let mut module = Module::new();
    module.section(&types).section(&import_section);
    module.section(&functions).section(&exports).section(&code);
    module
}

/// A function of about 400 bytes of arithmetic.
fn filler(at: usize, salt: usize) -> Function {
    let constant = |value: usize| Instruction::I32Const(i32::try_from(value % 1_000_000).unwrap_or(0));
    let mut function = Function::new([]);
    function.instruction(&Instruction::LocalGet(0));
    for step in 0..80 {
        function.instruction(&constant(at * 7_919 + salt + step)).instruction(&Instruction::I32Add);
    }
    function.instruction(&Instruction::End);
    function
}
