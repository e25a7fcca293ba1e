// Made by `witc emit`. Change the composition or the policy, and make it anew.
export const settings = {
  "handler": "wasi:http/incoming-handler@0.2.6",
  "environment": [
    "STRIPE_KEY"
  ],
  "hosts": [
    {
      "name": "api.stripe.com",
      "below": false,
      "scheme": "https:"
    }
  ]
};
