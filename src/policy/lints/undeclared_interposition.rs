//! `policy/undeclared-interposition`: a component provides an interface of a host to others, and no rule says that it may.
//!
//! Differs from `silent_fallthrough.rs`: there the host is used and a component is not; here it is the other way round.

use std::collections::BTreeMap;

use crate::check::{InstanceId, Provider};
use crate::config::{ComponentRules, Labels};
use crate::diag::code;
use crate::model::{CapabilityName, ItemPath, Side};
use crate::policy::context::Context;
use crate::policy::diagnostics::UndeclaredInterposition;
use crate::policy::findings::Findings;
use crate::policy::grant::{parts, speaks_of};

/// Each export of an interface that the taxonomy knows, with functions, that another instance uses.
pub(super) fn judge(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut users: BTreeMap<(InstanceId, &str), Vec<(InstanceId, &str)>> = BTreeMap::new();
    for edge in &context.wiring.edges {
        if let Provider::Export(export) = &edge.provider {
            let user = (edge.import.instance, edge.import.name.as_str());
            users.entry((export.instance, export.name.as_str())).or_default().push(user);
        }
    }
    for ((provider, export), users) in users {
        let instance = context.instance(provider);
        let used = users.iter().filter_map(|(user, name)| {
            context.instance(*user).imports.iter().find(|import| import.extern_name == *name)
        });
        let Some(import) =
            used.into_iter().find(|import| import.entry.is_some() && !import.capabilities.is_empty())
        else {
            continue;
        };
        let rules = context.sections[provider.0].rules();
        let name = CapabilityName { label: None, ..import.name.clone() };
        let class = import.capabilities[0].rating.class;
        let declares = |rules: &ComponentRules| {
            let mut declared = rules.interpose.iter();
            declared.any(|selector| speaks_of(context.policy, &selector.value, &name, class, Labels::All))
        };
        if rules.is_some_and(|rules| parts(rules).all(declares))
            || findings.accepts(
                code::UNDECLARED_INTERPOSITION,
                instance,
                &import.capabilities.iter().collect::<Vec<_>>(),
            )
        {
            continue;
        }
        findings.report_at(instance, &ItemPath::item(Side::Export, export), |span| UndeclaredInterposition {
            component: instance.name.clone(),
            interface: name.to_string(),
            users: users.iter().map(|(user, _)| context.instance(*user).name.clone()).collect(),
            span,
            section: rules.map(|rules| rules.name.span),
        });
    }
}
