//! Links two components with async functions, and lets one wait for the other.

use wasmtime::component::Val;
use witc_runtime_tests::host::{self, Host};
use witc_runtime_tests::linked;

#[tokio::test]
async fn async_functions_wait_for_each_other() {
    let cart = host::compile(&linked::composition("tests/runtime/stock/witc.toml", "cart"));
    let mut host = Host::new(&cart, &[], &[]).unwrap();
    let instance = host.instantiate().await.unwrap();
    let many = vec!["apple"; 100];
    for (items, expected) in [(&["fig", "apple"][..], 800), (&[], 0), (&["x"], 100), (&many, 50_000)] {
        let items = items.iter().map(|item| Val::String((*item).into())).collect();
        let total = host.call(&instance, "company:stock/cart", "total", &[Val::List(items)]).await.unwrap();
        assert_eq!(total, Val::U64(expected));
    }
}
