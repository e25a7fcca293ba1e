//! Reads one function body for calls and for what it does with tables.
//!
//! Differs from `module.rs`: this is asked for each of many thousand bodies, on all cores.

use wasmparser::{BinaryReaderError, FunctionBody, Operator};

use super::{Body, IndirectCall};

/// What a body does.
pub(super) fn body(body: &FunctionBody<'_>) -> Result<Body, BinaryReaderError> {
    let mut found = Body::default();
    let mut operators = body.get_operators_reader()?;
    let mut constant = None;
    while !operators.eof() {
        let operator = operators.read()?;
        take(&operator, constant, &mut found);
        constant = as_constant(&operator);
    }
    once(&mut found.calls);
    once(&mut found.indirect);
    once(&mut found.by_reference);
    once(&mut found.taken);
    once(&mut found.reads);
    once(&mut found.writes);
    Ok(found)
}

fn once<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
    list.shrink_to_fit();
}

#[expect(clippy::wildcard_enum_match_arm, reason = "few of the many operators are constants")]
#[expect(clippy::cast_sign_loss, reason = "an index is unsigned, whatever the operator says")]
pub(super) fn as_constant(operator: &Operator<'_>) -> Option<u64> {
    match operator {
        Operator::I32Const { value } => Some(u64::from(*value as u32)),
        Operator::I64Const { value } => Some(*value as u64),
        _ => None,
    }
}

/// Takes note of one operator, before which a constant was pushed, or not.
#[expect(clippy::wildcard_enum_match_arm, reason = "few of the many operators can lead to another function")]
fn take(operator: &Operator<'_>, constant: Option<u64>, found: &mut Body) {
    match operator {
        Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
            found.calls.push(*function_index);
        }
        Operator::CallIndirect { type_index, table_index }
        | Operator::ReturnCallIndirect { type_index, table_index } => {
            found.indirect.push(IndirectCall { table: *table_index, ty: *type_index, element: constant });
        }
        Operator::CallRef { type_index } | Operator::ReturnCallRef { type_index } => {
            found.by_reference.push(Some(*type_index));
        }
        // Which function a continuation runs is not in its type.
        Operator::ContNew { .. }
        | Operator::Resume { .. }
        | Operator::ResumeThrow { .. }
        | Operator::ResumeThrowRef { .. } => found.by_reference.push(None),
        Operator::RefFunc { function_index } => found.taken.push(*function_index),
        Operator::TableGet { table } | Operator::TableAtomicGet { table_index: table, .. } => {
            found.reads.push(*table);
        }
        Operator::TableAtomicRmwXchg { table_index: table, .. }
        | Operator::TableAtomicRmwCmpxchg { table_index: table, .. } => {
            found.reads.push(*table);
            found.writes.push(*table);
        }
        Operator::TableAtomicSet { table_index: table, .. }
        | Operator::TableSet { table }
        | Operator::TableGrow { table }
        | Operator::TableFill { table }
        | Operator::TableInit { table, .. } => found.writes.push(*table),
        Operator::TableCopy { dst_table, src_table } => {
            found.writes.push(*dst_table);
            found.reads.push(*src_table);
        }
        _ => {}
    }
}
