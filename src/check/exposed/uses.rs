//! Which named types an export uses that something else of its component names.
//!
//! Differs from `compare/`, which takes two types apart: here one is, down to the next names.

use std::collections::BTreeSet;

use crate::model::{
    Definition, FunctionType, Item, ItemKind, ItemPath, ResourceId, Surface, TypeId, ValueType,
};

/// A type that an export uses.
#[derive(Clone, Debug)]
pub(in crate::check) struct Use {
    /// Where it has its name.
    pub(in crate::check) named: ItemPath,
    /// Whether the export is invalid where nothing of the whole names the type.
    pub(in crate::check) is_needed: bool,
    /// The resource that it is, if it is one.
    pub(in crate::check) resource: Option<ResourceId>,
}

/// The named types that an item uses, in the order in which it names them.
pub(super) fn uses(surface: &Surface, item: &Item) -> Vec<Use> {
    let mut walk = Walk { surface, seen: BTreeSet::new(), named: BTreeSet::new(), found: Vec::new() };
    walk.item(item);
    walk.found
}

struct Walk<'s> {
    surface: &'s Surface,
    seen: BTreeSet<(TypeId, bool)>,
    /// What the instance that is walked gives names to itself, although these types have theirs elsewhere: it is passed on.
    named: BTreeSet<TypeId>,
    found: Vec<Use>,
}

impl Walk<'_> {
    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Function(FunctionType { parameters, result, .. }) => {
                let values = parameters.iter().map(|(_, value)| *value).chain(*result);
                values.for_each(|value| self.value(value));
            }
            ItemKind::Value(value) => self.value(*value),
            ItemKind::Type(id) => self.behind(*id),
            ItemKind::Instance(instance) => {
                for item in instance.exports.values() {
                    self.item(item);
                    // What comes before it needs another name.
                    if let ItemKind::Type(id) = item.kind {
                        self.named.insert(id);
                    }
                }
            }
            // What these have in them is closed.
            ItemKind::Component(_) | ItemKind::CoreModule(_) => {}
        }
    }

    fn value(&mut self, value: ValueType) {
        if let ValueType::Defined(id) = value {
            self.used(id, true);
        }
    }

    /// A type that something refers to, or that a name is given to again.
    fn used(&mut self, id: TypeId, is_needed: bool) {
        if !self.seen.insert((id, is_needed)) {
            return;
        }
        let types = &self.surface.types;
        let must_be_named = types.resolve(id).must_be_named();
        let Some(named) = types.name(id) else { return self.behind(id) };
        let resource = types.resource(id);
        self.found.push(Use {
            named: named.clone(),
            is_needed: is_needed && must_be_named && !self.named.contains(&id),
            resource,
        });
        if !must_be_named || matches!(types.get(id), Definition::Alias(_)) {
            self.behind(id);
        }
    }

    /// What a type is made of, or another name of.
    fn behind(&mut self, id: TypeId) {
        let definition = self.surface.types.get(id);
        let is_needed = !matches!(definition, Definition::Alias(_));
        definition.refers_to().into_iter().for_each(|id| self.used(id, is_needed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ComponentInput, Request};
    use crate::diag::Run;
    use crate::load::load;
    use crate::source::MemoryFiles;

    /// Which types an instance of these members of an import cannot do without, by their names in it.
    #[track_caller]
    fn check(members: &[&str], needed: &[&str]) {
        let sort = |name: &str| if name == "f" { "func" } else { "type" };
        let aliases = ["t", "o", "f"].map(|name| {
            let sort = sort(name);
            format!("(alias export $x \"{name}\" ({sort} ${name}))")
        });
        let members: String =
            members.iter().map(|name| format!("(export \"{name}\" ({} ${name}))", sort(name))).collect();
        let text = format!(
            r#"(component
                (import "a:b/x" (instance $x
                    (type $t_ (enum "a")) (export "t" (type $t (eq $t_)))
                    (type $o_ (record (field "t" $t))) (export "o" (type $o (eq $o_)))
                    (export "f" (func (param "o" $o)))))
                {}
                (instance $y {members})
                (export "a:b/y" (instance $y)))"#,
            aliases.concat()
        );
        let files = MemoryFiles::default().with("a.wat", text);
        let request = Request { inputs: vec![ComponentInput::bare("a.wat")], ..Request::default() };
        let inputs = load(&request, &files, &mut Run::default());
        let surface = &inputs.components[0].surface;
        let uses = uses(surface, &surface.exports["a:b/y"]);
        let names = uses.iter().filter(|it| it.is_needed).filter_map(|it| it.named.last_name());
        assert_eq!(names.collect::<Vec<_>>(), needed, "{members}");
    }

    #[test]
    fn what_is_passed_on_names_what_comes_after_it() {
        check(&["t", "o", "f"], &[]);
        check(&["o", "t", "f"], &["t"]);
        check(&["t", "f", "o"], &["o"]);
        check(&["f"], &["o", "t"]);
    }
}
