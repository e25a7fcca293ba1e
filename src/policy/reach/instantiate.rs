//! Instantiates components without running them: which function each name leads to, through all nested instances.
//!
//! Differs from `calls.rs`: this resolves imports and exports, that looks at what functions do.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::obstacle::Obstacle;
use super::program::{
    Core, ModuleRef, Node, NodeId, Placed, Program, Root, RootKind, SignatureId, Table, Types,
};
use crate::check::InstanceId;
use crate::load::{Code, CodeDefinition, ComponentCode, CoreSort, ModuleCode, Starts};
use crate::model::Sort;

/// Components within components are followed this far: nobody nests them deeper, and the stack has an end.
const DEEPEST: usize = 128;

/// What a name or an index of a component leads to.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Function(NodeId),
    /// An instance, by the names of its exports.
    Instance(Rc<HashMap<String, Value>>),
    /// An instance that an instance of the composition imports: the names that lead to it.
    Imported(Rc<Vec<String>>),
    Component {
        component: usize,
        around: Rc<Around>,
    },
    CoreModule(usize),
    /// A value, a type, or something that is not what it should be.
    Other,
    /// Something that is handed in.
    Unknown,
}

/// What nested components can refer to in those around them.
#[derive(Debug, Default)]
pub(super) struct Around {
    modules: RefCell<Vec<Value>>,
    components: RefCell<Vec<Value>>,
    outer: Option<Rc<Around>>,
}

#[derive(Clone, Copy, Debug)]
enum CoreValue {
    Function(NodeId),
    Table(usize),
    Other,
}

type CoreExports = Rc<HashMap<String, CoreValue>>;

/// Instantiates one component of the composition.
pub(super) struct Instantiation<'p> {
    pub(super) program: &'p mut Program,
    pub(super) code: &'p Code,
    /// Which component of the inputs it is.
    pub(super) component: usize,
    pub(super) instance: InstanceId,
    /// By module, by type.
    pub(super) signatures: &'p [Vec<Option<SignatureId>>],
    pub(super) work: &'p Work,
    /// Whether something is handed in, or could not be followed.
    pub(super) obstacle: Option<Obstacle>,
}

/// How much there is to look at in the code of one component, roughly in edges.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// By component within it, without what is within that.
    components: Vec<usize>,
    /// By core module.
    modules: Vec<usize>,
}

impl Work {
    /// Weighs code.
    pub(super) fn of(code: &Code) -> Self {
        Self {
            components: code.components.iter().map(ComponentCode::work).collect(),
            modules: code.modules.iter().map(ModuleCode::work).collect(),
        }
    }

    /// Everything once.
    pub(super) fn whole(&self) -> usize {
        self.components.iter().chain(&self.modules).sum()
    }
}

