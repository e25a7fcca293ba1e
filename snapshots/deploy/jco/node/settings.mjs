// Made by `witc emit`. Change the composition or the policy, and make it anew.
export const settings = {
  "run": "",
  "handler": "wasi:http/incoming-handler@0.2.6",
  "environment": [
    "STRIPE_KEY"
  ],
  "network": true,
  "preopens": {}
};
