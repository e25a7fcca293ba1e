//! The sets that are measured: chains of components, each of which calls the one before it, padded with code.

use std::fmt;

use wasm_encoder::{
    Alias, CanonicalOption, CodeSection, ComponentBuilder, ComponentExportKind, ComponentTypeRef, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, ImportSection, InstanceType, Instruction, Module,
    ModuleArg, PrimitiveValType, TypeSection, ValType,
};

/// How a set looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// How many components.
    pub(super) count: usize,
    /// The size of each, about: bytes.
    pub(super) size: usize,
}

/// The sets that are measured.
pub(super) const SHAPES: &[Shape] = &[
    Shape { count: 2, size: 10_000 },
    Shape { count: 10, size: 10_000 },
    Shape { count: 100, size: 10_000 },
    Shape { count: 450, size: 10_000 },
    Shape { count: 2, size: 1_000_000 },
    Shape { count: 10, size: 1_000_000 },
    Shape { count: 10, size: 10_000_000 },
    Shape { count: 2, size: 100_000_000 },
];

impl Shape {
    /// Whether it takes long: more than 50 MB in all.
    pub(super) fn is_large(self) -> bool {
        self.count * self.size > 50_000_000
    }

    /// The component at a place of the chain, 0 first.
    pub(super) fn component(self, at: usize) -> Vec<u8> {
        let mut component = ComponentBuilder::default();
        let import = (at > 0).then(|| {
            let mut instance = InstanceType::new();
            instance
                .ty()
                .function()
                .params([("x", PrimitiveValType::U32)])
                .result(Some(PrimitiveValType::U32.into()));
            instance.export("f", ComponentTypeRef::Func(0));
            let ty = component.type_instance(None, &instance);
            let instance = component.import(link(at - 1), ComponentTypeRef::Instance(ty));
            component.alias_export(instance, "f", ComponentExportKind::Func)
        });
        let module = component.core_module(None, &module(at, self.size, import.is_some()));
        let mut arguments = Vec::new();
        if let Some(function) = import {
            let lowered = component.lower_func(None, function, []);
            let instance = component.core_instantiate_exports(None, [("f", ExportKind::Func, lowered)]);
            arguments.push(("i", ModuleArg::Instance(instance)));
        }
        let instance = component.core_instantiate(None, module, arguments);
        let function =
            component.alias(None, Alias::CoreInstanceExport { instance, kind: ExportKind::Func, name: "f" });
        let (ty, mut encoder) = component.type_function(None);
        encoder.params([("x", PrimitiveValType::U32)]).result(Some(PrimitiveValType::U32.into()));
        let lifted = component.lift_func(None, function, ty, [] as [CanonicalOption; 0]);
        let instance = component.instantiate_exports(None, [("f", ComponentExportKind::Func, lifted)]);
        component.export(link(at), ComponentExportKind::Instance, instance, None);
        component.finish()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.size {
            size if size >= 1_000_000 => write!(f, "{} × {} MB", self.count, size / 1_000_000),
            size => write!(f, "{} × {} kB", self.count, size / 1_000),
        }
    }
}

/// The interface that the component at a place exports.
pub(super) fn link(at: usize) -> String {
    format!("bench:chain/l{at}")
}

/// A core module with one function that matters, and others that fill it up; no two modules are equal.
fn module(at: usize, size: usize, imports: bool) -> Module {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut import_section = ImportSection::new();
    if imports {
        import_section.import("i", "f", EntityType::Function(0));
    }
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut main = Function::new([]);
    main.instruction(&Instruction::LocalGet(0));
    if imports {
        main.instruction(&Instruction::Call(0));
    }
    main.instruction(&Instruction::End);
    functions.function(0);
    code.function(&main);
    let mut filled = 0;
    while filled < size.saturating_sub(200) {
        let filler = filler(at, filled);
        filled += filler.byte_len() + 1;
        functions.function(0);
        code.function(&filler);
    }
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, u32::from(imports));
    let mut module = Module::new();
    module.section(&types);
    if imports {
        module.section(&import_section);
    }
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