impl Instantiation<'_> {
    /// The exports of the whole component.
    pub(super) fn whole(&mut self) -> Rc<HashMap<String, Value>> {
        self.component(0, None, Rc::default(), 0)
    }

    /// Instantiates a component; without arguments, its imports are those of the instance of the composition.
    fn component(
        &mut self,
        component: usize,
        arguments: Option<HashMap<String, Value>>,
        around: Rc<Around>,
        depth: usize,
    ) -> Rc<HashMap<String, Value>> {
        if depth > DEEPEST {
            self.stop(Obstacle::TooDeep);
            return Rc::default();
        }
        if !self.program.has_room_for(self.work.components[component]) {
            self.stop(Obstacle::TooLarge);
            return Rc::default();
        }
        let around = Around { outer: Some(around), ..Around::default() };
        let mut frame = Frame {
            scope: self.program.scopes,
            depth,
            arguments,
            around: Rc::new(around),
            functions: Vec::new(),
            instances: Vec::new(),
            core_functions: Vec::new(),
            core_tables: Vec::new(),
            core_instances: Vec::new(),
            exports: HashMap::new(),
        };
        self.program.scopes += 1;
        let code = self.code;
        for definition in &code.components[component].definitions {
            self.define(definition, &mut frame);
        }
        Rc::new(frame.exports)
    }

    fn define(&mut self, definition: &CodeDefinition, frame: &mut Frame) {
        match definition {
            CodeDefinition::CoreModule(module) => frame.push(Sort::CoreModule, Value::CoreModule(*module)),
            CodeDefinition::Component(component) => {
                let value = Value::Component { component: *component, around: Rc::clone(&frame.around) };
                frame.push(Sort::Component, value);
            }
            CodeDefinition::Import { name, sort } => {
                let value = self.import(name, *sort, frame);
                frame.push(*sort, value);
            }
            CodeDefinition::Instance { component, arguments } => {
                let value = self.instance(*component, arguments, frame);
                frame.push(Sort::Instance, value);
            }
            CodeDefinition::Bundle(parts) => {
                let part =
                    |(name, sort, index): &(String, Sort, u32)| (name.clone(), frame.get(*sort, *index));
                let value = Value::Instance(Rc::new(parts.iter().map(part).collect()));
                frame.push(Sort::Instance, value);
            }
            CodeDefinition::Alias { instance, name, sort } => {
                let instance = frame.get(Sort::Instance, *instance);
                let value = self.member(&instance, name, *sort);
                frame.push(*sort, value);
            }
            CodeDefinition::OuterAlias { count, sort, index } => {
                let value = outer(&frame.around, *count, *sort, *index);
                frame.push(*sort, value);
            }
            CodeDefinition::Export { name, sort, index } => {
                let value = frame.get(*sort, *index);
                frame.exports.insert(name.clone(), value.clone());
                frame.push(*sort, value);
            }
            CodeDefinition::Start(function) => {
                let node = self.function(&frame.get(Sort::Function, *function));
                self.root(RootKind::Start, node);
            }
            CodeDefinition::CoreInstance { .. }
            | CodeDefinition::CoreBundle(_)
            | CodeDefinition::CoreAlias { .. }
            | CodeDefinition::Lift { .. }
            | CodeDefinition::Lower { .. }
            | CodeDefinition::BuiltIn { .. }
            | CodeDefinition::Destructor(_) => self.define_core(definition, frame),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the others have nothing to do with core code")]
    fn define_core(&mut self, definition: &CodeDefinition, frame: &mut Frame) {
        match definition {
            CodeDefinition::CoreInstance { module, arguments } => {
                let module = frame.get(Sort::CoreModule, *module);
                let exports = self.core_instance(&module, arguments, frame);
                frame.core_instances.push(exports);
            }
            CodeDefinition::CoreBundle(parts) => {
                let part = |(name, sort, index): &(String, CoreSort, u32)| {
                    let value = match sort {
                        CoreSort::Function => CoreValue::Function(frame.core_function(*index, self)),
                        CoreSort::Table => CoreValue::Table(frame.core_table(*index, self)),
                        CoreSort::Memory | CoreSort::Global | CoreSort::Tag => CoreValue::Other,
                    };
                    (name.clone(), value)
                };
                let exports = Rc::new(parts.iter().map(part).collect());
                frame.core_instances.push(exports);
            }
            CodeDefinition::CoreAlias { instance, name, sort } => {
                let exports = frame.core_instances.get(*instance as usize);
                let value = exports.and_then(|exports| exports.get(name)).copied();
                match sort {
                    CoreSort::Function => frame.core_functions.push(self.core_function(value)),
                    CoreSort::Table => frame.core_tables.push(self.core_table(value, frame.scope)),
                    CoreSort::Memory | CoreSort::Global | CoreSort::Tag => {}
                }
            }
            CodeDefinition::Lift { function, options } => {
                let node = self.program.add(Node::Lifted);
                self.connect(node, std::iter::once(function).chain(options), frame);
                frame.functions.push(Value::Function(node));
            }
            CodeDefinition::Lower { function, options } => {
                let callee = self.function(&frame.get(Sort::Function, *function));
                let node = self.program.add(Node::Lowered);
                self.program.edges[node].push(callee);
                self.program.lowered.insert(callee);
                self.connect(node, options, frame);
                frame.core_functions.push(node);
            }
            CodeDefinition::BuiltIn { options, starts } => {
                let node = self.program.add(Node::BuiltIn);
                self.connect(node, options, frame);
                let started = match starts {
                    Starts::Nothing => None,
                    Starts::FromTable(table) => {
                        let table = frame.core_table(*table, self);
                        Some(Node::Table { table, types: Types::Any, element: None })
                    }
                    Starts::ByReference => Some(Node::References { scope: frame.scope, types: Types::Any }),
                };
                if let Some(started) = started {
                    let started = self.program.intern(started);
                    self.program.edges[node].push(started);
                }
                frame.core_functions.push(node);
            }
            CodeDefinition::Destructor(function) => {
                let node = frame.core_function(*function, self);
                self.root(RootKind::Destructor, node);
            }
            _ => {}
        }
    }

    fn connect<'i>(&mut self, node: NodeId, to: impl IntoIterator<Item = &'i u32>, frame: &Frame) {
        for function in to {
            let callee = frame.core_function(*function, self);
            self.program.edges[node].push(callee);
        }
    }

    fn root(&mut self, kind: RootKind, node: NodeId) {
        self.program.roots.push(Root { kind, instance: self.instance, node });
    }

    fn import(&mut self, name: &str, sort: Sort, frame: &mut Frame) -> Value {
        if matches!(sort, Sort::Type | Sort::Value) {
            return Value::Other;
        }
        let Some(arguments) = &mut frame.arguments else { return self.imported(vec![name.to_owned()], sort) };
        arguments.remove(name).unwrap_or_else(|| self.unknown())
    }

    /// What the instance of the composition imports.
    fn imported(&mut self, path: Vec<String>, sort: Sort) -> Value {
        match sort {
            Sort::Function => {
                let instance = self.instance;
                Value::Function(self.program.intern(Node::Import { instance, path }))
            }
            Sort::Instance => Value::Imported(Rc::new(path)),
            Sort::Component | Sort::CoreModule => self.unknown(),
            Sort::Value | Sort::Type => Value::Other,
        }
    }

    /// Remembers that not everything could be followed.
    fn stop(&mut self, obstacle: Obstacle) {
        self.obstacle = self.obstacle.max(Some(obstacle));
    }

    fn unknown(&mut self) -> Value {
        self.stop(Obstacle::HandedIn);
        Value::Unknown
    }

    fn instance(&mut self, component: u32, arguments: &[(String, Sort, u32)], frame: &Frame) -> Value {
        let argument = |(name, sort, index): &(String, Sort, u32)| (name.clone(), frame.get(*sort, *index));
        match frame.get(Sort::Component, component) {
            Value::Component { component, around } => {
                let arguments = arguments.iter().map(argument).collect();
                Value::Instance(self.component(component, Some(arguments), around, frame.depth + 1))
            }
            Value::Function(_)
            | Value::Instance(_)
            | Value::Imported(_)
            | Value::CoreModule(_)
            | Value::Other
            | Value::Unknown => {
                // What is handed in may call all that it gets.
                for (_, sort, index) in arguments {
                    self.escape(&frame.get(*sort, *index));
                }
                self.unknown()
            }
        }
    }

    /// Makes roots of all functions of a value.
    fn escape(&mut self, value: &Value) {
        match value {
            Value::Function(node) => self.root(RootKind::Unknown, *node),
            Value::Instance(exports) => {
                let mut members: Vec<_> = exports.iter().collect();
                members.sort_by_key(|(name, _)| name.as_str());
                members.into_iter().for_each(|(_, member)| self.escape(member));
            }
            Value::Imported(_)
            | Value::Component { .. }
            | Value::CoreModule(_)
            | Value::Other
            | Value::Unknown => {}
        }
    }

    /// An export of an instance.
    pub(super) fn member(&mut self, instance: &Value, name: &str, sort: Sort) -> Value {
        match instance {
            Value::Instance(exports) => match exports.get(name) {
                Some(value) => value.clone(),
                None if matches!(sort, Sort::Type | Sort::Value) => Value::Other,
                None => self.unknown(),
            },
            Value::Imported(path) => {
                let path = path.iter().cloned().chain([name.to_owned()]).collect();
                self.imported(path, sort)
            }
            Value::Function(_)
            | Value::Component { .. }
            | Value::CoreModule(_)
            | Value::Other
            | Value::Unknown => self.unknown(),
        }
    }

    /// The node of a function.
    pub(super) fn function(&mut self, value: &Value) -> NodeId {
        match value {
            Value::Function(node) => *node,
            Value::Instance(_)
            | Value::Imported(_)
            | Value::Component { .. }
            | Value::CoreModule(_)
            | Value::Other
            | Value::Unknown => self.unknown_node(),
        }
    }

    fn unknown_node(&mut self) -> NodeId {
        self.stop(Obstacle::HandedIn);
        self.program.intern(Node::Unknown { instance: self.instance })
    }

    fn core_function(&mut self, value: Option<CoreValue>) -> NodeId {
        match value {
            Some(CoreValue::Function(node)) => node,
            Some(CoreValue::Table(_) | CoreValue::Other) | None => self.unknown_node(),
        }
    }

    /// A table; one of which nothing is known may hold anything to which there is a reference.
    fn core_table(&mut self, value: Option<CoreValue>, scope: usize) -> usize {
        match value {
            Some(CoreValue::Table(table)) => table,
            Some(CoreValue::Function(_) | CoreValue::Other) | None => {
                self.stop(Obstacle::HandedIn);
                self.program.tables.push(Table { scope, is_open: true, ..Table::default() });
                self.program.tables.len() - 1
            }
        }
    }

    fn core_instance(&mut self, module: &Value, arguments: &[(String, u32)], frame: &Frame) -> CoreExports {
        let own = if let Value::CoreModule(index) = module { Some(*index) } else { None };
        let code = self.code;
        let fitting = own.filter(|index| self.program.has_room_for(self.work.modules[*index]));
        let Some(index) = fitting else {
            // A core module that is handed in, or too much to look at, may call all that it gets.
            for (_, instance) in arguments {
                let mut given: Vec<_> = frame
                    .core_instances
                    .get(*instance as usize)
                    .into_iter()
                    .flat_map(|it| it.iter())
                    .collect();
                given.sort_by_key(|(name, _)| name.as_str());
                for (_, value) in given {
                    match value {
                        CoreValue::Function(node) => self.root(RootKind::Unknown, *node),
                        CoreValue::Table(table) => {
                            let node = Node::Table { table: *table, types: Types::Any, element: None };
                            self.program.tables[*table].is_open = true;
                            let node = self.program.intern(node);
                            self.root(RootKind::Unknown, node);
                        }
                        CoreValue::Other => {}
                    }
                }
            }
            // References that it makes are of functions that it was given or has itself.
            self.stop(if own.is_some() { Obstacle::TooLarge } else { Obstacle::HandedIn });
            return Rc::default();
        };
        let module = &code.modules[index];
        let (functions, tables) = self.core_imports(module, arguments, frame);
        let core = self.program.cores.len();
        let mut instance = Core {
            module: ModuleRef { component: self.component, module: index },
            instance: self.instance,
            scope: frame.scope,
            functions,
            tables,
        };
        for at in 0..module.bodies.len() {
            let function =
                module.imported_functions + u32::try_from(at).expect("the validator counts them so");
            instance.functions.push(self.program.add(Node::Function { core, function }));
        }
        for _ in 0..module.tables {
            self.program.tables.push(Table { scope: frame.scope, ..Table::default() });
            instance.tables.push(self.program.tables.len() - 1);
        }
        self.fill(module, index, &instance);
        if let Some(start) = module.start {
            self.root(RootKind::Start, instance.functions[start as usize]);
        }
        let value = |(name, sort, index): &(String, CoreSort, u32)| {
            let value = match sort {
                CoreSort::Function => CoreValue::Function(instance.functions[*index as usize]),
                CoreSort::Table => CoreValue::Table(instance.tables[*index as usize]),
                CoreSort::Memory | CoreSort::Global | CoreSort::Tag => CoreValue::Other,
            };
            (name.clone(), value)
        };
        let exports = Rc::new(module.exports.iter().map(value).collect());
        self.program.cores.push(instance);
        exports
    }

    /// The functions and tables that a module imports.
    fn core_imports(
        &mut self,
        module: &ModuleCode,
        arguments: &[(String, u32)],
        frame: &Frame,
    ) -> (Vec<NodeId>, Vec<usize>) {
        let given: HashMap<&str, &CoreExports> = arguments
            .iter()
            .filter_map(|(name, instance)| {
                Some((name.as_str(), frame.core_instances.get(*instance as usize)?))
            })
            .collect();
        let (mut functions, mut tables) = (Vec::new(), Vec::new());
        for (from, name, sort) in &module.imports {
            let value = given.get(from.as_str()).and_then(|exports| exports.get(name)).copied();
            match sort {
                CoreSort::Function => functions.push(self.core_function(value)),
                CoreSort::Table => tables.push(self.core_table(value, frame.scope)),
                CoreSort::Memory | CoreSort::Global | CoreSort::Tag => {}
            }
        }
        (functions, tables)
    }

    /// Puts into tables what a module puts there when it is instantiated.
    fn fill(&mut self, module: &ModuleCode, index: usize, core: &Core) {
        let signatures = &self.signatures[index];
        for segment in &module.segments {
            let table = &mut self.program.tables[core.tables[segment.table as usize]];
            table.is_open |= segment.has_unknown;
            for (at, function) in segment.functions.iter().enumerate() {
                let Some(function) = function else { continue };
                let element = segment.offset.and_then(|offset| offset.checked_add(at as u64));
                let signature = signatures[module.functions[*function as usize] as usize];
                table.placed.push(Placed { node: core.functions[*function as usize], signature, element });
            }
        }
    }
}

