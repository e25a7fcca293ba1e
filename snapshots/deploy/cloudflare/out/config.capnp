# Made by `witc emit`. Change the composition or the policy, and make it anew.
# `npm run build` makes build/modules.capnp.
using Workerd = import "/workerd/workerd.capnp";
using Built = import "build/modules.capnp";

const config :Workerd.Config = (
  services = [
    (name = "app", worker = .app),
    (name = "outbound", worker = .outbound),
    (name = "internet", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:8787", http = (), service = "app"),
  ],
);

const app :Workerd.Worker = (
  modules = Built.app,
  compatibilityDate = "2026-01-01",
  bindings = [
    (name = "STRIPE_KEY", fromEnvironment = "STRIPE_KEY"),
  ],
  globalOutbound = "outbound",
);

const outbound :Workerd.Worker = (modules = Built.outbound, compatibilityDate = "2026-01-01", globalOutbound = "internet");