/// The index spaces of one component while it is instantiated.
struct Frame {
    scope: usize,
    depth: usize,
    arguments: Option<HashMap<String, Value>>,
    around: Rc<Around>,
    functions: Vec<Value>,
    instances: Vec<Value>,
    core_functions: Vec<NodeId>,
    core_tables: Vec<usize>,
    core_instances: Vec<CoreExports>,
    exports: HashMap<String, Value>,
}

impl Frame {
    fn push(&mut self, sort: Sort, value: Value) {
        match sort {
            Sort::Function => self.functions.push(value),
            Sort::Instance => self.instances.push(value),
            Sort::Component => self.around.components.borrow_mut().push(value),
            Sort::CoreModule => self.around.modules.borrow_mut().push(value),
            Sort::Value | Sort::Type => {}
        }
    }

    fn get(&self, sort: Sort, index: u32) -> Value {
        let index = index as usize;
        let found = match sort {
            Sort::Function => self.functions.get(index).cloned(),
            Sort::Instance => self.instances.get(index).cloned(),
            Sort::Component => self.around.components.borrow().get(index).cloned(),
            Sort::CoreModule => self.around.modules.borrow().get(index).cloned(),
            Sort::Value | Sort::Type => Some(Value::Other),
        };
        found.unwrap_or(Value::Unknown)
    }

    fn core_function(&self, index: u32, within: &mut Instantiation<'_>) -> NodeId {
        self.core_functions.get(index as usize).copied().unwrap_or_else(|| within.unknown_node())
    }

    fn core_table(&self, index: u32, within: &mut Instantiation<'_>) -> usize {
        let value = self.core_tables.get(index as usize).copied().map(CoreValue::Table);
        within.core_table(value, self.scope)
    }
}

/// A core module or a component of a component around one.
fn outer(around: &Rc<Around>, count: u32, sort: Sort, index: u32) -> Value {
    let mut at = Rc::clone(around);
    for _ in 0..count {
        let Some(outer) = at.outer.clone() else { return Value::Unknown };
        at = outer;
    }
    let values = if sort == Sort::Component { &at.components } else { &at.modules };
    values.borrow().get(index as usize).cloned().unwrap_or(Value::Unknown)
}
